"""Stacks of paper as a scanner hands them over: cover sheets drawn by the labels and rasterised, pages, blank backs."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw

from archive.refs import Kind
from labels.cover import Cover, draw_covers
from labels.geometry import Printer
from tests.generated_pages import load_font
from tests.labels.raster import rasterise

DPI = 150
SIZE = (1240, 1754)


@cache
def cover_sheet(label: str, kind: Kind = Kind.DOSSIER, title: str = "Hồ sơ đất đai") -> Image.Image:
    """Return a printed cover sheet as a scanner sees it: grey, A4, at 150 dpi."""
    out = io.BytesIO()
    cover = Cover(kind, label, "UBND phường Hàng Bạc", title, (("Số tờ", "12"),), ("Đặt trước hồ sơ.",))
    draw_covers([cover], Printer(), "luutru.local", out)
    return rasterise(out.getvalue(), DPI)[0].resize(SIZE)


def leaf(words: str) -> Image.Image:
    """Return a page with its words in large print, ruled like a form so that it is never taken for blank."""
    page = Image.new("L", SIZE, 255)
    pen = ImageDraw.Draw(page)
    pen.text((150, 300), words, fill=0, font=load_font("plain", 44))
    for line in range(500, 1500, 100):
        pen.line((150, line, 1090, line), fill=0, width=3)
    return page


def blank() -> Image.Image:
    """Return an empty page."""
    return Image.new("L", SIZE, 250)


def crooked(page: Image.Image, degrees: float) -> Image.Image:
    """Return a page that went through the feeder turned by so many degrees."""
    return page.rotate(degrees, fillcolor=255, resample=Image.Resampling.BICUBIC)


def both_sides(fronts: Sequence[Image.Image]) -> list[Image.Image]:
    """Return what a scanner of both sides gives: after each front its blank back."""
    return [side for front in fronts for side in (front, blank())]


def save_pdf(pages: Sequence[Image.Image], path: Path) -> Path:
    """Write pages as the PDF of one scanner run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pages[0].save(path, "PDF", save_all=True, append_images=list(pages[1:]), resolution=DPI, quality=80)
    return path
