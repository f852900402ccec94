"""Shell: the whole log checked from its bytes: what is wrong, the first bad entry, and the last one proven good.

Every body is hashed again and compared with its stored leaf, every full subtree with its stored hash, and the root
at every signed head with the signature, in the database and in the second place. Findings are collected, not thrown.
Entries are taken in blocks of 4 096, so memory does not grow with the log.

Codes: entry-changed, entry-removed, entry-inserted, entries-swapped, entry-replaced, entry-kind-differs, tree-damaged,
tail-rewritten, database-rolled-back, trigger-missing, attachment-missing, attachment-changed, device-gap,
head-foreign-key, heads-fork, and whatever `replay` finds (projection-differs).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256

from sqlmodel import Session

from custody import checkpoint, ledger, signing, triggers
from custody.blocks import BLOCK, compare_block, higher_nodes
from custody.checkpoint import Checkpoint
from custody.errors import CustodyError, Finding
from custody.ledger import Row
from custody.notes import VerifierKey

# Half the price of json.loads, which guesses an encoding first; canonical bytes have nothing around the object.
_read = json.JSONDecoder().raw_decode
# Tells how stored bytes fare: "" when they are as named, else "missing" or "changed".
Attachments = Callable[[str], str]
Replay = Callable[[Session], Iterable[Finding]]
Advance = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Report:
    """The outcome: how many entries were read, the root over them, what is wrong, and how far all is proven."""

    size: int
    root: bytes
    proven: int
    findings: tuple[Finding, ...]


@dataclass
class _Course:
    """What is known while the log is walked."""

    findings: list[Finding] = field(default_factory=list)
    broken_at: int | None = None
    devices: dict[str, int] = field(default_factory=dict)

    def note(self, code: str, entry: int | None, **facts: object) -> None:
        self.findings.append(Finding(code, entry, facts=facts))


def check(
    session: Session,
    known: tuple[VerifierKey, ...],
    origin: str,
    held: Iterable[str] = (),
    attachments: Attachments | None = None,
    replay: Replay | None = None,
    advance: Advance = lambda _done, _all: None,
) -> Report:
    """Check the log of `session` against its own hashes and its heads, here and `held` in the second place."""
    course, size, sound = _Course(), ledger.size(session), 0
    for name in triggers.missing(session):
        course.note("trigger-missing", None, name=name)
    for start in range(0, size, BLOCK):
        entries = ledger.read_rows(session, start, min(start + BLOCK, size))
        if course.broken_at is None:
            sound = _compare(session, course, start, min(size, start + BLOCK) - start, entries)
        _examine(entries, course, attachments)
        advance(min(start + BLOCK, size), size)
    proven = _compare_heads(session, course, known, origin, list(held), size, sound)
    if replay is not None and course.broken_at is None:
        course.findings.extend(replay(session))
    root = ledger.root(session, size) if course.broken_at is None and not _lacks_node(course) else b""
    return Report(size, root, proven, tuple(replace(each, proven=proven) for each in course.findings))


def _compare(session: Session, course: _Course, start: int, count: int, entries: list[Row]) -> int:
    """Compare one block; return the end of what agrees with itself."""
    for offset, each in enumerate(entries):
        if each[0] != start + offset:
            course.note("entry-removed", start + offset)
            course.broken_at = start + offset
            return start + offset
    if len(entries) < count:
        course.note("entry-removed", start + len(entries))
        course.broken_at = start + len(entries)
        return start + len(entries)
    leaves = [leaf for _, _, _, leaf in entries]
    hashed = [sha256(b"\x00" + body).digest() for _, _, body, _ in entries]
    if hashed != leaves:
        for (seq, _, _, leaf), found in zip(entries, hashed, strict=True):
            if leaf != found:
                course.note("entry-changed", seq)
    trouble = compare_block(session, start, leaves) or higher_nodes(session, start + len(entries), len(entries))
    if trouble is not None:
        course.note(trouble.code, trouble.entry, **trouble.facts)
        course.broken_at = trouble.entry
        return trouble.entry or 0
    return start + len(entries)


def _examine(entries: list[Row], course: _Course, attachments: Attachments | None) -> None:
    """Look at what the entries of a block say."""
    for seq, kind, body, _ in entries:
        try:
            told = _read(body.decode())[0]
        except (ValueError, RecursionError):
            continue  # its hash has shown it already
        if not isinstance(told, dict):
            course.note("entry-kind-differs", seq, found=kind, wanted=None)
            continue
        if told.get("kind") != kind:
            course.note("entry-kind-differs", seq, found=kind, wanted=told.get("kind"))
        if "device" in told:
            _follow_device(seq, told.get("device"), told.get("device_seq"), course)
        if attachments is not None and isinstance(named := told.get("attachments"), list):
            for name in named:
                if state := attachments(str(name)):
                    course.note(f"attachment-{state}", seq, sha256=name)


def _follow_device(seq: int, device: object, number: object, course: _Course) -> None:
    if isinstance(device, str) and isinstance(number, int):
        due = course.devices.get(device, 0)
        if number != due:
            course.note("device-gap", seq, device=device, found=number, wanted=due)
        course.devices[device] = number + 1


def _compare_heads(
    session: Session,
    course: _Course,
    known: tuple[VerifierKey, ...],
    origin: str,
    held: list[str],
    size: int,
    sound: int,
) -> int:
    """Compare every signed head with the tree; return the last entry that is proven by one, -1 for none."""
    proven, heads = 0, dict[int, Checkpoint]()
    for head in _read_heads(session, course, known, origin, held):
        if (other := heads.setdefault(head.size, head)).root != head.root:
            course.note("heads-fork", None, size=head.size, first=other.short(), second=head.short())
    for head in sorted(heads.values(), key=lambda each: each.size):
        if head.size > size:
            course.note("database-rolled-back", size, size=size, signed=head.size)
            break
        if head.size > sound:
            break
        if ledger.root(session, head.size) != head.root:
            if not any(each.code == "heads-fork" for each in course.findings):
                course.note("tail-rewritten", proven, since=proven, until=head.size - 1)
            break
        proven = head.size
    changed = [each.entry for each in course.findings if each.code == "entry-changed" and each.entry is not None]
    return min(proven, *changed) - 1 if changed else proven - 1


def _read_heads(
    session: Session, course: _Course, known: tuple[VerifierKey, ...], origin: str, held: list[str]
) -> Iterator[Checkpoint]:
    for note in [*(note for _, note in signing.all_notes(session)), *held]:
        try:
            yield checkpoint.read(note, known, origin)
        except CustodyError as refused:
            code = "head-foreign-key" if refused.code in {"note-unsigned", "note-forged"} else "head-broken"
            course.note(code, None, why=refused.code, size=_claimed_size(note))


def _claimed_size(note: str) -> int:
    lines = note.split("\n")
    return int(lines[1]) if len(lines) > 1 and lines[1].isdigit() else -1


def _lacks_node(course: _Course) -> bool:
    return any(each.code == "tree-damaged" for each in course.findings)
