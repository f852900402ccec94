"""What many viewers ask at once is worked out once: a value that is at most so old, by name."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

Value = TypeVar("Value")
MOST_KEPT = 64


@dataclass
class _Slot:
    lock: threading.Lock = field(default_factory=threading.Lock)
    value: Any = None
    at: float = 0.0
    is_known: bool = False


@dataclass
class Recent:
    """Values by name with their age; who asks while one is being worked out waits for that one."""

    _slots: dict[Hashable, _Slot] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, name: Hashable, seconds: float, make: Callable[[], Value]) -> Value:
        """Return the value of a name, made anew where it is older than so many seconds."""
        with self._lock:
            if len(self._slots) > MOST_KEPT:
                self._slots.clear()
            slot = self._slots.setdefault(name, _Slot())
        with slot.lock:
            now = time.monotonic()  # an age, not a time of day
            if not slot.is_known or now - slot.at > seconds:
                slot.value, slot.is_known = make(), True
                slot.at = time.monotonic()
            value: Value = slot.value
            return value

    def forget(self) -> None:
        """Work everything out anew the next time: somebody just changed something and waits for it."""
        with self._lock:
            self._slots.clear()
