"""A guarded office for tests: a post with a store, boxes in it, guards and a leader who sign without a PIN."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from archive import people, places, posts
from archive.clock import HandClock
from custody.entries import Stamp
from custody.holdings import Package
from custody.projections import Projections
from custody.rules import Signer
from desk import custodial, shifts
from desk.office import Office
from tests.custody.sealed_boxes import seal_boxes

ROLES = {"BV": "guard", "LD": "leader", "NV": "clerk", "LT": "archivist"}
GUARDS = ("BV01", "BV02", "BV03")
BOXES = ("BOX1", "BOX2", "BOX3")
POST = "P1"


def by_name(_office: Office, code: str, _pin: str) -> Signer:
    """Sign without a PIN: the role follows from the code."""
    name = code.partition(":")[0]
    return Signer(name, ROLES[name[:2]], ROLES[name[:2]])


def sign(*codes: str) -> list[tuple[str, str]]:
    """Return signings of these people."""
    return [(each, "-") for each in codes]


def furnish(office: Office, boxes: Sequence[str] = BOXES, custodian: str = "BV01", watches: Sequence[str] = ()) -> None:
    """Write down people, the store K1 with one shelf, the post that guards it, and boxes on the shelf."""
    now = office.clock.now()
    with office.database.atomic() as session:
        for code in (*GUARDS, "LD01"):
            role = ROLES[code[:2]]
            people.add(session, code=code, name=f"Người {code}", unit=role, roles=[role], pin=None, now=now)
        places.add(session, None, "store", "K1", now)
        places.add(session, "K1", "shelf", "G1", now)
        places.add(session, "K1", "shelf", "G2", now)
        read = [posts.read_watch(each) for each in watches]
        posts.add(session, code=POST, name="Kho 1", place="K1", watches=read, now=now)
        seal_boxes(session, Stamp(custodial.local_now(office), ("NV01",), "test"), boxes, custodian, "K1/G1", "K1")


def box(office: Office, code: str) -> Package:
    """Return a package as it is now."""
    with office.database.reading() as session:
        found = Projections(session).package(code)
    assert found is not None
    return found


def there(office: Office) -> list[str]:
    """Return who is at the post now."""
    (now,) = shifts.show(office, POST)
    return [each.guard for each in now.on_duty]


def pass_time(office: Office, **passed: float) -> None:
    """Let time go by on the hand-set clock."""
    clock = office.clock
    assert isinstance(clock, HandClock)
    clock.sleep(timedelta(**passed).total_seconds())
