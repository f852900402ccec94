"""Strangers recompute rounds: the draw of a day from the log alone, and one result with SHA-256 and a signature."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import text

from archive.clock import HandClock
from custody import ledger
from custody.errors import CustodyError
from custody.round_results import Result, body_of, check_round_proof, format_proof, prove, root_of
from desk import ledgering, round_proofs, round_scans, rounds
from desk.office import Office
from tests.desk.guarding import BOXES, GUARD, HANOI, Post, build


@pytest.fixture
def post(office: Office, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Post:
    """Give a post with six sealed boxes, on the morning of Monday 5 January 2026."""
    return build(office, clock, monkeypatch)


def walk_through(post: Post) -> str:
    """Walk one round whole; return its code."""
    post.plan("at 22:00")
    post.set("2026-01-05 22:00")
    begun = rounds.start(post.office, "", GUARD)
    round_scans.scan(post.office, [post.shelf, *BOXES], GUARD)
    rounds.end(post.office, "", GUARD)
    return begun.code


def climb(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root a path leads to, by the recursion of RFC 6962, section 2.1.1; nothing of ours is used."""
    if size == 1:
        assert not path
        return leaf
    half = 1
    while half * 2 < size:
        half *= 2
    if index < half:
        return sha256(b"\x01" + climb(leaf, index, half, path[:-1]) + path[-1]).digest()
    return sha256(b"\x01" + path[-1] + climb(leaf, index - half, size - half, path[:-1])).digest()


@pytest.mark.parametrize("box", [0, 3, 5])
def test_a_stranger_checks_one_result_by_the_documented_steps(post: Post, box: int) -> None:
    """From the text alone: the result leads to the round's root, the entry to the signed head's."""
    code = walk_through(post)
    proof = round_proofs.prove(post.office, code, BOXES[box])
    head, _, rest = proof.partition("\n\n")
    title, told, place, *path = head.split("\n")
    assert title == "luutru-round-proof 1"
    body = told.removeprefix("result ").encode()
    result = json.loads(body)
    assert (result["point"], result["finding"], result["by"]) == (BOXES[box], "intact", "BINH")
    index, size = (int(each) for each in place.removeprefix("index ").split(" of "))
    hashes = [base64.b64decode(each) for each in path]
    root = climb(sha256(b"\x00" + body).digest(), index, size, hashes)
    entry_head, _, note = rest.partition("\n\n")
    lines = entry_head.split("\n")
    entry = base64.b64decode(lines[1].removeprefix("extra "))
    ended = json.loads(entry)
    assert (ended["kind"], ended["round"], ended["results"], ended["root"]) == ("round-ended", code, size, root.hex())
    number = int(lines[2].removeprefix("index "))
    _origin, tree_size, tree_root = note.split("\n")[:3]
    up = [base64.b64decode(each) for each in lines[3:]]
    assert climb(sha256(b"\x00" + entry).digest(), number, int(tree_size), up) == base64.b64decode(tree_root)
    known = ledgering.open_keys(post.office.settings).known
    assert check_round_proof(proof, known)[0].point == BOXES[box]


def test_a_proof_with_another_result_is_refused(post: Post) -> None:
    """Another finding, another round, another number and torn text prove nothing."""
    code = walk_through(post)
    proof = round_proofs.prove(post.office, code, BOXES[0])
    known = ledgering.open_keys(post.office.settings).known
    changes = [
        ("intact", "broken"),
        ("index 1 of 7", "index 2 of 7"),
        (f'"round":"{code}"', '"round":"DEM-20260106-01"'),
    ]
    for old, new in changes:
        assert old in proof
        with pytest.raises(CustodyError) as refused:
            check_round_proof(proof.replace(old, new, 1), known)
        assert refused.value.code == "round-proof-wrong"
    with pytest.raises(CustodyError, match="broken"):
        check_round_proof(proof[40:], known)
    with pytest.raises(CustodyError, match="round-point-absent"):
        round_proofs.prove(post.office, code, "K9")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13])
def test_every_result_of_every_round_is_provable(size: int) -> None:
    """Roots and paths agree with the recursion of RFC 6962 for rounds of any size."""
    bodies = [body_of(Result("DEM-20260105-01", f"P{number}", "intact")) for number in range(size)]
    for index, body in enumerate(bodies):
        path = prove(bodies, index)
        assert climb(sha256(b"\x00" + body).digest(), index, size, path) == root_of(bodies)
        assert f"index {index} of {size}" in format_proof(bodies, index, "")


def test_a_stranger_draws_the_times_of_a_day_from_the_log_alone(post: Post) -> None:
    """With the entries' bytes, HMAC and JSON: one random round a night, at the minute it was walked."""
    post.plan("random 1 22:00-05:00", targets=("random 2 Kho 1",))
    post.set("2026-01-06 22:00")
    while not rounds.due(post.office):
        post.clock.sleep(60)
    begun = rounds.start(post.office, "", GUARD)
    with post.office.database.reading() as session:
        bodies = [each.body for each in ledger.read(session)]
    read = [json.loads(each) for each in bodies]
    night = datetime(2026, 1, 6, tzinfo=HANOI)
    seeds = [e for e in read if e["kind"] == "log-checkpointed" and datetime.fromisoformat(e["at"]) < night]
    root = _root([sha256(b"\x00" + each).digest() for each in bodies[: seeds[-1]["size"]]])
    assert root.hex() == seeds[-1]["root"]

    def lot(**told: object) -> bytes:
        facts = json.dumps({"plan": "DEM", "day": "2026-01-06", **told}, sort_keys=True, separators=(",", ":"))
        return hmac.new(root, facts.encode(), sha256).digest()

    # One of one: the only lot is the first of "Floyd's way", below the 420 minutes of the window.
    minute = int.from_bytes(lot(draw="time/1", index=0, **{"try": 0})[:8], "big") % 420
    assert datetime.fromisoformat(begun.due) == night + timedelta(hours=22, minutes=minute)
    ranked = sorted(BOXES, key=lambda box: lot(draw="box/1/1", box=box))
    assert begun.points == tuple(sorted(ranked[:2]))


def _root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + _root(leaves[:half]) + _root(leaves[half:])).digest()


def test_verifying_a_day_finds_points_that_were_not_drawn(post: Post) -> None:
    """As drawn while nobody meddles, though boxes have moved since; otherwise, when a row names another box."""
    post.plan("at 22:00", targets=("random 2 Kho 1",))
    post.set("2026-01-06 22:00")
    begun = rounds.start(post.office, "", GUARD)
    others = [each for each in BOXES if each not in begun.points]
    round_scans.scan(post.office, others[:1], GUARD, finding="missing")
    post.clock.sleep(60)
    (drawn,) = round_proofs.draws_of(post.office, date(2026, 1, 6), verify=True)
    assert (drawn.compared, drawn.points, drawn.state) == ("as-drawn", begun.points, "under-way")
    with post.office.database.atomic() as session:
        session.execute(text("UPDATE custody_round SET points = :points"), {"points": json.dumps(others[:2])})
    (drawn,) = round_proofs.draws_of(post.office, date(2026, 1, 6), verify=True)
    assert (drawn.compared, drawn.points) == ("otherwise", begun.points)


def test_nobody_is_told_what_is_not_due_yet(post: Post) -> None:
    """Neither today's later rounds nor tomorrow's are shown, with or without verifying."""
    post.plan("at 10:00", "at 22:00", "random 2 23:00-23:50")
    post.set("2026-01-06 12:00")
    for verify in (False, True):
        told = round_proofs.draws_of(post.office, date(2026, 1, 6), verify=verify)
        assert [each.code for each in told] == ["DEM-20260106-01"]
        assert round_proofs.draws_of(post.office, date(2026, 1, 7), verify=verify) == []
