"""Signatures on a page: whoever is signed in signs first, others with their own code and PIN on the same form.

A form has `role` (what the person signed in signs as, where they have several roles) and, for each further signer,
`signer` and `pin`. The same person is never two signers: the rules of custody refuse that, and so does this file.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import FormData

from archive.sessions import Known
from custody.errors import CustodyError
from custody.rules import Signer
from desk.signers import ORDER
from desk.web.entering import person_code
from desk.web.room import Room

Signing = Sequence[Signer | tuple[str, str]]


def first_signer(known: Known, role: str = "") -> Signer:
    """Return the person signed in as a signer; CustodyError "signer-without-role" where they may not sign so."""
    roles = {each.value for each in known.person.roles}
    chosen = role or next((each for each in ORDER if each in roles), "")
    if chosen not in roles or chosen not in ORDER:
        raise CustodyError("signer-without-role", signer=known.person.code, role=role, roles=sorted(roles))
    return Signer(known.person.code, chosen, known.person.unit)


def signing_of(room: Room, known: Known, form: FormData) -> list[Signer | tuple[str, str]]:
    """Return who signs a form, in order; their PINs are looked at when the act is recorded.

    Raises CustodyError "signer-doubled" where somebody stands there twice, and "signer-incomplete" where a code has no
    PIN or a PIN no code.
    """
    codes = [str(each).strip() for each in form.getlist("signer")]
    pins = [str(each) for each in form.getlist("pin")]
    return signing_with(room, known, _text(form, "role"), list(zip(codes, pins, strict=False)))


def signing_with(
    room: Room, known: Known, role: str, others: Sequence[tuple[str, str]]
) -> list[Signer | tuple[str, str]]:
    """Return the person signed in, in a role, and the others by code (or badge) and PIN; refuses as `signing_of`."""
    signing: list[Signer | tuple[str, str]] = [first_signer(known, role)]
    seen = {known.person.code}
    for code, pin in others:
        if not code and not pin:
            continue
        if not code or not pin:
            raise CustodyError("signer-incomplete", signer=code)
        name, colon, said = person_code(room, code).partition(":")
        if name.upper() in seen:
            raise CustodyError("signer-doubled", signers=[known.person.code, name.upper()])
        seen.add(name.upper())
        signing.append((f"{name}{colon}{said}", pin))
    return signing


def signing_roles(known: Known) -> list[str]:
    """Return the roles in which the person signed in may sign, the likeliest first."""
    roles = {each.value for each in known.person.roles}
    return [each for each in ORDER if each in roles]


def _text(form: FormData, name: str) -> str:
    told = form.get(name, "")
    return told.strip() if isinstance(told, str) else ""


__all__ = ["Signing", "first_signer", "signing_of", "signing_roles", "signing_with"]
