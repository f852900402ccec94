"""A station on which clerks work in a browser: people with PINs, places, seals and thirty registered dossiers."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from httpx import Response

from archive import catalogue, people, places
from archive.clock import Clock, HandClock
from archive.people import Role
from custody.entries_seals import RollIssued
from desk import custodial, registering
from desk.office import Office, open_office, prepare
from desk.web.app import create_app
from tests.archive.lists import HEADER, text

HERE = "http://127.0.0.1:8000"
FROM_HERE = {"origin": HERE}
PIN = "739164"
STAFF = {
    "NV01": ("Nguyễn Thị Hương", "Văn phòng", (Role.CLERK,)),
    "NV02": ("Trần Văn Đức", "Tư pháp", (Role.ARCHIVIST,)),
    "NV03": ("Lê Minh", "Lãnh đạo", (Role.LEADER, Role.CLERK)),
    "NV04": ("Phạm Lan", "Địa chính", (Role.WITNESS,)),
    "BV01": ("Đỗ Văn Bình", "Bảo vệ", (Role.GUARD,)),
    "TT01": ("Vũ Thanh", "Thanh tra", (Role.INSPECTOR,)),
    "QT01": ("Hoàng Quản", "Văn phòng", (Role.ADMINISTRATOR,)),
}


@contextmanager
def manned(home: Path, clock: Clock | None = None) -> Iterator[Office]:
    """Give the station, open."""
    prepare(home, {})
    office = open_office(home, {}, clock or HandClock())
    now = office.clock.now()
    with office.database.atomic() as session:
        for code, (name, unit, roles) in STAFF.items():
            people.add(session, code=code, name=name, unit=unit, roles=roles, pin=PIN, now=now)
        places.add(session, None, "store", "Kho 1", now)
        places.generate(session, "Kho 1", [places.read_range("shelf=1-3"), places.read_range("level=1-5")], now)
        places.add(session, None, "store", "Kho 2", now)
        catalogue.add_fonds(session, "P01", "UBND phường Hàng Bạc", "", now)
    seen = registering.look(office, rows(30).encode(), "list.csv", "P01")
    registering.write(office, seen, registering.in_the_log(office, [("NV01", PIN)]))
    custodial.act(office, lambda _holdings: RollIssued("C1", "A", 1, 50, 4), [("NV02", PIN)])
    yield office
    office.close()


def rows(count: int, first: int = 1) -> str:
    """Return a list of dossiers: number n has 10 + n leaves."""
    numbers = range(first, first + count)
    listed = [[n, f"{n:03}/UB", f"Hồ sơ đất đai số {n}", "2001-2004", "vĩnh viễn", 10 + n, ""] for n in numbers]
    return text([HEADER, *listed])


class Desk:
    """One browser with somebody signed in, or nobody."""

    def __init__(self, office: Office, code: str = "", lang: str = "en") -> None:
        self.client = TestClient(
            create_app(office), base_url=HERE, headers={"accept": "text/html"}, follow_redirects=False
        )
        self.client.cookies.set("luutru_lang", lang)
        if code:
            assert self.post("/sign-in", code=code, pin=PIN).status_code == 303

    def get(self, path: str) -> Response:
        """Open a page."""
        return self.client.get(path)

    def post(self, path: str, **fields: Any) -> Response:
        """Send a form; `photo` is the bytes of one."""
        photo = fields.pop("photo", b"")
        data = {name.rstrip("_"): value for name, value in fields.items()}
        files = {"photo": ("a.jpg", io.BytesIO(photo), "image/jpeg")} if photo else None
        return self.client.post(path, data=data, files=files, headers=FROM_HERE)

    def upload(self, path: str, name: str, raw: bytes, **fields: str) -> Response:
        """Send a form with a list."""
        files = {"file": (name, io.BytesIO(raw), "text/csv")}
        return self.client.post(path, data=fields, files=files, headers=FROM_HERE)


def box_with(office: Office, *numbers: int) -> str:
    """Begin a package on a page and put dossiers in; return its code."""
    clerk = Desk(office, "NV01")
    code = clerk.post("/packages/new", place="Kho 1/1/1").headers["location"].split("/")[2].partition("?")[0]
    if numbers:
        answer = clerk.post(f"/packages/{code}/add", codes="\n".join(f"P01.{n:03}/UB" for n in numbers))
        assert answer.status_code == 303, answer.text
    return code


def packed(office: Office, *numbers: int) -> str:
    """Let two people count a package, each at their own screen, and pack it."""
    code = box_with(office, *numbers)
    leaves = sum(10 + n for n in numbers)
    for who in ("NV01", "NV04"):
        form = {"signer": who, "pin": PIN, "dossiers": len(numbers), "leaves_counted": leaves}
        assert Desk(office, who).post(f"/packages/{code}/count", **form).status_code == 303
    answer = Desk(office, "NV01").post(f"/packages/{code}/pack", own_pin=PIN, signer="NV04", pin=PIN)
    assert answer.status_code == 303, answer.text
    return code


def sealed(office: Office, seal: str, *numbers: int) -> str:
    """Pack and seal a package; the archivist answers for it."""
    code = packed(office, *numbers)
    form = {"numbers": seal, "place": "Kho 1/1/1", "signer": "NV01", "pin": PIN, "keeps": "first"}
    answer = Desk(office, "NV02").post(f"/packages/{code}/seal", photo=b"\xff\xd8 a photo", **form)
    assert answer.status_code == 303, answer.text
    return code
