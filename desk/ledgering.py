"""The custody log of a station: its keys, its second place, and what is asked of it by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlmodel import Session

from archive import durable
from archive.database import Database
from archive.errors import VaultError
from archive.refs import new_code
from archive.settings import Settings
from custody import checking, checkpoint, exporting, ledger, losses, signing, triggers, witness, witnessing
from custody.canonical import decode
from custody.checkpoint import Checkpoint
from custody.errors import CustodyError
from custody.notes import SignerKey
from custody.projections import Replay
from custody.signing import Keys
from desk.bundling import verifier_program
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


def open_witness_key(settings: Settings) -> SignerKey:
    """Read the key this station cosigns other logs with, named after its own log; the first time, make it."""
    return witnessing.open_key(keys_folder(settings), f"{open_keys(settings).origin}/witness")


def forget_watched(office: Office, origin: str) -> Path | None:
    """Cosign a log no longer; return the file its last head is kept in, None where none was cosigned.

    Raises CustodyError "log-not-watched".
    """
    with office.database.atomic() as session:
        note = witnessing.forget(session, origin)
        if not note:
            return None
        name = losses.name_of(note)[:16]
        place = office.settings.heads_folder / "forgotten"
        durable.make_folder(place)
        durable.write_whole(place / f"{name}.txt", note.encode())
        return place / f"{name}.txt"


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


def settle(settings: Settings, database: Database) -> None:
    """Finish what a crash may have left half done: a key not yet in use, heads of an accepted loss not yet moved."""
    known = signing.read_known(keys_folder(settings))
    if not known:
        return
    with database.reading() as session:
        signing.finish_rotation(session, keys_folder(settings), open_keys(settings))
        losses.settle(session, settings.heads_folder, known, known[0].name)


def sign_head(office: Office, reason: str = "asked") -> tuple[Checkpoint, str, int]:
    """Sign the log as it stands and copy the head to the second place; return it, its note and how many were copied."""
    keys = open_keys(office.settings)
    with office.database.atomic() as session:
        note = signing.sign_head(session, keys, reason)
    with office.database.reading() as session:
        copied = witness.copy_heads(session, office.settings.heads_folder)
    return checkpoint.read(note, keys.known, keys.origin), note, copied


def check(office: Office, advance: Advance, replay: Replay | None = None) -> checking.Report:
    """Check the whole log, its heads here and in the second place, its attachments, and the state it leads to.

    `replay` holds that state afterwards, for who goes on with it.
    """
    replay = replay or Replay()
    known = signing.read_known(keys_folder(office.settings))
    origin = known[0].name if known else ""
    held = [each.note for each in witness.held_heads(office.settings.heads_folder)]
    lost = [note for _, note in losses.evidence(office.settings.heads_folder)]
    with office.database.reading() as session:
        return checking.check(
            session, known, origin, held, lambda name: fare(office, name), replay, advance=advance, lost=lost
        )


def fare(office: Office, sha256: str) -> str:
    """Read an attachment again; return "" where it is as it was named, otherwise "missing" or "changed"."""
    try:
        office.vault.verify(sha256)
    except VaultError as error:
        return "missing" if error.code in {"vault-bytes-missing", "not-a-sha256"} else "changed"
    return ""


def prove(office: Office, seq: int) -> str:
    """Return the tlog-proof of one entry under the newest head that holds it, with the entry's bytes in it.

    Raises CustodyError "entry-unknown", "head-missing" or "entry-not-signed-yet" where no head holds it.
    """
    with office.database.reading() as session:
        return exporting.proofs_of(session, [seq], open_keys(office.settings))[seq]


def prove_package(office: Office, code: str, folder: Path) -> list[Path]:
    """Sign a head and write into `folder` a tlog-proof for each entry that names a package.

    Raises CustodyError "package-unknown" where none does.
    """
    sign_head(office, "proof")
    with office.database.reading() as session:
        seqs = [each.seq for each in ledger.read(session) if code in _named_in(each.body)]
        if not seqs:
            raise CustodyError("package-unknown", package=code)
        proofs = exporting.proofs_of(session, seqs, open_keys(office.settings))
    durable.make_folder(folder)
    paths = [folder / f"{seq:012}.tlog-proof" for seq in proofs]
    for path, text in zip(paths, proofs.values(), strict=True):
        durable.write_whole(path, text.encode())
    return paths


def export(office: Office, folder: Path, readme: str) -> exporting.Exported:
    """Sign a head and write the whole log as a folder that one Python file checks."""
    sign_head(office, "export")
    held = [each.note for each in witness.held_heads(office.settings.heads_folder)]
    lost = [note for _, note in losses.evidence(office.settings.heads_folder)]
    stamps = office.settings.heads_folder.glob("stamp-*.tsr")
    texts: dict[str, str | bytes] = {f"stamps/{path.name}": path.read_bytes() for path in sorted(stamps)}
    texts |= {exporting.VERIFIER: verifier_program(), exporting.README: readme}
    with office.database.reading() as session:
        return exporting.export(session, open_keys(office.settings), folder, held, texts, lost)


def _named_in(body: bytes) -> tuple[str, ...]:
    facts = decode(body)
    return tuple(str(facts.get(name, "")) for name in ("package", "where"))


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
