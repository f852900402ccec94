"""The custody log of a station: its keys, its second place, and what is asked of it by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlmodel import Session

from archive.database import Database
from archive.refs import new_code
from archive.settings import Settings
from custody import checking, checkpoint, ledger, proof, signing, triggers, witness
from custody.checkpoint import Checkpoint
from custody.errors import CustodyError
from custody.signing import Keys
from desk.office import Office

Advance = Callable[[int, int | None], None]


def keys_folder(settings: Settings) -> Path:
    """Return the folder the log's keys lie in."""
    return settings.home / "keys"


def open_keys(settings: Settings) -> Keys:
    """Read the log's keys; the first time, make one and give the log its name."""
    known = signing.read_known(keys_folder(settings))
    origin = known[0].name if known else f"luutru/{new_code().lower()}"
    return signing.open_keys(keys_folder(settings), origin)


def compare_with_second_place(settings: Settings, database: Database) -> None:
    """Refuse a database that its second place contradicts; put a head there that a crash kept from it.

    Raises CustodyError "ledger-behind-head", "ledger-differs-from-head", "head-unreadable" or "keys-lost".
    """
    held = witness.held_heads(settings.heads_folder)
    known = signing.read_known(keys_folder(settings))
    if held and not known:
        raise CustodyError("keys-lost", path=str(keys_folder(settings)), heads=str(settings.heads_folder))
    if not known:
        return
    with database.reading() as session:
        witness.compare(session, settings.heads_folder, known, known[0].name)
        if signing.last_note(session) is not None:
            witness.copy_heads(session, settings.heads_folder)


def sign_head(office: Office, reason: str = "asked") -> tuple[Checkpoint, str, int]:
    """Sign the log as it stands and copy the head to the second place; return it, its note and how many were copied."""
    keys = open_keys(office.settings)
    with office.database.atomic() as session:
        note = signing.sign_head(session, keys, reason)
    with office.database.reading() as session:
        copied = witness.copy_heads(session, office.settings.heads_folder)
    return checkpoint.read(note, keys.known, keys.origin), note, copied


def check(office: Office, advance: Advance) -> checking.Report:
    """Check the whole log, its heads here and in the second place, and the attachments it names."""
    known = signing.read_known(keys_folder(office.settings))
    origin = known[0].name if known else ""
    held = [each.note for each in witness.held_heads(office.settings.heads_folder)]

    def fare(sha256: str) -> str:
        return "" if office.vault.exists(sha256) else "missing"

    with office.database.reading() as session:
        return checking.check(session, known, origin, held, attachments=fare, advance=advance)


def prove(office: Office, seq: int) -> str:
    """Return the tlog-proof of one entry under the newest head that holds it.

    Raises CustodyError "entry-unknown" or "entry-not-signed" where no head holds it yet.
    """
    keys = open_keys(office.settings)
    with office.database.reading() as session:
        ledger.entry(session, seq)
        note = signing.last_note(session)
        head = checkpoint.read(note, keys.known, keys.origin) if note else None
        if note is None or head is None or head.size <= seq:
            raise CustodyError("entry-not-signed", entry=seq)
        return proof.format_proof(proof.Proof(seq, ledger.prove_inclusion(session, seq, head.size), note))


def head_of(session: Session, origin: str, size: int | None = None) -> Checkpoint:
    """Return the head the log has, or had, at `size` entries: what stood in the foot of a form printed then.

    Raises CustodyError "entry-unknown" where the log was never that long.
    """
    now = ledger.size(session)
    at = now if size is None else size
    if at > now:
        raise CustodyError("entry-unknown", entry=at - 1, size=now)
    return Checkpoint(origin, at, ledger.root(session, at))


def missing_guards(database: Database) -> list[str]:
    """Return the names of triggers that should refuse changes to the log and do not."""
    with database.reading() as session:
        return triggers.missing(session)
