"""Values of the records of guarding, from the facts of whoever keeps them: F11, F12, F13, F15, F16.

Each function takes facts by the names of the form's values, works out what follows from them, and refuses a name the
form has no place for. The parts that keep shifts, rounds, visitors, stocktakes and incidents call them:

    values = filling_duty.hand_over({"post": "Cổng chính", "expected": 12, "counted": 11, "rows": [...]})
    printing.print_form(office, model.load("F11"), values, about=shift)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from desk.forms.model import check_values, load


def hand_over(facts: Mapping[str, Any]) -> dict[str, Any]:
    """F11: a shift handed on; the difference follows from the two counts."""
    values = _checked("F11", facts)
    if "expected" in values and "counted" in values:
        values.setdefault("difference", values["counted"] - values["expected"])
    return values


def round_made(facts: Mapping[str, Any]) -> dict[str, Any]:
    """F12: a round; points with a time are counted as seen, those without as left out."""
    values = _checked("F12", facts)
    rows: Sequence[Mapping[str, Any]] = values.get("rows") or ()
    if rows:
        values.setdefault("checked", sum(bool(each.get("time")) for each in rows))
        values.setdefault("missed", sum(not each.get("time") for each in rows))
    return values


def visitors(facts: Mapping[str, Any]) -> dict[str, Any]:
    """F13: who came into a store on a day and left it."""
    return _checked("F13", facts)


def stocktake(facts: Mapping[str, Any]) -> dict[str, Any]:
    """F15: a stocktake; missing and unexpected follow from the rows where they are not given."""
    values = _checked("F15", facts)
    rows: Sequence[Mapping[str, Any]] = values.get("rows") or ()
    if rows:
        values.setdefault("missing", sum(not each.get("found_place") for each in rows))
        values.setdefault("unexpected", sum(not each.get("expected_place") for each in rows))
    return values


def incident(facts: Mapping[str, Any]) -> dict[str, Any]:
    """F16: what happened, when, where, and what was done about it."""
    return _checked("F16", facts)


def _checked(code: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    check_values(load(code), facts)
    return dict(facts)
