"""Many scans at once are the same rows as one by one."""

from __future__ import annotations

from archive import arrivals, scans
from archive.clock import HandClock
from archive.database import Database
from archive.tables import Scan


def test_scans_received_together_are_like_scans_received_one_by_one(database: Database, clock: HandClock) -> None:
    """Every column but the names of the bytes has the same value, so that no default is forgotten."""
    with database.atomic() as session:
        alone = scans.receive(
            session, sha256="a" * 64, size=1, kind="pdf", name="a", station="s", now=clock.now()
        ).model_dump()
        many = [scans.Received(letter * 64, 1, "pdf", "a", "s") for letter in "bc"]
        numbers = scans.receive_all(session, many, clock.now())
    assert set(numbers) == {"b" * 64, "c" * 64}
    with database.reading() as session:
        for sha256, number in numbers.items():
            together = session.get_one(Scan, number).model_dump()
            assert together["sha256"] == sha256
            own = {"id", "public_id", "sha256"}
            assert {key: together[key] for key in together.keys() - own} == {
                key: alone[key] for key in alone.keys() - own
            }


def test_many_arrivals_are_written_each_with_its_own_values(database: Database, clock: HandClock) -> None:
    """One statement, different rows."""
    with database.atomic() as session:
        rows = [
            arrivals.add(session, path=b"%d" % n, station="s", name=str(n), stamp=(n, n, n), device=1, now=clock.now())
            for n in range(3)
        ]
        session.flush()
        arrivals.write_all(session, [(row.id or 0, {"reason": f"r{row.name}", "facts": {"n": 1}}) for row in rows])
        arrivals.write_all(session, [])
    with database.reading() as session:
        assert [(row.name, row.reason, row.facts) for row in arrivals.open_rows(session)] == [
            (str(n), f"r{n}", {"n": 1}) for n in range(3)
        ]
