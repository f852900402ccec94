"""Any minute of the past, and the custody log as pages: found, shown exactly, proved, and carried away."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from archive.clock import HandClock
from archive.settings import zone_of
from desk import incidents, verifier
from desk.office import Office
from tests.desk.test_sign_in import FROM_HERE, signed_in
from tests.desk.watched import BOX, english, signer, text_of, watching


@pytest.fixture
def clock() -> HandClock:
    """Give a clock set by hand."""
    return HandClock()


@pytest.fixture
def watched(tmp_path: Path, clock: HandClock) -> Iterator[Office]:
    """Give a station with a post that a guard took up, and three sealed boxes in a store."""
    with watching(tmp_path / "station", clock) as office:
        yield office


def test_the_past_answers_for_any_minute(watched: Office, clock: HandClock) -> None:
    """Who held the box, under which seal, and who was on guard; before it was begun there is no answer."""
    # A minute on the office's clocks, whatever zone this machine is in.
    zone, start = zone_of(watched.settings), clock.now()
    clock.sleep(3600)
    inspector = english(signed_in(watched, "TT01"))
    when = start.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    page = text_of(inspector.get(f"/ask?package={BOX}&at={when}").text)
    assert "Người archivist (LT01)" in page
    assert f"S-{BOX}" in page
    assert "K1/G1" in page
    assert "Người guard (BV01)" in page
    before = (start - timedelta(hours=2)).astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    early = inspector.get(f"/ask?package={BOX}&at={before}")
    assert early.status_code == 422
    assert "was not begun yet" in early.text
    assert inspector.get("/ask?at=yesterday").status_code == 422
    alone = text_of(inspector.get(f"/ask?at={when}").text)
    assert "On guard at" in alone


def test_proofs_of_a_box_are_checked_by_a_stranger(watched: Office, tmp_path: Path) -> None:
    """The download holds a proof for each entry, the keys, and the program; it finds them sound."""
    inspector = signed_in(watched, "TT01")
    answer = inspector.post("/ask/proofs", data={"package": BOX}, headers=FROM_HERE)
    assert answer.headers["content-disposition"].startswith("attachment")
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path / "out")  # our own
    (folder,) = (tmp_path / "out").iterdir()
    proofs = sorted(folder.glob("*.tlog-proof"))
    assert len(proofs) == 2
    done = subprocess.run(
        [sys.executable, str(folder / "verify.py"), *map(str, proofs)], capture_output=True, check=False
    )
    assert done.returncode == verifier.SOUND, done.stdout


def test_the_whole_log_is_one_file_that_a_stranger_can_check(watched: Office, tmp_path: Path) -> None:
    """The zip holds the bundle of `ledger export`; its own program finds it sound."""
    answer = signed_in(watched, "TT01").post("/log/export", headers=FROM_HERE)
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path / "out")  # our own
    (folder,) = (tmp_path / "out").iterdir()
    assert verifier.main([str(folder)]) == verifier.SOUND


def test_the_log_is_found_by_kind_person_code_and_day(watched: Office, clock: HandClock) -> None:
    """Each filter leaves what it says and nothing else; an empty answer says how to see all."""
    client = english(signed_in(watched, "TT01"))

    def found(query: str) -> list[int]:
        return [int(each) for each in re.findall(r'<td class="name"><a href="/log/(\d+)"', client.get(query).text)]

    everything = found("/log")
    assert everything == sorted(everything, reverse=True)
    assert len(found("/log?kind=package-sealed")) == 3
    assert len(found(f"/log?text={BOX}")) == 2
    assert found("/log?person=bv01") == [max(everything)]
    day = clock.now().astimezone().date()
    assert found(f"/log?day={day}") == everything
    assert found(f"/log?day={day + timedelta(days=1)}") == []
    assert "Show all entries" in client.get("/log?text=nothing").text
    assert found(f"/log?before={max(everything)}") == everything[1:]


def test_an_entry_shows_its_exact_bytes_and_its_proof(watched: Office) -> None:
    """The body is what was hashed; the proof is offered where a head covers it, else a head is."""
    client = english(signed_in(watched, "TT01"))
    page = client.get("/log/0").text
    assert "&#34;kind&#34;:&#34;package-drafted&#34;" in page
    assert client.get("/log/0/proof").text.startswith("c2sp.org/tlog-proof@v1\n")
    assert client.get("/log/99999").status_code in {404, 422}
    incidents.report(watched, "K1", "low", [signer("BV01")], text="Cửa kho kêu.")
    newest = int(re.findall(r'href="/log/(\d+)"', client.get("/log").text)[0])
    assert "Sign a head now" in client.get(f"/log/{newest}").text
    assert client.get(f"/log/{newest}/proof").status_code != 200
    assert client.post("/log/heads", headers=FROM_HERE).status_code == 303
    assert client.get(f"/log/{newest}/proof").status_code == 200


def test_only_what_an_entry_names_is_given_with_it(watched: Office) -> None:
    """The text of an incident is shown as text, and no other file of the vault can be asked for."""
    made = incidents.report(watched, "K1", "low", [signer("BV01")], text="<b>Cửa kho kêu.</b>")
    client = signed_in(watched, "TT01")
    (name,) = made.attachments
    given = client.get(f"/log/{made.entry}/enclosed/{name}")
    assert given.text == "<b>Cửa kho kêu.</b>"
    assert given.headers["content-type"].startswith("text/plain")
    assert "sandbox" in given.headers["content-security-policy"]
    assert client.get(f"/log/0/enclosed/{name}").status_code == 404
