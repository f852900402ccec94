"""What is wrong or late now, as a value: what an alarm is raised for, and cleared by when it is no longer due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

# Levels: told on the page; told to the guard and the archivist on duty; told to the leader at once.
NOTICE, WARNING, URGENT = "notice", "warning", "urgent"


@dataclass(frozen=True)
class Due:
    """One thing that is wrong or late: a kebab-case `code`, what it is `about` (a code), and since when.

    Code and `about` together are its identity: while a source keeps naming it, it is one alarm.
    """

    code: str
    about: str
    since: datetime
    level: str = WARNING
    facts: Mapping[str, object] = field(default_factory=dict)
