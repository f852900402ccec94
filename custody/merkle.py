"""The Merkle tree of RFC 6962, section 2.1: what makes a log of entries provable.

    leaf(body)        = SHA-256(0x00 ‖ body)
    node(left, right) = SHA-256(0x01 ‖ left ‖ right)

A tree of n leaves splits at the largest power of two below n. Subtrees that are full never change again, so their
hashes are stored as they form: (level, index) names the full subtree over the 2^level leaves from
index·2^level on.
Level 0 are the leaf hashes. Roots and proofs then cost O(log n) look-ups.

Verbs come in pairs: prove_inclusion / check_inclusion, prove_consistency / check_consistency. Checks answer True or
False, never raise, whatever they are given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

Look = Callable[[int, int], bytes]
EMPTY = sha256(b"").digest()
SIZE = 32


def leaf_hash(body: bytes) -> bytes:
    """Return the hash of a leaf holding `body`."""
    return sha256(b"\x00" + body).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def grow(seq: int, leaf: bytes, look: Look) -> list[tuple[int, int, bytes]]:
    """Return (level, index, hash) of every full subtree that is completed by leaf number `seq`, the leaf first."""
    made, level, index, hashed = [(0, seq, leaf)], 0, seq, leaf
    while index & 1:
        hashed = node_hash(look(level, index - 1), hashed)
        level, index = level + 1, index >> 1
        made.append((level, index, hashed))
    return made


def root(size: int, look: Look) -> bytes:
    """Return the root of the tree over the first `size` leaves."""
    return _hash_of(0, size, look) if size else EMPTY


def prove_inclusion(seq: int, size: int, look: Look) -> tuple[bytes, ...]:
    """Return the audit path of leaf `seq` in the tree of `size` leaves, lowest level first (RFC 6962, 2.1.1)."""
    if not 0 <= seq < size:
        raise ValueError(f"leaf {seq} is not in a tree of {size}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if seq < middle:
            path.append(_hash_of(middle, high, look))
            high = middle
        else:
            path.append(_hash_of(low, middle, look))
            low = middle
    return tuple(reversed(path))


def check_inclusion(seq: int, size: int, leaf: bytes, proof: Sequence[bytes], expected: bytes) -> bool:
    """Tell whether `proof` shows `leaf` as number `seq` of the tree of `size` leaves with root `expected`.

    The walk is that of RFC 9162, section 2.1.3.2.
    """
    if not 0 <= seq < size or any(len(each) != SIZE for each in proof):
        return False
    first, last, hashed = seq, size - 1, leaf
    for each in proof:
        if last == 0:
            return False
        if first & 1 or first == last:
            hashed = node_hash(each, hashed)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            hashed = node_hash(hashed, each)
        first, last = first >> 1, last >> 1
    return last == 0 and hashed == expected


def prove_consistency(old: int, new: int, look: Look) -> tuple[bytes, ...]:
    """Return the proof that the tree of `new` leaves begins with the tree of `old` leaves (RFC 6962, 2.1.2)."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} is no beginning of a tree of {new}")
    if old in (0, new):
        return ()
    path: list[bytes] = []
    low, high, whole = 0, new, True
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            path.append(_hash_of(middle, high, look))
            high = middle
        else:
            path.append(_hash_of(low, middle, look))
            low, whole = middle, False
    if not whole:
        path.append(_hash_of(low, high, look))
    return tuple(reversed(path))


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Tell whether `proof` shows that the tree (`new`, `new_root`) only adds leaves to the tree (`old`, `old_root`).

    The walk is that of RFC 9162, section 2.1.4.2; an empty tree is the beginning of every tree.
    """
    if not 0 <= old <= new or any(len(each) != SIZE for each in proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    was = now = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            was, now = node_hash(each, was), node_hash(each, now)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            now = node_hash(now, each)
        first, last = first >> 1, last >> 1
    return last == 0 and was == old_root and now == new_root


class Frontier:
    """The right edge of a growing tree: enough to add leaves and to know the root, log₂(n) hashes in memory."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []

    def add(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        index = self.size
        edge = self._edge
        while index & 1:
            leaf = node_hash(edge.pop(), leaf)
            index >>= 1
        edge.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over all leaves added so far."""
        if not self._edge:
            return EMPTY
        hashed = self._edge[-1]
        for each in reversed(self._edge[:-1]):
            hashed = node_hash(each, hashed)
        return hashed


def _split(count: int) -> int:
    return 1 << (count - 1).bit_length() - 1


def _hash_of(low: int, high: int, look: Look) -> bytes:
    count = high - low
    # Halves of a split are aligned, so a power of two is always a stored subtree.
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return look(level, low >> level)
    middle = low + _split(count)
    return node_hash(_hash_of(low, middle, look), _hash_of(middle, high, look))
