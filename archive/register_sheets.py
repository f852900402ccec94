"""Reading a list from a file: workbooks (.xlsx) and separated text (.csv), by what the bytes are, not by the name.

A workbook is a ZIP of XML, so it is measured before it is opened: what would unpack to more than the memory of an
office PC, or declares entities of its own, is refused.
"""

from __future__ import annotations

import contextlib
import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

import openpyxl

from archive.register_encodings import SAMPLE, ListError, decode, find_legacy, mend
from archive.register_fields import DOSSIERS, Vocabulary
from archive.register_headers import find_header

Cell = str | int | float | bool | datetime | date | time | timedelta | None
MOST_BYTES = 200 * 1024 * 1024
MOST_UNPACKED = 512 * 1024 * 1024
MOST_RATIO = 250
MOST_ROWS, MOST_COLUMNS, MOST_MEMBERS = 500_000, 256, 5_000
SEPARATORS = (",", ";", "\t", "|")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Sheet:
    """One table of cells; `encoding` as in register_encodings, `legacy` an old font found in a workbook.

    `name` is that of the worksheet ("" for text) and `separator` that of text ("" for a workbook).
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    encoding: str
    legacy: str | None
    separator: str


def read_sheet(raw: bytes, sheet: str | None = None, vocabulary: Vocabulary = DOSSIERS) -> Sheet:
    """Return the table of a file: of a workbook the named sheet, or the one whose header names most fields.

    Raises ListError: "list-empty", "list-too-big", "list-old-excel", "list-not-a-table", "list-not-text",
    "list-broken-utf8", "list-workbook-broken", "list-workbook-bomb", "list-sheet-unknown", "list-too-long".
    """
    if not raw.strip(b"\0 \r\n\t"):
        raise ListError("list-empty")
    if len(raw) > MOST_BYTES:
        raise ListError("list-too-big", bytes=len(raw), limit=MOST_BYTES)
    if raw.startswith(_OLE):
        raise ListError("list-old-excel")
    if raw.startswith(b"PK"):
        return _from_workbook(raw, sheet, vocabulary)
    if raw.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"{\\rtf", b"MZ", b"\x7fELF", b"<", b"\x1f\x8b", b"Rar!")):
        raise ListError("list-not-a-table")
    return _from_text(raw, vocabulary)


def shown(cell: Cell) -> str:
    """Return a cell as its words, with single spaces: what a header is compared by."""
    return " ".join(str(cell).split()) if cell is not None else ""


def _from_text(raw: bytes, vocabulary: Vocabulary) -> Sheet:
    decoded = decode(raw)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    best: tuple[int, int, str] | None = None
    for separator in SEPARATORS:
        try:
            rows = [list(map(shown, row)) for row in islice(_cells(text[:SAMPLE], separator), 60)]
        except csv.Error:
            continue
        header = find_header(rows, vocabulary)
        rank = (len(header.fields) if header else 0, max(map(len, rows), default=0), separator)
        if best is None or rank[:2] > best[:2]:
            best = rank
    separator = best[2] if best else ","
    try:
        return Sheet("", _limited(_cells(text, separator)), decoded.encoding, None, separator)
    except csv.Error as error:
        raise ListError("list-not-a-table") from error


def _cells(text: str, separator: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator)


def _from_workbook(raw: bytes, wanted: str | None, vocabulary: Vocabulary) -> Sheet:
    _measure(raw)
    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        with contextlib.closing(book):
            return _best_sheet(book, wanted, vocabulary)
    except ListError:
        raise
    except Exception as error:
        # A damaged workbook makes the library fail wherever its XML leads it: there is no list of these errors.
        raise ListError("list-workbook-broken") from error


def _best_sheet(book: openpyxl.Workbook, wanted: str | None, vocabulary: Vocabulary) -> Sheet:
    sheets = {each.title: each for each in book.worksheets}
    if wanted is not None and wanted not in sheets:
        raise ListError("list-sheet-unknown", sheet=wanted, known=list(sheets))
    chosen = wanted
    if chosen is None:
        most = -1
        for title, each in sheets.items():
            if each.sheet_state != "visible" and len(sheets) > 1:
                continue
            # The size a workbook claims for its sheets is often wrong: only reading tells.
            each.reset_dimensions()
            head = [list(map(_head, row)) for row in each.iter_rows(max_row=60, max_col=MOST_COLUMNS, values_only=True)]
            legacy = find_legacy("\n".join(" ".join(row) for row in head))
            header = find_header([[mend(cell, legacy) for cell in row] for row in head], vocabulary)
            found = len(header.fields) if header else 0
            if found > most:
                most, chosen = found, title
    if chosen is None:
        raise ListError("list-empty")
    sheet = sheets[chosen]
    sheet.reset_dimensions()
    rows = _limited(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True))
    return Sheet(chosen, rows, "workbook", find_legacy(_sample(rows)), "")


def _head(cell: Cell) -> str:
    return shown(cell)


def _sample(rows: Sequence[Sequence[Cell]]) -> str:
    texts, size = [], 0
    for row in rows:
        for cell in row:
            if isinstance(cell, str) and not cell.isascii():
                texts.append(cell)
                size += len(cell)
        if size > SAMPLE // 4:
            break
    return "\n".join(texts)


def _limited(rows: Iterator[Sequence[Cell]]) -> list[tuple[Cell, ...]]:
    """Return the rows without the empty ones at the end; ListError "list-too-long"."""
    kept: list[tuple[Cell, ...]] = []
    last = empty = 0
    for number, row in enumerate(rows, start=1):
        filled = len(row)
        while filled and (row[filled - 1] is None or row[filled - 1] == ""):
            filled -= 1
        if filled:
            # Formats on a million empty rows are common; empty rows between are few.
            kept += [()] * empty
            kept.append(tuple(row[:filled]))
            empty, last = 0, number
        else:
            empty += 1
        if last > MOST_ROWS:
            raise ListError("list-too-long", limit=MOST_ROWS)
        if empty > MOST_ROWS:
            break
    if not kept:
        raise ListError("list-empty")
    return kept


def _measure(raw: bytes) -> None:
    """Refuse what is no workbook or would unpack beyond all measure."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            members = archive.infolist()
            if not any(each.filename.endswith("workbook.xml") for each in members):
                raise ListError("list-not-a-table")
            unpacked = sum(each.file_size for each in members)
            if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED:
                raise ListError("list-workbook-bomb", bytes=unpacked, limit=MOST_UNPACKED)
            for each in members:
                if each.file_size > 10_000_000 and each.file_size > MOST_RATIO * max(1, each.compress_size):
                    raise ListError("list-workbook-bomb", bytes=unpacked, limit=MOST_UNPACKED)
                if each.filename.endswith((".xml", ".rels")):
                    with archive.open(each) as member:
                        if b"<!" in (start := member.read(4096)) and (b"<!DOCTYPE" in start or b"<!ENTITY" in start):
                            raise ListError("list-workbook-bomb", bytes=unpacked, limit=MOST_UNPACKED)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise ListError("list-workbook-broken") from error
