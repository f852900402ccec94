"""Shell: the log's keys and its signed heads.

Keys lie in a folder of their own, one file for the private keys (mode 0600; the newest first) and one for every public
key the log ever had. A head is signed only if it continues the last one that was signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert, select, text
from sqlmodel import Session, col

from archive import durable
from custody import checkpoint, ledger, merkle, notes
from custody.checkpoint import Checkpoint
from custody.errors import CustodyError
from custody.ledger_tables import CheckpointRow
from custody.notes import SignerKey, VerifierKey

PRIVATE, PUBLIC = "ledger.key", "ledger.pub"


@dataclass(frozen=True)
class Keys:
    """What a log signs with, and every key its heads may be signed by."""

    origin: str
    signers: tuple[SignerKey, ...]
    known: tuple[VerifierKey, ...]


def open_keys(folder: Path, origin: str) -> Keys:
    """Read the keys of a log, and make the first one where there are none.

    Raises CustodyError "key-missing" where public keys lie without a private one: a new key would be a new log.
    """
    known = read_known(folder)
    if not (folder / PRIVATE).exists():
        if known:
            raise CustodyError("key-missing", path=str(folder / PRIVATE))
        return _store(folder, origin, (notes.new_key(origin),), ())
    signers = tuple(notes.parse_signer(line) for line in _lines(folder / PRIVATE))
    missing = tuple(key.verifier for key in signers if key.verifier not in known)
    # A crash between the two files leaves a private key whose public half is not listed yet.
    return Keys(origin, signers, known) if not missing else _store(folder, origin, signers, known)


def read_known(folder: Path) -> tuple[VerifierKey, ...]:
    """Return the public keys of a log, the newest first."""
    path = folder / PUBLIC
    return tuple(notes.parse_verifier(line) for line in _lines(path)) if path.exists() else ()


def rotate(folder: Path, keys: Keys) -> Keys:
    """Make a new key that signs beside the last one: heads carry both lines, so that old verifiers go on working."""
    return _store(folder, keys.origin, (notes.new_key(keys.origin), keys.signers[0]), keys.known)


def sign_head(session: Session, keys: Keys, reason: str) -> str:
    """Sign the log as it stands, inside the caller's writing transaction, and return the note.

    The note of an unchanged log is the one it had, unless a key was exchanged since. Raises CustodyError
    "head-does-not-continue" where the log is not a continuation of the last head it signed.
    """
    if session.get_bind().dialect.name == "postgresql":
        # Two who sign at once would both write the head of one size.
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ledger.LOCK})
    at = ledger.size(session)
    head = Checkpoint(keys.origin, at, ledger.root(session, at))
    if (last := last_note(session)) is not None:
        old = checkpoint.read(last, keys.known, keys.origin)
        if old.size == at and old.root == head.root:
            return last
        path = ledger.prove_consistency(session, old.size, at) if old.size <= at else ()
        if not merkle.check_consistency(old.size, at, old.root, head.root, path):
            raise CustodyError("head-does-not-continue", signed=old.size, size=at)
    note = checkpoint.sign(head, keys.signers)
    session.execute(insert(CheckpointRow), [{"size": at, "note": note, "reason": reason}])
    return note


def last_note(session: Session) -> str | None:
    """Return the newest signed head."""
    return session.execute(select(col(CheckpointRow.note)).order_by(col(CheckpointRow.size).desc()).limit(1)).scalar()


def all_notes(session: Session) -> list[tuple[int, str]]:
    """Return (size, note) of every signed head, the oldest first."""
    rows = session.execute(select(col(CheckpointRow.size), col(CheckpointRow.note)).order_by(col(CheckpointRow.size)))
    return [(row.size, row.note) for row in rows]


def _store(folder: Path, origin: str, signers: tuple[SignerKey, ...], known: tuple[VerifierKey, ...]) -> Keys:
    durable.make_folder(folder)
    folder.chmod(0o700)
    everyone = tuple(dict.fromkeys((*(key.verifier for key in signers), *known)))
    # The private file first: a public key nobody can sign with would refuse the next start.
    path = folder / PRIVATE
    durable.write_whole(path, "".join(f"{key.written()}\n" for key in signers).encode(), mode=0o600)
    durable.write_whole(folder / PUBLIC, "".join(f"{key}\n" for key in everyone).encode())
    return Keys(origin, signers, everyone)


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
