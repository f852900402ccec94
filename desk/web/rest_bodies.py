"""What programs send: the bodies of requests over REST, each field described."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field
from starlette.datastructures import FormData, UploadFile

from desk.web.phone_forms import check_photo

# PostgreSQL keeps no NUL in text.
CLEAN = r"^[^\x00]*$"
Word = Annotated[str, Field(max_length=200, pattern=CLEAN)]
Text = Annotated[str, Field(max_length=10_000, pattern=CLEAN)]
Pin = Annotated[str, Field(max_length=64, pattern=CLEAN, description="The PIN.", examples=["739164"])]
Finding = Literal["intact", "damaged", "broken", "missing"]
Number = Annotated[int, Field(ge=0, le=1_000_000)]
Photo = Annotated[Base64Bytes, Field(max_length=12_000_000)]


class Body(BaseModel):
    """A body; a field that is not described is refused, because a slip in a name would be an act with less said."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Signature(Body):
    """One further signer, standing beside whose token it is; never the same person."""

    code: Word = Field(description="Code or badge; a role may follow a colon.", examples=["NV02:archivist"])
    pin: Pin


class Signed(Body):
    """Who signs: first whoever the token stands for, then the others with their own PINs."""

    role: Word = Field("", description="The role in which the token's person signs; needed only with several roles.")
    signers: list[Signature] = Field([], max_length=3, description="The other signers, in order.")

    def pairs(self) -> list[tuple[str, str]]:
        """Return the other signers as (code, PIN)."""
        return [(each.code, each.pin) for each in self.signers]


class Evidence(Signed):
    """Who signs, why, and what is enclosed."""

    reason: Text = Field("", description="Why.")
    text: Text = Field("", description="An account in full, enclosed to the entry.")
    photos: list[Photo] = Field([], max_length=6, description="Photos (JPEG, PNG, WebP), base64.")


class NewBox(Body):
    """A package to begin."""

    place: Word = Field("", description="Where it stands.", examples=["Kho 1/1/1"])


class Codes(Body):
    """Codes as they were scanned or typed."""

    codes: list[Word] = Field(min_length=1, max_length=2000, description="Codes, labels or numbers.")


class BlindCount(Body):
    """What one person counted, without seeing what is expected."""

    person: Word = Field("", description="Who counted; empty for the token's person.")
    pin: Pin
    dossiers: Number = Field(description="Dossiers counted.", examples=[2])
    leaves: Number = Field(description="Leaves counted.", examples=[23])


class BoxAct(Evidence):
    """An act of a package. Which fields it needs stands in the description of its address."""

    own_pin: Annotated[str, Field(max_length=64, pattern=CLEAN)] = Field(
        "", description="The PIN of the token's person, for acts that open their sealed count."
    )
    numbers: list[Word] = Field([], max_length=8, description="Seal numbers as read, or applied.", examples=[["A0001"]])
    found: Finding = Field("intact", description="How the seals were found.")
    place: Word = Field("", description="Where the package stands then.", examples=["Kho 1/1/1"])
    keeps: Literal["first", "second"] = Field("first", description="Which signer answers for it then.")
    decision: Word = Field("", description="Number of the decision.", examples=["12/QĐ-UBND"])
    until: Word = Field("", description="By when, as 2026-12-31T17:00 or a day; empty is the end of today's work.")
    destination: Word = Field("", description="Where it is sent.")
    incident: Word = Field("", description="Number of the open incident it belongs to.")

    def form(self) -> FormData:
        """Return the body as the form of the page has it."""
        fields = self.model_dump(exclude={"signers", "photos", "numbers"})
        return _form(self, {**fields, "numbers": " ".join(self.numbers)})


class DossierAct(Evidence):
    """An act of a dossier. Which fields it needs stands in the description of its address."""

    place: Word = Field("", description="The shelf it goes to.")
    package: Word = Field("", description="The package it goes back to.")
    station: Word = Field("", description="The scanning station.")
    permission: Word = Field("", description="Number of the written permission to lend.")
    until: Word = Field("", description="By when it is due back.")
    leaves: Number | None = Field(None, description="Leaves as counted now.")
    differs: bool = Field(False, description="That the count differs is known and meant.")
    incident: Word = Field("", description="Number of the open incident about a difference.")
    entry: Number | None = Field(None, description="The entry that was wrong, for amend.")

    def form(self) -> FormData:
        """Return the body as the form of the page has it."""
        fields = self.model_dump(exclude={"signers", "photos"})
        return _form(self, fields)


def _form(body: Signed, fields: dict[str, Any]) -> FormData:
    told: list[tuple[str, str | UploadFile]] = [
        (name, "" if value in (None, False) else str(value)) for name, value in fields.items()
    ]
    for each in body.signers:
        told += [("signer", each.code), ("pin", each.pin)]
    return FormData(told)


@contextmanager
def photos_as_files(photos: Sequence[bytes]) -> Iterator[list[FilePath]]:
    """Give photos as files for the length of a `with` block; PhotoError "photo-unreadable" for what is none."""
    with tempfile.TemporaryDirectory(prefix="luutru-photo-") as folder:
        paths = []
        for number, raw in enumerate(photos):
            check_photo(BytesIO(raw))
            path = FilePath(folder) / f"{number:02}.jpg"
            path.write_bytes(raw)
            paths.append(path)
        yield paths


class OwnPin(Body):
    """A confirmation with one's own PIN."""

    pin: Pin
    reason: Text = Field("", description="Why, where something is left uncovered.")


class Replacement(Signed):
    """A guard sent in the place of another; the guard signs beside the leader."""

    absent: Word = Field(description="Who did not come.")
    guard: Word = Field(description="Who comes instead.")
    reason: Text = Field(description="Why.")


class NewHandover(Body):
    """A hand-over to begin; the token's person gives where they are on duty, else takes over."""

    post: Word = Field("", description="The post; needed where the token's person takes over.")
    other: Word = Field(description="The other guard.")


class HandoverClose(Body):
    """The end of a hand-over: both PINs, or one now and the other within ten minutes."""

    giver_pin: Annotated[str, Field(max_length=64, pattern=CLEAN)] = Field("", description="PIN of who gives.")
    receiver_pin: Annotated[str, Field(max_length=64, pattern=CLEAN)] = Field("", description="PIN of who takes over.")
    stead: Word = Field("", description="The leader who signs in the place of a giver who is gone.")
    keys: list[Word] = Field([], max_length=50, description="Keys handed over.")
    situation: Text = Field("", description="What the next guard must know.")
    incidents: dict[str, Word] = Field({}, max_length=500, description="Open incident by package and difference.")


class RoundScan(Evidence):
    """Points of a round as they were scanned."""

    codes: list[Word] = Field(min_length=1, max_length=500, description="Points in the order they were scanned.")
    finding: Finding = Field("intact", description="How they were found.")


class Why(Signed):
    """Who signs, and why."""

    reason: Text = Field("", description="Why, where something is out of order.")


class Scope(Signed):
    """A stocktake to open."""

    places: list[Word] = Field(min_length=1, max_length=200, description="Places with all inside them.")


class PlaceCount(Signed):
    """What was found at one place."""

    place: Word = Field(description="The place.")
    found: dict[str, Finding] = Field(min_length=1, max_length=2000, description="Package → how its seals are.")


class NewVisitor(Signed):
    """A visitor who comes in."""

    name: Word = Field(description="Name.")
    paper: Word = Field("", description="Identity paper.")
    body: Word = Field("", description="Where they come from.")
    host: Word = Field(description="Code of who answers for them inside.")
    purpose: Literal["work", "inspection", "delivery", "repair", "cleaning", "reading", "other"] = Field(
        description="What for."
    )
    place: Word = Field(description="Where they go.")


class KeyTake(Signed):
    """A key to give out; another holder than the token's person signs as the only one of `signers`."""

    until: Word = Field("", description="By when it is due back; empty is the end of today's work.")


class NewIncident(Evidence):
    """An incident to open."""

    about: Word = Field(description="A code: a package, a place, a person, a form.")
    severity: Literal["low", "medium", "high"] = Field("medium", description="How grave.")


class Conclusion(Evidence):
    """The end of an incident."""

    outcome: Word = Field(description="explained, corrected, mistaken, …")


class Quiet(Body):
    """A silence for an alarm."""

    hours: int = Field(ge=1, le=72, description="For how long.")
    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=CLEAN)] = Field(description="Why.")


class ListImport(Signed):
    """A list of dossiers to bring into the register."""

    fonds: Word = Field(description="The fonds.", examples=["P01"])
    name: Word = Field(description="Name of the file with its ending.", examples=["list.csv"])
    sheet: Word = Field("", description="Name of the sheet in a workbook.")
    content: Annotated[Base64Bytes, Field(max_length=20_000_000)] = Field(description="The file, base64.")
    write: bool = Field(False, description="Write the good rows; else only look.")


class NewFonds(Body):
    """A fonds to add."""

    code: Word = Field(description="Its code.", examples=["P01"])
    name: Word = Field(description="Its name.")


class SignIn(Body):
    """A sign-in for a program."""

    code: Word = Field(description="Code or badge of the person.", examples=["NV01"])
    pin: Pin
    name: Word = Field("", description="What the token is for; shown to the person.")
    days: int = Field(1, ge=1, le=90, description="For how many days it is good.")
