"""Shell: asks the examining process about files, bounds each answer in time, and starts it anew when it dies."""

from __future__ import annotations

import contextlib
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
        """Return the verdict on one file; it is blamed for a death only when the process dies of it twice."""
        with self._lock:
            line = self._ask(path)
            if line == b"":
                line = self._ask(path)
        if line:
            return _read(json.loads(line))
        if line is None:
            return Refused("check-timeout", {"seconds": self.seconds})
        return Refused("check-crashed", {"memory_mb": self.memory_mb})

    def _ask(self, path: Path) -> bytes | None:
        """Return the answer, empty when the process died, None when it took too long."""
        line: bytes | None
        try:
            process = self._process or self._start()
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps({"path": str(path)}).encode() + b"\n")
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], self.seconds)
            line = process.stdout.readline() if ready else None
        except BrokenPipeError:
            line = b""
        if not line:
            self.close()
        return line

    def close(self) -> None:
        """Kill the process; the next question starts another."""
        if self._process is not None:
            self._process.kill()
            with contextlib.suppress(BrokenPipeError):
                self._process.communicate()
            self._process = None

    def _start(self) -> subprocess.Popen[bytes]:
        limits = self.limits
        bounds = (self.memory_mb, limits.file_bytes, limits.pages, limits.page_pixels, int(self.seconds))
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
