"""The digest of a package's frozen contents, as it stands on the label and in the sealing entry."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from custody.canonical import encode
from custody.holdings import Dossier

VERSION = 1


def digest_of(package: str, contents: Iterable[Dossier]) -> str:
    """Return SHA-256 (hex) of the canonical bytes {"dossiers": [[code, leaves], …], "package": code, "v": 1}.

    Dossiers stand in the order of their codes, so any way of listing the same contents has the same digest.
    """
    rows = sorted([each.code, each.leaves] for each in contents)
    return sha256(encode({"v": VERSION, "package": package, "dossiers": rows})).hexdigest()


def count_of(contents: Iterable[Dossier]) -> tuple[int, int]:
    """Return how many dossiers and leaves there are."""
    listed = list(contents)
    return len(listed), sum(each.leaves for each in listed)
