"""The tree against RFC 6962 as written, against the vectors of certificate transparency, and against forgers."""

from __future__ import annotations

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody import merkle

# The eight leaves and the roots over them that certificate transparency implementations test with.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


def rfc_root(bodies: list[bytes]) -> bytes:
    """Return MTH as RFC 6962 defines it, by recursion over the bodies."""
    if not bodies:
        return sha256(b"").digest()
    if len(bodies) == 1:
        return sha256(b"\x00" + bodies[0]).digest()
    split = 1
    while split * 2 < len(bodies):
        split *= 2
    return sha256(b"\x01" + rfc_root(bodies[:split]) + rfc_root(bodies[split:])).digest()


def stored(bodies: list[bytes]) -> dict[tuple[int, int], bytes]:
    """Return every full subtree's hash, grown leaf by leaf."""
    nodes: dict[tuple[int, int], bytes] = {}
    for seq, body in enumerate(bodies):
        for level, index, hashed in merkle.grow(seq, merkle.leaf_hash(body), lambda *at: nodes[at]):
            nodes[level, index] = hashed
    return nodes


def numbered(count: int) -> list[bytes]:
    """Return that many different bodies."""
    return [str(number).encode() for number in range(count)]


def test_the_roots_are_those_of_certificate_transparency() -> None:
    """Eight leaves that others hashed before us give the roots they got."""
    nodes = stored(LEAVES)
    assert merkle.root(0, lambda *at: nodes[at]) == sha256(b"").digest()
    assert [merkle.root(size, lambda *at: nodes[at]).hex() for size in range(1, 9)] == ROOTS


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_every_root_is_the_one_rfc_6962_defines(bodies: list[bytes]) -> None:
    """Stored subtrees, the moving edge and the definition agree at every size."""
    nodes, edge = stored(bodies), merkle.Frontier()
    for size in range(len(bodies) + 1):
        expected = rfc_root(bodies[:size])
        assert merkle.root(size, lambda *at: nodes[at]) == expected
        assert edge.root() == expected
        if size < len(bodies):
            edge.add(merkle.leaf_hash(bodies[size]))


@given(st.integers(1, 130), st.data())
def test_every_leaf_is_proven_and_no_other_leaf_is(size: int, data: st.DataObject) -> None:
    """A proof holds for its own leaf, place, size and root, and for nothing else."""
    bodies = numbered(size)
    nodes = stored(bodies)
    seq = data.draw(st.integers(0, size - 1))
    proof = merkle.prove_inclusion(seq, size, lambda *at: nodes[at])
    leaf, top = merkle.leaf_hash(bodies[seq]), merkle.root(size, lambda *at: nodes[at])
    assert merkle.check_inclusion(seq, size, leaf, proof, top)
    assert not merkle.check_inclusion(seq, size, merkle.leaf_hash(b"another"), proof, top)
    assert not any(merkle.check_inclusion(other, size, leaf, proof, top) for other in range(size) if other != seq)
    assert not merkle.check_inclusion(seq, size, leaf, (*proof, top), top)
    assert not proof or not merkle.check_inclusion(seq, size, leaf, proof[:-1], top)


@given(st.integers(0, 130), st.data())
def test_a_tree_is_shown_to_continue_an_older_one_and_no_forged_one(new: int, data: st.DataObject) -> None:
    """A consistency proof holds for true beginnings and for no rewritten one."""
    nodes = stored(numbered(new))
    old = data.draw(st.integers(0, new))
    look = lambda *at: nodes[at]  # noqa: E731  # shorter than a function of its own
    proof = merkle.prove_consistency(old, new, look)
    was, now = merkle.root(old, look), merkle.root(new, look)
    assert merkle.check_consistency(old, new, was, now, proof)
    forged = sha256(b"forged").digest()
    assert not merkle.check_consistency(old, new, forged, now, proof)
    if old > 0:
        assert not merkle.check_consistency(old, new, was, forged, proof)
        assert not merkle.check_consistency(old, new, was, now, (*proof, forged))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9])
def test_a_leaf_beyond_the_tree_has_no_proof(size: int) -> None:
    """Asking for it is a mistake of the caller; checking it is answered no."""
    nodes = stored(numbered(size))
    with pytest.raises(ValueError, match="not in a tree"):
        merkle.prove_inclusion(size, size, lambda *at: nodes[at])
    assert not merkle.check_inclusion(size, size, merkle.EMPTY, (), merkle.EMPTY)
