"""Shell: the whole log checked from its bytes: what is wrong, the first bad entry, and the last one proven good.

Every body is hashed again and compared with its stored leaf, every full subtree with its stored hash, and the root
at every signed head with the signature, in the database and in the second place. Findings are collected, not thrown.
Entries are taken in blocks of 1 024, so memory does not grow with the log.

Codes: entry-changed, entry-removed, entry-inserted, entries-swapped, entry-replaced, entry-kind-differs, tree-damaged,
tail-rewritten, database-rolled-back, trigger-missing, attachment-missing, attachment-changed, device-gap,
head-foreign-key, head-old-key, head-broken, heads-fork, cosignature-forged, neighbour-holds-longer-head,
neighbour-contradicts, lost-head-missing, and whatever `replay` finds (projection-differs, entry-unreadable).
"""

from __future__ import annotations

import gc
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from dataclasses import replace as altered
from hashlib import sha256
from typing import Any, Protocol, cast

from sqlmodel import Session

from custody import checking_heads, ledger, losses, triggers
from custody.blocks import BLOCK, compare_block, higher_nodes
from custody.checking_heads import Cosigned, Loss, Told
from custody.entries import KINDS, read_told
from custody.errors import Finding
from custody.ledger import Row
from custody.notes import VerifierKey
from custody.ordinary import Said

# Half the price of json.loads, which guesses an encoding first; canonical bytes have nothing around the object.
_read = json.JSONDecoder().raw_decode
# Tells how stored bytes fare: "" when they are as named, else "missing" or "changed".
Attachments = Callable[[str], str]

Advance = Callable[[int, int | None], None]


class Replay(Protocol):
    """Folds the entries as they are read, and compares what they lead to in the end."""

    def take(self, entries: Sequence[Row], read: Sequence[Said | None], /) -> None:
        """Take the next entries, and what each says where it is as nearly all are."""
        ...

    def compare(self, session: Session, /) -> Iterable[Finding]:
        """Yield what differs."""
        ...


# Entries that change what is asked of heads.
NOTED = frozenset({checking_heads.ROTATED, losses.KIND})
# Kinds that may name attachments.
ATTACHING = frozenset(kind for kind, made in KINDS.items() if "attachments" in {each.name for each in fields(made)})


@dataclass(frozen=True)
class Report:
    """The outcome: how many entries were read, the root over them, what is wrong, and how far all is proven.

    `losses` are entries that were signed once and are lost, as the office accepted; `cosigned` is the newest head that
    neighbours signed.
    """

    size: int
    root: bytes
    proven: int
    findings: tuple[Finding, ...]
    losses: tuple[Loss, ...] = ()
    cosigned: Cosigned | None = None


@dataclass
class _Course:
    """What is known while the log is walked."""

    findings: list[Finding] = field(default_factory=list)
    broken_at: int | None = None
    devices: dict[str, int] = field(default_factory=dict)
    told: Told = field(default_factory=Told)

    def note(self, code: str, entry: int | None, **facts: object) -> None:
        self.findings.append(Finding(code, entry, facts=facts))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the search for unused cycles from going through the growing state again and again; blocks leave none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_uncollected()
def check(
    session: Session,
    known: tuple[VerifierKey, ...],
    origin: str,
    held: Iterable[str] = (),
    attachments: Attachments | None = None,
    replay: Replay | None = None,
    advance: Advance = lambda _done, _all: None,
    lost: Iterable[str] | None = None,
) -> Report:
    """Check the log of `session` against its own hashes and its heads, here and `held` in the second place.

    `lost` are the heads that the second place keeps of accepted losses; None where nobody can tell.
    """
    course, size, sound = _Course(), ledger.size(session), 0
    for name in triggers.missing(session):
        course.note("trigger-missing", None, name=name)
    for start in range(0, size, BLOCK):
        entries = ledger.read_rows(session, start, min(start + BLOCK, size))
        if course.broken_at is None:
            sound = _compare(session, course, start, min(size, start + BLOCK) - start, entries)
        _examine(entries, course, attachments, replay if course.broken_at is None else None)
        advance(min(start + BLOCK, size), size)
    judged = checking_heads.compare(session, known, origin, list(held), size, sound, course.told)
    changed = [each.entry for each in course.findings if each.code == "entry-changed" and each.entry is not None]
    proven = min(judged.proven, *changed) - 1 if changed else judged.proven - 1
    course.findings.extend(judged.findings)
    course.findings.extend(checking_heads.compare_lost(course.told, known, origin, lost))
    cosigned, wrong = checking_heads.compare_cosigned(session)
    course.findings.extend(wrong)
    if replay is not None and course.broken_at is None:
        course.findings.extend(replay.compare(session))
    root = ledger.root(session, size) if course.broken_at is None and not _lacks_node(course) else b""
    found = tuple(altered(each, proven=proven) for each in course.findings)
    return Report(size, root, proven, found, tuple(course.told.losses), cosigned)


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


def _examine(entries: Sequence[Row], course: _Course, attachments: Attachments | None, replay: Replay | None) -> None:
    """Look at what the entries of a block say, each read once."""
    read = [read_told(kind, body) for _, kind, body, _ in entries]
    for (seq, kind, body, _), told in zip(entries, read, strict=True):
        if told is None or kind in NOTED or told.device:
            _examine_closely(seq, kind, body, course, attachments)
        elif attachments is not None and kind in ATTACHING and (named := cast(Any, told).attachments):
            _compare_attachments(seq, named, course, attachments)
    if replay is not None:
        replay.take(entries, read)


def _examine_closely(seq: int, kind: str, body: bytes, course: _Course, attachments: Attachments | None) -> None:
    """Look at what an entry says of which little is sure: not its form, not even its kind."""
    try:
        told = _read(body.decode())[0]
    except (ValueError, RecursionError):
        return  # its hash has shown it already
    if not isinstance(told, dict):
        course.note("entry-kind-differs", seq, found=kind, wanted=None)
        return
    if told.get("kind") != kind:
        course.note("entry-kind-differs", seq, found=kind, wanted=told.get("kind"))
    if kind in NOTED:
        course.told.note(seq, told)
    if "device" in told:
        _follow_device(seq, told.get("device"), told.get("device_seq"), course)
    if attachments is not None and isinstance(named := told.get("attachments"), list):
        _compare_attachments(seq, named, course, attachments)


def _compare_attachments(seq: int, named: Iterable[object], course: _Course, attachments: Attachments) -> None:
    for name in named:
        if state := attachments(str(name)):
            course.note(f"attachment-{state}", seq, sha256=name)


def _follow_device(seq: int, device: object, number: object, course: _Course) -> None:
    if isinstance(device, str) and isinstance(number, int):
        due = course.devices.get(device, 0)
        if number != due:
            course.note("device-gap", seq, device=device, found=number, wanted=due)
        course.devices[device] = number + 1


def _lacks_node(course: _Course) -> bool:
    return any(each.code == "tree-damaged" for each in course.findings)
