"""What leaders do to the log itself: exchange its key, and accept the loss of entries that no backup holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from custody import checking, losses, neighbours, signing, witness
from custody.entries import Entry, Stamp
from custody.entries_duty import KeyRotated, LossAccepted
from custody.errors import CustodyError
from custody.losses import Loss
from custody.recording import record
from custody.rules import Signer
from desk import custodial, ledgering
from desk.office import Office

Reach = Callable[[str], None]


@dataclass(frozen=True)
class Rotated:
    """A key was exchanged: the entry that says so, the old and the new public key, and the head both signed."""

    entry: int
    old: str
    new: str
    note: str


@dataclass(frozen=True)
class Accepted:
    """A loss was accepted: the entry, what is lost, and the neighbours that hold a longer head still."""

    entry: int
    loss: Loss
    neighbours: tuple[str, ...]


def pass_by(_step: str) -> None:
    """Go on: tests end the process here instead."""


def rotate(office: Office, signing_as: Sequence[tuple[str, str]], reach: Reach = pass_by) -> Rotated:
    """Take a new key into use, signed by a leader (code, PIN); the old one is kept and every head it signed stays good.

    The new key is written down before the log names it, and signs only once the log does. Raises CustodyError
    "key-rotated" where somebody else exchanged it meanwhile.
    """
    folder, settings = ledgering.keys_folder(office.settings), office.settings
    keys, signers = ledgering.open_keys(settings), _signers(office, signing_as)
    old, fresh = str(keys.signers[0].verifier), signing.prepare_next(folder, keys)
    reach("next-written")
    with office.database.atomic() as session:
        if (newest := signing.newest_rotation(session)) is not None and newest[1] != old:
            raise CustodyError("key-rotated", entry=newest[0])
        entry: Entry = KeyRotated(old, str(fresh.verifier))
        added = record(session, entry, _stamp(office, signers), signers)
        reach("recorded")
        note = signing.sign_head(session, signing.with_next(keys, fresh), "key-rotated")
        reach("signed")
    reach("committed")
    signing.take_into_use(folder, keys, fresh)
    reach("in-use")
    with office.database.reading() as session:
        witness.copy_heads(session, settings.heads_folder)
    return Rotated(added.seq, old, str(fresh.verifier), note)


def look_for_loss(office: Office) -> Loss:
    """Return what the second place proves to be lost, without writing anything.

    Raises what `losses.find` raises, and CustodyError "loss-on-damaged-log" where what is left does not agree with
    itself: then it is no older backup but a changed one.
    """
    keys = ledgering.open_keys(office.settings)
    with office.database.reading() as session:
        loss = losses.find(session, office.settings.heads_folder, keys.known, keys.origin)
        report = checking.check(session, keys.known, keys.origin)
    if report.findings:
        raise CustodyError("loss-on-damaged-log", finding=report.findings[0].code, count=len(report.findings))
    return loss


def accept_loss(
    office: Office, decision: str, signing_as: Sequence[tuple[str, str]], reach: Reach = pass_by
) -> Accepted:
    """Accept a loss by a leader and a second person; the log says so for ever and goes on behind what is left.

    Raises what `look_for_loss` raises; nothing is written then.
    """
    settings, signers = office.settings, _signers(office, signing_as)
    loss, keys = look_for_loss(office), ledgering.open_keys(settings)
    with office.database.atomic() as session:
        # Once more, inside the writing transaction: somebody may have accepted it meanwhile.
        if losses.find(session, settings.heads_folder, keys.known, keys.origin) != loss:
            raise CustodyError("loss-none", size=loss.first)
        entry: Entry = LossAccepted(loss.first, loss.last, loss.newest.root.hex(), loss.names, decision)
        added = record(session, entry, _stamp(office, signers), signers)
        reach("recorded")
        signing.sign_head(session, keys, "loss-accepted")
        reach("signed")
    reach("committed")
    with office.database.reading() as session:
        losses.settle(session, settings.heads_folder, keys.known, keys.origin)
        reach("moved")
        witness.copy_heads(session, settings.heads_folder)
        asked = neighbours.everyone(session)
    return Accepted(added.seq, loss, tuple(each.name for each in asked))


def _signers(office: Office, signing_as: Sequence[tuple[str, str]]) -> list[Signer]:
    return [custodial.authenticate(office, code, pin) for code, pin in signing_as]


def _stamp(office: Office, signers: Sequence[Signer]) -> Stamp:
    return Stamp(custodial.local_now(office), tuple(each.code for each in signers), custodial.DESK)
