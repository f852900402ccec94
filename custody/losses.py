"""Shell: entries that were signed once and are lost, because an older backup is all that is left.

The signed heads in the second place prove that there was more. An office may accept that, by an entry that names what
is lost and the heads that prove it; these are then moved into a folder of their own beside the others, never deleted.

    heads/lost-000000000031/head-000000000040.txt       named by the number of the entry that accepts the loss

Order: the entry and a signed head over it are committed first, then the files move. A crash between the two is finished
at the next start, which trusts the entry only under a signed head.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sqlalchemy import select
from sqlmodel import Session, col

from archive import durable
from custody import checkpoint, ledger, signing, witness
from custody.canonical import decode
from custody.checkpoint import Checkpoint
from custody.errors import CustodyError
from custody.ledger_tables import EntryRow
from custody.notes import VerifierKey
from custody.witness import Held

KIND = "log-loss-accepted"


@dataclass(frozen=True)
class Loss:
    """What is lost: entries `first` … `last`, the newest head that was signed over them, and all heads that show it."""

    first: int
    last: int
    newest: Checkpoint
    heads: tuple[Held, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the SHA-256 of each head, the oldest first."""
        return tuple(name_of(each.note) for each in self.heads)


def name_of(note: str) -> str:
    """Return the SHA-256 by which an entry names a head."""
    return sha256(note.encode()).hexdigest()


def find(session: Session, folder: Path, known: tuple[VerifierKey, ...], origin: str) -> Loss:
    """Return what the second place proves to be lost.

    Raises CustodyError "loss-none" where the log holds every signed head, "loss-is-a-change" where an entry that is
    there is not the one that was signed, and "head-unreadable" for a head that cannot be trusted.
    """
    size, beyond = ledger.size(session), list[tuple[Checkpoint, Held]]()
    for held in witness.held_heads(folder):
        try:
            head = checkpoint.read(held.note, known, origin)
        except CustodyError as refused:
            raise CustodyError("head-unreadable", path=str(held.path), why=refused.code) from refused
        if head.size > size:
            beyond.append((head, held))
        elif ledger.root(session, head.size) != head.root:
            raise CustodyError("loss-is-a-change", signed=head.size, path=str(held.path))
    if not beyond:
        raise CustodyError("loss-none", size=size)
    newest = max((head for head, _ in beyond), key=lambda each: each.size)
    return Loss(size, newest.size - 1, newest, tuple(held for _, held in beyond))


def accepted(session: Session) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield (number, members) of each entry that accepts a loss, the oldest first."""
    kind, seq = col(EntryRow.kind), col(EntryRow.seq)
    for (number,) in session.execute(select(seq).where(kind == KIND).order_by(seq)).all():
        yield int(number), decode(ledger.entry(session, int(number)).body)


def settle(session: Session, folder: Path, known: tuple[VerifierKey, ...], origin: str) -> int:
    """Move the heads of accepted losses into their folders; return how many. What is moved already is left alone."""
    losses = list(accepted(session))
    if not losses or not (held := witness.held_heads(folder)):
        return 0
    signed, count = _signed_size(session, known, origin), 0
    for number, told in losses:
        names = told.get("heads")
        if number >= signed or not isinstance(names, list):
            continue
        for each in held:
            if name_of(each.note) in names:
                _move_aside(folder, number, each)
                count += 1
    return count


def evidence(folder: Path) -> list[tuple[Path, str]]:
    """Return the path and the note of every head of an accepted loss that the second place keeps."""
    paths = sorted(folder.glob("lost-*/head-*.txt")) if folder.is_dir() else ()
    return [(path, path.read_text(encoding="utf-8", errors="replace")) for path in paths]


def _signed_size(session: Session, known: Iterable[VerifierKey], origin: str) -> int:
    """Return how far the newest head of the database speaks for its entries, 0 where it does not."""
    if (note := signing.last_note(session)) is None:
        return 0
    try:
        head = checkpoint.read(note, known, origin)
        return head.size if ledger.root(session, head.size) == head.root else 0
    except CustodyError:
        return 0


def _move_aside(folder: Path, number: int, held: Held) -> None:
    place = folder / f"lost-{number:012}"
    durable.make_folder(place)
    for path in (held.path, folder / f"cosigned-{held.size:012}.txt"):
        if path.exists():
            durable.move_new(path, place / path.name)
