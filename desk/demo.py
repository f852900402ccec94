"""A playground: an office that does not exist, filled so that every page shows something real.

Everything in it came about through the functions an office uses, signed by people with PINs, on a clock set back by
some days. A playground's home is marked, every page says so, and no home with a real station is ever touched.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from archive import durable, settings_file
from archive.clock import Clock, HandClock
from archive.errors import ArchiveError
from desk import administering, demo_days, demo_papers, running, setting_up, upkeep
from desk.demo_boxes import FONDS, STORE, Days
from desk.demo_days import POST
from desk.office import Office, open_office, prepare
from desk.playground import MARK, is_one
from digitize.worker import work

NAMES = {
    "office_name": "UBND phường Hàng Sen (sân chơi)",
    "office_parent": "UBND thành phố Hà Nội",
    "office_city": "Hàng Sen",
}
# Codes, names, units, roles and PINs; nobody here exists.
PEOPLE: tuple[tuple[str, str, str, tuple[str, ...], str], ...] = (
    ("QT01", "Đỗ Quản Trị", "Văn phòng", ("administrator",), "482915"),
    ("NV01", "Nguyễn Thị Hương", "Văn phòng", ("clerk",), "739164"),
    ("NV02", "Trần Văn Đức", "Lưu trữ", ("archivist",), "518273"),
    ("LD01", "Lê Minh Khôi", "Lãnh đạo", ("leader",), "604918"),
    ("NV04", "Phạm Thị Lan", "Tư pháp", ("witness", "clerk"), "927405"),
    ("TT01", "Vũ Thanh Tra", "Thanh tra", ("inspector",), "385061"),
    ("BV01", "Hoàng Văn Bảo", "Bảo vệ", ("guard",), "4827"),
    ("BV02", "Bùi Đình Vệ", "Bảo vệ", ("guard",), "7193"),
    ("BV03", "Ngô Thị Gác", "Bảo vệ", ("guard",), "6058"),
)
SCANS, READ_NOW = 12, 3
HALF = "PLAYGROUND-HALF-MADE.txt"
DAYS_BACK = timedelta(days=3)
# What is read at once is told; what waits is read by the station's own workers once it runs.
Advance = Callable[[str], None]


@dataclass(frozen=True)
class Login:
    """Somebody who can sign in to a playground."""

    code: str
    name: str
    roles: tuple[str, ...]
    pin: str


LOGINS = tuple(Login(code, name, roles, pin) for code, name, _, roles, pin in PEOPLE)


def make(home: Path, environment: Mapping[str, str], clock: Clock, advance: Advance) -> dict[str, int]:
    """Fill a playground and return how many of what it holds; one that stands is left as it is ({}).

    Raises ArchiveError "home-not-playground" for a home that holds anything else, "playground-half-made" for one that
    was stopped while it was filled.
    """
    if (home / HALF).exists():
        raise ArchiveError("playground-half-made", home=str(home))
    if is_one(home):
        return {}
    if home.exists() and any(home.iterdir()):
        raise ArchiveError("home-not-playground", home=str(home))
    durable.make_folder(home)
    durable.write_whole(home / HALF, b"")
    durable.write_whole(
        home / MARK, "Sân chơi: không có gì ở đây là thật. Playground: nothing here is real.\n".encode()
    )
    prepare(home, environment)
    settings_file.write_values(home, NAMES)
    now = clock.now()
    moved = HandClock(now - DAYS_BACK)
    office = open_office(home, environment, moved)
    try:
        advance("office")
        furnish(office)
        advance("days")
        days = Days(office, moved, {each.code: each.pin for each in LOGINS}, now)
        demo_days.play(days)
        advance("scans")
        done = {**days.done, "scans": take_in(replace(office, clock=clock), home)}
    finally:
        office.close()
    (home / HALF).unlink()
    return done


def furnish(office: Office) -> None:
    """Write people, fonds, places and the guard post down."""
    for code, name, unit, roles, pin in PEOPLE:
        administering.add_person(office, "", code=code, name=name, unit=unit, roles=roles, pin=pin)
    by = PEOPLE[0][0]
    setting_up.add_fonds(office, by, FONDS, "Hồ sơ UBND phường Hàng Sen", "UBND phường Hàng Sen")
    administering.add_place(office, by, "", "store", STORE)
    administering.add_ranges(office, by, STORE, ["shelf=1-6", "bay=A-B", "level=1-3"])
    from archive.posts import read_watch

    watches = [read_watch("06:00-18:00=1"), read_watch("18:00-06:00=1")]
    administering.add_post(office, by, code=POST, name="Cửa kho 1", place=STORE, watches=watches)
    setting_up.set_printer(office, by, stock="L7160", dpi="600", offset="0 0")
    for step in ("heads", "phones"):
        setting_up.put_off(office, by, step)


def take_in(office: Office, home: Path) -> int:
    """Take made-up scans in as if a scanner had written them, one of them broken, and read the first few."""
    folder = home / "giay-to-mau"
    durable.make_folder(folder)
    drawn = demo_papers.papers(SCANS, office.clock.now().date())
    paths = []
    for each in drawn:
        (folder / each.name).write_bytes(each.pdf)
        paths.append(folder / each.name)
    upkeep.ingest(office, paths[:READ_NOW], "may-quet-1", lambda _done, _total: None)
    # Read before the rest comes in: the first pages can be found at once, the others show the reading at work.
    # Our own drawings need no bound on memory, and the bound would hold for all that this process does afterwards.
    work(running.bench_of(office, "sân chơi"), threading.Event(), until_idle=True)
    upkeep.ingest(office, paths[READ_NOW:], "may-quet-1", lambda _done, _total: None)
    broken = folder / "may-quet-ngat.pdf"
    broken.write_bytes(demo_papers.not_a_scan())
    upkeep.ingest(office, [broken], "may-quet-2", lambda _done, _total: None)
    for path in (*paths, broken):
        path.unlink(missing_ok=True)
    folder.rmdir()
    return SCANS
