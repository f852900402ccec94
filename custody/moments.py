"""Moments as entries write them: RFC 3339, to the second, with the office's offset."""

from __future__ import annotations

import re
from datetime import datetime

from custody.errors import CustodyError

_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")

# What `format_moment` writes, but for days and hours there are not: a zone has less than a day, and no minus before 0.
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?!-00:00)[+-][01]\d:[0-5]\d", re.ASCII)


# Parts of moments that were found to be so written: "2026-01-05T08" and ":00:00+07:00".
_HOURS: set[str] = set()
_RESTS: set[str] = set()
MOST_KNOWN = 20_000


def format_moment(moment: datetime) -> str:
    """Return a moment as text, "2026-01-05T08:00:00+07:00"; raises CustodyError "time-without-zone"."""
    if moment.tzinfo is None:
        raise CustodyError("time-without-zone", value=moment.isoformat())
    return moment.isoformat(timespec="seconds")


def parse_moment(text: str) -> datetime:
    """Return the moment a text stands for; raises CustodyError "moment-unreadable" for any other form."""
    try:
        if _FORM.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise CustodyError("moment-unreadable", value=text)


def is_written(text: str) -> bool:
    """Tell whether `format_moment` writes some moment as this text."""
    hour, rest = text[:13], text[13:]
    # Day and hour, and minute, second and zone, are each valid or not by themselves; a log says few of either.
    if hour in _HOURS and rest in _RESTS:
        return True
    if not _WRITTEN.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    for known, part in ((_HOURS, hour), (_RESTS, rest)):
        if len(known) >= MOST_KNOWN:
            known.clear()
        known.add(part)
    return True
