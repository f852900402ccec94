"""What is wrong with the station itself: stored bytes, disk, inbox, processes, backups, channels of alarms."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from sqlmodel import col

from archive import beats
from archive.activity import WAITING
from archive.tables import Arrival, Beat, Scan
from custody import alarming
from custody.alarm_tables import AlarmMessageRow
from custody.due import NOTICE, URGENT, WARNING, Due
from desk.office import Office

LOOK_EVERY, LATE_BY = timedelta(hours=1), timedelta(days=1)
# A process that is gone for longer than this was taken out of the station's plan, not lost.
FORGOTTEN = timedelta(days=7)
# The disk is told of while intake still goes on: it stops at `keep_free_mb`.
EARLIER = 2
RESTARTS, TRIES = 5, 3
NAMED = 5
BACKUP = "backup"


def watch_fixity(office: Office) -> Iterator[Due]:
    """Yield scans that are not what was stored, and how many were not re-read in time."""
    now = office.clock.now()
    unsound = select(col(Scan.public_id), col(Scan.fixity_at)).where(text("fixity <> 'sound'")).order_by(col(Scan.id))
    with office.database.reading() as session:
        rows = session.execute(unsound.limit(100)).all()
        late = alarming.observed(session, "fixity-late")
    if rows:
        examples = ", ".join(row.public_id for row in rows[:NAMED])
        since = min((row.fixity_at for row in rows if row.fixity_at), default=now)
        yield Due("fixity-finding", "vault", since, URGENT, {"count": len(rows), "examples": examples})
    if late is not None and late.facts.get("count"):
        yield Due("fixity-late", "vault", late.at, NOTICE, {"count": late.facts["count"]})


def count_late(office: Office) -> bool:
    """Count each hour the scans that are late for their comparison, by a walk over all; tell whether it was due."""
    now = office.clock.now()
    with office.database.reading() as session:
        seen = alarming.observed(session, "fixity-late")
    if seen is not None and timedelta(0) <= now - seen.at < LOOK_EVERY:
        return False
    # What fell due a moment ago is re-read within this minute; a day late means that nobody does it.
    oldest = now - timedelta(days=office.settings.fixity_days) - LATE_BY
    last = func.coalesce(col(Scan.fixity_at), col(Scan.arrived_at))
    with office.database.reading() as session:
        count = session.execute(select(func.count()).select_from(Scan).where(last <= oldest)).scalar_one()
    with office.database.atomic() as session:
        alarming.observe(session, "fixity-late", now, count=count)
    return True


def watch_disk(office: Office) -> Iterator[Due]:
    """Yield disks of the station that are nearly full."""
    settings, now, seen = office.settings, office.clock.now(), set[int]()
    places = [settings.home, settings.inbox_folder, settings.heads_folder]
    if "://" not in settings.vault_place:
        places.append(Path(settings.vault_place))
    for place in places:
        if not place.exists() or (disk := place.stat().st_dev) in seen:
            continue
        seen.add(disk)
        free = free_bytes(place)
        if free < EARLIER * settings.keep_free_mb << 20:
            level = URGENT if free < settings.keep_free_mb << 20 else WARNING
            yield Due("disk-filling", str(place), now, level, {"path": str(place), "free_bytes": free})


def free_bytes(place: Path) -> int:
    """Return the room left on the disk of a folder."""
    return shutil.disk_usage(place).free


def watch_inbox(office: Office) -> Iterator[Due]:
    """Yield that files wait in the inbox for too long."""
    now = office.clock.now()
    oldest = now - timedelta(minutes=office.settings.inbox_stuck_minutes)
    asked = select(func.count(), func.min(col(Arrival.first_seen))).where(
        col(Arrival.state) == WAITING, col(Arrival.first_seen) < oldest
    )
    with office.database.reading() as session:
        count, first = session.execute(asked).one()
    if count:
        yield Due("inbox-waiting", "inbox", first, WARNING, {"count": count, "oldest": first})


def watch_parts(office: Office) -> Iterator[Due]:
    """Yield processes that give no sign of life, and those that end again and again."""
    now = office.clock.now()
    with office.database.reading() as session:
        signs = beats.signs(session, now)
        begun = alarming.observed(session, "restarts")
    for sign in signs:
        if sign.silent and now - sign.beat_at < FORGOTTEN:
            facts = {"part": sign.component, "seen": sign.beat_at}
            yield Due("part-not-alive", sign.component, sign.beat_at, WARNING, facts)
        if sign.component == "supervisor" and begun is not None:
            for part, count in _restarts(sign.facts).items():
                again = count - int(begun.facts["before"].get(part, count))
                if again >= RESTARTS:
                    yield Due("part-restarting", part, begun.at, WARNING, {"part": part, "count": again})


def follow_restarts(office: Office) -> None:
    """Remember how often the parts were started again an hour ago, and the hour before: a loop spans no boundary."""
    now = office.clock.now()
    with office.database.reading() as session:
        row = session.get(Beat, "supervisor")
        seen = alarming.observed(session, "restarts")
        counts = _restarts(row.facts) if row else {}
    last = dict(seen.facts["counts"]) if seen else counts
    if any(count < int(last.get(part, 0)) for part, count in counts.items()):
        # The station was started anew, and counts from nothing.
        last, seen = counts, None
    if seen is None or not timedelta(0) <= now - seen.at < LOOK_EVERY:
        with office.database.atomic() as session:
            alarming.observe(session, "restarts", now, counts=counts, before=last)


def watch_backup(office: Office) -> Iterator[Due]:
    """Yield that the last backup is too old, or that there never was one."""
    now, days = office.clock.now(), office.settings.backup_days
    if not days:
        return
    with office.database.reading() as session:
        made, begun = alarming.observed(session, BACKUP), alarming.observed(session, "first-tick")
    last = made or begun
    if last is not None and now - last.at > timedelta(days=days):
        code = "backup-too-old" if made else "backup-never"
        yield Due(code, "backup", last.at + timedelta(days=days), WARNING, {"made": last.at})


def note_first_tick(office: Office) -> None:
    """Remember when this station was first looked after: a backup is asked for from then on."""
    with office.database.reading() as session:
        known = alarming.observed(session, "first-tick")
    if known is None:
        with office.database.atomic() as session:
            alarming.observe(session, "first-tick", office.clock.now())


def note_backup(office: Office, folder: Path) -> None:
    """Remember that a backup was made."""
    with office.database.atomic() as session:
        alarming.observe(session, BACKUP, office.clock.now(), folder=str(folder))


def watch_channels(office: Office) -> Iterator[Due]:
    """Yield channels that take no messages although they were tried several times."""
    first, error = func.min(col(AlarmMessageRow.made_at)), func.max(col(AlarmMessageRow.error))
    columns = select(col(AlarmMessageRow.channel), func.count(), first, error)
    failing = columns.where(col(AlarmMessageRow.next_at).is_not(None), col(AlarmMessageRow.tries) >= TRIES)
    with office.database.reading() as session:
        for channel, count, since, error in session.execute(failing.group_by(col(AlarmMessageRow.channel))).all():
            facts = {"channel": channel, "count": count, "error": error}
            yield Due("channel-failing", channel, since, WARNING, facts)


WATCHES = (watch_fixity, watch_disk, watch_inbox, watch_parts, watch_backup, watch_channels)
STEPS = (note_first_tick, follow_restarts)
SLOW = (count_late,)


def _restarts(facts: object) -> dict[str, int]:
    parts = facts.get("parts") if isinstance(facts, dict) else None
    found = parts.items() if isinstance(parts, dict) else ()
    return {str(name): int(each.get("restarts", 0)) for name, each in found if isinstance(each, dict)}
