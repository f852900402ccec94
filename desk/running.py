"""How each process of a station is put together from the parts: watching, reading, ticking, ingesting, checking.

Parts that a release does not carry are missed when they are asked for, with a sentence, not when the program starts.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from archive import scans
from archive.tables import Scan
from desk.beating import beating
from desk.messages import write_slip
from desk.office import Office
from digitize.limits import Limits
from digitize.reading import ReadSettings
from digitize.worker import Bench, bound_memory, work

Advance = Callable[[int, int | None], None]


def read(office: Office, stop: threading.Event, name: str, *, once: bool) -> int:
    """Read scans until `stop` is set, or with `once` until none waits; returns how many were ended."""
    doing: dict[str, object] = {}

    def note(facts: dict[str, object]) -> None:
        doing.clear()
        doing.update(facts)

    bound_memory(office.settings.page_memory_mb)
    with beating(office, name, lambda: dict(doing)):
        return work(bench_of(office, name), stop, until_idle=once, beat=note)


def bench_of(office: Office, name: str) -> Bench:
    """Return what a reading worker of this office works with."""
    settings = office.settings
    return Bench(
        database=office.database,
        vault=office.vault,
        clock=office.clock,
        derived=settings.derived_folder,
        settings=read_settings(office),
        lease_seconds=settings.lease_seconds,
        name=name,
    )


def read_settings(office: Office) -> ReadSettings:
    """Translate the station's settings into those of a reading."""
    settings = office.settings
    return ReadSettings(
        language=settings.language,
        dpi_read=float(settings.read_dpi),
        page_seconds=settings.page_seconds,
        page_memory=settings.page_memory_mb << 20,
        engine=settings.engine,
        limits=Limits(
            file_bytes=settings.max_file_mb << 20,
            pages=settings.max_pages,
            pixels=settings.max_page_megapixels * 1_000_000,
        ),
    )
