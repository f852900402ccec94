"""A request of a program is done once, however often and however many at once it arrives."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import replays
from archive.clock import HandClock
from archive.replays import RETAINED
from custody import ledger
from desk import ledgering
from desk.office import Office
from tests.desk.clerks import PIN, box_with, manned
from tests.desk.programs import Program, signed


@pytest.fixture
def clock() -> HandClock:
    """Give a clock set by hand."""
    return HandClock()


@pytest.fixture
def office(tmp_path: Path, clock: HandClock) -> Iterator[Office]:
    """Give a station with people, places, seals and a register."""
    with manned(tmp_path / "station", clock) as opened:
        yield opened


def size(office: Office) -> int:
    """Return how many entries the log holds."""
    with office.database.reading() as session:
        return ledger.size(session)


def test_the_same_request_again_is_answered_and_not_done(office: Office) -> None:
    """The same bytes come back, marked as a repetition, and the log grows by one."""
    clerk, before = Program(office, "NV01"), size(office)
    first = clerk.post("/packages", "key-of-mine-1", place="Kho 1/1/1")
    again = clerk.post("/packages", "key-of-mine-1", place="Kho 1/1/1")
    assert (first.status_code, again.status_code, again.content) == (201, 201, first.content)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert size(office) == before + 1


def test_a_key_stands_for_one_request_of_one_person(office: Office) -> None:
    """With another body or address it is refused; another person's key of the same name is another key."""
    clerk, before = Program(office, "NV01"), size(office)
    clerk.done("/packages", key="key-of-mine-1", place="Kho 1/1/1")
    other = clerk.post("/packages", "key-of-mine-1", place="Kho 1/1/2")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert Program(office, "NV03").post("/packages", "key-of-mine-1", place="Kho 1/1/1").status_code == 201
    assert size(office) == before + 2


def test_what_is_refused_may_be_sent_again_under_its_key(office: Office) -> None:
    """A wrong PIN is counted though nothing else is kept; then the same key does the act."""
    code = box_with(office, 1)
    clerk, before = Program(office, "NV01"), size(office)
    wrong = clerk.post(f"/packages/{code}/count", "key-of-mine-1", pin="0001", dossiers=1, leaves=11)
    assert wrong.json()["code"] == "sign-in-refused"
    with office.database.reading() as session:
        from archive.people_tables import SignInRow

        tried = session.get(SignInRow, "NV01")
        assert tried is not None
        assert tried.failures == 1
    assert clerk.post(f"/packages/{code}/count", "key-of-mine-1", pin=PIN, dossiers=1, leaves=11).is_success
    assert size(office) == before


def test_many_at_once_under_one_key_are_one(office: Office) -> None:
    """Eight threads send the same request; one package is begun and all are told the same."""
    clerks, answers, before = [Program(office, "NV01") for _ in range(8)], [], size(office)
    start = threading.Barrier(8)

    def send(clerk: Program) -> None:
        start.wait()
        answers.append(clerk.post("/packages", "key-of-mine-1", place="Kho 1/1/1"))

    threads = [threading.Thread(target=send, args=(clerk,)) for clerk in clerks]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert {each.status_code for each in answers} == {201}
    assert len({each.content for each in answers}) == 1
    assert size(office) == before + 1


def test_an_answer_that_cannot_be_kept_undoes_the_act(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Effect and answer are one transaction: where it ends between them, neither is there and the key is free."""
    clerk, before = Program(office, "NV01"), size(office)

    def die(*_: Any) -> None:
        raise RuntimeError("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr(replays, "keep", die)
        assert clerk.post("/packages", "key-of-mine-1", place="Kho 1/1/1").status_code == 500
    assert size(office) == before
    assert clerk.post("/packages", "key-of-mine-1", place="Kho 1/1/1").status_code == 201


def test_an_act_that_cannot_wait_for_its_answer_is_never_done_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A head was signed and its answer lost: the same key is told that nobody knows, and signs nothing more."""
    leader, signings = Program(office, "NV03"), []
    sign = ledgering.sign_head

    def sign_and_die(*told: Any) -> Any:
        signings.append(sign(*told))
        raise RuntimeError("the power is gone")

    with monkeypatch.context() as patched:
        patched.setattr(ledgering, "sign_head", sign_and_die)
        assert leader.post("/log/heads", "key-of-mine-1").status_code == 500
    again = leader.post("/log/heads", "key-of-mine-1")
    assert (again.status_code, again.json()["code"]) == (409, "idempotency-outcome-unknown")
    assert len(signings) == 1
    assert leader.post("/log/heads", "key-of-mine-2").status_code == 201


def test_a_key_is_free_again_when_its_time_is_over(office: Office, clock: HandClock) -> None:
    """An answer is kept for two days, longer than any program retries."""
    clerk, before = Program(office, "NV01"), size(office)
    clerk.done("/packages", key="key-of-mine-1", place="Kho 1/1/1")
    clock.sleep(24 * 3600)
    clerk = Program(office, "NV01")
    assert clerk.post("/packages", "key-of-mine-1", place="Kho 1/1/1").headers["idempotency-replayed"] == "true"
    clock.sleep(RETAINED.total_seconds())
    clerk = Program(office, "NV01")
    assert "idempotency-replayed" not in clerk.post("/packages", "key-of-mine-1", place="Kho 1/1/1").headers
    assert size(office) == before + 2


def test_a_refused_act_leaves_nothing_in_the_log(office: Office) -> None:
    """Savepoints give back what the outer transaction would have committed."""
    code, before = box_with(office, 1), 0
    archivist, before = Program(office, "NV02"), size(office)
    answer = archivist.post(f"/packages/{code}/seal", numbers=["A0001"], place="Kho 1/1/1", signers=signed("NV01"))
    assert answer.status_code == 422
    assert size(office) == before
