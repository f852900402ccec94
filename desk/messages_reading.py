"""What reading can find: why a file or page could not be read, and why a person should look at one that was."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.exits import Exit
from desk.message import Message

READING: Mapping[str, Message] = {
    "pikepdf": Message("The file breaks a rule of PDF/A: {detail}", "", ""),
    "pdf-encrypted": Message(
        "The PDF is locked with a password.",
        "Nothing can be read from it without that password.",
        "Save it again without a password (or scan the paper again) and drop it in the inbox.",
    ),
    "pdf-broken": Message(
        "The PDF is damaged.",
        "Its structure cannot be followed: {detail}",
        "Scan the paper again, or get the file again from where it came.",
    ),
    "image-broken": Message(
        "The image is damaged or incomplete.",
        "It cannot be decoded whole: {detail}",
        "Scan the paper again, or get the file again from where it came.",
    ),
    "page-broken": Message(
        "A page is damaged.",
        "It cannot be drawn: {detail}",
        "Scan this page again.",
    ),
    "empty": Message(
        "The file is empty.",
        "It has no bytes at all.",
        "Scan the paper again.",
    ),
    "foreign": Message(
        "This is not a scan.",
        "The station takes PDF, JPEG, PNG, TIFF, BMP, WebP and HEIC; this file's content is none of them.",
        "Save it as PDF and drop that in the inbox, or take the file away.",
    ),
    "unreadable": Message(
        "The file cannot be opened.",
        "The system answered: {detail}",
        "Give the user who runs the station the right to read it, then have it tried again.",
    ),
    "too-large": Message(
        "The file is too large: {bytes}.",
        "The limit is {limit}.",
        "Split it into smaller files, or raise max_file_mb in the settings and have it tried again.",
    ),
    "too-many-pages": Message(
        "The file has too many pages: {pages}.",
        "The limit is {limit}.",
        "Split it into smaller files, or raise max_pages in the settings and have it tried again.",
    ),
    "too-many-pixels": Message(
        "A picture is too large to be opened safely: {pixels} pixels.",
        "The limit is {limit}.",
        "Scan at 200 or 300 dpi, or raise max_page_megapixels in the settings and have it tried again.",
    ),
    "page-content-too-large": Message(
        "A page's content is too large: {bytes}.",
        "The limit is {limit}.",
        "Print it to a new PDF or scan the paper, and drop that in the inbox.",
    ),
    "page-absent": Message(
        "There is no page {page} in the file.",
        "It has {pages} pages.",
        "Ask for one of those.",
        Exit.NOT_FOUND,
        404,
    ),
    "page-timeout": Message(
        "Reading a page took too long.",
        "It was given up after {seconds} (step: {step}).",
        "Have it tried again when the computer is less busy, or raise page_seconds in the settings.",
    ),
    "page-memory": Message(
        "Reading a page needed too much memory.",
        "It was given up at the limit page_memory_mb.",
        "Scan it at 200 or 300 dpi, or raise page_memory_mb in the settings and have it tried again.",
    ),
    "engine-missing": Message(
        "The reading program Tesseract was not found.",
        "Looked for in: {tried}",
        "Install it with: sudo apt-get install tesseract-ocr tesseract-ocr-vie",
        Exit.NOT_READY,
        503,
    ),
    "engine-crash": Message(
        "The reading program ended by itself on a page.",
        "It said: {detail}",
        "Press Retry; if it happens again, scan the page again.",
    ),
    "language-missing": Message(
        "The language data {language} of the reading program was not found.",
        "Without it no Vietnamese text can be read.",
        "Install it with: sudo apt-get install tesseract-ocr-vie",
        Exit.NOT_READY,
        503,
    ),
    "poppler-missing": Message(
        "The program pdftoppm was not found.",
        "PDF pages that are not one picture cannot be drawn without it.",
        "Install it with: sudo apt-get install poppler-utils",
        Exit.NOT_READY,
        503,
    ),
    "failed": Message(
        "This page could not be read.",
        "",
        "Look at the page and press Retry, or scan it again.",
    ),
    "blank": Message(
        "The page is blank.",
        "Almost nothing on it is darker than the paper.",
        "If something should be there, scan the page again.",
    ),
    "no-text": Message(
        "There is ink on the page but no text was found.",
        "It may be a picture, a stamp or handwriting.",
        "Look at the page.",
    ),
    "faint": Message(
        "The page is faint.",
        "Its contrast is {contrast}; below {bound} letters get lost.",
        "Scan it again darker, or check the text by eye.",
    ),
    "low-confidence": Message(
        "The text was read with little confidence: {confidence} of 100.",
        "Below {bound} many words are likely to be wrong.",
        "Check the text by eye, or scan the page again.",
    ),
    "low-resolution": Message(
        "The page has only {dpi} dpi.",
        "The rules ask for 200 dpi, and fine print and accents get lost below that (bound here: {bound}).",
        "Scan the page again at 200 dpi or more.",
    ),
    "skewed": Message(
        "The page lies too crooked: {degrees}°.",
        "Beyond {bound}° it cannot be straightened safely.",
        "Scan the page again, straight.",
    ),
    "cut-off": Message(
        "Something is cut off at the edge: {edges}",
        "Ink runs over the edge of the picture.",
        "Scan the page again, with its whole edge.",
    ),
    "mostly-handwriting": Message(
        "Most of the page looks like handwriting.",
        "Handwriting is read wrong more often than right.",
        "Check the text by eye.",
    ),
    "turned": Message(
        "The page lies turned and was read the right way up.",
        "",
        "Nothing to do; turn the paper next time if you can.",
    ),
    "layer-unreadable": Message(
        "The text inside the PDF was not usable, so the page was read from its picture.",
        "Its letters do not make Vietnamese words; old font encodings do that.",
        "Nothing to do.",
    ),
    "layer-partial": Message(
        "Only part of the page had text inside the PDF.",
        "The page was read from its picture.",
        "Nothing to do.",
    ),
}
