"""The index on the embedded engine: two FTS5 tables that keep no text of their own, under the page's number.

The tables are contentless with deletion by number (SQLite 3.43): unlike the external-content kind they are not
corrupted when a page is taken out with other words than it was put in with.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

TABLES = ("page_folded", "page_exact")
PARTS = "code_part"
# Pages of 4 KB of the database that one step of tidying writes: a fraction of a second, so that others can write.
STEP = 2000

# A page as the engines take it: number, folded words, exact words, marks.
Row = tuple[int, Sequence[str], Sequence[str], Sequence[str]]


def write(session: Session, rows: Sequence[Row]) -> None:
    """Index pages that are not in the index, in ascending order of their numbers."""
    cursor = _cursor(session)
    for place, table in enumerate(TABLES, start=1):
        cursor.executemany(
            f"INSERT INTO {table}(rowid, words) VALUES (?, ?)",  # noqa: S608  # names from the tuple above
            [(row[0], " ".join([*row[place], *row[3]])) for row in rows],  # type: ignore[misc]
        )


def erase(session: Session, page_ids: Sequence[int]) -> None:
    """Take pages out."""
    cursor, given = _cursor(session), json.dumps(page_ids)
    for table in TABLES:
        # Most pages are new: looking which are known costs less than taking each out in vain.
        known = cursor.execute(
            f"SELECT id FROM {table}_docsize WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608  # as above
            (given,),
        ).fetchall()
        cursor.executemany(f"DELETE FROM {table} WHERE rowid = ?", known)  # noqa: S608  # as above
    cursor.execute("DELETE FROM page_code WHERE page_id IN (SELECT value FROM json_each(?))", (given,))


def note_codes(session: Session, rows: Sequence[tuple[str, str, str]], places: Sequence[tuple[str, int]]) -> None:
    """Record codes (folded form, kind, as shown) and the pages they stand on; new ones become findable by parts."""
    cursor = _cursor(session)
    forms = json.dumps([row[0] for row in rows])
    ids_of = "SELECT folded, id FROM code WHERE folded IN (SELECT value FROM json_each(?))"
    ids = dict(cursor.execute(ids_of, (forms,)).fetchall())
    new = [row for row in rows if row[0] not in ids]
    if new:
        cursor.executemany("INSERT INTO code(folded, kind, shown) VALUES (?, ?, ?)", new)
        ids = dict(cursor.execute(ids_of, (forms,)).fetchall())
        entries = sorted((ids[row[0]], row[0]) for row in new)
        cursor.executemany(f"INSERT INTO {PARTS}(rowid, folded) VALUES (?, ?)", entries)  # noqa: S608  # a constant
    cursor.executemany(
        "INSERT INTO page_code(code_id, page_id) VALUES (?, ?)", sorted((ids[form], page) for form, page in places)
    )


def note_words(session: Session, rows: Sequence[tuple[str, str, str, int]]) -> None:
    """Record words (term, folded, backward, on how many more pages it stands)."""
    _cursor(session).executemany(
        "INSERT INTO word(term, folded, backward, seen) VALUES (?, ?, ?, ?)"
        " ON CONFLICT(term) DO UPDATE SET seen = seen + excluded.seen WHERE excluded.seen > 0",
        rows,
    )


def _cursor(session: Session) -> Any:
    # The driver's own: many rows a statement, none of them worth SQLAlchemy's work. Same connection and transaction.
    session.flush()
    return session.connection().connection.cursor()


def clear(session: Session) -> None:
    """Empty the index, even a broken one."""
    for table in (*TABLES, PARTS):
        session.execute(text(f"INSERT INTO {table}({table}) VALUES ('delete-all')"))  # noqa: S608  # constants


def tidy(session: Session, *, begins: bool) -> bool:
    """Merge some of what many small writes left; returns whether there is more to do. `begins` starts a whole merge."""
    connection = session.connection()
    more = False
    for table in (*TABLES, PARTS):
        before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
        step = -STEP if begins else STEP
        connection.exec_driver_sql(f"INSERT INTO {table}({table}, rank) VALUES ('merge', ?)", (step,))  # noqa: S608  # constants
        after = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
        # The manual of FTS5: fewer than two changes mean that there was nothing to merge.
        more = more or after - before >= 2
    return more


def missing(session: Session, table: str) -> list[int]:
    """Return the numbers of pages that `table` should hold and does not."""
    entries = text(f"SELECT id FROM page EXCEPT SELECT id FROM {table}_docsize")  # noqa: S608  # from TABLES
    return list(session.execute(entries).scalars())


def surplus(session: Session, table: str) -> list[int]:
    """Return the numbers under which `table` holds something though there is no such page."""
    entries = text(f"SELECT id FROM {table}_docsize EXCEPT SELECT id FROM page")  # noqa: S608  # from TABLES
    return list(session.execute(entries).scalars())


def broken(session: Session) -> list[tuple[str, str]]:
    """Return the tables whose inner structure is damaged, each with what SQLite says of it."""
    found = []
    for table in (*TABLES, PARTS):
        try:
            session.execute(text(f"INSERT INTO {table}({table}) VALUES ('integrity-check')"))  # noqa: S608  # constants
        except DatabaseError as error:
            found.append((table, str(error.orig)))
    return found
