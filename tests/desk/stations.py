"""A station with made-up scans for tests of its pages: rows saved directly, page images drawn small."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass

from PIL import Image, ImageDraw

from archive import pages, scans
from archive.pages import WordBox
from archive.refs import new_public_id
from archive.tables import Arrival, Page
from desk.office import Office

WIDTH, HEIGHT = 800, 1100
HOSTILE = "<script>alert(1)</script>\u202egpj.pdf"
TEXT = "Quyết định về việc cấp giấy khai sinh <b>số</b> 123/QĐ-UBND"


@dataclass(frozen=True)
class Made:
    """What the pages can be asked for."""

    scan: str
    arrival: str
    aside: str


def draw(text: str = TEXT) -> bytes:
    """Return a small PDF of two equal pages."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    canvas = ImageDraw.Draw(image)
    for index in range(len(text.split())):
        canvas.rectangle(word_area(index), fill=(60, 60, 60))
    out = io.BytesIO()
    image.save(out, "PDF", save_all=True, append_images=[image.copy()])
    return out.getvalue()


def word_area(index: int) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of a word on the drawn page."""
    left, top = 80 + (index % 4) * 160, 120 + (index // 4) * 60
    return left, top, left + 120, top + 30


def box_words(text: str) -> list[WordBox]:
    """Return the words of a text with the boxes they are drawn at."""
    return [
        WordBox(word, *word_area(index)[:2], 120, 30, 91.0, index // 4, 0) for index, word in enumerate(text.split())
    ]


def fill(office: Office, *, name: str = "Quyết định 12.pdf", text: str = TEXT, finish: bool = True) -> Made:
    """Put one read scan, its arrival and one file that was set aside into a station."""
    now = office.clock.now()
    held = office.vault.hold(io.BytesIO(draw(text) + name.encode()))
    office.vault.keep(held)
    kept = office.settings.aside_folder / "trạm 1" / f"{held.sha256[:8]}.pdf"
    kept.parent.mkdir(exist_ok=True)
    kept.write_bytes(b"%PDF-1.4")
    with office.database.atomic() as session:
        scan = scans.receive(
            session, sha256=held.sha256, size=held.size, kind="pdf", name=name, station="trạm 1", now=now
        )
        rows = [
            Arrival(
                public_id=new_public_id(),
                station="trạm 1",
                name=name if state == "stored" else HOSTILE,
                path=f"{new_public_id()}".encode(),
                state=state,
                reason=reason,
                facts={"detail": "startxref"} if reason else {},
                size=held.size,
                first_seen=now,
                changed_at=now,
                settled_at=now,
                sha256=held.sha256 if state == "stored" else None,
                scan_id=scan.id if state == "stored" else None,
                cleared=True,
                kept_path=os.fsencode(kept) if state == "set_aside" else None,
            )
            for state, reason in (("stored", None), ("set_aside", "pdf-broken"))
        ]
        session.add_all(rows)
        session.flush()
        made = Made(scan.public_id, rows[0].public_id, rows[1].public_id)
    claim = scans.claim(office.database, "test", now, 3600)
    assert claim
    with office.database.atomic() as session:
        scans.note_facts(session, claim, page_count=2)
        for number in (1, 2):
            page = Page(
                scan_id=0,
                number=number,
                width=WIDTH,
                height=HEIGHT,
                dpi=100,
                source="ocr",
                text=text,
                confidence=91.0,
                reasons=[{"code": "low-confidence", "facts": {"confidence": 41}}] if number == 2 else [],
                wants_eyes=number == 2,
                seconds=1.5,
                read_at=now,
            )
            if number == 1 or finish:
                pages.save(session, claim, page, box_words(text))
        if finish:
            scans.finish(session, claim, state=scans.READ, now=now, layered="pdf", layered_why=[])
    return made
