"""Leases: a scan is held by one worker at a time, and a killed worker's scan comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive import pages, scans
from archive.clock import HandClock
from archive.errors import LeaseLostError
from archive.tables import Page
from desk.office import Office


def _receive(office: Office, sha256: str = "a" * 64) -> None:
    with office.database.atomic() as session:
        scans.receive(session, sha256=sha256, size=1, kind="pdf", name="a.pdf", station="s1", now=office.clock.now())


def _page(office: Office, number: int = 1, text: str = "Quyết định") -> Page:
    return Page(
        scan_id=0, number=number, width=100, height=200, dpi=200, source="ocr", text=text, read_at=office.clock.now()
    )


def test_a_scan_is_claimed_by_one_worker_only(office: Office) -> None:
    """A second worker finds nothing while the first holds the lease."""
    _receive(office)
    assert scans.claim(office.database, "w1", office.clock.now(), 60)
    assert scans.claim(office.database, "w2", office.clock.now(), 60) is None


def test_a_silent_worker_loses_its_scan_and_its_late_writes_are_refused(office: Office, clock: HandClock) -> None:
    """After the lease the next worker gets the scan; the first one's token is worth nothing."""
    _receive(office)
    first = scans.claim(office.database, "w1", clock.now(), 60)
    assert first
    clock.sleep(61)
    second = scans.claim(office.database, "w2", clock.now(), 60)
    assert second
    assert second.attempt == 2
    with pytest.raises(LeaseLostError), office.database.atomic() as session:
        pages.save(session, first, _page(office), [])
    with office.database.atomic() as session:
        pages.save(session, second, _page(office), [])
        scans.finish(session, second, state=scans.READ, now=clock.now(), page_count=1)
    with office.database.reading() as session:
        assert [page.text for page in pages.of_scan(session, second.scan_id)] == ["Quyết định"]


def test_reading_a_page_again_replaces_it(office: Office, clock: HandClock) -> None:
    """A page exists once, with its newest text and words."""
    _receive(office)
    held = scans.claim(office.database, "w1", clock.now() + timedelta(), 60)
    assert held
    box = pages.WordBox("định", 1, 2, 3, 4, 91.5, 0, 0)
    for text in ("một", "hai"):
        scans.begin_pages(office.database, held, [1])
        with office.database.atomic() as session:
            assert scans.attempts(session, held.scan_id) == {1: 1}
            pages.save(session, held, _page(office, text=text), [box])
    with office.database.reading() as session:
        saved = pages.of_scan(session, held.scan_id)
        assert [page.text for page in saved] == ["hai"]
        assert saved[0].id
        assert pages.words(session, saved[0].id) == [box]
        assert scans.attempts(session, held.scan_id) == {}
