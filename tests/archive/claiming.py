"""A reading worker for tests, as a process of its own: `python -m tests.archive.claiming HOW URL NAME MOMENT`.

HOW is `drain` (claim, save one page, finish, until nothing waits; prints each public id), `hang` (claim one scan,
print it, and wait to be killed) or `late` (claim one, print it, wait for a line on standard input, then try to finish
and print what came of it).
"""

from __future__ import annotations

import sys
from datetime import datetime

from archive import pages, scans
from archive.database import Database, open_database
from archive.errors import LeaseLostError
from archive.tables import Page


def finish(database: Database, held: scans.Claim, moment: datetime, text: str) -> None:
    """Save one page and end the claim, in one transaction."""
    with database.atomic() as session:
        page = Page(
            scan_id=0, number=1, width=1, height=1, dpi=200, source="ocr", text=text, read_at=moment, engine=held.token
        )
        pages.save(session, held, page, [])
        scans.finish(session, held, state=scans.READ, now=moment, page_count=1)


def main(how: str, url: str, name: str, moment: datetime) -> None:
    """Do what the module's docstring says."""
    database = open_database(url)
    while held := scans.claim(database, name, moment, 60):
        print(held.public_id, flush=True)
        if how == "hang":
            sys.stdin.read()
        if how == "late":
            sys.stdin.readline()
            try:
                finish(database, held, moment, "late")
            except LeaseLostError as refused:
                print(refused.code, flush=True)
            return
        scans.begin_pages(database, held, [1])
        finish(database, held, moment, name)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], datetime.fromisoformat(sys.argv[4]))
