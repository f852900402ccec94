"""Shell: the second place of the log's signed heads, and the comparison at every start.

The second place is a folder, best on another disk or a stick. Whoever swaps the database for an older or a rewritten
one must also reach that folder; if not, the next start refuses and says so. The one difference that is repaired is a
head that is in the database and not yet in the folder: a crash between the two.

What this cannot see: a database and its second place that were both put back to the same older state. Against that
stand the heads on paper, and those other offices hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from archive import durable
from custody import checkpoint, ledger, neighbours, signing
from custody.errors import CustodyError
from custody.notes import VerifierKey

_NAME = re.compile(r"head-(\d{12})\.txt")


@dataclass(frozen=True)
class Held:
    """One head in the second place."""

    size: int
    path: Path
    note: str


def copy_heads(session: Session, folder: Path) -> int:
    """Put every head of the database that the second place lacks there; return how many. Nothing is overwritten."""
    durable.make_folder(folder)
    there, count = {held.size for held in held_heads(folder)}, 0
    for size, note in signing.all_notes(session):
        if size not in there:
            durable.write_whole(folder / f"head-{size:012}.txt", note.encode())
            count += 1
    return count


def copy_cosigned(session: Session, folder: Path) -> int:
    """Put beside each cosigned head the same head with its cosignatures under it; return how many are new."""
    notes, count = dict(signing.all_notes(session)), 0
    for size in neighbours.lines(session):
        if size not in notes:
            continue
        told, _ = neighbours.cosigned(session, notes[size], size)
        path = folder / f"cosigned-{size:012}.txt"
        if not path.exists() or path.read_text(encoding="utf-8", errors="replace") != told:
            durable.make_folder(folder)
            durable.write_whole(path, told.encode())
            count += 1
    return count


def held_heads(folder: Path) -> list[Held]:
    """Return the heads in the second place, the oldest first."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        if name := _NAME.fullmatch(path.name):
            found.append(Held(int(name[1]), path, path.read_text(encoding="utf-8", errors="replace")))
    return sorted(found, key=lambda held: held.size)


def compare(session: Session, folder: Path, known: tuple[VerifierKey, ...], origin: str) -> None:
    """Refuse a database that the second place contradicts.

    Raises CustodyError "ledger-behind-head" (shorter than the newest head), "ledger-differs-from-head" (another
    content), or what reading a head raises when it is torn or signed by nobody known; facts name the file.
    """
    held = held_heads(folder)
    if not held:
        return
    newest = held[-1]
    try:
        head = checkpoint.read(newest.note, known, origin)
    except CustodyError as refused:
        raise CustodyError("head-unreadable", path=str(newest.path), why=refused.code) from refused
    size = ledger.size(session)
    if size < head.size:
        raise CustodyError("ledger-behind-head", size=size, signed=head.size, path=str(newest.path))
    if ledger.root(session, head.size) != head.root:
        raise CustodyError("ledger-differs-from-head", signed=head.size, path=str(newest.path))
