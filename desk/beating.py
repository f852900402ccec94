"""A sign of life from a thread of its own, for processes whose work is elsewhere: the page and the supervisor."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterator

from sqlalchemy.exc import SQLAlchemyError

from archive import beats
from desk.office import Office


@contextlib.contextmanager
def beating(office: Office, component: str, facts: Callable[[], dict[str, object]] = dict) -> Iterator[None]:
    """Write the component's beat now and at every interval until the block ends, then take it off the list."""
    stop, started = threading.Event(), office.clock.now()

    def beat() -> None:
        while True:
            # A busy database costs one beat, never the process.
            with contextlib.suppress(SQLAlchemyError), office.database.atomic() as session:
                beats.write(session, component, pid=os.getpid(), started_at=started, now=office.clock.now(), **facts())
            if stop.wait(beats.INTERVAL_SECONDS):
                return

    thread = threading.Thread(target=beat, name=f"beat of {component}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(1.0)
        with contextlib.suppress(SQLAlchemyError), office.database.atomic() as session:
            beats.drop(session, component, os.getpid())
