"""Shell: asks the examining process about files, bounds each answer in time, and starts it anew when it dies."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scanner_inbox.verdict import Arriving, Limits, Refused, Verdict, Whole

Check = Callable[[Path], Verdict]


@dataclass
class Checker:
    """One examining process, started when first needed; a context manager that ends it.

    `seconds` bounds one file, `memory_mb` the process. A file that exceeds either is refused with the number.
    """

    limits: Limits = field(default_factory=Limits)
    seconds: float = 120.0
    memory_mb: int = 1500
    _process: subprocess.Popen[bytes] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Checker:
        """Return itself; nothing is started yet."""
        return self

    def __exit__(self, *_error: object) -> None:
        """End the process."""
        self.close()

    def __call__(self, path: Path) -> Verdict:
        """Return the verdict on one file."""
        with self._lock:
            process = self._process or self._start()
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                process.stdin.write(json.dumps({"path": str(path)}).encode() + b"\n")
                process.stdin.flush()
                ready, _, _ = select.select([process.stdout], [], [], self.seconds)
                line = process.stdout.readline() if ready else None
            except BrokenPipeError:
                line = b""
            if line:
                return _read(json.loads(line))
            self.close()
        if line is None:
            return Refused("check-timeout", {"seconds": self.seconds})
        return Refused("check-crashed", {"memory_mb": self.memory_mb})

    def close(self) -> None:
        """Kill the process; the next question starts another."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _start(self) -> subprocess.Popen[bytes]:
        bounds = (self.memory_mb, self.limits.file_bytes, self.limits.pages, self.limits.page_pixels)
        code = str(Path(__file__).resolve().parent.parent)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "scanner_inbox.checking", *map(str, bounds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": code, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            start_new_session=True,
        )
        return self._process


def _read(reply: dict[str, object]) -> Verdict:
    if reply["is"] == "whole":
        return Whole(str(reply["kind"]), int(str(reply["pages"])))
    facts = reply["facts"]
    assert isinstance(facts, dict)
    kind = Arriving if reply["is"] == "arriving" else Refused
    return kind(str(reply["code"]), facts)
