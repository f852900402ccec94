"""Labels and cover sheets from a list of values: what `luutru label` and `luutru cover` print.

A list is JSON (an array of objects) or CSV (UTF-8, with a header). The names below are known; every other column is
printed as a row of its name and value, in its order:

    code         nine characters as printed on labels; spaces and case do not matter
    heading      small, above: the body or the store
    title        large: "Hộp số 12"
    foot         one line below
    signatures   names under lines to sign on, parted by ";"
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.refs import Kind, read_code
from labels.cover import Cover
from labels.errors import LabelError
from labels.label import Label

KINDS = {
    "box": Kind.BOX,
    "dossier": Kind.DOSSIER,
    "place": Kind.PLACE,
    "round-point": Kind.ROUND_POINT,
    "badge": Kind.BADGE,
}
KNOWN = ("code", "heading", "title", "foot", "signatures")
# More faults than this help nobody.
MOST_FAULTS = 20


@dataclass(frozen=True)
class Entry:
    """One line of a list, its code proven."""

    code: str
    heading: str
    title: str
    foot: str
    signatures: tuple[str, ...]
    rows: tuple[tuple[str, str], ...]

    def label(self, kind: Kind) -> Label:
        """Return the label to draw."""
        return Label(kind, self.code, self.heading, self.title, self.rows, self.foot, self.signatures)

    def cover(self, title: str, steps: tuple[str, ...]) -> Cover:
        """Return the cover sheet to draw; `title` stands where the list has none."""
        return Cover(Kind.SEPARATOR, self.code, self.heading, self.title or title, self.rows, steps)


def read_list(path: Path) -> list[Entry]:
    """Read a list; raises LabelError "list-unreadable" or "list-codes-wrong", which names every faulty line at once."""
    values = _read_values(path)
    entries, faults, seen = [], [], dict[str, int]()
    for line, each in enumerate(values, 1):
        told = {str(name).strip(): "" if value is None else str(value).strip() for name, value in each.items()}
        code = read_code(told.get("code", ""))
        if code is None or code in seen:
            faults.append(f"{line}: {told.get('code') or '–'}")
            continue
        seen[code] = line
        rows = tuple((name, value) for name, value in told.items() if name not in KNOWN and value)
        signatures = tuple(name.strip() for name in told.get("signatures", "").split(";") if name.strip())
        heading, title, foot = (told.get(name, "") for name in ("heading", "title", "foot"))
        entries.append(Entry(code, heading, title, foot, signatures, rows))
    if faults:
        raise LabelError("list-codes-wrong", path=str(path), count=len(faults), faults=faults[:MOST_FAULTS])
    return entries


def _read_values(path: Path) -> Sequence[Mapping[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        values = json.loads(text) if text.lstrip()[:1] in ("[", "{") else list(csv.DictReader(text.splitlines()))
    except FileNotFoundError:
        raise LabelError("path-missing", path=str(path)) from None
    except (UnicodeDecodeError, json.JSONDecodeError, csv.Error) as error:
        raise LabelError("list-unreadable", path=str(path), detail=str(error)) from error
    if not isinstance(values, list) or not all(isinstance(each, dict) for each in values):
        raise LabelError("list-unreadable", path=str(path), detail="no array of objects")
    if any(None in each for each in values):
        raise LabelError("list-unreadable", path=str(path), detail="a line has more fields than the header")
    return values
