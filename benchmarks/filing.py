"""What it costs to file scans under dossiers, and to say how far they are digitized.

python -m benchmarks.filing --dossiers 50000 --pages 100
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlmodel import col

from archive import index, scans
from archive.catalogue_tables import DossierRow
from archive.clock import HandClock
from archive.search import Query, search
from archive.tables import Page, Scan
from benchmarks.machine import keep_results, print_table
from benchmarks.register import as_text, make_rows
from desk import digitizing, filing, registering
from desk.office import Office, open_office, prepare

FONDS, DOSSIERS_A_BATCH, PER_BATCH = "P01", 5, 500


def registered(office: Office, count: int) -> list[tuple[str, str]]:
    """Register so many dossiers; return (code, label) of each."""
    with office.database.atomic() as session:
        registering.catalogue.add_fonds(session, FONDS, FONDS, "", office.clock.now())
    registering.write(office, registering.look(office, as_text(make_rows(count)), "list", FONDS))
    with office.database.reading() as session:
        return [(code, label) for code, label in session.execute(select(col(DossierRow.code), col(DossierRow.label)))]


def store(office: Office, number: int, labels: list[str], pages: int) -> int:
    """Store one batch as it is after reading: five dossiers behind their covers; returns the scan's number."""
    every = pages // DOSSIERS_A_BATCH
    with office.database.atomic() as session:
        facts = {"sha256": f"{number:064x}", "size": 1, "kind": "pdf", "station": "máy 1", "now": office.clock.now()}
        scan = scans.receive(session, name=f"lô {number}.pdf", **facts)  # type: ignore[arg-type]
        scan.state, scan.page_count, scan.pages_done = scans.READ, pages, pages
        session.flush()
        same = {"scan_id": scan.id, "width": 1, "height": 1, "dpi": 200, "rotation": 0, "skew": 0, "seconds": 0}
        same |= {"reasons": [], "wants_eyes": False, "engine": "", "read_at": office.clock.now()}
        rows = []
        for at in range(pages):
            is_cover = at % every == 0
            cover = f"D/{labels[at // every]}" if is_cover else None
            text = "" if is_cover else "Giấy chứng nhận quyền sử dụng đất"
            rows.append(
                {**same, "number": at + 1, "source": "cover" if is_cover else "ocr", "cover": cover, "text": text}
            )
        session.execute(insert(Page), rows)
        found = session.execute(select(col(Page.id), col(Page.text)).where(col(Page.scan_id) == scan.id)).all()
        index.put_many(session, [(page, text) for page, text in found])
        return scan.id or 0


def timed(work: Callable[[], object], times: int = 1) -> float:
    """Return the CPU milliseconds of one run."""
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) * 1000 / times


def main() -> None:
    """Measure each act and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dossiers", type=int, default=50_000)
    parser.add_argument("--pages", type=int, default=100, help="pages of a batch, five dossiers in each")
    given = parser.parse_args()
    table: list[list[object]] = []
    with tempfile.TemporaryDirectory() as room:
        prepare(Path(room), {})
        office = open_office(Path(room), {}, HandClock())
        known = registered(office, given.dossiers)
        batches = min(PER_BATCH, len(known) // DOSSIERS_A_BATCH)
        labels = [label for _, label in known]
        made = [
            store(office, each, labels[each * DOSSIERS_A_BATCH : (each + 1) * DOSSIERS_A_BATCH], given.pages)
            for each in range(batches)
        ]

        def file_all() -> None:
            for each in made:
                with office.database.atomic() as session:
                    filing.file_scan(session, each, office.clock.now())

        table.append([f"file a batch of {given.pages} pages", timed(file_all) / batches])
        table.append(["file it again (nothing changes)", timed(file_all) / batches])
        with office.database.atomic() as session:
            session.execute(update(Scan).values(sought=0))
        table.append(["the tick's pass over all of them, each", timed(lambda: filing.match(office)) / batches])
        table.append(["the tick's pass with nothing to do", timed(lambda: filing.match(office), 20)])

        def ask(dossier: str | None) -> Callable[[], object]:
            def run() -> None:
                with office.database.reading() as session:
                    search(session, Query("quyền sử dụng đất", dossier=dossier))

            return run

        table.append([f"search among {batches * given.pages} pages", timed(ask(None), 10)])
        table.append(["the same in one dossier", timed(ask(known[7][0]), 10)])
        table.append(["how far each fonds is (status)", timed(lambda: digitizing.by_fonds(office), 3)])
        table.append(
            [f"how far {given.dossiers} dossiers are, one by one", timed(lambda: digitizing.of_fonds(office, FONDS))]
        )
        office.close()
    header = ["act", "CPU ms"]
    print_table(header, table)
    keep_results("filing", {"header": header, "rows": table, "batches": batches})


if __name__ == "__main__":
    main()
