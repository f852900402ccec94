"""Looking after the office: people, their roles and PINs, places, posts and settings, each change written down.

Commands and pages call the same functions. `by` is the code of the administrator who is signed in, "" on the command
line. What is done here is no entry of custody; it stands in the table of office acts (archive/office_acts.py).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlmodel import Session

from archive import office_acts, people, places, posts, sessions, settings_file
from archive.errors import ArchiveError
from archive.people import Person, Role
from archive.places import Place, Range
from archive.posts import Post, Watch
from archive.settings import Settings
from archive.settings_file import Value
from custody import ledger
from desk.office import Office
from desk.responsibilities import answering

# Settings that pages and printing read anew each time; all others need the station's processes to begin again.
AT_ONCE = frozenset(
    {
        "office_name", "office_parent", "office_city", "box_metres", "label_host", "label_stock", "printer_dpi",
        "printer_offset", "lang", "keep_free_mb", "shift_grace_minutes", "longest_duty_hours",
    }
)  # fmt: skip  # a list reads better
# Where the station's things lie and how it is reached: a slip in these is mended at the machine, not on a page.
ONLY_AT_THE_MACHINE = frozenset({"database", "vault", "engine", "timestamp_root"})


class AdministeringError(ArchiveError):
    """A change that would leave nobody to look after the station: "last-administrator"."""


def add_person(
    office: Office, by: str, *, code: str, name: str, unit: str, roles: Collection[str], pin: str | None
) -> Person:
    """Add a person; raises as `people.add` does."""
    now = office.clock.now()
    with office.database.atomic() as session:
        made = people.add(session, code=code, name=name, unit=unit, roles=roles, pin=pin, now=now)
        facts = {"name": made.name, "unit": made.unit, "roles": sorted(made.roles), "has_pin": made.has_pin}
        office_acts.note(session, by=by, kind="person-added", about=made.code, now=now, **facts)
    return made


def change_person(office: Office, by: str, code: str, *, name: str, unit: str, roles: Collection[str]) -> Person:
    """Give a person another name, unit or roles; AdministeringError "last-administrator", or as `people.change`."""
    now = office.clock.now()
    with office.database.atomic() as session, _somebody_left(session):
        before = people.find(session, code)
        made = people.change(session, code, name=name, unit=unit, roles=roles)
        changed: dict[str, object] = {}
        for field, old, new in (
            ("name", before.name, made.name),
            ("unit", before.unit, made.unit),
            ("roles", sorted(before.roles), sorted(made.roles)),
        ):
            if old != new:
                changed |= {field: new, f"{field}_before": old}
        if changed:
            office_acts.note(session, by=by, kind="person-changed", about=made.code, now=now, **changed)
    return made


def set_pin(office: Office, by: str, code: str, pin: str) -> Person:
    """Give a person a new PIN and end their sessions; raises as `people.set_pin` does."""
    now = office.clock.now()
    with office.database.atomic() as session:
        who = people.find(session, code)
        if not who.active:
            raise people.PersonError("person-has-left", person=who.code)
        people.set_pin(session, who.code, pin)
        ended = sessions.revoke(session, who.code, now)
        office_acts.note(session, by=by, kind="pin-given", about=who.code, now=now, sessions_ended=ended)
        return people.find(session, who.code)


def retire(office: Office, by: str, code: str, *, anyway: bool = False) -> Person:
    """Let a person sign no more, and end their sessions; AdministeringError "last-administrator".

    Who still answers for something is refused with "person-on-duty", "person-keeps-keys", "person-keeps-dossiers" or
    "person-keeps-boxes"; `anyway` is for who cannot hand over any more, and what they had is written down then.
    """
    now = office.clock.now()
    with office.database.atomic() as session, _somebody_left(session):
        # Before it is asked, so that nothing is handed to the person meanwhile.
        ledger.hold(session)
        who = people.find(session, code)
        kept = answering(session, who.code)
        if who.active and not anyway and (refusal := kept.refusal()) is not None:
            raise AdministeringError(refusal[0], person=who.code, **refusal[1])
        people.retire(session, who.code, now)
        ended = sessions.revoke(session, who.code, now)
        if who.active:
            had = {name: list(codes) for name, codes in asdict(kept).items() if codes}
            office_acts.note(
                session, by=by, kind="person-retired", about=who.code, now=now, sessions_ended=ended, **had
            )
        return people.find(session, who.code)


def sign_out(office: Office, by: str, code: str) -> tuple[Person, int]:
    """End every session and token of a person, as when a phone was lost; return how many there were."""
    now = office.clock.now()
    with office.database.atomic() as session:
        who = people.find(session, code)
        ended = sessions.revoke(session, who.code, now)
        office_acts.note(session, by=by, kind="signed-out", about=who.code, now=now, sessions_ended=ended)
    return who, ended


@contextmanager
def _somebody_left(session: Session) -> Iterator[None]:
    """Refuse what takes the last administrator away; of two who take away each other, the second is refused."""
    before = people.administrators(session)
    yield
    session.flush()
    if before and not people.administrators(session):
        raise AdministeringError("last-administrator", person=before[0])


def add_place(office: Office, by: str, parent: str, kind: str, name: str) -> Place:
    """Add one place; raises as `places.add` does."""
    now = office.clock.now()
    with office.database.atomic() as session:
        made = places.add(session, parent or None, kind, name, now)
        office_acts.note(session, by=by, kind="places-added", about=made.path, now=now, count=1)
    return made


@dataclass(frozen=True)
class Planned:
    """What ranges would make: how many places in all, how many of them are new, and some of the new paths."""

    total: int
    new: int
    first: tuple[str, ...]
    last: str


class _UndoneError(Exception):
    """Takes back what was written only to be looked at."""


def preview_ranges(office: Office, parent: str, ranges: Sequence[str], *, most: int = 6) -> Planned:
    """Say what `add_ranges` would write, and write nothing; raises as it does."""
    read = _read(ranges)
    made: list[Place] = []
    try:
        with office.database.atomic() as session:
            made = places.generate(session, parent or None, read, office.clock.now())
            raise _UndoneError
    except _UndoneError:
        pass
    sizes, total = 1, 0
    for each in read:
        sizes *= len(each.names)
        total += sizes
    deepest = [each.path for each in made if each.kind is read[-1].kind] or [each.path for each in made]
    return Planned(total, len(made), tuple(deepest[:most]), deepest[-1] if deepest else "")


def add_ranges(office: Office, by: str, parent: str, ranges: Sequence[str]) -> list[Place]:
    """Add nested ranges of places, "shelf=1-20"; those that stand stay; raises as `places.generate` does."""
    now = office.clock.now()
    read = _read(ranges)
    with office.database.atomic() as session:
        made = places.generate(session, parent or None, read, now)
        if made:
            about = parent or made[0].path
            told = [" ".join(each.split()) for each in ranges if each.strip()]
            office_acts.note(session, by=by, kind="places-added", about=about, now=now, count=len(made), ranges=told)
    return made


def _read(ranges: Sequence[str]) -> list[Range]:
    read = [places.read_range(each) for each in ranges if each.strip()]
    if not read:
        raise places.PlaceError("range-unusable", range="")
    if math.prod(len(each.names) for each in read) > places.MOST_AT_ONCE:
        count = math.prod(len(each.names) for each in read)
        raise places.PlaceError("too-many-places", count=count, limit=places.MOST_AT_ONCE)
    return read


def add_post(office: Office, by: str, *, code: str, name: str, place: str, watches: Sequence[Watch]) -> Post:
    """Add a guard post; raises as `posts.add` does."""
    now = office.clock.now()
    with office.database.atomic() as session:
        made = posts.add(session, code=code, name=name, place=place or None, watches=watches, now=now)
        told = [str(each) for each in made.watches]
        office_acts.note(session, by=by, kind="post-added", about=made.code, now=now, name=made.name, watches=told)
    return made


def change_post(office: Office, by: str, code: str, watches: Sequence[Watch]) -> Post:
    """Give a post other watches from now on; PostError "post-unknown"."""
    now = office.clock.now()
    with office.database.atomic() as session:
        before = posts.find(session, code)
        made = posts.set_watches(session, code, watches, now)
        told, old = [str(each) for each in made.watches], [str(each) for each in before.watches]
        office_acts.note(
            session, by=by, kind="post-changed", about=made.code, now=now, watches=told, watches_before=old
        )
    return made


def retire_post(office: Office, by: str, code: str) -> Post:
    """Give a post up, so that from now on it needs nobody; PostError "post-unknown"."""
    now = office.clock.now()
    with office.database.atomic() as session:
        left = posts.retire(session, code, now)
        office_acts.note(session, by=by, kind="post-retired", about=left.code, now=now)
    return left


def set_settings(office: Office, by: str, typed: Mapping[str, str]) -> tuple[Settings, list[str]]:
    """Write settings into the file; return all as they hold from the next start on, and the keys that changed.

    A setting that the environment or the command line gives keeps that value while the station runs so. Raises
    SettingsError as `settings_file.write_values` does, "setting-not-here" for those that are set at the machine.
    """
    if forbidden := sorted(ONLY_AT_THE_MACHINE & typed.keys()):
        raise ArchiveError("setting-not-here", keys=forbidden, path=str(office.settings.home))
    told: dict[str, Value] = {key: settings_file.typed(key, text) for key, text in typed.items()}
    home = office.settings.home
    standing = settings_file.read_values(home)
    plain = Settings(home=Path())
    before = {key: standing.get(key, getattr(plain, key)) for key in told}
    changed = {key: value for key, value in told.items() if before[key] != value}
    settings = settings_file.write_values(home, changed)
    now = office.clock.now()
    with office.database.atomic() as session:
        for key, value in changed.items():
            facts = {"value": value, "before": before[key]}
            office_acts.note(session, by=by, kind="setting-changed", about=key, now=now, **facts)
    return settings, sorted(changed)


def with_settings(office: Office, settings: Settings) -> Office:
    """Return the office with other settings, for what is read anew each time."""
    return replace(office, settings=settings)


ROLES: tuple[str, ...] = tuple(each.value for each in Role)
