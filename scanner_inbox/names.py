"""What a file's name says: its station, how it is shown to people, and whether some program is still writing it.

A name is raw bytes, as Linux has it. It is never trusted: what is shown has no control characters and no marks that
turn the direction of writing, and what is not UTF-8 is shown as \\xNN.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

DEFAULT_STATION = "inbox"
LONGEST_NAME = 255
LONGEST_STATION = 255

# Left by Windows, macOS and storage boxes in every shared folder: they are nobody's documents.
_LITTER = {b"thumbs.db", b"ehthumbs.db", b"desktop.ini", b".ds_store", b".directory"}
_LITTER_FOLDERS = {b"@eadir", b"$recycle.bin", b"system volume information", b".trashes", b".fseventsd", b"#recycle"}
_TEMPORARY_ENDS = (b".part", b".tmp", b".temp", b".crdownload", b".filepart", b".partial", b".!ut", b".download")
_TEMPORARY_STARTS = (b".", b"~$", b"._", b"~")


@dataclass(frozen=True, slots=True)
class Named:
    """The station a file came from and its name as text for people."""

    station: str
    name: str


def read_path(path: bytes) -> Named:
    """Return station and shown name of a path relative to the inbox: the first folder names the station."""
    parts = path.split(b"/")
    station = show(parts[0])[:LONGEST_STATION] if len(parts) > 1 else DEFAULT_STATION
    return Named(station, show(b"/".join(parts[1:]) if len(parts) > 1 else path))


def show(raw: bytes) -> str:
    """Return raw bytes as readable NFC text; controls, direction marks and undecodable bytes become visible."""
    text = raw.decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", "".join(_visible(letter) for letter in text))


def is_litter(path: bytes) -> bool:
    """Tell whether this is a leftover of an operating system, not a document."""
    *folders, name = path.lower().split(b"/")
    return name in _LITTER or any(each in _LITTER_FOLDERS or each.startswith(b".trash") for each in folders)


def is_temporary(path: bytes) -> bool:
    """Tell whether the name says that a program is still writing the file."""
    name = path.rsplit(b"/", 1)[-1].lower()
    return name.endswith(_TEMPORARY_ENDS) or name.startswith(_TEMPORARY_STARTS)


def file_name(path: bytes) -> bytes:
    """Return the last part of a path."""
    return path.rsplit(b"/", 1)[-1]


def safe_folder(station: str) -> str:
    """Return a station's name as one folder name below done or set-aside: no separators, no dots only, 80 letters."""
    cleaned = "".join("_" if letter in "/\\\0:" else letter for letter in station).strip(". ") or "_"
    while len(cleaned.encode()) > 200:
        cleaned = cleaned[:-1]
    return cleaned


def _visible(letter: str) -> str:
    if unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}:
        return f"\\u{ord(letter):04x}"
    return letter
