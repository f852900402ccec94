"""Records first written on numbered paper forms while there was no power, keyed in afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from custody.cover import second_of
from custody.entries import Entry, Stamp
from custody.entries_duty import PaperEntered
from custody.errors import CustodyError
from custody.holdings import Holdings, Value
from custody.moments import parse_moment
from custody.moves import LEADER, Move, by
from custody.rules import Signer, check_signers
from custody.shifts import OnDuty

OLDEST = timedelta(days=31)
# A sheet that says who was on duty says so of one shift: no turn lasts longer.
LONGEST_PRESENCE = timedelta(hours=24)
# The forms that guards sign for the time they were on duty: of a hand-over and of a round.
ATTESTING = frozenset({"F11", "F12"})
# How a presence ended that was attested by a sheet alone.
FROM_PAPER = "paper"
_ENTERED = Move("paper-entry", frozenset(), "", (by(), by()))
# It fills what would be a hole, so one of the two is a leader.
_ATTESTED = Move("paper-entry", frozenset(), "", (by(LEADER), by()))


class PaperForm(Value, frozen=True, gc=False):
    """A numbered form that was keyed in: it can be keyed in once.

    `present` were on duty at `where` from `written_at` until `ended_at`; `keyed_by` signed when it was keyed in.
    """

    number: str
    form: str = ""
    written_at: str = ""
    ended_at: str = ""
    where: str = ""
    people: tuple[str, ...] = ()
    about: str = ""
    attachments: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    keyed_by: tuple[str, ...] = ()
    keyed_at: str = ""
    entry: int = -1


ASKED: Mapping[type, tuple[str, ...]] = {PaperForm: ("where",)}


def check(holdings: Holdings, entry: Entry, stamp: Stamp, signers: Sequence[Signer]) -> None:
    """Refuse a form keyed in twice, without those who signed it, or about a time that has not been."""
    assert isinstance(entry, PaperEntered)
    check_signers(_ATTESTED if entry.present else _ENTERED, entry, stamp, signers)
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
    if entry.present:
        _check_present(entry, end - start, signers)


def _check_present(entry: PaperEntered, span: timedelta, signers: Sequence[Signer]) -> None:
    """Refuse a presence that the sheet cannot attest."""
    if entry.form not in ATTESTING:
        raise CustodyError("paper-attests-nothing", number=entry.number, form=entry.form, known=sorted(ATTESTING))
    if strangers := sorted(set(entry.present) - set(entry.people)):
        raise CustodyError("paper-present-unsigned", number=entry.number, guards=strangers)
    if len(set(entry.present)) < len(entry.present) or not timedelta() < span <= LONGEST_PRESENCE:
        raise CustodyError(
            "paper-presence-wrong", number=entry.number, start=entry.written_at, end=entry.ended_at or None
        )
    if not any(each.role == LEADER and each.code not in entry.present for each in signers):
        raise CustodyError("paper-attested-by-oneself", number=entry.number, guards=list(entry.present))


def effects(holdings: Holdings, seq: int, entry: Entry, stamp: Stamp) -> list[Value]:
    """Return the form that is keyed in now, and the presence of those who were on duty by it."""
    assert isinstance(entry, PaperEntered)
    start, end = (second_of(parse_moment(each)) for each in (entry.written_at, entry.ended_at or entry.written_at))
    found: list[Value] = [
        OnDuty(f"{entry.where}|{guard}|{seq}", entry.where, guard, start, end, ending=FROM_PAPER, entry=seq)
        for guard in entry.present
    ]
    return [
        *found,
        PaperForm(
            entry.number,
            entry.form,
            entry.written_at,
            entry.ended_at,
            entry.where,
            entry.people,
            entry.about,
            entry.attachments,
            entry.present,
            stamp.by,
            stamp.moment,
            seq,
        ),
    ]
