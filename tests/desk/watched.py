"""A watched office for tests of the watchers' pages: a post with a guard, three sealed boxes, and who signs in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi.testclient import TestClient

from archive import people, places, posts
from archive.clock import HandClock
from custody.entries import Stamp
from custody.rules import Signer
from desk import custodial, ledgering, shifts
from desk.office import Office, open_office, prepare
from tests.custody.sealed_boxes import seal_boxes
from tests.desk.test_sign_in import PIN

ROLES = {"LD01": "leader", "LT01": "archivist", "TT01": "inspector", "BV01": "guard", "CK01": "witness"}
BOX = "0A2B3C4D5"


@contextmanager
def watching(home: Path, clock: HandClock) -> Iterator[Office]:
    """Give a station with a post that a guard took up, and three sealed boxes in a store."""
    prepare(home, {})
    office = open_office(home, {}, clock)
    now = clock.now()
    with office.database.atomic() as session:
        for code, role in ROLES.items():
            people.add(session, code=code, name=f"Người {role}", unit=role, roles=(role,), pin=PIN, now=now)
        places.add(session, None, "store", "K1", now)
        places.add(session, "K1", "shelf", "G1", now)
        posts.add(session, code="P1", name="Cổng chính", place="K1", watches=(), now=now)
        stamp = Stamp(custodial.local_now(office), ("LT01",), "test")
        seal_boxes(session, stamp, (BOX, "BOX2", "BOX3"), "LT01", "K1/G1", "K1")
    clock.sleep(60)
    shifts.start(office, "P1", "BV01", [signer("BV01")])
    ledgering.sign_head(office)
    yield office
    office.close()


def signer(code: str) -> Signer:
    """Return somebody who signs without a PIN."""
    return Signer(code, ROLES[code], ROLES[code])


def text_of(page: str) -> str:
    """Return the words of a page, tags left out."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def english(client: TestClient) -> TestClient:
    """Let a browser read English."""
    client.cookies.set("luutru_lang", "en")
    return client
