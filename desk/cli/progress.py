"""Progress of long work: a bar with rate and time left on a terminal, a plain line now and then otherwise."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from desk.cli.asked import Asked

# Where nobody watches a terminal, a log should not grow by more than a line in ten seconds.
PLAIN_SECONDS = 10.0

Advance = Callable[[int, int | None], None]


@contextmanager
def progress(asked: Asked, label: str, total: int | None) -> Iterator[Advance]:
    """Hand out `advance(done, total)`; `done` is how many are done by now, `total` None while it is not known."""
    shown = _bar(label, total) if sys.stderr.isatty() else _lines(asked, label, total)
    with shown as advance:
        yield advance


@contextmanager
def _lines(asked: Asked, label: str, total: int | None) -> Iterator[Advance]:
    # A duration on the monotonic clock, for pacing the output only.
    begun = last = time.monotonic()

    def advance(done: int, of: int | None = total) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < PLAIN_SECONDS:
            return
        last = now
        rate = done / max(now - begun, 1e-9)
        facts = {"label": label, "done": done, "total": of, "rate": rate}
        if of:
            left = max(of - done, 0) / rate if rate else 0.0
            asked.note(
                asked.t("{label}: {done} of {total}, {rate} a second, {left_seconds} left", **facts, left_seconds=left)
            )
        else:
            asked.note(asked.t("{label}: {done}, {rate} a second", **facts))

    yield advance


@contextmanager
def _bar(label: str, total: int | None) -> Iterator[Advance]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(label, total=total, rate="")

        def advance(done: int, of: int | None = total) -> None:
            speed = shown.tasks[0].speed
            shown.update(task, completed=done, total=of, rate=f"{speed:.1f}/s" if speed else "")

        yield advance
