"""Leases on both engines: however many workers claim, die or freeze, each scan is read once and none is lost."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from archive import pages, scans
from archive.database import Database, is_busy
from archive.errors import DatabaseError, LeaseLostError
from archive.tables import Arrival, Page, PageWords, Scan
from tests.archive.claiming import finish

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parent.parent.parent


def _receive(database: Database, count: int) -> list[str]:
    with database.atomic() as session:
        return [
            scans.receive(
                session, sha256=f"{n:064x}", size=n, kind="pdf", name=f"{n}.pdf", station="s1", now=NOW
            ).public_id
            for n in range(count)
        ]


@contextmanager
def _worker(how: str, url: str, name: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.archive.claiming", how, url, name, NOW.isoformat()]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_many_workers_read_every_scan_exactly_once(database: Database, database_url: str) -> None:
    """Four processes claim at once: no scan comes out twice and none is left."""
    received = _receive(database, 60)
    names = [f"w{n}" for n in range(4)]
    running = [_worker("drain", database_url, name) for name in names]
    with running[0] as a, running[1] as b, running[2] as c, running[3] as d:
        claimed = [line for process in (a, b, c, d) for line in process.communicate(timeout=120)[0].split()]
        assert [process.returncode for process in (a, b, c, d)] == [0, 0, 0, 0]
    assert Counter(claimed) == Counter(received)
    with database.reading() as session:
        assert dict(scans.counts(session)) == {scans.READ: 60}
        assert len(session.execute(select(col(Page.scan_id))).all()) == 60
        assert scans.waiting(session, NOW + timedelta(days=1), 10) == []


def test_a_killed_workers_scan_comes_back_after_its_lease(database: Database, database_url: str) -> None:
    """A kill -9 costs a lease, not a scan; before the lease ends nobody else gets it."""
    (wanted,) = _receive(database, 1)
    with _worker("hang", database_url, "w1") as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == wanted
        process.kill()
        process.wait(30)
    assert scans.claim(database, "w2", NOW + timedelta(seconds=59), 60) is None
    second = scans.claim(database, "w2", NOW + timedelta(seconds=61), 60)
    assert second is not None
    assert (second.public_id, second.attempt) == (wanted, 2)


def test_a_frozen_workers_late_finish_is_refused(database: Database, database_url: str) -> None:
    """A worker that wakes after its successor finished changes nothing."""
    _receive(database, 1)
    with _worker("late", database_url, "w1") as process:
        assert process.stdout is not None
        process.stdout.readline()
        second = scans.claim(database, "w2", NOW + timedelta(seconds=61), 60)
        assert second is not None
        finish(database, second, NOW, "in time")
        said, _ = process.communicate("\n", timeout=60)
    assert said.strip() == "lease-lost"
    with database.reading() as session:
        assert [page.text for page in pages.of_scan(session, second.scan_id)] == ["in time"]


def test_silent_workers_scans_come_before_waiting_ones(database: Database) -> None:
    """Under a steady stream of new scans an abandoned one is still taken up."""
    first, second = _receive(database, 2)
    held = scans.claim(database, "w1", NOW, 60)
    assert held is not None
    assert held.public_id == first
    later = NOW + timedelta(seconds=61)
    with database.reading() as session:
        assert scans.waiting(session, later, 10) == [first, second]
        assert scans.waiting(session, later, 1) == [first]
    again = scans.claim(database, "w2", later, 60)
    assert again is not None
    assert again.public_id == first


def test_a_renewed_lease_holds_and_a_released_scan_is_free_at_once(database: Database) -> None:
    """Renewing lengthens the hold; releasing ends it; the old token is worth nothing afterwards."""
    _receive(database, 1)
    held = scans.claim(database, "w1", NOW, 60)
    assert held is not None
    scans.renew(database, held, NOW + timedelta(seconds=50), 60)
    assert scans.claim(database, "w2", NOW + timedelta(seconds=61), 60) is None
    scans.release(database, held)
    with pytest.raises(LeaseLostError):
        scans.renew(database, held, NOW, 60)
    assert scans.claim(database, "w2", NOW, 60) is not None


def test_a_claim_never_sorts_or_walks_what_was_read(database: Database) -> None:
    """Both halves of the question are answered in the order of the index scan_waiting, whatever its size."""
    _receive(database, 300)
    with database.atomic() as session:
        session.execute(text("UPDATE scan SET state = 'read' WHERE id % 100 <> 0"))
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    conditions = ("state = 'received'", "state = 'reading' AND lease_until < '2026-01-01'")
    for condition in conditions:
        query = f"SELECT id FROM scan WHERE {condition} ORDER BY lease_until, id LIMIT 1"
        with database.atomic() as session:
            if not database.is_sqlite:
                session.execute(text("ANALYZE scan"))
                session.execute(text("SET LOCAL enable_seqscan = off"))
            plan = str(session.execute(text(explain + query)).all())
        assert "scan_waiting" in plan, plan
        assert "TEMP B-TREE" not in plan, plan
        assert "Sort" not in plan, plan


def test_a_transaction_that_fails_leaves_no_trace(database: Database) -> None:
    """Rows written before an error in the same block are gone."""

    def fail_half_way() -> None:
        with database.atomic() as session:
            scans.receive(session, sha256="a" * 64, size=1, kind="pdf", name="a", station="s", now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    with database.reading() as session:
        assert scans.by_sha256(session, "a" * 64) is None


def test_a_reader_keeps_its_picture_while_others_write(database: Database) -> None:
    """Two questions in one reading block agree, though a scan came in between."""
    _receive(database, 1)
    with database.reading() as session:
        assert dict(scans.counts(session)) == {scans.RECEIVED: 1}
        with database.atomic() as writer:
            scans.receive(writer, sha256="f" * 64, size=1, kind="pdf", name="b", station="s", now=NOW)
        assert dict(scans.counts(session)) == {scans.RECEIVED: 1}
    with database.reading() as session:
        assert dict(scans.counts(session)) == {scans.RECEIVED: 2}


def test_the_same_bytes_taken_in_twice_at_once_are_worth_another_try(database: Database) -> None:
    """The loser of two intakes of one file is told to try again, and then finds the scan."""
    both_looked = threading.Barrier(2, timeout=5)
    outcomes: list[str] = []

    def take_in() -> None:
        try:
            with database.atomic() as session:
                if scans.by_sha256(session, "b" * 64) is not None:
                    outcomes.append("duplicate")
                    return
                if not database.is_sqlite:
                    both_looked.wait()
                scans.receive(session, sha256="b" * 64, size=1, kind="pdf", name="b", station="s", now=NOW)
            outcomes.append("stored")
        except IntegrityError as error:
            outcomes.append("busy" if is_busy(error) else "broken")
            take_in_again()

    def take_in_again() -> None:
        with database.atomic() as session:
            assert scans.by_sha256(session, "b" * 64) is not None
        outcomes.append("duplicate")

    threads = [threading.Thread(target=take_in) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["busy"] * (not database.is_sqlite) + ["duplicate", "stored"]


def test_a_second_open_row_for_one_path_is_a_mistake_not_a_wait(database: Database) -> None:
    """Other broken uniqueness is no passing trouble: trying again would go on for ever."""

    def arrive(public_id: str) -> None:
        with database.atomic() as session:
            session.add(Arrival(public_id=public_id, station="s", name="a", path=b"a", first_seen=NOW, changed_at=NOW))

    arrive("1")
    with pytest.raises(IntegrityError) as refused:
        arrive("2")
    assert not is_busy(refused.value)


def test_moments_and_awkward_text_come_back_the_same(database: Database) -> None:
    """Times keep their instant, names their bytes; NUL and lone surrogates in a page's text do not stop it."""
    hanoi = datetime(2026, 1, 5, 8, 0, 0, 123456, tzinfo=UTC).astimezone()
    raw = b"ke\xcc\x82 \xff\n' \\.pdf"
    with database.atomic() as session:
        scan = scans.receive(
            session, sha256="c" * 64, size=5_000_000_000, kind="pdf", name="kế\n'", station="s", now=hanoi
        )
        session.add(
            Arrival(
                public_id="1", station="s", name="x", path=raw, first_seen=hanoi, changed_at=hanoi, facts={"tờ": [1]}
            )
        )
    held = scans.claim(database, "w", NOW, 60)
    assert held is not None
    finish(database, held, NOW, "trước\0sau \ud800")
    with database.reading() as session:
        again = session.get_one(Scan, scan.id)
        assert (again.arrived_at, again.size, again.name) == (hanoi, 5_000_000_000, "kế\n'")
        arrival = session.execute(select(Arrival)).scalar_one()
        assert (arrival.path, arrival.facts, arrival.first_seen) == (raw, {"tờ": [1]}, hanoi)
        page = session.execute(select(Page)).scalar_one()
        assert page.text == "trước�sau ?"
        assert session.execute(select(PageWords)).scalar_one().page_id == page.id
    with pytest.raises(Exception, match="time-without-zone") as refused, database.atomic() as session:
        scans.receive(
            session,
            sha256="d" * 64,
            size=1,
            kind="",
            name="",
            station="",
            now=datetime(2026, 1, 1),  # noqa: DTZ001  # the mistake that is refused
        )
    assert isinstance(refused.value.__cause__ or refused.value, DatabaseError)


def test_reading_again_replaces_pages_and_forgets_failures(database: Database) -> None:
    """A retry drops failed pages and attempts, and later readings of a page replace it with its words."""
    _receive(database, 1)
    held = scans.claim(database, "w", NOW, 60)
    assert held is not None
    scans.begin_pages(database, held, [1, 2])
    scans.begin_pages(database, held, [2])
    with database.atomic() as session:
        assert scans.attempts(session, held.scan_id) == {1: 1, 2: 2}
        pages.save(session, held, _page(1, "ocr", "một"), [pages.WordBox("một", 1, 2, 3, 4, 90.0, 0, 0)])
        pages.save(session, held, _page(2, "failed", ""), [])
        scans.finish(session, held, state=scans.UNREADABLE, now=NOW, reason="page-failed")
    with database.atomic() as session:
        pages.read_again(session, session.get_one(Scan, held.scan_id))
    held = scans.claim(database, "w", NOW, 60)
    assert held is not None
    with database.atomic() as session:
        assert pages.done(session, held.scan_id) == {1}
        pages.save(session, held, _page(1, "ocr", "hai"), [])
        assert [page.text for page in pages.of_scan(session, held.scan_id)] == ["hai"]
        assert len(session.execute(select(PageWords)).all()) == 1


def _page(number: int, source: str, words: str) -> Page:
    return Page(scan_id=0, number=number, width=1, height=1, dpi=200, source=source, text=words, read_at=NOW)
