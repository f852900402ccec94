"""Pages that have to be drawn, and text a PDF holds: the only file that knows poppler."""

from __future__ import annotations

import html
import re
import subprocess
import tempfile
from pathlib import Path

import pdf2image
from pdf2image import exceptions
from PIL import Image

from digitize.errors import PageError
from digitize.text import Word, mend_text

_TEXT_BYTES = 16 * 1024**2
_LAYOUT = re.compile(
    r"<(?P<part>block|line) "
    r'|<word xMin="(?P<x0>-?\d{1,7}\.\d+)" yMin="(?P<y0>-?\d{1,7}\.\d+)"'
    r' xMax="(?P<x1>-?\d{1,7}\.\d+)" yMax="(?P<y1>-?\d{1,7}\.\d+)">(?P<text>[^<]{0,2000})</word>'
)


def draw_page(path: Path, number: int, size: tuple[int, int], seconds: float) -> Image.Image:
    """Draw page `number` (from 1) of a PDF, turned as viewers show it, to exactly (width, height) pixels."""
    try:
        drawn = pdf2image.convert_from_path(
            path,
            first_page=number,
            last_page=number,
            size=size,
            fmt="ppm",
            thread_count=1,
            timeout=max(1, int(seconds)),
            use_cropbox=True,
        )
    except exceptions.PDFPopplerTimeoutError as late:
        raise PageError("page-timeout", seconds=seconds, step="draw") from late
    except exceptions.PDFInfoNotInstalledError as absent:
        raise PageError("poppler-missing") from absent
    except Exception as broken:  # pdf2image lets parser errors of hostile files through
        raise PageError("page-broken", detail=f"{type(broken).__name__}: {broken}"[:200]) from broken
    if not drawn:
        raise PageError("page-broken", detail="nothing was drawn")
    return drawn[0]


def extract_words(path: Path, number: int, seconds: float) -> list[Word]:
    """Read the text a PDF page holds: its words with boxes in thousandths of a point.

    Boxes are turned as viewers show the page, origin top left. Nothing is raised for a page without text.
    """
    with tempfile.TemporaryFile() as kept:
        command = [
            "pdftotext",
            "-bbox-layout",
            "-cropbox",
            "-enc",
            "UTF-8",
            "-f",
            str(number),
            "-l",
            str(number),
        ]
        try:
            subprocess.run(
                [*command, str(path), "-"],
                stdin=subprocess.DEVNULL,
                stdout=kept,
                stderr=subprocess.DEVNULL,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as late:
            raise PageError("page-timeout", seconds=seconds, step="text") from late
        except FileNotFoundError as absent:
            raise PageError("poppler-missing") from absent
        kept.seek(0)
        return _parse_layout(kept.read(_TEXT_BYTES))


def _parse_layout(data: bytes) -> list[Word]:
    words, line, block = list[Word](), -1, -1
    for found in _LAYOUT.finditer(data.decode("utf-8", "replace")):
        if found["part"]:
            block, line = (block + 1, line) if found["part"] == "block" else (block, line + 1)
        elif text := mend_text(html.unescape(found["text"])).strip():
            left, top, right, bottom = (float(found[k]) for k in ("x0", "y0", "x1", "y1"))
            box = (left, top, right - left, bottom - top)
            whole = tuple(round(v * 1000) for v in box)
            words.append(Word(text, (whole[0], whole[1], whole[2], whole[3]), 100.0, max(line, 0), max(block, 0), True))
    return words
