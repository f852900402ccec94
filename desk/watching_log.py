"""What is wrong about the custody log and what feeds it: findings of its checks, the second place, phones, the clock.

The log is checked lightly each hour (guards of the database, second place, the newest entries) and whole each night;
what was found stands until the next check does not find it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select
from sqlmodel import Session, col

from custody import alarming, ledger, signing, triggers, witness
from custody.alarm_tables import AlarmRow, DeviceContactRow
from custody.due import URGENT, WARNING, Due
from custody.errors import CustodyError, Finding
from custody.ledger_tables import CheckpointRow
from custody.moments import parse_moment
from custody.projections import Projections
from desk import ledgering
from desk.office import Office

LIGHT_EVERY, AGAIN_AFTER = timedelta(hours=1), timedelta(hours=1)
NIGHT_HOUR = 2
NEWEST_CHECKED, FOLLOWED_AT_ONCE, HEADS_LOOKED_AT = 1000, 20_000, 50
MOST_SKEW = timedelta(minutes=2)
# Of what these invariants find, this cannot come about by anybody's being late.
BESIDE_THE_LOG = frozenset({11, 12, 13})
TAMPERED = frozenset(
    {
        "round-results-differ",
        "round-seed-not-of-log",
        "relief-not-settled",
        "relief-incident-unknown",
        "stocktake-line-unsettled",
    }
)
LIGHT, FULL = "ledger-light", "ledger-full"


def check_log(office: Office) -> bool:
    """Check the log lightly where an hour has passed, and whole where a night has; tell whether it was due."""
    now = office.clock.now()
    with office.database.reading() as session:
        light, full = alarming.observed(session, LIGHT), alarming.observed(session, FULL)
    whole = full is None or _is_night_since(full.at, now)
    if whole or (full is not None and full.facts.get("count") and _is_past(full.at, AGAIN_AFTER, now)):
        whole = True
        _keep(office, FULL, check_wholly(office))
    lightly = light is None or _is_past(light.at, LIGHT_EVERY, now)
    if lightly:
        _keep(office, LIGHT, check_lightly(office))
    return whole or lightly


def check_wholly(office: Office) -> Sequence[Finding]:
    """Check the whole log; one so damaged that the check cannot go on is a finding too."""
    try:
        found = list(ledgering.check(office, lambda _done, _all: None).findings)
    except CustodyError as error:
        return [Finding(error.code, facts=error.facts)]
    return [*found, *_tampered(office)]


def _tampered(office: Office) -> Iterator[Finding]:
    """Yield what stands beside the log and is not what was signed into it: results of rounds, seeds, hand-overs."""
    # Imported here because the parts of guarding are listed there, this one among them.
    from desk.duty import findings_of

    for number, findings in findings_of(office).items():
        if number in BESIDE_THE_LOG:
            yield from (each for each in findings if each.code in TAMPERED)


def check_lightly(office: Office) -> list[Finding]:
    """Look at what can be looked at in a moment, however long the log: its guards, its heads, its newest entries."""
    with office.database.reading() as session:
        found = [Finding("trigger-missing", facts={"name": name}) for name in triggers.missing(session)]
        size = ledger.size(session)
        start = max(0, size - NEWEST_CHECKED)
        rows = ledger.read_rows(session, start, size)
        if [row[0] for row in rows] != list(range(start, size)):
            there = {row[0] for row in rows}
            found.append(Finding("entry-removed", next(seq for seq in range(start, size) if seq not in there)))
        changed = (seq for seq, _, body, leaf in rows if sha256(b"\x00" + body).digest() != leaf)
        if (first := next(changed, None)) is not None:
            found.append(Finding("entry-changed", first))
        known = signing.read_known(ledgering.keys_folder(office.settings))
        if known:
            try:
                witness.compare(session, office.settings.heads_folder, known, known[0].name)
            except CustodyError as error:
                found.append(Finding(error.code, facts=error.facts))
    return found


def watch_log(office: Office) -> Iterator[Due]:
    """Yield that the last checks found something."""
    with office.database.reading() as session:
        for name in (FULL, LIGHT):
            seen = alarming.observed(session, name)
            if seen is not None and seen.facts.get("count"):
                yield Due("ledger-finding", "ledger", seen.at, URGENT, dict(seen.facts))


def copy_heads(office: Office) -> None:
    """Put heads that the second place lacks there, where it can be reached."""
    folder = office.settings.heads_folder
    with office.database.reading() as session:
        if folder.is_dir() and _lacking(session, office):
            witness.copy_heads(session, folder)
    if folder.is_dir():
        with office.database.reading() as session:
            before = alarming.observed(session, "second-place")
        apart = folder.stat().st_dev != office.settings.home.stat().st_dev
        if before is None or (apart and not before.facts.get("apart")):
            with office.database.atomic() as session:
                alarming.observe(session, "second-place", office.clock.now(), apart=apart)


def watch_second_place(office: Office) -> Iterator[Due]:
    """Yield that the second place is not there, or on the same disk where it was on another, or lacks heads."""
    now, folder = office.clock.now(), office.settings.heads_folder
    with office.database.reading() as session:
        if signing.last_note(session) is None:
            return
        seen = alarming.observed(session, "second-place")
        was_apart = bool(seen and seen.facts.get("apart"))
        here = folder.is_dir()
        if not here or (was_apart and folder.stat().st_dev == office.settings.home.stat().st_dev):
            yield Due("second-place-unreachable", "heads", now, WARNING, {"path": str(folder)})
        elif lacking := _lacking(session, office):
            yield Due("head-not-copied", "heads", now, WARNING, {"path": str(folder), "count": lacking})


def hear(office: Office, device: str, device_now: datetime | None, next_seq: int, owing: int) -> None:
    """Keep what a phone says: its time now (None: not told), the number of its next entry, how many it still holds."""
    now = office.clock.now()
    with office.database.atomic() as session:
        row = session.get(DeviceContactRow, device) or DeviceContactRow(device=device, heard_at=now)
        row.heard_at, row.next_seq, row.owing = now, next_seq, owing
        if device_now is not None:
            row.skew_seconds = round((device_now - now).total_seconds())
        session.add(row)


def follow_entries(office: Office) -> None:
    """Look at entries that came since the last tick for the times of phones and of this machine."""
    with office.database.reading() as session:
        seen = alarming.observed(session, "entries-followed")
        start = int(seen.facts["next"]) if seen else 0
        end = min(ledger.size(session), start + FOLLOWED_AT_ONCE)
        told = [_stamp_of(body) for _, _, body, _ in ledger.read_rows(session, start, end)] if start < end else []
    if not told:
        return
    with office.database.atomic() as session:
        for each in told:
            _follow_device(session, each)
        alarming.observe(session, "entries-followed", office.clock.now(), next=end)


def watch_devices(office: Office) -> Iterator[Due]:
    """Yield phones that lost entries, hold some in silence, or keep another time."""
    now, silence = office.clock.now(), timedelta(minutes=office.settings.device_silent_minutes)
    with office.database.reading() as session:
        asked = Projections(session)
        for row in session.execute(select(DeviceContactRow)).scalars():
            known = asked.device(row.device)
            due, sent = known.due if known else 0, row.next_seq - row.owing
            if due < sent:
                facts: dict[str, object] = {"device": row.device, "first": due, "last": sent - 1}
                yield Due("device-entries-lost", row.device, row.heard_at, URGENT, facts)
            if row.owing > 0 and now - row.heard_at > silence:
                facts = {"device": row.device, "owing": row.owing}
                yield Due("device-silent", row.device, row.heard_at, WARNING, facts)
            if abs(row.skew_seconds) > MOST_SKEW.total_seconds():
                facts = {"device": row.device, "skew_seconds": abs(row.skew_seconds)}
                yield Due("device-clock-skew", row.device, row.heard_at, WARNING, facts)


def judge_devices(office: Office) -> Mapping[int, Sequence[Finding]]:
    """I15: no phone lost an entry, and none holds entries in silence."""
    kinds = {"device-entries-lost", "device-silent"}
    return {15: [Finding(each.code, facts=each.facts) for each in watch_devices(office) if each.code in kinds]}


def follow_clock(office: Office) -> None:
    """Remember the latest moment this machine showed; forget it when somebody took charge of its being set back."""
    now = office.clock.now()
    with office.database.reading() as session:
        seen = alarming.observed(session, "clock-latest")
        answered = session.execute(
            select(col(AlarmRow.number)).where(
                col(AlarmRow.code) == "clock-set-back",
                col(AlarmRow.cleared_at).is_(None),
                col(AlarmRow.acked_at).is_not(None),
            )
        ).first()
    if seen is None or now > seen.at or answered:
        with office.database.atomic() as session:
            alarming.observe(session, "clock-latest", now)


def watch_clock(office: Office) -> Iterator[Due]:
    """Yield that this machine's clock reads earlier than it did."""
    now = office.clock.now()
    with office.database.reading() as session:
        seen = alarming.observed(session, "clock-latest")
    if seen is not None and seen.at - now > MOST_SKEW:
        yield Due("clock-set-back", "clock", now, URGENT, {"now": now, "seen": seen.at})


WATCHES = (watch_log, watch_second_place, watch_devices, watch_clock)
STEPS = (follow_clock, follow_entries, copy_heads)
SLOW = (check_log,)


def _keep(office: Office, name: str, findings: Sequence[Finding]) -> None:
    facts: dict[str, object] = {"count": len(findings)}
    if findings:
        first = findings[0]
        told = {"entry": first.entry, "proven": first.proven, **first.facts}
        facts |= {"finding_code": first.code, "finding_facts": told, "codes": sorted({each.code for each in findings})}
    with office.database.atomic() as session:
        alarming.observe(session, name, office.clock.now(), **facts)


def _is_past(at: datetime, span: timedelta, now: datetime) -> bool:
    """Tell whether so much time passed; a moment that lies ahead was written by a wrong clock and counts as past."""
    return now - at >= span or at > now + MOST_SKEW


def _is_night_since(at: datetime, now: datetime) -> bool:
    local, last = now.astimezone(), at.astimezone()
    return at > now + MOST_SKEW or (
        local.date() > last.date() and (local.hour >= NIGHT_HOUR or now - at > timedelta(1))
    )


def _lacking(session: Session, office: Office) -> int:
    folder = office.settings.heads_folder
    newest = select(col(CheckpointRow.size)).order_by(col(CheckpointRow.size).desc()).limit(HEADS_LOOKED_AT)
    return sum(not (folder / f"head-{size:012}.txt").exists() for size in session.execute(newest).scalars())


def _stamp_of(body: bytes) -> dict[str, object]:
    if b'"device":' not in body:
        return {}
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _follow_device(session: Session, told: Mapping[str, object]) -> None:
    device, number = told.get("device"), told.get("device_seq")
    if not isinstance(device, str) or not isinstance(number, int):
        return
    at, device_at = parse_moment(str(told.get("at"))), parse_moment(str(told.get("device_at")))
    row = session.get(DeviceContactRow, device) or DeviceContactRow(device=device, heard_at=at)
    row.heard_at, row.next_seq = max(row.heard_at, at), max(row.next_seq, number + 1)
    # An entry made offline arrives late, which says nothing of the clock; one from the future does.
    if device_at - at >= -MOST_SKEW:
        row.skew_seconds = round((device_at - at).total_seconds())
    session.add(row)
    session.flush()
