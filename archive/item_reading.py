"""From a file to the documents it lists: each with its dossier and ordinal, and every fault by row and column.

A dossier is named in a column of its own; an empty cell there means the dossier of the row above, as merged cells are
written. Without that column all rows belong to one dossier, which the caller knows.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from archive.item_fields import BY_KEY, ITEMS
from archive.register_cells import CellError, plain, read_cell
from archive.register_encodings import ListError, mend
from archive.register_headers import LOOK_AT, Column, find_header
from archive.register_reading import Fault, Understood
from archive.register_sheets import Cell, Sheet, read_sheet, shown

_ASIDE = re.compile(r"(?:tổng\s*(?:cộng|số)|cộng|gồm)\b", re.IGNORECASE)
_COLUMN_NUMBER = re.compile(r"\(?\s*(?:\d{1,2}|[A-Z])\s*\)?")
MOST_ORDINAL = 9_999_999


@dataclass(frozen=True)
class ItemRecord:
    """What one row says of a document; `dossier` as written ("" where the list has no such column)."""

    row: int
    dossier: str
    ordinal: int
    facts: Mapping[str, object]


@dataclass(frozen=True)
class ItemReading:
    """A whole list of documents: records are the good rows only, in the order of the file."""

    understood: Understood
    records: tuple[ItemRecord, ...]
    faults: tuple[Fault, ...]
    sha256: str

    @property
    def fields(self) -> frozenset[str]:
        """The fields the list speaks of: those it has columns for, and the number it puts together from two."""
        found = {each.field for each in self.understood.columns if each.field}
        return frozenset(found | ({"number"} if found & {"code_number", "code_notation"} else set()))

    @property
    def names_dossiers(self) -> bool:
        """Whether the list has a column for the dossier."""
        return any(each.field == "dossier" for each in self.understood.columns)


def read_items(raw: bytes, sheet: str | None = None) -> ItemReading:
    """Return what the bytes of a list of documents say; ListError "items-header-missing" and those of `read_sheet`."""
    table = read_sheet(raw, sheet, ITEMS)
    head = [[mend(shown(cell), table.legacy) for cell in row] for row in table.rows[: LOOK_AT + 2]]
    header = find_header(head, ITEMS)
    if header is None:
        raise ListError("items-header-missing", rows=min(LOOK_AT, len(table.rows)))
    reader = _Rows(table, header.columns)
    records = tuple(reader.read(header.last))
    understood = Understood(
        table.name, table.encoding, table.legacy, table.separator, header.first, header.columns,
        tuple(reader.skipped), None,
    )  # fmt: skip  # one value
    faults = tuple(sorted(reader.faults, key=lambda each: (each.row, each.column)))
    return ItemReading(understood, records, faults, hashlib.sha256(raw).hexdigest())


class _Rows:
    """The rows under a header, read one by one."""

    def __init__(self, table: Sheet, columns: Sequence[Column]) -> None:
        self.table = table
        self.used = [(at, each, BY_KEY[each.field]) for at, each in enumerate(columns) if each.field]
        self.columns = {each.field: each for each in columns if each.field}
        self.faults: list[Fault] = []
        self.skipped: list[int] = []
        self.dossier = ""
        self.last: dict[str, int] = {}
        self.seen: dict[tuple[str, int], int] = {}

    def read(self, header_rows: int) -> Iterator[ItemRecord]:
        for number, row in enumerate(self.table.rows[header_rows:], start=header_rows + 1):
            cells = [mend(cell, self.table.legacy) if isinstance(cell, str) else cell for cell in row]
            filled = [text for cell in cells if (text := plain(cell))]
            if not filled:
                continue
            if self._is_aside(cells, filled, number == header_rows + 1):
                self.skipped.append(number)
                continue
            before = len(self.faults)
            record = self._record(number, cells)
            if len(self.faults) == before:
                yield record

    def _is_aside(self, cells: Sequence[Cell], filled: Sequence[str], is_first: bool) -> bool:
        """Tell a line of column numbers, a heading between parts, or the foot from a document."""
        if is_first and len(filled) > 1 and all(_COLUMN_NUMBER.fullmatch(each) for each in filled):
            return True
        told = {each.field for at, each, _ in self.used if at < len(cells) and plain(cells[at])}
        return _ASIDE.match(filled[0]) is not None or len(told - {"ordinal", "dossier"}) == 0

    def _record(self, row: int, cells: Sequence[Cell]) -> ItemRecord:
        facts: dict[str, object] = {}
        for at, column, field in self.used:
            if at < len(cells):
                try:
                    facts |= read_cell(field, cells[at])
                except CellError as fault:
                    self.faults.append(Fault(fault.code, row, column.letter, column.header, fault.facts))
        self.dossier = str(facts.pop("dossier", "") or self.dossier)
        given = facts.pop("ordinal", None)
        ordinal = given if isinstance(given, int) else self.last.get(self.dossier, 0) + 1
        self.last[self.dossier] = max(ordinal, self.last.get(self.dossier, 0))
        if "number" not in facts and (
            parts := [str(facts[name]) for name in ("code_number", "code_notation") if name in facts]
        ):
            facts["number"] = "/".join(parts)
        self._check(row, ordinal, facts)
        return ItemRecord(row, self.dossier, ordinal, facts)

    def _check(self, row: int, ordinal: int, facts: Mapping[str, object]) -> None:
        if "dossier" in self.columns and not self.dossier:
            self._fault("cell-missing", row, "dossier")
        if not facts.get("subject") and not any(each.row == row for each in self.faults[-20:]):
            self._fault("cell-missing", row, "subject")
        if not 1 <= ordinal <= MOST_ORDINAL:
            self._fault("cell-not-a-count", row, "ordinal", value=ordinal)
        first = self.seen.setdefault((self.dossier.casefold(), ordinal), row)
        if first != row:
            self._fault("item-twice", row, "ordinal", value=ordinal, line=first)

    def _fault(self, code: str, row: int, key: str, **facts: object) -> None:
        column = self.columns.get(key) or Column("", "", None)
        self.faults.append(Fault(code, row, column.letter, column.header, facts))


def under(reading: ItemReading, dossier: str) -> ItemReading:
    """Return the same list with every document in one dossier, for a list that does not name any."""
    return replace(reading, records=tuple(replace(each, dossier=dossier) for each in reading.records))
