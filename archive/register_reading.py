"""From a file to what it says: the records of a list, what was understood of it, and every fault by row and column.

Nothing is written here. Rows that are no dossiers are told apart: the line of column numbers under a header, headings
between groups, and the foot that counts ("gồm 250 hồ sơ"), whose count is compared with what was read.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from archive.register_cells import CellError, is_reversed, plain, read_cell
from archive.register_encodings import ListError, mend
from archive.register_fields import BY_KEY
from archive.register_headers import LOOK_AT, Column, find_header
from archive.register_sheets import Cell, Sheet, read_sheet, shown

_FOOT = re.compile(r"\bgồm\b[^0-9]{0,30}(\d[\d.]*)\s*(?:\([^)]*\)\s*)?(?:hồ sơ|đơn vị bảo quản)", re.IGNORECASE)
_COLUMN_NUMBER = re.compile(r"\(?\s*(?:\d{1,2}|[A-Z])\s*\)?")
_TOTAL = re.compile(r"(?:tổng\s*(?:cộng|số)|cộng)\b(?!\s*\w+\s+\w+\s+\w+)", re.IGNORECASE)
_NUMBER_SPACES = re.compile(r"\s+")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: its code, row (from 1), column letter, header as written, and facts."""

    code: str
    row: int
    column: str = ""
    header: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Record:
    """What one row says of a dossier; `facts` by field key without the empty ones, `digest` the SHA-256 of them."""

    row: int
    number: str
    facts: Mapping[str, object]
    digest: str


@dataclass(frozen=True)
class Understood:
    """How a file was read; `skipped` are rows taken for headings or foot, `foot` is the count the last foot states."""

    sheet: str
    encoding: str
    legacy: str | None
    separator: str
    header_row: int
    columns: tuple[Column, ...]
    skipped: tuple[int, ...]
    foot: int | None


@dataclass(frozen=True)
class Reading:
    """A whole list: records are the good rows only, in the order of the file."""

    understood: Understood
    records: tuple[Record, ...]
    faults: tuple[Fault, ...]
    sha256: str

    @property
    def faulty_rows(self) -> int:
        """How many rows have a fault."""
        return len({each.row for each in self.faults if each.row})


def read_list(raw: bytes, sheet: str | None = None) -> Reading:
    """Return what the bytes of a list say; ListError where they are no list ("list-header-missing" and others)."""
    table = read_sheet(raw, sheet)
    head = [[mend(shown(cell), table.legacy) for cell in row] for row in table.rows[: LOOK_AT + 2]]
    header = find_header(head)
    if header is None:
        raise ListError("list-header-missing", rows=min(LOOK_AT, len(table.rows)))
    reader = _Rows(table, header.columns)
    records = list(reader.read(header.last))
    faults = sorted(reader.faults, key=lambda each: (each.row, each.column))
    # Lists put together from several have a foot under each part, or one for all.
    if reader.feet and reader.seen not in {reader.feet[-1], sum(reader.feet)}:
        faults.append(Fault("list-foot-differs", 0, facts={"stated": reader.feet[-1], "count": reader.seen}))
    understood = Understood(
        table.name,
        table.encoding,
        table.legacy,
        table.separator,
        header.first,
        header.columns,
        tuple(reader.skipped),
        reader.feet[-1] if reader.feet else None,
    )
    return Reading(understood, tuple(records), tuple(faults), hashlib.sha256(raw).hexdigest())


def digest_of(number: str, facts: Mapping[str, object]) -> str:
    """Return the SHA-256 of a record: of its facts as JSON with sorted keys and no spaces, UTF-8."""
    text = json.dumps({**facts, "number": number}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class _Rows:
    """The rows under a header, read one by one; faults, headings and the foot are gathered on the way."""

    def __init__(self, table: Sheet, columns: Sequence[Column]) -> None:
        self.table = table
        self.used = [(at, each, BY_KEY[each.field]) for at, each in enumerate(columns) if each.field]
        self.by_key = {each.field: each for each in columns if each.field}
        self.faults: list[Fault] = []
        self.first_row: dict[str, int] = {}
        self.skipped: list[int] = []
        self.feet: list[int] = []
        self.seen = 0

    def read(self, header_rows: int) -> Iterator[Record]:
        for number, row in enumerate(self.table.rows[header_rows:], start=header_rows + 1):
            if not row:
                continue
            cells = [self._mended(cell) for cell in row]
            filled = [text for cell in cells if (text := plain(cell))]
            if not filled:
                continue
            if self._is_aside(cells, filled, number == header_rows + 1):
                self.skipped.append(number)
                continue
            self.seen += 1
            before = len(self.faults)
            record = self._record(number, cells)
            if record is not None and len(self.faults) == before:
                yield record

    def _mended(self, cell: Cell) -> Cell:
        return mend(cell, self.table.legacy) if isinstance(cell, str) else cell

    def _is_aside(self, cells: Sequence[Cell], filled: Sequence[str], is_first: bool) -> bool:
        if found := _FOOT.search(" ".join(filled)):
            self.feet.append(int(found[1].replace(".", "")))
            return True
        if is_first and len(filled) > 1 and all(_COLUMN_NUMBER.fullmatch(each) for each in filled):
            return True
        told = {each.field: plain(cells[at]) for at, each, _ in self.used if at < len(cells) and plain(cells[at])}
        told.pop("ordinal", None)
        if told.keys() & {"number", "file_code"}:
            return False
        # Without a number: signatures under the foot, a line of totals, a heading between groups.
        is_total = any(_TOTAL.match(each) for each in filled)
        return (bool(self.feet) and len(told) < 4) or is_total or (len(told) <= 1 and len(filled) <= 2)

    def _record(self, row: int, cells: Sequence[Cell]) -> Record | None:
        facts: dict[str, object] = {}
        for at, column, known in self.used:
            if at < len(cells):
                try:
                    # What stands in its own column goes before what another column implies.
                    facts = {**read_cell(known, cells[at]), **facts} if known.key == "period" else {
                        **facts, **read_cell(known, cells[at])
                    }  # fmt: skip  # the two orders stand one above the other
                except CellError as fault:
                    self.faults.append(Fault(fault.code, row, column.letter, column.header, fault.facts))
        number = _NUMBER_SPACES.sub(" ", str(facts.pop("number", "") or facts.get("file_code", ""))).strip()
        self._check(row, number, facts)
        return Record(row, number, facts, digest_of(number, facts)) if number else None

    def _check(self, row: int, number: str, facts: Mapping[str, object]) -> None:
        if not number and not self._has_fault(row, "number"):
            self._fault("cell-missing", row, "number")
        if not facts.get("title") and not self._has_fault(row, "title"):
            self._fault("cell-missing", row, "title")
        if number:
            first = self.first_row.setdefault(number.casefold(), row)
            if first != row:
                self._fault("number-twice", row, "number", value=number, line=first)
        start, end = str(facts.get("start", "")), str(facts.get("end", ""))
        if start and end and is_reversed(start, end):
            self._fault("days-reversed", row, "end" if "end" in self.by_key else "period", start=start, end=end)

    def _has_fault(self, row: int, key: str) -> bool:
        column = self._column(key)
        return any(each.row == row and each.column == column.letter for each in self.faults[-20:])

    def _fault(self, code: str, row: int, key: str, **facts: object) -> None:
        column = self._column(key)
        self.faults.append(Fault(code, row, column.letter, column.header, facts))

    def _column(self, key: str) -> Column:
        found = self.by_key.get(key) or self.by_key.get("file_code")
        return found or Column("", "", None)
