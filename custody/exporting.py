"""Shell: the log as a folder that a stranger can check without us, and proofs of single entries.

    origin.txt      the log's name
    keys.txt        every public key its heads may be signed by, the newest first
    heads/*.txt     every signed head, from the database and the second place, with what neighbours signed under it
    witnesses.txt   the keys of the neighbours that cosign
    lost/*.txt      the heads of entries that are lost, as an entry says
    entries.jsonl   the exact bytes of every entry, one a line, up to the newest head
    leaves.bin      the stored leaf hash of every entry, 32 bytes each: they tell which line was changed
    verify.py       the program that checks all of it
    README.txt      what to do with it

What stands behind the newest head is signed by nobody, so it is left out and counted; who exports signs a head first.
A damaged log is exported as it is: the bundle is evidence, and its verifier says what is wrong.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlmodel import Session

from archive import durable
from custody import checkpoint, ledger, losses, neighbours, signing
from custody.checkpoint import Checkpoint
from custody.errors import CustodyError
from custody.proof import Proof, format_proof
from custody.signing import Keys

ENTRIES, LEAVES, HEADS, KEYS, ORIGIN = "entries.jsonl", "leaves.bin", "heads", "keys.txt", "origin.txt"
VERIFIER, README, WITNESSES, LOST = "verify.py", "README.txt", "witnesses.txt", "lost"


@dataclass(frozen=True)
class Exported:
    """What was written: `entries` up to the newest head `head`, in `size` bytes; `unsigned` entries were left out."""

    folder: Path
    head: Checkpoint
    heads: int
    entries: int
    unsigned: int
    size: int


def export(
    session: Session,
    keys: Keys,
    folder: Path,
    held_heads: Iterable[str],
    texts: Mapping[str, str | bytes],
    lost: Iterable[str] = (),
) -> Exported:
    """Write the bundle into `folder`, which is absent or empty, from one reading transaction.

    `held_heads` are the notes in the second place, `lost` those of accepted losses; `texts` are further files by name,
    verify.py and README.txt among
    them. Raises CustodyError "export-folder-not-empty" and "head-missing" (nothing was ever signed). Memory does not
    grow with the log. origin.txt is written last: a bundle without it was interrupted.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CustodyError("export-folder-not-empty", path=str(folder))
    head, _ = _newest(session, keys)
    durable.make_folder(folder / HEADS)
    count, size = _write_entries(session, folder, head.size)
    notes = dict.fromkeys([*(note for _, note in signing.all_notes(session)), *held_heads])
    for name, size_told, note in _named(notes):
        cosigned, _ = neighbours.cosigned(session, note, size_told)
        durable.write_whole(folder / HEADS / name, cosigned.encode())
    for note in lost:
        durable.make_folder(folder / LOST)
        durable.write_whole(folder / LOST / f"{losses.name_of(note)}.txt", note.encode())
    if witnesses := neighbours.signers(session):
        durable.write_whole(folder / WITNESSES, "".join(f"{key}\n" for key in witnesses).encode())
    for name, content in texts.items():
        durable.make_folder((folder / name).parent)
        durable.write_whole(folder / name, content.encode() if isinstance(content, str) else content)
    durable.write_whole(folder / KEYS, "".join(f"{key}\n" for key in keys.known).encode())
    durable.write_whole(folder / ORIGIN, f"{keys.origin}\n".encode())
    return Exported(folder, head, len(notes), count, max(0, ledger.size(session) - head.size), size)


def proofs_of(session: Session, seqs: Iterable[int], keys: Keys) -> dict[int, str]:
    """Return for every entry of `seqs` the text of a .tlog-proof file under the newest head.

    The entry's own bytes stand in it as `extra`, so that the file alone, with the log's public key, proves what was
    recorded. Raises CustodyError "head-missing", "entry-unknown", or "entry-not-signed-yet" where no head covers it.
    """
    head, note = _newest(session, keys)
    note, _ = neighbours.cosigned(session, note, head.size)
    found: dict[int, str] = {}
    for seq in seqs:
        body = ledger.entry(session, seq).body
        if seq >= head.size:
            raise CustodyError("entry-not-signed-yet", entry=seq, signed=head.size)
        found[seq] = format_proof(Proof(seq, ledger.prove_inclusion(session, seq, head.size), note, extra=body))
    return found


def _newest(session: Session, keys: Keys) -> tuple[Checkpoint, str]:
    if (note := signing.last_note(session)) is None:
        raise CustodyError("head-missing")
    try:
        return checkpoint.read(note, keys.known, keys.origin), note
    except CustodyError:
        # One that no key of ours signed proves nothing; the check tells of it, an older one serves here.
        for _, older in reversed(signing.all_notes(session)):
            with contextlib.suppress(CustodyError):
                return checkpoint.read(older, keys.known, keys.origin), older
        raise


def _write_entries(session: Session, folder: Path, end: int) -> tuple[int, int]:
    count = size = 0
    with (
        durable.whole_file(folder / ENTRIES) as lines,
        durable.whole_file(folder / LEAVES) as leaves,
        lines.open("wb") as out,
        leaves.open("wb") as hashes,
    ):
        for each in ledger.read(session, 0, end):
            out.write(each.body)
            out.write(b"\n")
            hashes.write(each.leaf)
            count, size = count + 1, size + len(each.body) + 1
    return count, size


def _named(notes: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    """Yield the file name, the size a head claims (-1 where it cannot be read) and the note."""
    taken: dict[str, int] = {}
    for note in notes:
        lines = note.split("\n")
        size = lines[1] if len(lines) > 1 and lines[1].isascii() and lines[1].isdigit() and len(lines[1]) < 20 else "x"
        stem = f"head-{size:0>12}"
        taken[stem] = taken.get(stem, 0) + 1
        # A second one of the same size is a fork, and both belong before the eyes of who checks.
        name = f"{stem}.txt" if taken[stem] == 1 else f"{stem}-{taken[stem]}.txt"
        yield name, int(size) if size != "x" else -1, note
