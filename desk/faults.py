"""The faults of a station: written to log/errors.log with moment, code and trace, and read again for people.

An entry begins with a line "== {JSON}"; the lines of a trace follow. The page and `luutru doctor` show the last ones,
by code and facts alone: a trace may name what a document holds, so it stays in the file.
"""

from __future__ import annotations

import json
import os
import tempfile
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archive.clock import MachineClock
from desk.release import VERSION

FILE = "errors.log"
MARK = "== "
# One older file is kept; only the end of the newest is ever read for people.
MOST_BYTES, READ_BYTES = 5_000_000, 200_000


@dataclass(frozen=True)
class Fault:
    """One noted fault: when, which code ("fault-noted", "part-died-lately"), and its facts."""

    moment: datetime
    code: str
    facts: dict[str, object] = field(default_factory=dict)


def note_error(home: Path, environment: Mapping[str, str], error: BaseException) -> Path:
    """Write the trace of an error that nobody expected; return the file it stands in."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    facts = {"kind": type(error).__name__, "where": where}
    return note(home, environment, "fault-noted", facts, "".join(traceback.format_exception(error)))


def note(home: Path, environment: Mapping[str, str], code: str, facts: Mapping[str, object], trace: str = "") -> Path:
    """Append an entry in the home, or in the temp folder where the home cannot be written; never raises OSError."""
    head = {"at": MachineClock().now().isoformat(), "code": code, "release": VERSION, "facts": dict(facts)}
    entry = f"{MARK}{json.dumps(head, ensure_ascii=True, default=str)}\n{trace}"
    for folder in (home / "log", Path(environment.get("TMPDIR") or tempfile.gettempdir())):
        path = folder / FILE
        try:
            if folder.parent.exists():
                folder.mkdir(exist_ok=True)
            if path.exists() and path.stat().st_size > MOST_BYTES:
                path.replace(path.with_suffix(".log.1"))
            with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
                log.write(entry)
        except OSError:
            continue
        return path
    return Path(os.devnull)


def newest(home: Path, count: int = 5) -> list[Fault]:
    """Return the last faults, the newest first; what cannot be read as an entry is passed over."""
    try:
        with (home / "log" / FILE).open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(0, size - READ_BYTES))
            lines = log.read(READ_BYTES).decode("utf-8", "replace").splitlines()
    except OSError:
        return []
    found: list[Fault] = []
    for line in reversed(lines):
        if len(found) == count:
            break
        if line.startswith(MARK) and (fault := _read(line.removeprefix(MARK))) is not None:
            found.append(fault)
    return found


def _read(head: str) -> Fault | None:
    try:
        read = json.loads(head)
        moment = datetime.fromisoformat(read["at"])
        facts = {str(name): value for name, value in read["facts"].items()}
        return Fault(moment, str(read["code"]), {**facts, "moment": moment}) if moment.tzinfo else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
