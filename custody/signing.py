"""Shell: the log's keys and its signed heads.

Keys lie in a folder of their own, one file for the private keys (mode 0600; the newest first) and one for every public
key the log ever had. A head is signed only if it continues the last one that was signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, insert, select, text
from sqlmodel import Session, col

from archive import durable
from custody import checkpoint, ledger, merkle, notes
from custody.canonical import decode
from custody.checkpoint import Checkpoint
from custody.errors import CustodyError
from custody.ledger_tables import CheckpointRow, EntryRow
from custody.notes import SignerKey, VerifierKey

PRIVATE, PUBLIC, NEXT = "ledger.key", "ledger.pub", "ledger.next"


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


def prepare_next(folder: Path, keys: Keys) -> SignerKey:
    """Make the key that comes next and write it down, so that none that the log names is lost; it signs nothing yet."""
    fresh = notes.new_key(keys.origin)
    durable.write_whole(folder / NEXT, f"{fresh.written()}\n".encode(), 0o600)
    return fresh


def with_next(keys: Keys, fresh: SignerKey) -> Keys:
    """Return the keys once `fresh` is in use: it signs beside the last one, so that old verifiers go on working."""
    return Keys(keys.origin, (fresh, keys.signers[0]), (fresh.verifier, *keys.known))


def take_into_use(folder: Path, keys: Keys, fresh: SignerKey) -> Keys:
    """Let the next key sign from now on; the last one is kept, also for checking."""
    made = with_next(keys, fresh)
    kept = _store(folder, made.origin, made.signers, keys.known)
    (folder / NEXT).unlink(missing_ok=True)
    durable.sync_folder(folder)
    return kept


def finish_rotation(session: Session, folder: Path, keys: Keys) -> Keys:
    """Take the next key into use if the log names it as the newest: a crash came between. Otherwise do nothing."""
    if not (folder / NEXT).exists():
        return keys
    fresh = notes.parse_signer((folder / NEXT).read_text(encoding="utf-8").strip())
    rotated = newest_rotation(session)
    if rotated is None or rotated[1] != str(fresh.verifier):
        return keys
    if fresh in keys.signers:
        (folder / NEXT).unlink()
        return keys
    return take_into_use(folder, keys, fresh)


def newest_rotation(session: Session) -> tuple[int, str] | None:
    """Return the newest entry that took a key into use, and that key's text; None where none did."""
    seq = session.execute(
        select(func.max(col(EntryRow.seq))).where(col(EntryRow.kind) == "log-key-rotated")
    ).scalar_one()
    return None if seq is None else (int(seq), str(decode(ledger.entry(session, int(seq)).body).get("new", "")))


def sign_head(session: Session, keys: Keys, reason: str) -> str:
    """Sign the log as it stands, inside the caller's writing transaction, and return the note.

    The note of an unchanged log is the one it had. Raises CustodyError "head-does-not-continue" where the log is not a
    continuation of the last head it signed, and "key-rotated" where the log names a newer key than these.
    """
    if session.get_bind().dialect.name == "postgresql":
        # Two who sign at once would both write the head of one size.
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": ledger.LOCK})
    rotated = newest_rotation(session)
    if rotated is not None and rotated[1] not in {str(key.verifier) for key in keys.signers}:
        raise CustodyError("key-rotated", entry=rotated[0])
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
