"""An office whose inbox is swept by hand, and files to drop into it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from PIL import Image
from sqlmodel import select

from archive.arrivals import Balance
from archive.clock import HandClock
from archive.tables import Arrival, Scan
from archive.vault import Reach, pass_by
from desk.intaking import Desk, sweeper_of, taking_in
from desk.office import Office
from desk.standing import balance_of
from scanner_inbox.sweeping import Report, Sweeper


def make_pdf(mark: str = "1", pages: int = 1) -> bytes:
    """Return a small whole PDF; another mark gives other bytes."""
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(200, 200))
    pdf.docinfo["/Title"] = mark
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def make_tiff(frames: int = 1, shade: int = 0) -> bytes:
    """Return a multi-page TIFF."""
    images = [Image.new("L", (40, 40), (shade + number) % 256) for number in range(frames)]
    out = io.BytesIO()
    images[0].save(out, "TIFF", save_all=True, append_images=images[1:])
    return out.getvalue()


def make_image(kind: str, shade: int = 10) -> bytes:
    """Return a small whole image of a kind Pillow can write."""
    out = io.BytesIO()
    Image.effect_noise((120, 90), 30 + shade).convert("RGB").save(out, kind)
    return out.getvalue()


@dataclass
class Inbox:
    """The inbox of an office on a hand-set clock."""

    office: Office
    desk: Desk
    sweeper: Sweeper

    @property
    def folder(self) -> Path:
        """The inbox folder."""
        return self.office.settings.inbox_folder

    @property
    def clock(self) -> HandClock:
        """The hand-set clock."""
        assert isinstance(self.office.clock, HandClock)
        return self.office.clock

    def drop(self, name: str, data: bytes) -> Path:
        """Put a file into the inbox in one step, as a scanner that renames does."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    def settle(self, seconds: float = 6.0) -> Report:
        """Sweep, let the stability delay pass, and sweep again."""
        self.sweeper.sweep()
        self.clock.sleep(seconds)
        return self.sweeper.sweep()

    def balance(self) -> Balance:
        """Return the balance as `status` shows it."""
        return balance_of(self.office)

    def arrivals(self) -> list[Arrival]:
        """Return every arrival, oldest first."""
        with self.office.database.reading() as session:
            return list(session.execute(select(Arrival).order_by("id")).scalars())

    def scans(self) -> list[Scan]:
        """Return every scan, oldest first."""
        with self.office.database.reading() as session:
            return list(session.execute(select(Scan).order_by("id")).scalars())

    def kept(self) -> set[bytes]:
        """Return the bytes of everything in the vault."""
        return {self.office.vault.open(sha256).read() for sha256 in self.office.vault.names()}

    def aside(self) -> dict[str, bytes]:
        """Return station/name → bytes of what stands in the set-aside folder, without slips."""
        folder = self.office.settings.aside_folder
        found = [path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".slip.txt")]
        return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@contextmanager
def inbox_of(office: Office, reach: Reach = pass_by) -> Iterator[Inbox]:
    """Give the inbox of an office; its examining process ends with the block."""
    with taking_in(office, reach) as desk:
        yield Inbox(office, desk, sweeper_of(office, desk))
