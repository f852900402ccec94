"""Signed notes and checkpoints: the published examples of others, and what a forger tries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custody import checkpoint, merkle, notes, proof
from custody.checkpoint import Checkpoint
from custody.errors import CustodyError

# The key and the note with which Go's sumdb/note documents the format.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETERS_PRIVATE = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETERS_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
SEEDS = st.binary(min_size=32, max_size=32)


def text_of(note: str) -> str:
    """Return the text before the signatures."""
    return note.split("\n\n")[0] + "\n"


def test_the_documented_note_of_go_opens_with_its_key() -> None:
    """A note nobody here wrote is read, and signing its text again gives its very bytes."""
    opened = notes.open_note(PETERS_NOTE, [notes.parse_verifier(PETER)])
    assert opened.text == text_of(PETERS_NOTE)
    assert [str(key) for key in opened.signers] == [PETER]
    signer = notes.parse_signer(PETERS_PRIVATE)
    assert str(signer.verifier) == PETER
    assert notes.sign(text_of(PETERS_NOTE), [signer]) == PETERS_NOTE


def test_a_changed_letter_a_changed_signature_and_a_foreign_key_are_refused() -> None:
    """Each has its own code."""
    known = [notes.parse_verifier(PETER)]
    with pytest.raises(CustodyError) as changed:
        notes.open_note(PETERS_NOTE.replace("answer", "Answer"), known)
    assert changed.value.code == "note-forged"
    with pytest.raises(CustodyError) as other:
        notes.open_note(PETERS_NOTE, [notes.new_key("PeterNeumann").verifier])
    assert other.value.code == "note-unsigned"
    with pytest.raises(CustodyError) as torn:
        notes.open_note(PETERS_NOTE[:-1], known)
    assert torn.value.code == "note-broken"


def test_a_witness_adds_its_line_and_both_are_named() -> None:
    """Old and new keys may sign side by side: that is how a key is exchanged."""
    ours, witness = notes.new_key("luutru/phuong-01"), notes.new_key("luutru/phuong-02")
    note = notes.add_signature(notes.sign("luutru/phuong-01\n", [ours]), witness)
    opened = notes.open_note(note, [witness.verifier, ours.verifier])
    assert opened.signers == (ours.verifier, witness.verifier)


@given(SEEDS, st.from_regex(r"[a-zA-Z0-9/_.-]{1,40}", fullmatch=True))
def test_keys_survive_being_written_down(seed: bytes, name: str) -> None:
    """Both halves come back as they were."""
    key = notes.SignerKey(name, seed)
    assert notes.parse_signer(key.written()) == key
    assert notes.parse_verifier(str(key.verifier)) == key.verifier
    assert seed.hex() not in repr(key)


@given(st.text(max_size=300))
def test_no_text_whatever_opens_as_a_note_of_ours(text: str) -> None:
    """Anything but a signed note is refused with a code, never with a crash."""
    with pytest.raises(CustodyError):
        notes.open_note(text, [notes.parse_verifier(PETER)])
    with pytest.raises(CustodyError):
        proof.parse_proof(text)


@given(st.integers(0, 2**60), st.binary(min_size=32, max_size=32), SEEDS)
def test_a_checkpoint_comes_back_as_it_was_signed(size: int, root: bytes, seed: bytes) -> None:
    """Size and root are the signed ones, and only under the log's own name."""
    key = notes.SignerKey("luutru/phuong-01", seed)
    head = Checkpoint("luutru/phuong-01", size, root)
    note = checkpoint.sign(head, [key])
    assert checkpoint.read(note, [key.verifier], "luutru/phuong-01") == head
    with pytest.raises(CustodyError) as other:
        checkpoint.read(note, [key.verifier], "luutru/phuong-02")
    assert other.value.code == "checkpoint-of-another-log"


@pytest.mark.parametrize(
    "text", ["", "a\n", "a\n01\n" + "A" * 43 + "=\n", "a\n1\nAAAA\n", "a\n-1\n" + "A" * 43 + "=\n"]
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    """Leading zeroes, short roots, signs and missing lines are no checkpoint."""
    with pytest.raises(CustodyError) as refused:
        checkpoint.parse(text)
    assert refused.value.code == "checkpoint-broken"


@given(st.integers(1, 70), st.data())
def test_a_proof_on_paper_shows_its_own_entry_only(size: int, data: st.DataObject) -> None:
    """Written, read again and checked without the log; another body, or another place, is refused."""
    bodies = [str(number).encode() for number in range(size)]
    nodes: dict[tuple[int, int], bytes] = {}
    for seq, body in enumerate(bodies):
        for level, index, hashed in merkle.grow(seq, merkle.leaf_hash(body), lambda *at: nodes[at]):
            nodes[level, index] = hashed
    key = notes.SignerKey("log", bytes(32))
    head = Checkpoint("log", size, merkle.root(size, lambda *at: nodes[at]))
    seq = data.draw(st.integers(0, size - 1))
    made = proof.Proof(
        seq, merkle.prove_inclusion(seq, size, lambda *at: nodes[at]), checkpoint.sign(head, [key]), b"extra"
    )
    again = proof.parse_proof(proof.format_proof(made))
    assert again == made
    assert proof.check_proof(again, bodies[seq], [key.verifier]) == head
    with pytest.raises(CustodyError) as wrong:
        proof.check_proof(again, b"never entered", [key.verifier])
    assert wrong.value.code == "proof-wrong"
