"""Shell: asks the examining processes about files, bounds each answer in time, and starts it anew when it dies."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scanner_inbox.verdict import Arriving, Limits, Refused, Verdict, Whole

Check = Callable[[Path], Verdict]


# Two keep up with a disk where one decodes slower than files are copied; the second starts when first needed.
PROCESSES = 2


class Checker:
    """Asks one of a few examining processes, each started when first needed; a context manager that ends them.

    `seconds` bounds one file, `memory_mb` each process. A file that exceeds either is refused with the number. May be
    asked by several threads at once.
    """

    def __init__(self, limits: Limits | None = None, seconds: float = 120.0, memory_mb: int = 1500) -> None:
        self._all = [_Examiner(limits or Limits(), seconds, memory_mb) for _ in range(PROCESSES)]
        # The one that was used last is asked first, so that the others stay unstarted in a quiet office.
        self._free: queue.LifoQueue[_Examiner] = queue.LifoQueue()
        for each in self._all:
            self._free.put(each)

    def __enter__(self) -> Checker:
        """Return itself; nothing is started yet."""
        return self

    def __exit__(self, *_error: object) -> None:
        """End the processes."""
        self.close()

    def __call__(self, path: Path) -> Verdict:
        """Return the verdict on one file; waits while every process is busy."""
        examiner = self._free.get()
        try:
            return examiner.verdict(path)
        finally:
            self._free.put(examiner)

    def close(self) -> None:
        """Kill the processes; the next question starts another."""
        for each in self._all:
            each.close()


@dataclass
class _Examiner:
    """One examining process, asked by one thread at a time."""

    limits: Limits
    seconds: float
    memory_mb: int
    process: subprocess.Popen[bytes] | None = None

    def verdict(self, path: Path) -> Verdict:
        """Return the verdict on one file; it is blamed for a death only when the process dies of it twice."""
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
            process = self.process or self._start()
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
        if self.process is not None:
            self.process.kill()
            with contextlib.suppress(BrokenPipeError):
                self.process.communicate()
            self.process = None

    def _start(self) -> subprocess.Popen[bytes]:
        limits = self.limits
        bounds = (self.memory_mb, limits.file_bytes, limits.pages, limits.page_pixels, int(self.seconds))
        code = str(Path(__file__).resolve().parent.parent)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "scanner_inbox.checking", *map(str, bounds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": code, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
            start_new_session=True,
        )
        return self.process


def _read(reply: dict[str, object]) -> Verdict:
    if reply["is"] == "whole":
        return Whole(str(reply["kind"]), int(str(reply["pages"])))
    facts = reply["facts"]
    assert isinstance(facts, dict)
    kind = Arriving if reply["is"] == "arriving" else Refused
    return kind(str(reply["code"]), facts)
