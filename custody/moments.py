"""Moments as entries write them: RFC 3339, to the second, with the office's offset."""

from __future__ import annotations

import re
from datetime import datetime

from custody.errors import CustodyError

_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")

# What `format_moment` writes, but for days and hours there are not: a zone has less than a day, and no minus before 0.
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?!-00:00)[+-][01]\d:[0-5]\d", re.ASCII)


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


def read_written(text: str) -> datetime | None:
    """Return the moment that `format_moment` writes as this text, None where it would write another."""
    if _WRITTEN.fullmatch(text):
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    return None
