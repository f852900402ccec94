"""The index on the embedded engine: one FTS5 table that keeps no text of its own, under the page's number.

Of each page it holds, one after the other, the folded words, their pairs, the exact words (each with a mark before it)
and the marks, so that any question is one expression: its rare words and pairs tell where common ones are looked at.

The table is contentless with deletion by number (SQLite 3.43): unlike the external-content kind it is not
corrupted when a page is taken out with other words than it was put in with.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from archive.index_words import EXACT, pair_words

TABLE = "page_index"
TABLES = (TABLE,)
PARTS = "code_part"
# Pages of 4 KB of the database that one step of tidying writes: a fraction of a second, so that others can write.
STEP = 2000

# A page as the engines take it: number, folded words, exact words, marks.
Row = tuple[int, Sequence[str], Sequence[str], Sequence[str]]


def write(session: Session, rows: Sequence[Row]) -> None:
    """Index pages that are not in the index, in ascending order of their numbers."""
    _cursor(session).executemany(
        f"INSERT INTO {TABLE}(rowid, words) VALUES (?, ?)",  # noqa: S608  # a constant
        [
            (page, " ".join([*folded, *pair_words(folded), EXACT + f" {EXACT}".join(exact), *marks]))
            for page, folded, exact, marks in rows
        ],
    )


def erase(session: Session, page_ids: Sequence[int]) -> None:
    """Take pages out."""
    cursor, given = _cursor(session), json.dumps(page_ids)
    # Most pages are new: looking which are known costs less than taking each out in vain.
    known = cursor.execute(
        f"SELECT id FROM {TABLE}_docsize WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608  # a constant
        (given,),
    ).fetchall()
    cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = ?", known)  # noqa: S608  # a constant
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
