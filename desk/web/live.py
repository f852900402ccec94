"""News for open pages: one look at the database a second for all listeners together, and none when nobody listens.

A listener gets `event: change` when something that a page shows has changed; the page then fetches its own part
again. The news carry no data, so nothing can be missed: the next fetch shows everything.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Hashable

log = logging.getLogger(__name__)
LOOK_SECONDS = 1.0
# A comment line now and then lets both sides notice a connection that died without a word.
QUIET_LOOKS = 15
MOST_LISTENERS = 200


class News:
    """Tells listeners that something changed."""

    def __init__(self, look: Callable[[], Hashable], seconds: float = LOOK_SECONDS) -> None:
        self._look = look
        self._seconds = seconds
        self._listeners: set[asyncio.Event] = set()
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def listener_count(self) -> int:
        """How many pages listen now."""
        return len(self._listeners)

    @property
    def is_full(self) -> bool:
        """Whether no further listener is taken."""
        return self._closed or len(self._listeners) >= MOST_LISTENERS

    async def listen(self) -> AsyncIterator[str]:
        """Yield server-sent events until the listener leaves or the station closes."""
        bell = asyncio.Event()
        self._listeners.add(bell)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._keep_looking(), name="news")
        try:
            yield "retry: 3000\nevent: hello\ndata:\n\n"
            while not self._closed:
                try:
                    await asyncio.wait_for(bell.wait(), self._seconds * QUIET_LOOKS)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                bell.clear()
                if not self._closed:
                    yield "event: change\ndata:\n\n"
        finally:
            self._listeners.discard(bell)

    def close(self) -> None:
        """Send every listener away, at once; called inside the event loop."""
        self._closed = True
        for bell in self._listeners:
            bell.set()
        if self._looking is not None:
            self._looking.cancel()

    async def _keep_looking(self) -> None:
        last: Hashable = None
        while self._listeners and not self._closed:
            try:
                seen = await asyncio.to_thread(self._look)
            except Exception:  # a busy or absent database must not end the news for good
                log.exception("could not look for news")
            else:
                if last is not None and seen != last:
                    for bell in self._listeners:
                        bell.set()
                last = seen
            await asyncio.sleep(self._seconds)
