"""What is said while rosters and rounds are planned on pages."""

from __future__ import annotations

from collections.abc import Mapping

from desk.message import Message

PLANS: Mapping[str, Message] = {
    "day-unreadable": Message("{value} is no day.", "", "Choose a day, or write it like 2026-12-31."),
    "number-unreadable": Message("{value} is no whole number.", "", "Write it in figures, for example 30."),
    "round-window-absent": Message(
        "Plan {plan} has rounds within a window, but no window.",
        "",
        "Say from when until when, for example 18:00-06:00.",
    ),
    "round-window-unused": Message(
        "Plan {plan} has a window, but no rounds in it: {windows}",
        "",
        "Say how often: every so many minutes, or so many at random.",
    ),
}
