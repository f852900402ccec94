"""The index on the embedded engine: two FTS5 tables that keep no text of their own, under the page's number.

The tables are contentless with deletion by number (SQLite 3.43): unlike the external-content kind they are not
corrupted when a page is taken out with other words than it was put in with.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

TABLES = ("page_folded", "page_exact")
PARTS = "code_part"


def write(session: Session, page_id: int, folded: Sequence[str], exact: Sequence[str], marks: Sequence[str]) -> None:
    """Index one page that is not in the index."""
    connection = session.connection()
    for table, words in zip(TABLES, (folded, exact), strict=True):
        connection.exec_driver_sql(
            f"INSERT INTO {table}(rowid, words) VALUES (?, ?)",  # noqa: S608  # names from the tuple above
            (page_id, " ".join([*words, *marks])),
        )


def erase(session: Session, page_ids: Iterable[int]) -> None:
    """Take pages out."""
    connection = session.connection()
    for page_id in page_ids:
        for table in TABLES:
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE rowid = ?", (page_id,))  # noqa: S608  # as above


def note_codes(session: Session, page_id: int, rows: Sequence[tuple[str, str, str]]) -> None:
    """Record codes (folded form, kind, as shown) as standing on a page; new ones become findable by their parts."""
    given = json.dumps(rows)
    connection = session.connection()
    new = connection.exec_driver_sql(
        "INSERT INTO code(folded, kind, shown) SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)"
        " WHERE true ON CONFLICT(folded) DO NOTHING RETURNING id, folded",
        (given,),
    ).fetchall()
    for each in new:
        connection.exec_driver_sql(f"INSERT INTO {PARTS}(rowid, folded) VALUES (?, ?)", tuple(each))  # noqa: S608  # a constant
    connection.exec_driver_sql(
        "INSERT INTO page_code(code_id, page_id) SELECT code.id, ? FROM json_each(?) AS given"
        " JOIN code ON code.folded = given.value ->> 0",
        (page_id, given),
    )


def note_words(session: Session, rows: Sequence[tuple[str, str, str]], weight: int) -> None:
    """Record words (term, folded, backward); each counts `weight` more pages than before."""
    connection = session.connection()
    given = json.dumps(rows)
    connection.exec_driver_sql(
        "INSERT INTO word(term, folded, backward, seen) SELECT value ->> 0, value ->> 1, value ->> 2, 0"
        " FROM json_each(?) WHERE true ON CONFLICT(term) DO NOTHING",
        (given,),
    )
    if weight:
        connection.exec_driver_sql(
            "UPDATE word SET seen = seen + ? WHERE term IN (SELECT value ->> 0 FROM json_each(?))", (weight, given)
        )


def clear(session: Session) -> None:
    """Empty the index, even a broken one."""
    for table in (*TABLES, PARTS):
        session.execute(text(f"INSERT INTO {table}({table}) VALUES ('delete-all')"))  # noqa: S608  # constants


def tidy(session: Session) -> None:
    """Merge what many small writes left, so that asking is quicker."""
    for table in (*TABLES, PARTS):
        session.execute(text(f"INSERT INTO {table}({table}) VALUES ('optimize')"))  # noqa: S608  # constants


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
