"""Words for plans of rounds: their weekdays, when they fall due, and at what they look."""

from __future__ import annotations

from custody.round_plans import read_target, read_times
from desk.cli.spoken import mark
from desk.words import Words

DAYS = {
    "mon": mark("Monday"),
    "tue": mark("Tuesday"),
    "wed": mark("Wednesday"),
    "thu": mark("Thursday"),
    "fri": mark("Friday"),
    "sat": mark("Saturday"),
    "sun": mark("Sunday"),
}
TARGETS = {
    "place": mark("the place {name}"),
    "box": mark("the package {name}"),
    "boxes": mark("every package in {name}"),
    "random": mark("{number} packages drawn in {name}"),
}


def target_in_words(text: str, t: Words) -> str:
    """Return what a target says, "the place Kho 1/03"."""
    told = read_target(text)
    return t(TARGETS[told.what], name=told.name or t("the whole archive"), number=told.number)


def times_in_words(text: str, t: Words) -> str:
    """Return what times say, "every 120 minutes from 18:00 to 06:00"."""
    told = read_times(text)
    window = {"start": f"{told.start:%H:%M}", "end": f"{told.end:%H:%M}", "number": told.number}
    if told.how == "at":
        return t("at {start}", **window)
    if told.how == "every":
        return t("every {number} minutes from {start} to {end}", **window)
    return t("{number} times at random from {start} to {end}", **window)
