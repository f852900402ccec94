"""Homes that are playgrounds: filled with made-up papers, and marked so that no page passes for the real thing."""

from __future__ import annotations

from pathlib import Path

MARK = "PLAYGROUND.txt"


def is_one(home: Path) -> bool:
    """Tell whether a home is a playground."""
    return (home / MARK).is_file()
