"""Shell: the neighbours that cosign our heads: who they are, what to ask them, and what they signed.

A head is sent with the proof that it continues the head that neighbour signed last. What a neighbour answers can show
more than any copy in this house: one that holds a longer head, or another one of the same size, remembers what a
database that was put back does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlmodel import Session, col

from custody import checkpoint, cosignature, ledger, notes, signing
from custody.checkpoint import Checkpoint
from custody.cosignature import Cosignature
from custody.errors import CustodyError
from custody.notes import VerifierKey
from custody.signing import Keys
from custody.witness_request import Request, format_request
from custody.witness_tables import CosignatureRow, NeighbourRow

# What a neighbour can answer that is evidence against our own log; anything else is only a delay.
AGAINST_US = frozenset({"neighbour-holds-longer-head", "neighbour-contradicts"})


@dataclass(frozen=True)
class Neighbour:
    """A neighbour: our word for it, the key it cosigns with, its address, the size it signed last, and how it stands.

    `trouble` is the code of what came of the last question, "" where it was answered; `detail` belongs to it.
    """

    name: str
    key: VerifierKey
    url: str
    size: int
    asked_at: datetime | None
    trouble: str
    detail: str


def add(session: Session, name: str, key: VerifierKey, url: str) -> None:
    """Take a neighbour in; raises CustodyError "neighbour-known" where the name or the key is taken."""
    for each in everyone(session):
        if each.name == name or each.key == key:
            raise CustodyError("neighbour-known", name=each.name)
    fresh = {"name": name, "key": str(key), "url": url, "size": 0, "asked_at": None, "trouble": "", "detail": ""}
    session.execute(insert(NeighbourRow), [fresh])


def remove(session: Session, name: str) -> None:
    """Ask a neighbour no longer; what it signed stays. Raises CustodyError "neighbour-unknown"."""
    found(session, name)
    session.execute(delete(NeighbourRow).where(col(NeighbourRow.name) == name))


def found(session: Session, name: str) -> Neighbour:
    """Return one neighbour; raises CustodyError "neighbour-unknown"."""
    for each in everyone(session):
        if each.name == name:
            return each
    raise CustodyError("neighbour-unknown", name=name)


def everyone(session: Session) -> list[Neighbour]:
    """Return every neighbour, by name."""
    rows = session.execute(select(NeighbourRow.__table__).order_by(col(NeighbourRow.name)))  # type: ignore[attr-defined]
    return [
        Neighbour(
            row.name,
            notes.parse_verifier(row.key, notes.COSIGNATURE),
            row.url,
            row.size,
            row.asked_at,
            row.trouble,
            row.detail,
        )
        for row in rows.all()
    ]


def question(session: Session, keys: Keys, since: int) -> tuple[Checkpoint, str, bytes] | None:
    """Return the newest head, its note and the request for one who signed a head of `since` entries; None for no head.

    Raises CustodyError "neighbour-holds-longer-head" where `since` lies beyond our newest head.
    """
    if (note := signing.last_note(session)) is None:
        return None
    head = checkpoint.read(note, keys.known, keys.origin)
    if since > head.size:
        raise CustodyError("neighbour-holds-longer-head", size=head.size, signed=since)
    proof = ledger.prove_consistency(session, since, head.size)
    return head, note, format_request(Request(since, proof, note))


def keep(session: Session, name: str, head: Checkpoint, signed: Cosignature, now: datetime) -> None:
    """Keep what a neighbour signed, beside the head."""
    known = select(col(CosignatureRow.line)).where(
        col(CosignatureRow.size) == head.size, col(CosignatureRow.key) == str(signed.key)
    )
    if session.execute(known).first() is None:
        session.execute(insert(CosignatureRow), [{"size": head.size, "key": str(signed.key), "line": signed.line}])
    session.execute(
        update(NeighbourRow)
        .where(col(NeighbourRow.name) == name)
        .values(size=head.size, asked_at=now, trouble="", detail="")
    )


def keep_trouble(session: Session, name: str, trouble: str, detail: str, now: datetime) -> None:
    """Note what came of a question that was not answered with a signature."""
    session.execute(
        update(NeighbourRow)
        .where(col(NeighbourRow.name) == name)
        .values(asked_at=now, trouble=trouble, detail=detail[:500])
    )


def lines(session: Session) -> dict[int, list[str]]:
    """Return the cosignature lines of every head, by its size."""
    told: dict[int, list[str]] = {}
    rows = select(col(CosignatureRow.size), col(CosignatureRow.line))
    for size, line in session.execute(rows.order_by(col(CosignatureRow.size), col(CosignatureRow.key))):
        told.setdefault(size, []).append(line)
    return told


def cosigned(session: Session, note: str, size: int) -> tuple[str, tuple[Cosignature, ...]]:
    """Return a note with the cosignatures of its size under it, and these, checked; wrong ones are left out."""
    rows = session.execute(
        select(col(CosignatureRow.key), col(CosignatureRow.line))
        .where(col(CosignatureRow.size) == size)
        .order_by(col(CosignatureRow.key))
    )
    good: list[Cosignature] = []
    for key, line in rows.all():
        try:
            good += cosignature.read_cosignatures(note + line, [notes.parse_verifier(key, notes.COSIGNATURE)])
        except CustodyError:
            continue
    return note + "".join(each.line for each in good), tuple(good)


def signers(session: Session) -> Sequence[VerifierKey]:
    """Return the key of every neighbour that ever signed, and of every one that is asked now."""
    keys = session.execute(select(col(CosignatureRow.key)).distinct().order_by(col(CosignatureRow.key))).scalars()
    told = [*keys, *(str(each.key) for each in everyone(session))]
    return [notes.parse_verifier(each, notes.COSIGNATURE) for each in dict.fromkeys(told)]
