"""Shell: a block of leaves against the stored hashes of the tree above it, and what a difference means.

Only the hashes of full subtrees are stored beside the entries, so a forger who does not rewrite them is caught at the
first pair of leaves, and the pair and its neighbours tell what was done.
"""

from __future__ import annotations

from sqlmodel import Session

from archive.database import run
from custody import ledger
from custody.errors import CustodyError, Finding
from custody.merkle import node_hash

LEVELS = 10
BLOCK = 1 << LEVELS
_HASHES = "SELECT hash FROM ledger_node WHERE level = ? AND position >= ? AND position < ? ORDER BY position"


def compare_block(session: Session, start: int, leaves: list[bytes]) -> Finding | None:
    """Compare the subtrees inside the block that begins at leaf `start`; None when they agree."""
    row = leaves
    for level in range(1, LEVELS + 1):
        row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        if not row:
            return None
        first = start >> level
        stored = _stored(session, level, first, len(row))
        if stored != row:
            at = next(
                (n for n, (a, b) in enumerate(zip(row, stored, strict=False)) if a != b), min(len(row), len(stored))
            )
            if level > 1:
                return Finding("tree-damaged", (first + at) << level, facts={"level": level, "index": first + at})
            return _guess(at, start, leaves, stored)
    return None


def higher_nodes(session: Session, end: int, count: int) -> Finding | None:
    """Compare the stored subtrees above the blocks that end at leaf `end`; None when they agree."""
    if count < BLOCK:
        return None
    level, index = LEVELS, (end >> LEVELS) - 1
    try:
        while index & 1:
            made = node_hash(ledger.node(session, level, index - 1), ledger.node(session, level, index))
            level, index = level + 1, index >> 1
            if ledger.node(session, level, index) != made:
                return Finding("tree-damaged", index << level, facts={"level": level, "index": index})
    except CustodyError:
        return Finding("tree-damaged", index << level, facts={"level": level, "index": index})
    return None


def _stored(session: Session, level: int, first: int, count: int) -> list[bytes]:
    rows = run(session, _HASHES, (level, first, first + count)).fetchall()
    return [hashed for (hashed,) in rows]


def _guess(at: int, start: int, leaves: list[bytes], stored: list[bytes]) -> Finding:
    """Tell what was done to the pair `at` of a block, by trying what would explain its stored hash."""
    low = 2 * at
    left, right = leaves[low], leaves[low + 1]
    wanted = stored[at] if at < len(stored) else b""
    after = leaves[low + 2] if low + 2 < len(leaves) else b""
    if node_hash(right, left) == wanted:
        return Finding("entries-swapped", start + low, facts={"other": start + low + 1})
    if after and node_hash(right, after) == wanted:
        return Finding("entry-inserted", start + low)
    if after and node_hash(left, after) == wanted:
        return Finding("entry-inserted", start + low + 1)
    following = stored[at + 1] if at + 1 < len(stored) else b""
    if after and following == node_hash(right, after):
        # The pair lost one of its two; everything behind it moved up.
        return Finding("entry-removed", start + low, facts={"renumbered": True})
    for other in range(at + 1, min(len(leaves) // 2, len(stored))):
        for mine, theirs in ((low, 2 * other), (low, 2 * other + 1), (low + 1, 2 * other), (low + 1, 2 * other + 1)):
            pair = [left, right]
            pair[mine - low] = leaves[theirs]
            if node_hash(*pair) == wanted:
                return Finding("entries-swapped", start + mine, facts={"other": start + theirs})
    return Finding("entry-replaced", start + low, facts={"until": start + low + 1})
