"""Entries about what people decide of scans: filing pages under a dossier by hand, checking and approving.

A scan is named by its SHA-256. What is filed by cover sheets and names can be told again from the scans themselves and
stands in no entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class ScansFiled:
    """A person filed pages `first` to `last` (0: to the end) of a scan under a dossier."""

    KIND: ClassVar[str] = "scans-filed"
    scan: str
    first: int
    last: int
    dossier: str


@dataclass(frozen=True)
class ScansUnfiled:
    """A person took pages of a scan away from a dossier, "" where they had none."""

    KIND: ClassVar[str] = "scans-unfiled"
    scan: str
    first: int
    last: int
    dossier: str


@dataclass(frozen=True)
class ScansReviewed:
    """A person checked or approved what was scanned of a dossier, or withdrew that.

    `digest` is that of the files and pages they looked at; `reason` the SHA-256 of the words that accept a difference
    or withdraw, "" where there are none.
    """

    KIND: ClassVar[str] = "scans-reviewed"
    dossier: str
    act: str
    digest: str
    reason: str


SCAN_KINDS = (ScansFiled, ScansUnfiled, ScansReviewed)
