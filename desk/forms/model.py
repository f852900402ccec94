"""A form as data: what stands on it, in which order, with which blanks; read from a TOML file an office can edit.

No official model was found for most of these records, so their wording is data. A file of the same name in the folder
`forms/` of the station's home takes the place of ours. Values that are missing are printed as dotted lines to be filled
in by hand; a table without rows gets empty ones.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError

TEMPLATES = Path(__file__).parent / "templates"
CODES = ("F1", "F2", "F3", "F4", "F5", "F8", "F9", "F10", "F11", "F12", "F13", "F14", "F15", "F16")
BLANK = re.compile(r"\{(\w+)\}")
ALIGNS = ("left", "center", "right")


class FormError(ArchiveError):
    """A form that is unknown, a template that cannot be used, or values that do not fit it."""


@dataclass(frozen=True)
class Column:
    """One column of a table: its head, the value it shows, its share of the width, and how it is aligned."""

    head: str
    key: str
    width: float
    align: str


@dataclass(frozen=True)
class Paragraph:
    """A sentence; {key} stands for a value, {key_words} for a number in words."""

    text: str
    bold: bool = False


@dataclass(frozen=True)
class Entry:
    """A name and the value beside it; left blank, it is `lines` dotted lines."""

    name: str
    key: str
    lines: int = 1


@dataclass(frozen=True)
class Fields:
    """Lines of a name and a value."""

    rows: tuple[Entry, ...]


@dataclass(frozen=True)
class Table:
    """Rows of the value `key`, at least `least` of them when none are given."""

    key: str
    columns: tuple[Column, ...]
    least: int


Part = Paragraph | Fields | Table


@dataclass(frozen=True)
class Form:
    """One record: its code (F9), title, parts in order, who signs, and whether the sheet lies on its side."""

    code: str
    title: str
    subtitle: str
    parts: tuple[Part, ...]
    signers: tuple[str, ...]
    landscape: bool

    def keys(self) -> frozenset[str]:
        """Return the names of all values the form can show."""
        found: set[str] = set()
        for part in self.parts:
            if isinstance(part, Paragraph):
                found |= {key.removesuffix("_words") for key in BLANK.findall(part.text)}
            elif isinstance(part, Fields):
                found |= {each.key for each in part.rows}
            else:
                found.add(part.key)
        return frozenset(found)

    def counts(self) -> frozenset[str]:
        """Return the names of those values that the form also says in words: whole numbers."""
        texts = [part.text for part in self.parts if isinstance(part, Paragraph)]
        found = {key for text in texts for key in BLANK.findall(text)}
        return frozenset(key.removesuffix("_words") for key in found if key.endswith("_words"))


def load(code: str, own: Path | None = None) -> Form:
    """Return a form, the office's own wording from the folder `own` where it has one.

    Raises FormError "form-unknown" or "form-template-broken".
    """
    if code not in CODES:
        raise FormError("form-unknown", form=code, known=list(CODES))
    path = TEMPLATES / f"{code}.toml"
    if own is not None and (own / path.name).is_file():
        path = own / path.name
    try:
        return _form(code, tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError, ValueError) as broken:
        raise FormError("form-template-broken", path=str(path), detail=str(broken)) from broken


def check_values(form: Form, values: Mapping[str, Any]) -> None:
    """Refuse values the form has no place for, and rows that are none; raises FormError "form-value-wrong"."""
    known = form.keys()
    for key, value in values.items():
        if key not in known:
            raise FormError("form-value-wrong", form=form.code, key=key, known=sorted(known))
        is_table = any(isinstance(part, Table) and part.key == key for part in form.parts)
        is_rows = isinstance(value, list | tuple) and all(isinstance(row, Mapping) for row in value)
        if is_table != is_rows:
            raise FormError("form-value-wrong", form=form.code, key=key, known=sorted(known))


def _form(code: str, told: Mapping[str, Any]) -> Form:
    parts: list[Part] = []
    for each in told["parts"]:
        if "text" in each:
            parts.append(Paragraph(str(each["text"]), bool(each.get("bold", False))))
        elif "fields" in each:
            parts.append(
                Fields(tuple(Entry(str(name), str(key), *map(int, lines)) for name, key, *lines in each["fields"]))
            )
        else:
            columns = tuple(
                Column(str(head), str(key), float(width), align) for head, key, width, align in each["columns"]
            )
            if any(column.align not in ALIGNS or column.width <= 0 for column in columns):
                raise ValueError(f"columns of {each['table']}")
            parts.append(Table(str(each["table"]), columns, int(each.get("least", 12))))
    return Form(
        code,
        str(told["title"]),
        str(told.get("subtitle", "")),
        tuple(parts),
        tuple(str(each) for each in told["signers"]),
        bool(told.get("landscape", False)),
    )
