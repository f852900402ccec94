"""The numbers on paper: forms, blanks, cover sheets, labels and badges; each given once, its void kept.

    give(session, Kind.FORM, form="F11", count=20, blank=True, by="NV01", now=now)   twenty numbers nobody had before
    note_prints(session, [Print(Kind.BOX, "7K3M9QXZ2", "7K3M9QXZ2")], by, now)       {"7K3M9QXZ2": 1}, 2 the next time
    find(session, "F11-7K3 M9Q XZ2")                                                 what a paper is, for keying it in

A number is a row before its paper exists: a print that fails burns numbers, and never gives one twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy import text as text_of
from sqlmodel import Session, SQLModel, col

from archive.catalogue_tables import DossierRow
from archive.errors import ArchiveError
from archive.number_tables import NumberRow, PrintRow
from archive.people_tables import PersonRow, PlaceRow
from archive.refs import Kind, new_code, read_code

MOST_AT_ONCE = 1000
_ASKED_AT_ONCE = 500
# Any number that no other lock of this database uses.
_LOCK = 0x9A9E12
_WRITTEN = re.compile(r"\s*(F\d{1,2})\s*[-/:–]\s*(.+)", re.IGNORECASE)
# Codes that are nothing but a number on paper; every other code names a thing that goes on being there.
VOIDABLE = frozenset({Kind.FORM, Kind.SEPARATOR})


class NumberError(ArchiveError):
    """A number that cannot be given, printed, found or made void as asked."""


@dataclass(frozen=True)
class Number:
    """One number: `prints` says how often it was printed, `entry` where its paper was keyed in."""

    code: str
    kind: Kind
    form: str
    about: str
    blank: bool
    prints: int
    given_at: datetime
    given_by: str
    voided_at: datetime | None
    voided_by: str
    void_reason: str
    entry: int | None

    @property
    def shown(self) -> str:
        """The number as it stands on the paper: "F11-7K3M9QXZ2" on a form."""
        return f"{self.form}-{self.code}" if self.form else self.code


@dataclass(frozen=True)
class Print:
    """One code about to be printed: what kind it is, what it names, and on what ("strip A0001").

    A print is a reprint of what was printed on the same paper: after a new seal the label is a new one.
    """

    kind: Kind
    code: str
    about: str
    paper: str = ""


def give(
    session: Session,
    kind: Kind,
    *,
    count: int = 1,
    form: str = "",
    about: str = "",
    blank: bool = False,
    by: str,
    now: datetime,
    is_taken: Callable[[str], bool] = lambda _code: False,
) -> list[Number]:
    """Give `count` new numbers and note their first print; `is_taken` tells of codes this package does not know.

    Raises NumberError "numbers-too-many".
    """
    if not 0 < count <= MOST_AT_ONCE:
        raise NumberError("numbers-too-many", count=count, limit=MOST_AT_ONCE)
    _lock(session)
    codes: list[str] = []
    while len(codes) < count:
        drawn = {new_code() for _ in range(count - len(codes))} - set(codes)
        codes += sorted(each for each in drawn - taken(session, drawn) if not is_taken(each))
    rows = [
        {"code": code, "kind": kind.value, "form": form, "about": about, "blank": blank, "prints": 1,
         "given_at": now, "given_by": by, "voided_by": "", "void_reason": ""}
        for code in codes
    ]  # fmt: skip  # one row of the table
    session.connection().execute(insert(SQLModel.metadata.tables["paper_number"]), rows)
    _write_prints(session, dict.fromkeys(codes, ("", 1)), by, now)
    return [Number(code, kind, form, about, blank, 1, now, by, None, "", "", None) for code in codes]


def taken(session: Session, codes: Iterable[str]) -> set[str]:
    """Return those codes that are on paper already, or name a dossier, a place or a badge."""
    listed, found = sorted(codes), set[str]()
    for column in (col(NumberRow.code), col(DossierRow.label), col(PlaceRow.code), col(PersonRow.badge)):
        for some in _cut(listed):
            found |= set(session.execute(select(column).where(column.in_(some))).scalars())
    return found


def note_prints(session: Session, prints: Sequence[Print], by: str, now: datetime) -> dict[str, int]:
    """Note that codes are printed and return which print on its paper each is; the first time a code gets its row.

    What a code names may be unknown (""): it is filled in by a later print that knows. Raises NumberError
    "number-means-another" where a code was printed as something else, and "number-void".
    """
    _lock(session)
    known = {row.code: row for row in _rows(session, [each.code for each in prints])}
    wanted: dict[str, Print] = {}
    for each in prints:
        if (other := wanted.setdefault(each.code, each)) != each:
            raise NumberError("number-means-another", number=each.code, about=other.about, other=each.about)
        row = known.get(each.code)
        if row is not None and (row.kind != each.kind.value or (row.about and each.about and row.about != each.about)):
            raise NumberError("number-means-another", number=each.code, about=row.about, other=each.about)
        if row is not None and row.voided_at is not None:
            raise NumberError("number-void", number=each.code, reason=row.void_reason)
    fresh = [
        {"code": code, "kind": each.kind.value, "form": "", "about": each.about, "blank": False, "prints": 1,
         "given_at": now, "given_by": by, "voided_by": "", "void_reason": ""}
        for code, each in wanted.items() if code not in known
    ]  # fmt: skip  # one row of the table
    table = SQLModel.metadata.tables["paper_number"]
    if fresh:
        session.connection().execute(insert(table), fresh)
    before = _last_prints(session, list(known))
    ordinals = {code: before.get((code, each.paper), 0) + 1 for code, each in wanted.items()}
    again = [
        {"of_code": code, "now_prints": known[code].prints + 1, "now_about": known[code].about or wanted[code].about}
        for code in wanted
        if code in known
    ]
    if again:
        change = update(table).where(table.c.code == bindparam("of_code"))
        change = change.values(prints=bindparam("now_prints"), about=bindparam("now_about"))
        session.connection().execute(change, again)
        session.expire_all()
    _write_prints(session, {code: (wanted[code].paper, ordinal) for code, ordinal in ordinals.items()}, by, now)
    return ordinals


def read_number(text: str) -> str | None:
    """Return the code in a number as printed ("F11-7K3M9QXZ2") or typed, None where it is of another kind of book."""
    written = _WRITTEN.fullmatch(text)
    return read_code(written[2] if written else text)


def find(session: Session, text: str) -> Number:
    """Return the number on a paper, as printed or typed; NumberError "number-unknown" or "number-of-another-form"."""
    written, code = _WRITTEN.fullmatch(text), read_number(text)
    row = session.get(NumberRow, code) if code else None
    if row is None:
        raise NumberError("number-unknown", number=text)
    if written and row.form and row.form != written[1].upper():
        raise NumberError("number-of-another-form", number=text, form=row.form)
    return _number(row)


def void(session: Session, text: str, reason: str, by: str, now: datetime) -> Number:
    """Make a number void for good; its row stays, with the reason and who said so.

    Raises NumberError "number-unknown", "number-void", "number-keyed-in", "number-names-a-thing" or
    "void-without-reason".
    """
    found = find(session, text)
    if not reason.strip():
        raise NumberError("void-without-reason", number=found.shown)
    if found.kind not in VOIDABLE:
        raise NumberError("number-names-a-thing", number=found.shown, about=found.about)
    row = session.execute(select(NumberRow).where(col(NumberRow.code) == found.code).with_for_update()).scalar_one()
    if row.voided_at is not None:
        raise NumberError("number-void", number=found.shown, reason=row.void_reason)
    if row.entry is not None:
        raise NumberError("number-keyed-in", number=found.shown, entry=row.entry)
    row.voided_at, row.voided_by, row.void_reason = now, by, " ".join(reason.split())
    session.add(row)
    session.flush()
    return _number(row)


def note_entered(session: Session, text: str, entry: int) -> Number:
    """Note under which entry of the log a paper was keyed in; raises as `void` does."""
    found = find(session, text)
    row = session.execute(select(NumberRow).where(col(NumberRow.code) == found.code).with_for_update()).scalar_one()
    if row.voided_at is not None:
        raise NumberError("number-void", number=found.shown, reason=row.void_reason)
    if row.entry is not None:
        raise NumberError("number-keyed-in", number=found.shown, entry=row.entry)
    row.entry = entry
    session.add(row)
    session.flush()
    return _number(row)


def every(session: Session, *, form: str = "", kinds: Iterable[Kind] = (), waiting: bool = False) -> list[Number]:
    """Return numbers in the order they were given; `waiting` keeps blanks that are neither void nor keyed in."""
    query = select(NumberRow).order_by(col(NumberRow.given_at), col(NumberRow.code))
    if form:
        query = query.where(col(NumberRow.form) == form)
    if letters := [each.value for each in kinds]:
        query = query.where(col(NumberRow.kind).in_(letters))
    if waiting:
        blank = (col(NumberRow.blank).is_(True), col(NumberRow.voided_at).is_(None), col(NumberRow.entry).is_(None))
        query = query.where(*blank)
    return [_number(row) for row in session.execute(query).scalars()]


def prints_recorded(session: Session) -> dict[str, int]:
    """Return how many prints of each code stand in the table of prints."""
    counted = select(col(PrintRow.code), func.count()).group_by(col(PrintRow.code))
    return {row[0]: row[1] for row in session.execute(counted)}


def _lock(session: Session) -> None:
    """Let one desk give and count numbers at a time; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text_of("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _last_prints(session: Session, codes: Sequence[str]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for some in _cut(codes):
        query = select(col(PrintRow.code), col(PrintRow.paper), func.max(PrintRow.ordinal))
        query = query.where(col(PrintRow.code).in_(some)).group_by(col(PrintRow.code), col(PrintRow.paper))
        found |= {(row[0], row[1]): row[2] for row in session.execute(query)}
    return found


def _write_prints(session: Session, prints: Mapping[str, tuple[str, int]], by: str, now: datetime) -> None:
    rows = [
        {"code": code, "paper": paper, "ordinal": ordinal, "at": now, "by": by}
        for code, (paper, ordinal) in prints.items()
    ]
    if rows:
        session.connection().execute(insert(SQLModel.metadata.tables["paper_print"]), rows)


def _rows(session: Session, codes: Sequence[str]) -> Iterator[NumberRow]:
    for some in _cut(codes):
        yield from session.execute(select(NumberRow).where(col(NumberRow.code).in_(some))).scalars()


def _number(row: NumberRow) -> Number:
    return Number(
        row.code,
        Kind(row.kind),
        row.form,
        row.about,
        row.blank,
        row.prints,
        row.given_at,
        row.given_by,
        row.voided_at,
        row.voided_by,
        row.void_reason,
        row.entry,
    )


def _cut(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _ASKED_AT_ONCE):
        yield values[start : start + _ASKED_AT_ONCE]
