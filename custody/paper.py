"""Records first written on numbered paper forms while there was no power, keyed in afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from custody.entries import Entry, Stamp
from custody.entries_duty import PaperEntered
from custody.errors import CustodyError
from custody.holdings import Holdings, Value
from custody.moments import parse_moment
from custody.moves import Move, by
from custody.rules import Signer, check_signers

OLDEST = timedelta(days=31)
_ENTERED = Move("paper-entry", frozenset(), "", (by(), by()))


class PaperForm(Value, frozen=True, gc=False):
    """A numbered form that was keyed in: it can be keyed in once."""

    number: str
    form: str = ""
    written_at: str = ""
    ended_at: str = ""
    where: str = ""
    people: tuple[str, ...] = ()
    about: str = ""
    attachments: tuple[str, ...] = ()
    entry: int = -1


ASKED: Mapping[type, tuple[str, ...]] = {PaperForm: ("where",)}


def check(holdings: Holdings, entry: Entry, stamp: Stamp, signers: Sequence[Signer]) -> None:
    """Refuse a form keyed in twice, without those who signed it, or about a time that has not been."""
    assert isinstance(entry, PaperEntered)
    check_signers(_ENTERED, entry, stamp, signers)
    if not entry.number or not entry.people or not entry.where:
        raise CustodyError("paper-incomplete", number=entry.number)
    if (before := holdings.one(PaperForm, entry.number)) is not None:
        raise CustodyError("paper-known", number=entry.number, entry=before.entry)
    if not set(stamp.by) & set(entry.people):
        raise CustodyError("paper-without-its-signer", number=entry.number, people=list(entry.people))
    start = parse_moment(entry.written_at)
    end = parse_moment(entry.ended_at) if entry.ended_at else start
    if end < start or end > stamp.at:
        raise CustodyError("paper-time-wrong", number=entry.number, start=entry.written_at, end=entry.ended_at)
    if stamp.at - start > OLDEST:
        raise CustodyError("paper-too-old", number=entry.number, start=entry.written_at, days=OLDEST.days)


def effects(holdings: Holdings, seq: int, entry: Entry, stamp: Stamp) -> list[Value]:
    """Return the form that is keyed in now."""
    assert isinstance(entry, PaperEntered)
    return [
        PaperForm(
            entry.number,
            entry.form,
            entry.written_at,
            entry.ended_at,
            entry.where,
            entry.people,
            entry.about,
            entry.attachments,
            seq,
        )
    ]
