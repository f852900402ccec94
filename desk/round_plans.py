"""Plans of rounds as people tell them: what is looked at and when, in the words an entry keeps."""

from __future__ import annotations

from dataclasses import dataclass

from custody.entries_rounds import RoundPlanned
from custody.errors import CustodyError
from custody.round_plans import ROUND, SPOT

DAY = 24 * 60


@dataclass(frozen=True)
class Looked:
    """At what a round looks: places, packages, every package in places, and some drawn in one place or everywhere."""

    places: tuple[str, ...] = ()
    boxes: tuple[str, ...] = ()
    boxes_in: tuple[str, ...] = ()
    random_boxes: int = 0
    drawn_in: str = ""


@dataclass(frozen=True)
class When:
    """When rounds fall due: at fixed times, each so many minutes of windows, so many drawn in them; on which days."""

    fixed: tuple[str, ...] = ()
    every: int = 0
    drawn: int = 0
    within: tuple[str, ...] = ()
    days: tuple[str, ...] = ()


def walked(
    code: str, post: str, looked: Looked, when: When, *, minutes: int, late: int, least: int, zone: str
) -> RoundPlanned:
    """Return a plan of rounds; what cannot be is refused when it is published.

    Minutes are how long a round may take, how late it may begin, and in how few it is over too soon. Raises
    CustodyError "round-window-absent".
    """
    if (when.every or when.drawn) and not when.within:
        raise CustodyError("round-window-absent", plan=code)
    if when.within and not (when.every or when.drawn):
        raise CustodyError("round-window-unused", plan=code, windows=list(when.within))
    drawn = (f"random {looked.random_boxes} {looked.drawn_in}".strip(),) if looked.random_boxes else ()
    targets = (
        *(f"place {each}" for each in looked.places),
        *(f"box {each}" for each in looked.boxes),
        *(f"boxes {each}" for each in looked.boxes_in),
        *drawn,
    )
    times = [f"at {each}" for each in when.fixed]
    for name, number in (("every", when.every), ("random", when.drawn)):
        times += [f"{name} {number} {each}" for each in when.within if number]
    terms = (minutes, late, least, zone)
    return RoundPlanned(code.strip().upper(), ROUND, post.strip().upper(), targets, tuple(times), when.days, *terms)


def spot_checks(
    code: str, post: str, *, boxes: int, place: str, day: str, at: str, wait_days: int, minutes: int, zone: str
) -> RoundPlanned:
    """Return a plan of spot checks: each week `boxes` packages are drawn and told on `day` at `at`."""
    target = f"random {boxes} {place}".strip()
    terms = (minutes, wait_days * DAY, 0, zone)
    return RoundPlanned(code.strip().upper(), SPOT, post.strip().upper(), (target,), (f"at {at}",), (day,), *terms)
