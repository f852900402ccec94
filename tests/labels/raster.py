"""Pages of a PDF as a printer or a scanner would have them, and the words poppler finds on them."""

from __future__ import annotations

import html
import re
import subprocess
import tempfile
from pathlib import Path

from PIL import Image

from labels.geometry import MM_PER_POINT, Box

_WORD = re.compile(r'<word xMin="([^"]+)" yMin="([^"]+)" xMax="([^"]+)" yMax="([^"]+)">(.*?)</word>')


def rasterise(pdf: bytes, dpi: int, mono: bool = False) -> list[Image.Image]:
    """Return the pages as grey images; `mono` makes every dot black or white first, as a label printer does."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["pdftoppm", "-r", str(dpi), "-mono" if mono else "-gray", "-", f"{folder}/page"]
        subprocess.run(command, input=pdf, check=True, capture_output=True, timeout=300)
        return [Image.open(path).convert("L") for path in sorted(Path(folder).iterdir())]


def words_on(pdf: bytes) -> list[tuple[str, Box]]:
    """Return every word of the first page with its box in mm."""
    told = subprocess.run(
        ["pdftotext", "-bbox", "-l", "1", "-", "-"], input=pdf, check=True, capture_output=True, timeout=60
    ).stdout.decode()
    words = []
    for found in _WORD.finditer(told):
        left, top, right, bottom = (float(each) * MM_PER_POINT for each in found.groups()[:4])
        words.append((html.unescape(found[5]), Box(left, top, right - left, bottom - top)))
    return words
