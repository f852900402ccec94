"""What a person answers for now: boxes, borrowed dossiers, keys and posts, so that nobody leaves with any of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from custody.gate import KeyOut
from custody.holdings import LIVE, ON_LOAN, Dossier, Package
from custody.projections import Projections
from custody.shifts import OnDuty

NAMED = 5


@dataclass(frozen=True)
class Answering:
    """The codes of what one person answers for, each list by code."""

    boxes: tuple[str, ...] = ()
    dossiers: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    posts: tuple[str, ...] = ()

    def refusal(self) -> tuple[str, Mapping[str, object]] | None:
        """Return the code and facts of the first thing to be given back; None where there is nothing.

        A shift goes first: who is on duty takes over boxes and keys with the post.
        """
        for code, name, held in (
            ("person-on-duty", "posts", self.posts),
            ("person-keeps-keys", "keys", self.keys),
            ("person-keeps-dossiers", "dossiers", self.dossiers),
            ("person-keeps-boxes", "boxes", self.boxes),
        ):
            if held:
                return code, {name: ", ".join(held[:NAMED]) + (", …" if len(held) > NAMED else ""), "count": len(held)}
        return None


def answering(session: Session, person: str) -> Answering:
    """Return what a person answers for."""
    asked = Projections(session)
    return Answering(
        tuple(each.code for each in asked.those(Package, custodian=person) if each.state in LIVE),
        tuple(each.code for each in asked.those(Dossier, where=person) if each.state == ON_LOAN),
        tuple(each.code for each in asked.those(KeyOut, holder=person)),
        tuple(each.at_post for each in asked.those(OnDuty, is_guard=person)),
    )
