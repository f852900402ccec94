"""Page images for browsers: drawn once in a bounded process of their own, then kept beside the other derived files."""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from archive import durable
from archive.errors import ArchiveError
from archive.vault import Vault

# Longest sides in pixels; 0 is the stored image itself. A closed list, so that nobody can fill the disk with sizes.
SIDES = {"thumb": 240, "small": 1100, "large": 2200, "full": 0}
PAINT_SECONDS = 40.0
QUEUE_SECONDS = 30.0
ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Picture:
    """An image file that a browser can show."""

    path: Path
    media_type: str


@dataclass
class Pictures:
    """Draws page images with at most `painters` processes at a time, and remembers them in `folder`."""

    folder: Path
    painters: int = 2
    seconds: float = PAINT_SECONDS
    _idle: list[subprocess.Popen[str]] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _free: threading.BoundedSemaphore = field(init=False)
    _closed: bool = False

    def __post_init__(self) -> None:
        self._free = threading.BoundedSemaphore(self.painters)

    def of_page(self, vault: Vault, sha256: str, number: int, size: str) -> Picture:
        """Return the image of a page in one of the SIDES.

        Raises ArchiveError "picture-busy", "picture-timeout", "picture-failed" or the code of the reading.
        """
        stem = self.folder / sha256[:2] / sha256 / f"{number}-{size}"
        if (known := _kept(stem)) is not None:
            return known
        if not self._free.acquire(timeout=QUEUE_SECONDS):
            raise ArchiveError("picture-busy", seconds=QUEUE_SECONDS)
        try:
            # The one who waited may find that the one before drew the same page.
            if (known := _kept(stem)) is not None:
                return known
            with vault.path(sha256) as source:
                return self._draw(source, number, SIDES[size], stem)
        finally:
            self._free.release()

    def close(self) -> None:
        """End the painters."""
        self._closed = True
        with self._lock:
            while self._idle:
                _end(self._idle.pop())

    def _draw(self, source: Path, number: int, side: int, stem: Path) -> Picture:
        stem.parent.mkdir(parents=True, exist_ok=True)
        # Named for this thread: two stations may share a derived folder.
        target = stem.with_name(f".{stem.name}.{os.getpid()}.{threading.get_ident()}.part")
        order = {"path": str(source), "number": number, "side": side or None, "target": str(target)}
        try:
            answer = self._ask(order)
            if "code" in answer:
                raise ArchiveError(answer["code"], **answer["facts"])
            final = stem.with_suffix(".jpg" if answer["media_type"] == "image/jpeg" else ".webp")
            target.replace(final)
        finally:
            target.unlink(missing_ok=True)
        return Picture(final, answer["media_type"])

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        with self._painter() as painter:
            assert painter.stdin is not None
            assert painter.stdout is not None
            try:
                painter.stdin.write(json.dumps(order) + "\n")
                painter.stdin.flush()
                ready, _, _ = select.select([painter.stdout], [], [], self.seconds)
                line = painter.stdout.readline() if ready else None
            except OSError:
                line = ""
            if not line:
                _end(painter)
                code = "picture-timeout" if line is None else "picture-failed"
                raise ArchiveError(code, seconds=self.seconds, detail="")
            answer: dict[str, Any] = json.loads(line)
            return answer

    @contextlib.contextmanager
    def _painter(self) -> Iterator[subprocess.Popen[str]]:
        with self._lock:
            painter = self._idle.pop() if self._idle else None
        if painter is None or painter.poll() is not None:
            painter = subprocess.Popen(
                [sys.executable, "-m", "desk.web.painter"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=ROOT,
                text=True,
            )
        try:
            yield painter
        finally:
            with self._lock:
                if painter.poll() is None and not self._closed:
                    self._idle.append(painter)
                else:
                    _end(painter)


def prepare(folder: Path) -> Path:
    """Create and return the folder for page images inside the derived folder."""
    durable.make_folder(folder / "pages")
    return folder / "pages"


def _kept(stem: Path) -> Picture | None:
    for suffix, media_type in ((".webp", "image/webp"), (".jpg", "image/jpeg")):
        if (path := stem.with_suffix(suffix)).is_file():
            return Picture(path, media_type)
    return None


def _end(painter: subprocess.Popen[str]) -> None:
    painter.kill()
    painter.wait()
    for pipe in (painter.stdin, painter.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
