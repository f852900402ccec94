"""The acts of a package as a desk does them: which are allowed now and to whom, and doing one, whole or not at all.

act(office, "seal", "7K3M9QXZ2", Told(first="NV02", numbers=("A0001",), place="Kho 1/03"), signing)
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import permutations, product
from pathlib import Path

from sqlmodel import Session

from archive.people import Role
from custody import counting, dossier, package
from custody.entries import Entry
from custody.errors import CustodyError
from custody.holdings import Package
from custody.ledger import Appended
from custody.moves import Move
from custody.projections import Projections
from custody.rules import Signer
from desk import counts, custodial
from desk.box_entries import ACTS, Told, maker
from desk.custodial import HERE, Where
from desk.enclosures import enclose
from desk.office import Office
from desk.signers import ORDER

# Two people counted before these, each alone.
COUNTED = frozenset({"pack", "reseal", "clear", "keep-open"})
ADD, COUNT = "add", "count"
# An inspector reads and verifies, an administrator looks after people: neither keeps boxes.
NO_KEEPERS = frozenset({Role.INSPECTOR.value, Role.ADMINISTRATOR.value})


def act(
    office: Office,
    name: str,
    code: str,
    told: Told,
    signing: Sequence[tuple[str, str] | Signer],
    *,
    reason: str = "",
    photos: Sequence[Path] = (),
    text: str = "",
    where: Where = HERE,
) -> list[tuple[Appended, Entry]]:
    """Do an act of a package, whole or not at all; `signing` is what `custodial.perform` takes.

    An act that needs blind counts takes them by the PINs of those who counted, and drops them where they differ.
    """
    pairs = [each for each in signing if not isinstance(each, Signer)]
    with enclose(office, reason=reason, files=photos, text=text) as enclosed:

        def make(holdings: Projections, session: Session) -> tuple[Entry, ...]:
            known = told
            custodial.known(holdings, code)
            if name in COUNTED:
                counts.check_countable(holdings, code)
                known = replace(told, counts=counts.of_two(session, code, pairs))
            return maker(name, code, known)(holdings, session, enclosed)

        def finish(session: Session) -> None:
            if name in COUNTED:
                counting.forget(session, code)
            enclosed.keep(office.vault)

        try:
            return custodial.perform(office, make, signing, finish, where)
        except CustodyError as refused:
            if name in COUNTED:
                counts.drop_after(office, code, refused)
            raise


def move_of(name: str) -> Move:
    """Return the row of the table of moves that an act is."""
    return dossier.MOVES["dossier-moved/package"] if name == ADD else package.MOVES[ACTS[name][0]]


def cast(name: str, people: Sequence[frozenset[str]]) -> list[str] | None:
    """Return the role each person signs an act in, given the roles each may sign in; None where it cannot be filled.

    A leader who is a clerk too signs a decision as leader: the table of moves asks for one.
    """
    wanted = move_of(name).signatures
    for chosen in product(*(sorted(each - NO_KEEPERS, key=ORDER.index) for each in people)):
        for order in permutations(chosen, min(len(wanted), len(chosen))):
            if all(not asked.roles or role in asked.roles for role, asked in zip(order, wanted, strict=False)):
                return list(chosen)
    return None


def may_sign(name: str, roles: Collection[str]) -> bool:
    """Tell whether somebody with these roles can be one of the signers of an act, or count."""
    able = frozenset(roles) - NO_KEEPERS
    if name == COUNT:
        return bool(able)
    return any(each.roles & able if each.roles else able for each in move_of(name).signatures)


def allowed(box: Package, roles: Collection[str]) -> list[str]:
    """Return the acts that the state of a package allows now and that roles allow a person, in the order of a day."""
    states = {ADD: package.OPEN, COUNT: counts.COUNTABLE}
    return [
        name
        for name in (ADD, COUNT, *ACTS)
        if box.state in (states.get(name) or move_of(name).before) and may_sign(name, roles)
    ]
