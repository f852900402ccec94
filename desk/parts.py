"""Which processes a station consists of, and how each is started; values only."""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from archive.settings import Settings

# The page and the watcher come first: on two cores, seven programs that load at once keep each other waiting.
LATER_SECONDS = 1.5
# A part that stayed up this long was healthy: its next start is not delayed.
HEALTHY_SECONDS = 60.0
FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0
# Reading takes all that is left of the processor; whoever waits for a page is served first.
READERS_STEP_BACK = 10


@dataclass(frozen=True)
class Part:
    """One process of the station: its name in logs, beats and `status`, its command line, and when it first starts.

    `steps_back` is by how much it and its helpers leave the processor to others (nice values).
    """

    name: str
    command: tuple[str, ...]
    hands_socket: bool = False
    is_secured: bool = False
    after_seconds: float = 0.0
    steps_back: int = 0


def parts_of(settings: Settings, lang: str) -> tuple[Part, ...]:
    """List the processes of a station: the page, the watcher, the reading workers and the minute tick."""

    def command(*words: str) -> tuple[str, ...]:
        return command_of(settings, lang, *words)

    readers = (f"reader-{number}" for number in range(1, settings.worker_count + 1))
    return (
        Part("web", command("web"), hands_socket=True),
        *(
            (Part("web-https", command("web", "--https"), hands_socket=True, is_secured=True),)
            if is_secured(settings)
            else ()
        ),
        Part("watcher", command("watch")),
        *(
            Part(name, command("read", "--name", name), after_seconds=LATER_SECONDS, steps_back=READERS_STEP_BACK)
            for name in readers
        ),
        Part("tick", command("tick"), after_seconds=LATER_SECONDS),
    )


def is_secured(settings: Settings) -> bool:
    """Tell whether the pages are served over HTTPS too: where the settings say so, and beyond this computer."""
    return settings.https == "on" or (settings.https == "auto" and not is_loopback(settings.host))


def is_loopback(host: str) -> bool:
    """Tell whether an address or name that a server binds to can be reached from this computer only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def command_of(settings: Settings, lang: str, *words: str) -> tuple[str, ...]:
    """Return the command line that runs a sub-command on the same home."""
    return (sys.executable, "-m", "desk", *words, "--home", str(settings.home), "--lang", lang)


def delay_before_restart(lived_seconds: float, last_delay: float) -> float:
    """Return how many seconds to wait before a part is started again: it doubles while the part keeps dying early."""
    if lived_seconds >= HEALTHY_SECONDS or last_delay <= 0:
        return FIRST_DELAY
    return min(last_delay * 2, LONGEST_DELAY)


def folder_of_program() -> Path:
    """Return the folder the packages lie in; the parts are started there."""
    return Path(__file__).resolve().parent.parent


def listed(parts: Sequence[Part]) -> str:
    """Return the names of parts in one line."""
    return ", ".join(part.name for part in parts)
