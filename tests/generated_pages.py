"""Made-up Vietnamese administrative pages with exact ground truth, drawn the same way every time.

The letterhead follows Decree 30/2020/ND-CP, Appendix I. A page can be skewed, yellowed, noisy, stamped in
red over its text, signed in blue, 1-bit, and of any resolution; the same `PageSpec` always gives the same
pixels.
"""

from __future__ import annotations

import io
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Literal

import pikepdf
from PIL import Image, ImageDraw, ImageFont

from tests.generated_ink import press_stamp, wear_page
from tests.generated_words import KINDS, OPENINGS, PEOPLE, SENTENCES, SUBJECTS, WARDS

# Liberation Serif, as Debian 12 packs it, lacks most Vietnamese letters; DejaVu has them all.
_FOLDERS = (
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/dejavu",
    "/usr/share/fonts/dejavu-serif-fonts",
)
_FACES = {
    "plain": "DejaVuSerifCondensed.ttf",
    "bold": "DejaVuSerifCondensed-Bold.ttf",
    "italic": "DejaVuSerifCondensed-Italic.ttf",
}
_NARROWER = 0.87  # DejaVu draws larger letters than the Times these pages stand for
Face = Literal["plain", "bold", "italic"]
Region = Literal["letterhead", "body", "footer"]


@dataclass(frozen=True)
class PageSpec:
    """What a made-up page looks like; `skew` in degrees (lines sink to the right), `noise` in grey levels."""

    seed: int = 1
    dpi: int = 200
    skew: float = 0.0
    noise: float = 4.0
    yellow: bool = False
    stamped: bool = False
    one_bit: bool = False
    paragraphs: int = 6
    half: bool = False
    """Only the upper half of an A4 sheet, for quick tests."""


@dataclass(frozen=True)
class TruthLine:
    """One line as printed, with the region it belongs to and whether the stamp lies over it."""

    text: str
    region: Region
    box: tuple[int, int, int, int]
    under_stamp: bool = False


@dataclass(frozen=True)
class GeneratedPage:
    """A drawn page and its ground truth; the letterhead reads row by row, the foot by columns."""

    image: Image.Image
    lines: tuple[TruthLine, ...]
    spec: PageSpec = field(default_factory=PageSpec)

    @property
    def text(self) -> str:
        """The ground truth, a line a row."""
        return "\n".join(row.text for row in self.rows)

    @property
    def rows(self) -> tuple[TruthLine, ...]:
        """Lines joined with those beside them, from top to bottom."""
        return tuple(_join_rows(self.lines))


def draw_page(spec: PageSpec = PageSpec()) -> GeneratedPage:
    """Draw the page of a spec; the same spec gives the same pixels and the same truth."""
    chance = random.Random(spec.seed)
    height = 5.85 if spec.half else 11.69
    size = (round(8.27 * spec.dpi), round(height * spec.dpi))
    pen = _Pen(Image.new("RGB", size, "white"), spec.dpi, [])
    below = _draw_letterhead(pen, chance)
    below = _draw_body(pen, chance, below, size[1] - round((0.4 if spec.half else 2.6) * spec.dpi), spec.paragraphs)
    stamp = None
    if not spec.half:
        stamp = _draw_foot(pen, chance, below + round(0.2 * spec.dpi))
    image, lines = pen.image, tuple(pen.lines)
    if spec.stamped:
        centre = stamp or (round(size[0] * 0.6), round(size[1] * 0.55))
        image, lines = _stamp(image, lines, centre, spec.dpi, signed=stamp is not None)
        second = (round(size[0] * chance.uniform(0.3, 0.7)), round(size[1] * 0.42))
        image, lines = _stamp(image, lines, second, spec.dpi, signed=False)
    worn = wear_page(image, seed=spec.seed, skew=spec.skew, yellow=spec.yellow, noise=spec.noise, one_bit=spec.one_bit)
    return GeneratedPage(worn, lines, spec)


def save_as_pdf(pages: Sequence[GeneratedPage], path: Path, quality: int = 85) -> Path:
    """Write pages as a scanner would: a PDF of one picture a page (JPEG, or CCITT when 1-bit)."""
    pdf = pikepdf.new()
    for page in pages:
        points = (page.image.width * 72 / page.spec.dpi, page.image.height * 72 / page.spec.dpi)
        blank = pdf.add_blank_page(page_size=points)
        blank.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=_embed(pdf, page.image, quality)))
        blank.obj.Contents = pdf.make_stream(f"q {points[0]:.3f} 0 0 {points[1]:.3f} 0 0 cm /Im0 Do Q".encode())
    pdf.save(path)
    return path


def save_as_tiff(pages: Sequence[GeneratedPage], path: Path) -> Path:
    """Write pages as one TIFF of many frames."""
    first, rest = pages[0].image, [page.image for page in pages[1:]]
    compression = "group4" if first.mode == "1" else "tiff_lzw"
    dpi = (pages[0].spec.dpi, pages[0].spec.dpi)
    first.save(path, save_all=True, append_images=rest, compression=compression, dpi=dpi)
    return path


def save_as_jpeg(page: GeneratedPage, path: Path, quality: int = 85) -> Path:
    """Write a page as JPEG with its resolution."""
    page.image.convert("RGB").save(path, "JPEG", quality=quality, dpi=(page.spec.dpi, page.spec.dpi))
    return path


def _embed(pdf: pikepdf.Pdf, image: Image.Image, quality: int) -> pikepdf.Object:
    out = io.BytesIO()
    if image.mode == "1":
        image.save(out, "TIFF", compression="group4", tiffinfo={278: image.height})
        with Image.open(io.BytesIO(out.getvalue())) as tiff:
            start, length = tiff.tag_v2[273][0], tiff.tag_v2[279][0]
            black_is_one = tiff.tag_v2[262] == 1
        stream = pdf.make_stream(out.getvalue()[start : start + length])
        stream.Filter = pikepdf.Name.CCITTFaxDecode
        stream.DecodeParms = pikepdf.Dictionary(K=-1, Columns=image.width, Rows=image.height, BlackIs1=black_is_one)
        stream.ColorSpace, stream.BitsPerComponent = pikepdf.Name.DeviceGray, 1
    else:
        image.save(out, "JPEG", quality=quality)
        stream = pdf.make_stream(out.getvalue())
        stream.Filter = pikepdf.Name.DCTDecode
        stream.ColorSpace = pikepdf.Name.DeviceRGB if image.mode == "RGB" else pikepdf.Name.DeviceGray
        stream.BitsPerComponent = 8
    stream.Type, stream.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    stream.Width, stream.Height = image.size
    return stream


@lru_cache(maxsize=64)
def load_font(face: Face, pixels: int) -> ImageFont.FreeTypeFont:
    """Find a serif font of the system with all Vietnamese letters."""
    for folder in map(Path, _FOLDERS):
        if (folder / _FACES[face]).is_file():
            return ImageFont.truetype(str(folder / _FACES[face]), round(pixels * _NARROWER))
    raise FileNotFoundError("no DejaVu Serif font on this system (Debian: fonts-dejavu-extra)")


@dataclass
class _Pen:
    image: Image.Image
    dpi: int
    lines: list[TruthLine]

    def write(self, text: str, at: tuple[int, int], points: float, face: Face, region: Region, centre: bool) -> int:
        font = load_font(face, round(points * self.dpi / 72))
        wide = round(font.getlength(text))
        left = at[0] - wide // 2 if centre else at[0]
        ImageDraw.Draw(self.image).text((left, at[1]), text, font=font, fill=(22, 22, 26))
        step = round(points * 1.32 * self.dpi / 72)
        self.lines.append(TruthLine(text, region, (left, at[1], wide, step)))
        return at[1] + step


def _draw_letterhead(pen: _Pen, chance: random.Random) -> int:
    wide, inch = pen.image.width, pen.dpi
    kind, sign = chance.choice(KINDS)
    left, right, top = round(wide * 0.27), round(wide * 0.68), round(0.75 * inch)
    ward = chance.choice(WARDS)
    number, day, month = chance.randint(10, 990), chance.randint(1, 28), chance.randint(3, 9)
    y = pen.write("ỦY BAN NHÂN DÂN", (left, top), 12, "plain", "letterhead", True)
    pen.write("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", (right, top), 12, "bold", "letterhead", True)
    row = y
    y = pen.write(f"PHƯỜNG {ward}", (left, row), 12, "bold", "letterhead", True)
    pen.write("Độc lập - Tự do - Hạnh phúc", (right, row), 13, "bold", "letterhead", True)
    rule = y + round(0.05 * inch)
    ImageDraw.Draw(pen.image).line((left - inch // 2, rule, left + inch // 2, rule), fill=(22, 22, 26), width=2)
    ImageDraw.Draw(pen.image).line((right - inch, rule, right + inch, rule), fill=(22, 22, 26), width=2)
    row = y + round(0.18 * inch)
    pen.write(f"Số: {number}/{sign}-UBND", (left, row), 13, "plain", "letterhead", True)
    date = f"Hà Nội, ngày {day:02d} tháng {month:02d} năm 2025"
    y = pen.write(date, (right, row), 13, "italic", "letterhead", True) + round(0.25 * inch)
    y = pen.write(kind, (wide // 2, y), 14, "bold", "body", True)
    return _write_paragraph(pen, chance.choice(SUBJECTS), y, 14, "bold", True) + round(0.12 * inch)


def _draw_body(pen: _Pen, chance: random.Random, y: int, limit: int, paragraphs: int) -> int:
    texts = [chance.choice(OPENINGS)] + [" ".join(chance.sample(SENTENCES, 2)) for _ in range(paragraphs)]
    for text in texts:
        told = text.format(n=chance.randint(11, 98), day=chance.randint(10, 28), month=chance.randint(10, 12))
        if y + round(0.8 * pen.dpi) > limit:
            break
        y = _write_paragraph(pen, told, y, 13.5, "plain", False) + round(0.06 * pen.dpi)
    return y


def _write_paragraph(pen: _Pen, text: str, y: int, points: float, face: Face, centre: bool) -> int:
    font = load_font(face, round(points * pen.dpi / 72))
    left, room = round(1.15 * pen.dpi), round(pen.image.width - 1.85 * pen.dpi)
    indent = 0 if centre else round(0.5 * pen.dpi)
    line: list[str] = []
    for word in [*text.split(), ""]:
        if word and font.getlength(" ".join([*line, word])) <= room - indent:
            line.append(word)
            continue
        at = (pen.image.width // 2, y) if centre else (left + indent, y)
        y, line, indent = pen.write(" ".join(line), at, points, face, "body", centre), [word], 0
    return y


def _draw_foot(pen: _Pen, chance: random.Random, top: int) -> tuple[int, int]:
    left, right, inch = round(1.15 * pen.dpi), round(pen.image.width * 0.7), pen.dpi
    y = pen.write("Nơi nhận:", (left, top), 12, "italic", "footer", False)
    for text in ("- Như Điều 3;", "- Thường trực Đảng ủy;", "- Lưu: VT, VHXH."):
        y = pen.write(text, (left, y), 11, "plain", "footer", False)
    below = pen.write("TM. ỦY BAN NHÂN DÂN", (right, top), 13, "bold", "footer", True)
    below = pen.write("CHỦ TỊCH", (right, below), 13, "bold", "footer", True)
    pen.write(chance.choice(PEOPLE), (right, below + round(0.95 * inch)), 13, "bold", "footer", True)
    return right - round(0.55 * inch), below + round(0.15 * inch)


def _stamp(
    image: Image.Image, lines: tuple[TruthLine, ...], centre: tuple[int, int], dpi: int, signed: bool
) -> tuple[Image.Image, tuple[TruthLine, ...]]:
    radius = round(0.72 * dpi)
    pressed = press_stamp(image, centre, radius, load_font("bold", round(9 * dpi / 72)), dpi, signed)
    return pressed, tuple(_mark(line, centre, radius) for line in lines)


def _mark(line: TruthLine, centre: tuple[int, int], radius: int) -> TruthLine:
    x, y, w, h = line.box
    near_x = min(max(centre[0], x), x + w)
    near_y = min(max(centre[1], y), y + h)
    touched = math.hypot(near_x - centre[0], near_y - centre[1]) <= radius
    return TruthLine(line.text, line.region, line.box, touched or line.under_stamp)


def _join_rows(lines: Sequence[TruthLine]) -> list[TruthLine]:
    """Read the letterhead row by row, the body line by line and the foot column by column, as people do."""
    rows: list[list[TruthLine]] = []
    for line in sorted((one for one in lines if one.region != "footer"), key=lambda one: one.box[1]):
        middle = line.box[1] + line.box[3] / 2
        if rows and middle < rows[-1][0].box[1] + rows[-1][0].box[3] * 0.85:
            rows[-1].append(line)
        else:
            rows.append([line])
    joined = []
    for row in rows:
        row.sort(key=lambda one: one.box[0])
        stamped = any(one.under_stamp for one in row)
        joined.append(TruthLine(" ".join(one.text for one in row), row[0].region, row[0].box, stamped))
    return joined + [one for one in lines if one.region == "footer"]
