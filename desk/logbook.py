"""The station's log: the lines of all its processes in one rotating file, each with the moment and the part's name.

One process writes the file, so rotation can never lose lines between two writers.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO

FILE = "station.log"
MOST_BYTES, KEPT_FILES = 5_000_000, 5


class Logbook:
    """Writes lines to log/station.log in a home; five older files of 5 MB are kept."""

    def __init__(self, home: Path) -> None:
        folder = home / "log"
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / FILE
        self._handler = RotatingFileHandler(
            self.path, maxBytes=MOST_BYTES, backupCount=KEPT_FILES, encoding="utf-8", errors="backslashreplace"
        )
        self._handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))

    def write(self, part: str, line: str) -> None:
        """Write one line; a full disk must not stop the station, so a line that cannot be written is dropped."""
        with contextlib.suppress(OSError, ValueError):
            self._handler.emit(logging.LogRecord(part, logging.INFO, "", 0, line, None, None))

    def follow(self, part: str, source: IO[bytes]) -> None:
        """Write every line that comes from a process, until it ends, from a thread of its own."""

        def pump() -> None:
            with source:
                for line in source:
                    self.write(part, line.decode("utf-8", "backslashreplace").rstrip())

        threading.Thread(target=pump, name=f"log of {part}", daemon=True).start()

    def close(self) -> None:
        """Close the file."""
        self._handler.close()
