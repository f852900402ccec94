"""The custody log as pages: entries found by what they name, one with its exact bytes and proof, heads, export."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from archive import people
from archive.errors import ArchiveError, VaultError
from archive.refs import read_ref
from archive.vault import HEX
from custody.entries import KINDS
from custody.errors import CustodyError
from desk import daybars, enclosures, head_copies, ledgering, logreading, proving
from desk.board_words import DESKS, REASONS
from desk.entry_words import kind_in_words
from desk.log_words import facts_in_words
from desk.logreading import Told, Wanted
from desk.web.downloads import send
from desk.web.files import SANDBOX, attachment
from desk.web.room import InRoom
from desk.words import Words, translator, visible

router = APIRouter(include_in_schema=False)
Seq = Annotated[int, Path(ge=0, le=2**53)]
From = Annotated[int | None, Query(ge=0, le=2**53)]
Text = Annotated[str, Query(max_length=200)]
# The first bytes of what is shown as a picture; anything else is given as text or as a file to save.
PICTURES = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
MOST_SHOWN = 1 << 20


@router.get("/log")
def show_log(
    request: Request,
    room: InRoom,
    kind: Annotated[str, Query(max_length=40)] = "",
    person: Text = "",
    text: Text = "",
    day: Annotated[str, Query(max_length=10)] = "",
    before: From = None,
    after: From = None,
) -> Response:
    """Show entries, newest first."""
    office, t = room.office, translator(room.showing.language(request))
    chosen = {"kind": kind if kind in KINDS else "", "person": person.strip(), "text": text.strip(), "day": day.strip()}
    wanted = Wanted(chosen["kind"], chosen["person"].upper(), _code_of(chosen["text"]), _day_of(chosen["day"]))
    values: dict[str, Any] = {**_spoken(t, room.recent.of("names", 60.0, lambda: daybars.names_of(office)))}
    return room.showing.page(
        request,
        "log.html",
        sheet=logreading.search(office, wanted, before=before, after=after),
        chosen=chosen,
        kinds=sorted(((each, kind_in_words(each, t)) for each in logreading.kinds(office)), key=lambda pair: pair[1]),
        signed=logreading.signed_size(office),
        **values,
    )


@router.get("/log/heads")
def show_heads(request: Request, room: InRoom, before: From = None) -> Response:
    """Show the signed heads, newest first, with where their copies are."""
    copies = head_copies.copies(room.office)
    heads = head_copies.heads(room.office, before, 51)
    key = str(ledgering.open_keys(room.office.settings).known[0]) if copies.head else ""
    older = heads[49].size if len(heads) > 50 else None
    values: dict[str, Any] = {"copies": copies, "heads": heads[:50], "older": older, "key": key, "reasons": REASONS}
    return room.showing.page(request, "heads.html", **values)


@router.post("/log/heads")
def sign_head(room: InRoom) -> Response:
    """Sign the log as it stands now."""
    ledgering.sign_head(room.office)
    room.recent.forget()
    return RedirectResponse("/log/heads", 303)


@router.post("/log/export")
def export(room: InRoom) -> Response:
    """Give the whole log as one file that a stranger can check."""
    path = proving.pack_log(room.office)
    day = room.office.clock.now().astimezone().strftime("%Y%m%d-%H%M")
    room.recent.forget()
    return send(path, f"luutru-log-{day}.zip", "application/zip")


@router.get("/log/{seq}")
def show_entry(request: Request, room: InRoom, seq: Seq) -> Response:
    """Show one entry: in words, by its members, and exactly as it was hashed."""
    office, t = room.office, translator(room.showing.language(request))
    told = logreading.look(office, seq)
    return room.showing.page(
        request,
        "entry.html",
        told=told,
        size=logreading.size(office),
        signed=logreading.signed_size(office),
        facts=facts_in_words(told, t),
        body=told.body.decode("utf-8", "backslashreplace"),
        enclosed=_enclosed(told),
        reason=_reason(room, told),
        **_spoken(t, daybars.names_of(office)),
    )


@router.get("/log/{seq}/proof")
def give_proof(room: InRoom, seq: Seq) -> Response:
    """Give the tlog-proof of one entry, checkable offline with the log's public key."""
    headers = {"Content-Disposition": attachment(f"{seq:012}.tlog-proof"), **SANDBOX}
    return Response(ledgering.prove(room.office, seq).encode(), media_type="text/plain; charset=utf-8", headers=headers)


@router.get("/log/{seq}/enclosed/{sha256}")
def give_enclosed(room: InRoom, seq: Seq, sha256: Annotated[str, Path(max_length=64)]) -> Response:
    """Give a photo or text that an entry names; only what it names."""
    told = logreading.look(room.office, seq)
    if sha256 not in _enclosed(told):
        raise ArchiveError("not-found")
    with room.office.vault.open(sha256) as source:
        data = source.read(enclosures.MOST_BYTES)
    kind = next((kind for begin, kind in PICTURES.items() if data.startswith(begin)), "")
    if not kind and len(data) <= MOST_SHOWN and _is_text(data):
        kind = "text/plain; charset=utf-8"
    headers = {**SANDBOX} if kind else {"Content-Disposition": attachment(f"{sha256[:16]}.bin"), **SANDBOX}
    return Response(data, media_type=kind or "application/octet-stream", headers=headers)


def _spoken(t: Words, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "in_words": lambda told: kind_in_words(told.kind, t, str(told.facts.get("to", ""))),
        "about": _about,
        "names": {people.STATION: t("the station"), **names},
        "desk_of": lambda stamp: t(DESKS[stamp.desk]) if stamp.desk in DESKS else visible(stamp.desk),
    }


def _about(told: Told) -> tuple[str, str]:
    """Return the code an entry is mainly about, and the page about it ("" where there is none)."""
    pages = {
        "package": "/ask?package=",
        "incident": "/incidents/",
        "stocktake": "/stocktakes/",
        "round": "/rounds/",
        "dossier": "/log?text=",
        "relief": "/log?text=",
        "guard": "/log?person=",
        "visit": "/log?text=",
        "key": "/log?text=",
        "plan": "/log?text=",
        "roll": "/log?text=",
        "number": "/log?text=",
        "scan": "/scan/",
        "fonds": "",
    }
    for name, address in pages.items():
        value = told.facts.get(name)
        if isinstance(value, str) and value:
            return value, f"{address}{value}" if address else ""
    where = told.facts.get("where")
    return (where, "") if isinstance(where, str) else ("", "")


def _enclosed(told: Told) -> list[str]:
    """Return the SHA-256 of everything enclosed with an entry, its reason among them."""
    named = told.facts.get("attachments", [])
    reason = told.facts.get("reason", "")
    found = [each for each in named if isinstance(each, str)] if isinstance(named, list) else []
    if isinstance(reason, str) and HEX.fullmatch(reason):
        found.append(reason)
    return list(dict.fromkeys(found))


def _reason(room: Any, told: Told) -> str:
    reason = told.facts.get("reason", "")
    try:
        return enclosures.text_of(room.office, reason) if isinstance(reason, str) else ""
    except (VaultError, CustodyError):
        return ""


def _is_text(data: bytes) -> bool:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return "\x00" not in text


def _code_of(text: str) -> str:
    read = read_ref(text)
    return read.code if read else text


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
