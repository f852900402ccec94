"""A station with registered dossiers into which batches are put and read, for tests of where their pages go."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from archive import parts, scans
from archive.part_tables import ScanPart
from archive.tables import Page, Scan
from desk.filing import FLAGS
from desk.office import Office
from desk.running import bench_of
from digitize.worker import work
from tests.archive.registered import register
from tests.digitize.engines import make_language_folder, make_silent_engine


@dataclass
class Filing:
    """A station whose reader finds no words, so that only where pages belong costs time."""

    office: Office
    room: Path
    silent: bool = True

    def register(self, *codes: str, leaves: int = 10) -> list[str]:
        """Register dossiers; returns the codes on their labels."""
        with self.office.database.atomic() as session:
            known = register(session, codes, leaves=leaves)
        return [known[code] for code in codes]

    def put(self, path: Path, name: str = "") -> str:
        """Store a file as a scan that waits; returns its identifier."""
        with path.open("rb") as source:
            held = self.office.vault.hold(source)
        self.office.vault.keep(held)
        with self.office.database.atomic() as session:
            facts = {"sha256": held.sha256, "size": held.size, "kind": "pdf", "name": name or path.name}
            return scans.receive(session, **facts, station="máy 1", now=self.office.clock.now()).public_id  # type: ignore[arg-type]

    def read(self) -> None:
        """Read everything that waits, as the station's workers do."""
        bench = bench_of(self.office, "reader")
        if self.silent:
            folder = self.room / "engine"
            folder.mkdir(exist_ok=True)
            engine, words = make_silent_engine(folder), make_language_folder(folder / "words")
            bench = replace(bench, settings=replace(bench.settings, engine=engine, tessdata=words))
        work(bench, threading.Event(), until_idle=True)

    def scan(self, public_id: str) -> Scan:
        """Return the row of a scan."""
        with self.office.database.reading() as session:
            return scans.find(session, public_id)

    def filed(self, public_id: str) -> list[tuple[int, int | None, str | None]]:
        """Return first page, last page and dossier (or why there is none) of each part that stands."""
        return [(row.first_page, row.last_page, row.dossier or row.reason) for row in self.parts(public_id)]

    def parts(self, public_id: str) -> list[ScanPart]:
        """Return the parts of a scan that stand."""
        with self.office.database.reading() as session:
            return parts.standing(session, scans.find(session, public_id).id or 0)

    def history(self, public_id: str) -> list[ScanPart]:
        """Return all parts of a scan, the ended ones among them."""
        with self.office.database.reading() as session:
            return parts.history(session, scans.find(session, public_id).id or 0)

    def asking(self, public_id: str) -> dict[int, list[str]]:
        """Return page → what about its filing asks for eyes."""
        with self.office.database.reading() as session:
            scan = scans.find(session, public_id)
            rows = session.execute(select(Page).where(col(Page.scan_id) == scan.id)).scalars()
            told: dict[int, list[Any]] = {
                row.number: [each["code"] for each in row.reasons if each["code"] in FLAGS] for row in rows
            }
        return {number: codes for number, codes in told.items() if codes}
