"""From the form of an act of a package to what custody asks: who signs in which role, who takes it, what is told."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData

from archive import people
from archive.people import PersonError
from archive.sessions import Known
from custody.rules import Signer
from desk import boxes, custodial
from desk.box_entries import Told
from desk.web import filled
from desk.web.room import Room
from desk.web.signing import Signing, signing_of

DEADLINES = frozenset({"send", "open", "keep-open"})


def signing_with_pin(room: Room, name: str, known: Known, form: FormData) -> Signing:
    """Return who signs; an act that opens sealed counts asks whoever is signed in for their PIN as well."""
    signing = signing_of(room, known, form)
    first = signing[0]
    if name in boxes.COUNTED and isinstance(first, Signer):
        signing[0] = (f"{first.code}:{first.role}", str(form.get("own_pin", "")))
    return signing


def roles_given(room: Room, name: str, signing: Signing) -> Signing:
    """Return the signers with the role each signs in, where they named none: the one the act asks for."""
    with room.office.database.reading() as session:
        able = [_roles_of(session, each) for each in signing]
    chosen = boxes.cast(name, able) if all(able) else None
    if chosen is None:
        return signing
    return [
        Signer(each.code, role, each.unit, each.at) if isinstance(each, Signer) else (f"{_name(each)}:{role}", each[1])
        for each, role in zip(signing, chosen, strict=True)
    ]


def told_of(room: Room, name: str, code: str, signing: Signing, form: FormData) -> Told:
    """Return what a form says of an act."""
    codes = [_name(each) for each in signing]
    return Told(
        first=codes[0],
        to=receiver_of(room, name, code, signing, form),
        place=filled.text_of(form, "place"),
        numbers=filled.numbers_of(form, "numbers"),
        found=filled.text_of(form, "found") or "intact",
        decision=filled.text_of(form, "decision"),
        deadline=custodial.until(room.office, filled.text_of(form, "until")) if name in DEADLINES else "",
        destination=filled.text_of(form, "destination"),
        incident=filled.text_of(form, "incident"),
    )


def receiver_of(room: Room, name: str, code: str, signing: Signing, form: FormData) -> str:
    """Return who answers for a package after an act.

    Whoever hands it on signs as the custodian: the other signer takes it. An opened package is the archivist's.
    """
    codes = [_name(each) for each in signing]
    box, _inside = custodial.look(room.office, code)
    if name == "refuse":
        return box.sender
    if name == "open":
        roles = [each.role if isinstance(each, Signer) else each[0].partition(":")[2] for each in signing]
        return next((who for who, role in zip(codes, roles, strict=True) if role == "archivist"), codes[0])
    if name in {"move", "send", "hand-out"}:
        return codes[1] if len(codes) > 1 and codes[0] == box.custodian else codes[0]
    return codes[1] if len(codes) > 1 and filled.text_of(form, "keeps") == "second" else codes[0]


def _roles_of(session: Any, each: Signer | tuple[str, str]) -> frozenset[str]:
    if isinstance(each, Signer):
        return frozenset({each.role})
    if role := each[0].partition(":")[2]:
        return frozenset({role})
    try:
        found = people.find(session, _name(each))
    except PersonError:
        return frozenset()
    return frozenset(role.value for role in found.roles) - boxes.NO_KEEPERS


def _name(each: Signer | tuple[str, str]) -> str:
    return each.code if isinstance(each, Signer) else each[0].partition(":")[0].strip().upper()
