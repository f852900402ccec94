"""A witness signs what continues the last head it saw and nothing else, with the statuses of c2sp.org/tlog-witness."""

from __future__ import annotations

import base64
import contextlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.database import Database, open_database
from custody import checkpoint, cosignature, merkle, notes, witness_request, witnessing
from custody.checkpoint import Checkpoint
from custody.errors import CustodyError
from custody.witness_request import Request, format_request, parse_request
from custody.witnessing import Answer

ORIGIN = "luutru/phuong-01"
NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)
LOG, OTHER = notes.new_key(ORIGIN), notes.new_key("luutru/phuong-09")
WITNESS = notes.new_key("luutru/phuong-02/witness", notes.COSIGNATURE)
LEAVES = [merkle.leaf_hash(str(number).encode()) for number in range(70)]
FORK = [merkle.leaf_hash(b"another"), *LEAVES[1:]]


def look_in(leaves: list[bytes]) -> merkle.Look:
    """Return the hashes of the full subtrees over leaves."""

    def look(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        return merkle.node_hash(look(level - 1, 2 * index), look(level - 1, 2 * index + 1))

    return look


def ask(
    old: int,
    new: int,
    *,
    leaves: list[bytes] = LEAVES,
    key: notes.SignerKey = LOG,
    origin: str = ORIGIN,
    **told: object,
) -> bytes:
    """Return the request that a log of these leaves makes to go from one size to another."""
    head = Checkpoint(origin, new, merkle.root(new, look_in(leaves)))
    proof = merkle.prove_consistency(old, new, look_in(leaves)) if old <= new else ()
    given = told.get("proof", proof)
    assert isinstance(given, tuple)
    return format_request(Request(old, given, checkpoint.sign(head, (key,))))


@pytest.fixture
def post(database: Database) -> Callable[[bytes], Answer]:
    """Give a witness that looks after one log; on each engine."""
    with database.atomic() as session:
        witnessing.watch(session, LOG.verifier)

    def send(body: bytes) -> Answer:
        with database.atomic() as session:
            return witnessing.add_checkpoint(session, body, WITNESS, NOW)

    return send


def test_a_log_that_grows_is_cosigned_at_every_head(post: Callable[[bytes], Answer]) -> None:
    """From nothing to ten to ten again to seventy; each signature names the moment and verifies over the whole text."""
    for old, new in ((0, 0), (0, 10), (10, 10), (10, 64), (64, 70)):
        body = ask(old, new)
        answer = post(body)
        assert (answer.status, answer.text.startswith("— luutru/phuong-02/witness ")) == (200, True), answer
        note = parse_request(body).note
        (signed,) = cosignature.read_cosignatures(note + answer.text, [WITNESS.verifier])
        assert signed.at == int(NOW.timestamp())
        # What stands under a head is a signed note still, for whoever knows only the log's key.
        assert checkpoint.read(note + answer.text, [LOG.verifier], ORIGIN).size == new


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (ask(10, 20), 200),
        (b"", 400),
        (b"old 10\n\n", 400),
        (ask(10, 20).replace(b"old 10", b"old 010"), 400),
        (ask(10, 20).replace(b"old 10", b"old  10"), 400),
        (ask(10, 20).replace(b"old 10", b"old -1"), 400),
        (ask(10, 20, proof=(b"short",)), 400),
        (ask(10, 20, proof=tuple(LEAVES[:64])), 400),
        (ask(10, 20).replace(b"\n20\n", b"\n020\n"), 403),
        (ask(30, 20), 400),
        (b"\xff" + ask(10, 20), 400),
        (ask(10, 20) + b"\n" * witness_request.MOST_BYTES, 400),
        (ask(10, 20, key=OTHER), 403),
        (ask(10, 20, key=notes.new_key(ORIGIN)), 403),
        (ask(10, 20).replace(b"\n20\n", b"\n21\n"), 403),
        (ask(10, 20, key=OTHER, origin="luutru/phuong-09"), 404),
        (ask(9, 20), 409),
        (ask(0, 20), 409),
        (ask(0, 0), 409),
        (ask(10, 10, leaves=FORK), 409),
        (ask(10, 20, leaves=FORK), 422),
        (ask(10, 20, proof=()), 422),
        (ask(10, 20, proof=tuple(LEAVES[:63])), 422),
        (ask(10, 10, proof=(LEAVES[0],)), 422),
    ],
)
def test_a_request_gets_the_status_of_the_specification(
    post: Callable[[bytes], Answer], body: bytes, status: int
) -> None:
    """Whatever is refused changes nothing; what a log needs to begin again stands in a 409."""
    assert post(ask(0, 10)).status == 200
    answer = post(body)
    assert answer.status == status, answer
    if status == 409:
        assert (answer.kind, answer.text) == ("text/x.tlog.size", "10\n")
    if status != 200:
        assert post(ask(10, 10)).status == 200


def test_a_proof_where_none_may_be_is_refused(post: Callable[[bytes], Answer]) -> None:
    """The specification: it must be empty where nothing was cosigned yet."""
    assert post(ask(0, 10, proof=(LEAVES[0],))).status == 422
    assert post(ask(0, 10)).status == 200


def test_two_requests_at_once_never_take_a_log_back(database: Database, database_url: str) -> None:
    """Of twenty heads sent at once from one size one is cosigned; the record is that head."""
    with database.atomic() as session:
        witnessing.watch(session, LOG.verifier)
    together, answers = threading.Barrier(10), list[tuple[int, int]]()

    def send(size: int) -> None:
        desk = open_database(database_url)
        body = ask(0, size)
        together.wait(30)
        with desk.atomic() as session:
            answers.append((size, witnessing.add_checkpoint(session, body, WITNESS, NOW).status))
        desk.close()

    threads = [threading.Thread(target=send, args=(size,)) for size in range(20, 30)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    taken = [size for size, status in answers if status == 200]
    assert (len(taken), len(answers)) == (1, 10), answers
    with database.reading() as session:
        assert [each.size for each in witnessing.watched(session)] == taken


def test_a_log_has_several_keys_and_is_forgotten_only_with_its_last_head(database: Database) -> None:
    """A key added later signs as well; what was cosigned is handed out when the log begins anew."""
    fresh = notes.new_key(ORIGIN)
    with database.atomic() as session:
        witnessing.watch(session, LOG.verifier)
        assert witnessing.watch(session, fresh.verifier).keys == (fresh.verifier, LOG.verifier)
        assert len(witnessing.watch(session, fresh.verifier).keys) == 2
    with database.atomic() as session:
        assert witnessing.add_checkpoint(session, ask(0, 10, key=fresh), WITNESS, NOW).status == 200
        note = witnessing.forget(session, ORIGIN)
        assert checkpoint.read(note, [fresh.verifier]).size == 10
        with pytest.raises(CustodyError, match="log-not-watched"):
            witnessing.forget(session, ORIGIN)


def test_the_witness_key_is_made_once_and_never_replaced(tmp_path: Path) -> None:
    """Neighbours know its public half; a lost private one is told, not made anew."""
    key = witnessing.open_key(tmp_path / "keys", "a/witness")
    assert witnessing.open_key(tmp_path / "keys", "b/witness") == key
    assert (tmp_path / "keys" / witnessing.PRIVATE).stat().st_mode & 0o777 == 0o600
    (tmp_path / "keys" / witnessing.PRIVATE).unlink()
    with pytest.raises(CustodyError, match="key-missing"):
        witnessing.open_key(tmp_path / "keys", "a/witness")


def test_the_signature_of_the_specification_s_message(database: Database) -> None:
    """Built here from the words of tlog-cosignature, byte by byte, and checked with the bare key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    text = Checkpoint(ORIGIN, 3, bytes(32)).text()
    line = cosignature.cosign(text, WITNESS, 1679315147)
    told = base64.b64decode(line.split(" ")[2])
    assert told[:4] == WITNESS.verifier.key_hash
    assert int.from_bytes(told[4:12], "big") == 1679315147
    message = b"cosignature/v1\ntime 1679315147\n" + text.encode()
    Ed25519PublicKey.from_public_bytes(WITNESS.verifier.public).verify(told[12:], message)
    assert len(told) == 4 + 8 + 64


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: f"old 1\n\n{text}".encode()))
def test_any_bytes_are_a_request_or_refused_by_name(body: bytes) -> None:
    """Nothing a stranger posts raises anything else."""
    with contextlib.suppress(CustodyError):
        made = parse_request(body)
        assert parse_request(format_request(made)) == made


@pytest.mark.parametrize("change", ["text", "time", "short", "other"])
def test_a_cosignature_that_was_changed_is_forged(change: str) -> None:
    """Another head, another moment, a cut line; only a stranger's line is passed over."""
    text = Checkpoint(ORIGIN, 3, bytes(32)).text()
    note, line = notes.sign(text, (LOG,)), cosignature.cosign(text, WITNESS, 1000)
    told = base64.b64decode(line.split(" ")[2])
    if change == "text":
        note = note.replace("\n3\n", "\n4\n")
    elif change == "time":
        line = notes.format_line(WITNESS.verifier, told[4:11] + b"\x00" + told[12:])
    elif change == "short":
        line = notes.format_line(WITNESS.verifier, told[4:-1])
    else:
        stranger = notes.new_key(WITNESS.name, notes.COSIGNATURE)
        assert cosignature.read_cosignatures(note + cosignature.cosign(text, stranger, 1), [WITNESS.verifier]) == ()
        return
    with pytest.raises(CustodyError, match="cosignature-forged"):
        cosignature.read_cosignatures(note + line, [WITNESS.verifier])
