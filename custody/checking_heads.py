"""Shell: signed heads against the tree: who signed them, whether they fork, and what neighbours say about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from custody import checkpoint, cosignature, ledger, losses, neighbours, notes, signing
from custody.checkpoint import Checkpoint
from custody.errors import CustodyError, Finding
from custody.notes import VerifierKey
from custody.witness_tables import CosignatureRow

ROTATED = "log-key-rotated"


@dataclass(frozen=True)
class Loss:
    """An accepted loss: the entry that says so, what is lost, by whose signature, when, and by what decision."""

    entry: int
    first: int
    last: int
    by: tuple[str, ...]
    at: str
    decision: str
    heads: tuple[str, ...]


@dataclass(frozen=True)
class Cosigned:
    """The newest head that neighbours signed: its size, and each key's name with its POSIX seconds."""

    size: int
    by: tuple[tuple[str, int], ...]


@dataclass
class Told:
    """What entries say about heads: from which number on which key must sign, and what was lost."""

    rotations: list[tuple[int, str]] = field(default_factory=list)
    losses: list[Loss] = field(default_factory=list)

    def note(self, seq: int, told: Mapping[str, Any]) -> None:
        """Take in one entry of a kind that matters here; whatever it holds, nothing is raised."""
        if told.get("kind") == ROTATED:
            self.rotations.append((seq, str(told.get("new"))))
            return
        first, last = (value if isinstance(value := told.get(name), int) else -1 for name in ("first", "last"))
        by, heads = (
            tuple(map(str, value)) if isinstance(value := told.get(name), list) else () for name in ("by", "heads")
        )
        self.losses.append(Loss(seq, first, last, by, str(told.get("at")), str(told.get("decision")), heads))

    def key_due(self, size: int) -> str:
        """Return the key that must have signed a head of `size` entries, "" where any known one will do."""
        return next((key for seq, key in reversed(self.rotations) if seq < size), "")


@dataclass
class Judged:
    """How many entries are proven by a head, and what is wrong with heads."""

    proven: int = 0
    findings: list[Finding] = field(default_factory=list)


def compare(
    session: Session,
    known: tuple[VerifierKey, ...],
    origin: str,
    held: list[str],
    size: int,
    sound: int,
    told: Told,
) -> Judged:
    """Compare every signed head with the tree, of which the first `sound` of `size` entries agree with themselves."""
    judged, heads = Judged(), dict[int, Checkpoint]()
    for head in _read(session, judged, known, origin, held, told):
        if (other := heads.setdefault(head.size, head)).root != head.root:
            facts = {"size": head.size, "first": other.short(), "second": head.short()}
            judged.findings.append(Finding("heads-fork", None, facts=facts))
    for head in sorted(heads.values(), key=lambda each: each.size):
        if head.size > size:
            judged.findings.append(Finding("database-rolled-back", size, facts={"size": size, "signed": head.size}))
            break
        if head.size > sound:
            break
        if ledger.root(session, head.size) != head.root:
            if not any(each.code == "heads-fork" for each in judged.findings):
                facts = {"since": judged.proven, "until": head.size - 1}
                judged.findings.append(Finding("tail-rewritten", judged.proven, facts=facts))
            break
        judged.proven = head.size
    return judged


def _read(
    session: Session,
    judged: Judged,
    known: tuple[VerifierKey, ...],
    origin: str,
    held: list[str],
    told: Told,
) -> Iterator[Checkpoint]:
    for note in dict.fromkeys([*(note for _, note in signing.all_notes(session)), *held]):
        try:
            head, signers = checkpoint.read_signed(note, known, origin)
        except CustodyError as refused:
            code = "head-foreign-key" if refused.code in {"note-unsigned", "note-forged"} else "head-broken"
            facts = {"why": refused.code, "size": _claimed_size(note)}
            judged.findings.append(Finding(code, None, facts=facts))
            continue
        due = told.key_due(head.size)
        if due and due not in {str(each) for each in signers}:
            judged.findings.append(Finding("head-old-key", None, facts={"size": head.size}))
            continue
        yield head


def compare_lost(
    told: Told, known: tuple[VerifierKey, ...], origin: str, kept: Iterable[str] | None
) -> Iterator[Finding]:
    """Yield each head of an accepted loss that is not kept, or that no key of this log signed."""
    if kept is None:
        return
    by_name = {losses.name_of(note): note for note in kept}
    for loss in told.losses:
        for name in loss.heads:
            try:
                checkpoint.read(by_name[name], known, origin)
            except (KeyError, CustodyError):
                yield Finding("lost-head-missing", loss.entry, facts={"sha256": name})


def compare_cosigned(session: Session) -> tuple[Cosigned | None, list[Finding]]:
    """Return the newest head that neighbours signed, and what is wrong with, or said by, what they signed."""
    heads, findings, good = dict(signing.all_notes(session)), list[Finding](), dict[int, list[tuple[str, int]]]()
    rows = select(col(CosignatureRow.size), col(CosignatureRow.key), col(CosignatureRow.line))
    for size, key, line in session.execute(rows.order_by(col(CosignatureRow.size), col(CosignatureRow.key))).all():
        try:
            known = notes.parse_verifier(key, notes.COSIGNATURE)
            (signed,) = cosignature.read_cosignatures(heads[size] + line, [known])
            good.setdefault(size, []).append((known.name, signed.at))
        except (KeyError, ValueError, CustodyError):
            name = key.partition("+")[0]
            findings.append(Finding("cosignature-forged", None, facts={"size": size, "name": name}))
    for each in neighbours.everyone(session):
        if each.trouble in neighbours.AGAINST_US:
            findings.append(Finding(each.trouble, None, facts={"name": each.name, "detail": each.detail}))
    newest = max(good, default=-1)
    return (Cosigned(newest, tuple(good[newest])) if good else None), findings


def _claimed_size(note: str) -> int:
    lines = note.split("\n")
    return int(lines[1]) if len(lines) > 1 and lines[1].isascii() and lines[1].isdigit() else -1
