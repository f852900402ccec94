"""The searchable copy and the thumbnail: the only writing file that knows pikepdf.

The page's own content and the bytes of its pictures stay as they are; the text is put beneath them,
invisible. The source is never written to, so a signed file keeps its signature and the searchable copy is
another file.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, pdfa
from PIL import Image

from digitize import pdfs, pictures
from digitize.errors import FileError, ReadingError
from digitize.glyphless import ADVANCE, NAME, build_cmap, build_font, number_letters
from digitize.kinds import HEAD_BYTES, tell_kind
from digitize.limits import DEFAULT_LIMITS, Limits
from digitize.matrices import Matrix
from digitize.pages import open_scan
from digitize.picturepdf import PdfPicture, carry_picture
from digitize.reading import PageReading
from digitize.textlayer import ROTATE_AS_ORIENTATION, map_pixels, write_text


@dataclass(frozen=True, slots=True)
class Layered:
    """What a searchable copy became: PDF/A-2b, checked after writing, or not, and which rules broke."""

    pdfa: bool
    why: tuple[str, ...]


def write_searchable(
    source: Path | str, pages: Iterable[PageReading], target: Path | str, limits: Limits = DEFAULT_LIMITS
) -> Layered:
    """Write a searchable copy of a scan: its pages untouched, the words read lying invisibly in place.

    PDF/A-2b where the written file passes; otherwise a plain PDF, with the reasons. Raises `FileError`.
    """
    source, target, read = Path(source), Path(target), list(pages)
    with _open_copy(source, limits) as pdf:
        _add_text(pdf, read, limits)
        try:
            pdfa.save(pdf, target, "2b")
            return Layered(True, ())
        except pdfa.PdfaError as refused:
            why = _list_rules(refused)
        except Exception as failed:  # the check reads hostile structures: its own errors are reasons too
            why = (f"check-failed:{type(failed).__name__}",)
    with _open_copy(source, limits) as pdf:  # afresh, because preparing for PDF/A has changed the first copy
        _add_text(pdf, read, limits)
        try:
            pdf.save(target)
        except Exception as broken:
            raise FileError("pdf-broken", detail=f"{type(broken).__name__}: {broken}"[:200]) from broken
    return Layered(False, why)


def _list_rules(refused: Exception) -> tuple[str, ...]:
    report = getattr(refused, "report", None)
    found = [str(finding.rule) for finding in getattr(report, "findings", [])]
    return tuple(sorted(set(found)))[:20] or (type(refused).__name__,)


def _open_copy(source: Path, limits: Limits) -> pikepdf.Pdf:
    with source.open("rb") as stream:
        kind = tell_kind(stream.read(HEAD_BYTES))
    return pdfs.open_pdf(source, limits) if kind == "pdf" else _bind_pictures(source, limits)


def _bind_pictures(source: Path, limits: Limits) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    with open_scan(source, limits) as scan, pictures.open_picture(source, scan.kind) as image:
        for number in range(1, scan.count + 1):
            page = scan.page(number)
            if scan.kind == "tiff":
                image.seek(number - 1)
            orientation = pictures.read_orientation(image)
            try:
                carried = carry_picture(image, source, number - 1)
            except ReadingError:
                pdf.add_blank_page(page_size=_size_page(page.width, page.height, page.dpi))
                continue
            _add_picture_page(pdf, carried, orientation, page.dpi)
    return pdf


def _add_picture_page(pdf: pikepdf.Pdf, carried: PdfPicture, orientation: int, dpi: float) -> None:
    wide, high = _size_page(carried.width, carried.height, dpi)
    if pictures.is_sideways(orientation):
        wide, high = high, wide
    # The unit square of the stored picture, turned and stretched to the page the way a viewer shows it.
    back = map_pixels(1, 1, orientation, (1, 0, 0, 1, 0, 0))
    unit = _invert_unit(back)
    a, b, c, d, e, f = unit
    matrix = (a * wide, b * high, c * wide, d * high, e * wide, f * high)
    page = pdf.add_blank_page(page_size=(wide, high))
    page.obj.Resources = Dictionary(XObject=Dictionary(Scan=_make_image(pdf, carried)))
    drawn = "q " + " ".join(f"{v:.4f}" for v in matrix) + " cm /Scan Do Q"
    page.obj.Contents = pdf.make_stream(drawn.encode("ascii"))


def _size_page(width: int, height: int, dpi: float) -> tuple[float, float]:
    """Give the size of a page in points, within what PDF allows (ISO 32000-1, Annex C: 3 to 14 400 units)."""
    wide, high = (min(14_400.0, max(3.0, side * 72 / dpi)) for side in (width, height))
    return wide, high


def _invert_unit(shown_to_stored: Matrix) -> Matrix:
    """Turn "page as shown to stored picture" into "stored picture to page", both unit squares."""
    a, b, c, d, e, f = shown_to_stored
    det = a * d - b * c
    p, q, r, s = d / det, -b / det, -c / det, a / det
    t, u = -(e * p + f * r), -(e * q + f * s)
    return (p, -q, r, -s, t, 1 - u)


def _make_image(pdf: pikepdf.Pdf, carried: PdfPicture) -> pikepdf.Object:
    stream = pdf.make_stream(carried.data)
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height, stream.BitsPerComponent = carried.width, carried.height, carried.bits
    stream.Filter = Name("/" + carried.filter)
    if carried.space == "Indexed":
        last = len(carried.palette) // 3 - 1
        stream.ColorSpace = Array([Name.Indexed, Name.DeviceRGB, last, pikepdf.String(carried.palette)])
    else:
        stream.ColorSpace = Name("/" + carried.space)
    if carried.parms:
        stream.DecodeParms = Dictionary({f"/{key}": value for key, value in carried.parms.items()})
    if carried.decode:
        stream.Decode = Array(list(carried.decode))
    return stream


def _add_text(pdf: pikepdf.Pdf, read: Sequence[PageReading], limits: Limits) -> None:
    with_text = [one for one in read if any(not w.drawn for w in one.words) and one.number <= len(pdf.pages)]
    if not with_text:
        return
    codes = number_letters(word.text for one in with_text for word in one.words)
    font = _make_font(pdf, codes)
    for one in with_text:
        facts = pdfs.find_facts(pdf, one.number, limits)
        if facts.cover is not None:
            frame = map_pixels(one.width, one.height, facts.cover.orientation, facts.cover.matrix)
        else:
            left, bottom, right, top = facts.box
            unit = (right - left, 0.0, 0.0, top - bottom, left, bottom)
            frame = map_pixels(one.width, one.height, ROTATE_AS_ORIENTATION[facts.rotate], unit)
        page = pdf.pages[one.number - 1]
        page.add_resource(font, Name.Font, Name.LuutruText, replace_existing=True)
        size = (one.width, one.height)
        written = write_text(one.words, frame, size, one.rotation, one.skew, codes)
        page.contents_add(written, prepend=True)


def _make_font(pdf: pikepdf.Pdf, codes: dict[str, int]) -> pikepdf.Object:
    program = pdf.make_stream(build_font())
    program.Length1 = len(build_font())
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name("/" + NAME),
        Flags=4,
        FontBBox=Array([0, -200, ADVANCE, 800]),
        ItalicAngle=0,
        Ascent=800,
        Descent=-200,
        CapHeight=700,
        StemV=80,
        FontFile2=program,
    )
    to_glyph = b"\0\0" + b"\0\1" * len(codes)
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name("/" + NAME),
        DW=ADVANCE,
        CIDSystemInfo=Dictionary(Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        CIDToGIDMap=pdf.make_stream(to_glyph),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/" + NAME),
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_stream(build_cmap(codes)),
        )
    )


def write_thumbnail(
    source: Path | str, target: Path | str, longest_side: int = 320, limits: Limits = DEFAULT_LIMITS
) -> None:
    """Write a WebP thumbnail of the first page; a JPEG is decoded only as finely as the thumbnail needs."""
    with open_scan(source, limits) as scan:
        page = scan.page(1)
        kept = page.jpeg()
        image = pictures.open_draft(kept, longest_side) if kept is not None else page.picture()
    image.thumbnail((longest_side, longest_side), Image.Resampling.BICUBIC, reducing_gap=2.0)
    image.save(Path(target), "WEBP", quality=75, method=4)
