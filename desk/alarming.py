"""Alarms seen from the desk: evaluated by the tick, answered by people, told by channels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from custody import alarming, alarms
from custody.alarms import Alarm, Step
from custody.due import Due
from custody.errors import CustodyError
from custody.rules import Signer
from desk import channels, custodial, duty
from desk.office import Office

# Whoever may silence an alarm for a while; anybody with a PIN may acknowledge one.
MAY_QUIET = frozenset({"archivist", "leader", "administrator"})
# Who answers: a code and PIN, or somebody who is signed in already.
Signing = tuple[str, str] | Signer
# The tick evaluates each minute: an evaluation older than this means that nobody is looking.
STALE = timedelta(minutes=5)


@dataclass(frozen=True)
class Board:
    """What a person should see: the alarms, when they were last evaluated, and whether that is too long ago."""

    alarms: tuple[Alarm, ...]
    evaluated_at: datetime | None
    is_stale: bool
    told_by: int


def evaluate(office: Office, more: Iterable[Due] = ()) -> list[Step]:
    """Ask every part what is wrong now, raise, tell and clear alarms; return the steps that were taken."""
    dues = [*more, *duty.due_of(office)]
    reached = channels.channels_of(office.settings)
    ladder = channels.ladder_of(office.settings)
    with office.database.atomic() as session:
        return alarming.evaluate_now(
            session, dues, office.clock.now(), ladder, lambda role: channels.names_for(reached, role)
        )


def board(office: Office) -> Board:
    """Return what a person should see now."""
    now = office.clock.now()
    with office.database.reading() as session:
        seen = alarming.observed(session, "alarms-evaluated")
        at = seen.at if seen else None
        stale = at is None or abs(now - at) > STALE
        return Board(tuple(alarming.listed(session)), at, stale, len(channels.channels_of(office.settings)))


def acknowledge(office: Office, number: int, signing: Signing) -> Alarm:
    """Take charge of an alarm by name; raises CustodyError "alarm-unknown", "alarm-acknowledged", or the sign-in's."""
    signer = _who(office, signing)
    now = office.clock.now()
    with office.database.atomic() as session:
        after = alarms.acknowledge(alarming.one(session, number), signer.code, now)
        alarming.answer(session, after, alarming.ACKNOWLEDGED, signer.code, now)
        return after


def quiet(office: Office, number: int, until: datetime, reason: str, signing: Signing) -> Alarm:
    """Silence an alarm until a moment, with a reason; archivists and leaders may.

    Raises CustodyError "alarm-quiet-refused", and what `custody.alarms.quiet` raises.
    """
    signer = _who(office, signing)
    if signer.role not in MAY_QUIET:
        raise CustodyError("alarm-quiet-refused", alarm=number, signer=signer.code, role=signer.role)
    now = office.clock.now()
    with office.database.atomic() as session:
        after = alarms.quiet(alarming.one(session, number), signer.code, until, reason, now)
        alarming.answer(session, after, alarming.QUIETED, signer.code, now, reason=after.reason, until=until)
        return after


def next_moment(office: Office) -> datetime | None:
    """Return when an alarm asks for its next step if nothing else changes."""
    now, ladder = office.clock.now(), channels.ladder_of(office.settings)
    with office.database.reading() as session:
        return alarms.next_moment(alarming.recent(session, now), now, ladder)


def roles_told(events: Sequence[object]) -> list[str]:
    """Return the roles an alarm was told to so far, in order, from its events."""
    roles = [role for each in events for role in getattr(each, "facts", {}).get("roles", ())]
    return list(dict.fromkeys(str(role) for role in roles))


def _who(office: Office, signing: Signing) -> Signer:
    return signing if isinstance(signing, Signer) else custodial.authenticate(office, *signing)
