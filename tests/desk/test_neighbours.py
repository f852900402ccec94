"""Two real stations on loopback: one cosigns the other's heads, remembers them, and exposes a log that was put back."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pysqlite3
import pytest

from custody import checking, checkpoint, cosignature, ledger, neighbours, notes, signing, witness
from desk import cosigning, faults, ledgering
from desk.cli.exits import Exit
from desk.cli.main import answer
from desk.office import Office, open_office, prepare
from desk.web.serving import make_server
from tests.desk.test_ledger_cli import noted


@dataclass
class Station:
    """A station and how its command line is asked."""

    home: Path
    capsys: pytest.CaptureFixture[str]

    def do(self, *words: object, ends: int = Exit.OK) -> Any:
        """Run a command; return its JSON where it gives any, otherwise its words."""
        self.capsys.readouterr()
        code = answer([str(each) for each in words], {"LANG": "en.UTF-8", "LUUTRU_HOME": str(self.home)})
        said = self.capsys.readouterr()
        assert code == ends, (words, said.out, said.err)
        return json.loads(said.out) if "--json" in words and said.out.strip() else said.out + said.err

    def add_entries(self, count: int) -> None:
        """Let the log grow and sign its head."""
        with contextlib.closing(open_office(self.home, {})) as office:
            with office.database.atomic() as session:
                size = ledger.size(session)
                ledger.append(session, [noted(number) for number in range(size, size + count)])
            ledgering.sign_head(office)

    @property
    def key(self) -> str:
        """Return the public key of its log."""
        return str(self.do("ledger", "checkpoint", "--json")["key"])


@pytest.fixture
def ward(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Station:
    """Give the station whose log is cosigned, with seven entries and a head."""
    station = Station(tmp_path / "ward", capsys)
    prepare(station.home, {})
    station.add_entries(7)
    return station


@pytest.fixture
def city(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Station:
    """Give the station that cosigns."""
    station = Station(tmp_path / "city", capsys)
    prepare(station.home, {})
    settings = station.home / "luutru.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + '\nwitness = "on"\n', encoding="utf-8")
    return station


@contextlib.contextmanager
def serving(station: Station) -> Iterator[str]:
    """Run a station's page on loopback; give the address for heads."""
    office = open_office(station.home, {})
    listening = socket.create_server(("127.0.0.1", 0))
    server = make_server(office)
    thread = threading.Thread(target=lambda: server.run(sockets=[listening]), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/witness"
    finally:
        server.should_exit = True
        thread.join(30)
        listening.close()
        office.close()


def introduce(ward: Station, city: Station, url: str) -> None:
    """Tell each station of the other."""
    city.do("ledger", "watched", "add", ward.key)
    ward.do("ledger", "witness", "add", "Thành phố", city.do("ledger", "watched", "key", "--json")["key"], url)


def test_heads_are_cosigned_kept_checked_exported_and_verified_by_a_stranger(
    ward: Station, city: Station, tmp_path: Path
) -> None:
    """At each new head, in the database, beside the head, in the check, the bundle, a proof and the second station."""
    with serving(city) as url:
        # The first tick of a new station closes the day before, by an entry of its own.
        ward.do("tick", "--once")
        introduce(ward, city, url)
        first = int(ward.do("ledger", "checkpoint", "--json")["size"])
        for size in (first, first + 5):
            assert ward.do("ledger", "witness", "list", "--json")[0]["pending"]
            assert ward.do("tick", "--once") == ""
            (row,) = ward.do("ledger", "witness", "list", "--json")
            assert (row["signed"], row["pending"], row["trouble"]) == (size, False, "")
            (seen,) = city.do("ledger", "watched", "list", "--json")
            assert seen["size"] == size
            ward.add_entries(5)
    checked = ward.do("ledger", "check", "--json")
    name = city.do("ledger", "watched", "key", "--json")["key"].split("+")[0]
    assert (checked["sound"], checked["cosigned"]["size"], checked["cosigned"]["by"][0][0]) == (True, size, name)
    assert "are cosigned by" in ward.do("ledger", "check")
    beside = (ward.home / "heads" / f"cosigned-{size:012}.txt").read_text(encoding="utf-8")
    known = notes.parse_verifier(city.do("ledger", "watched", "key", "--json")["key"], notes.COSIGNATURE)
    assert len(cosignature.read_cosignatures(beside, [known])) == 1
    assert checkpoint.read(beside, signing.read_known(ward.home / "keys")).size == size
    bundle = tmp_path / "bundle"
    ward.do("ledger", "export", bundle)
    path = bundle / "heads" / f"head-{size:012}.txt"
    assert path.read_text(encoding="utf-8") == beside
    code, told = verify(bundle)
    assert (code, f"the first {size} cosigned by neighbours (1: {name})" in told) == (0, True), told
    lines = beside.splitlines(keepends=True)
    path.write_text("".join([*lines[:-1], lines[-1].replace("AAA", "AAB", 1)]), encoding="utf-8")
    code, told = verify(bundle)
    assert (code, f"cosignature-wrong: {path.name}" in told) == (1, True), told


def verify(bundle: Path) -> tuple[int, str]:
    """Run the bundle's own program, which knows nothing of ours."""
    done = subprocess.run([sys.executable, "-I", str(bundle / "verify.py")], cwd="/", capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode()


def test_a_neighbour_that_is_away_or_does_not_know_us_costs_nothing_and_is_asked_again(
    ward: Station, city: Station
) -> None:
    """Pending is said with its reason; the first minute it answers, the head is cosigned."""
    with serving(city) as url:
        pass
    key = city.do("ledger", "watched", "key", "--json")["key"]
    ward.do("ledger", "witness", "add", "Thành phố", key, url)
    ward.do("tick", "--once")
    assert "is not reached" in ward.do("ledger", "witness", "list")
    assert ward.do("ledger", "check", "--json")["sound"]
    with serving(city) as other:
        ward.do("ledger", "witness", "remove", "Thành phố")
        ward.do("ledger", "witness", "add", "Thành phố", key, other)
        assert "was not told of this log" in ward.do("ledger", "witness", "ask", ends=Exit.NOT_READY)
        city.do("ledger", "watched", "add", str(notes.new_key(ward.key.split("+")[0]).verifier))
        assert "does not know the key" in ward.do("ledger", "witness", "ask", ends=Exit.NOT_READY)
        city.do("ledger", "watched", "add", ward.key)
        assert "cosigned up to the newest head" in ward.do("ledger", "witness", "ask")
        stranger = str(notes.new_key("x/witness", notes.COSIGNATURE).verifier)
        ward.do("ledger", "witness", "add", "Khác", stranger, other)
        assert "without a signature of the key" in ward.do("ledger", "witness", "ask", ends=Exit.NOT_READY)


def test_a_log_put_back_with_its_second_place_is_exposed_by_a_neighbour(ward: Station, city: Station) -> None:
    """What the check alone cannot see: the neighbour holds a longer head. A log rewritten later is contradicted."""
    with serving(city) as url:
        introduce(ward, city, url)
        ward.do("ledger", "witness", "ask")
        older = Path(shutil.copytree(ward.home, ward.home.with_name("older")))
        ward.add_entries(5)
        ward.do("ledger", "witness", "ask")
        shutil.rmtree(ward.home)
        older.rename(ward.home)
        assert ward.do("ledger", "check", "--json")["sound"], "nothing in the house can know"
        forget_when_asked(ward)
        assert "signed a longer log" in ward.do("ledger", "witness", "ask", ends=Exit.FINDINGS)
        found = ward.do("ledger", "check", "--json", ends=Exit.FINDINGS)["findings"]
        assert [each["code"] for each in found] == ["neighbour-holds-longer-head"]
        assert faults.newest(ward.home, 5)[0].code == "neighbour-holds-longer-head"
        with contextlib.closing(open_office(ward.home, {})) as office:
            with office.database.atomic() as session:
                ledger.append(session, [noted(number) for number in range(100, 109)])
            ledgering.sign_head(office)
        ward.do("ledger", "witness", "ask", ends=Exit.FINDINGS)
        found = ward.do("ledger", "check", "--json", ends=Exit.FINDINGS)["findings"]
        assert [each["code"] for each in found] == ["neighbour-contradicts"]
        # The office accepts what happened; the neighbour begins anew, and keeps what it saw.
        name = ward.key.split("+")[0]
        assert "head is kept" in city.do("ledger", "watched", "remove", name, "--yes")
        (kept,) = (city.home / "heads" / "forgotten").iterdir()
        assert checkpoint.read(kept.read_text(encoding="utf-8"), signing.read_known(ward.home / "keys")).size == 12
        city.do("ledger", "watched", "add", ward.key)
        ward.do("ledger", "witness", "ask")
        assert ward.do("ledger", "check", "--json")["sound"]


def forget_when_asked(station: Station) -> None:
    """Let an hour pass: then a neighbour is asked again about a head that it signed."""
    connection = pysqlite3.connect(str(station.home / "archive.sqlite3"), isolation_level=None)
    connection.execute("UPDATE ledger_neighbour SET asked_at = '2020-01-01 00:00:00.000000'")
    connection.close()


def test_the_address_is_there_only_where_it_is_set_on(ward: Station) -> None:
    """A station that was not told to be a witness has no such page."""
    with serving(ward) as url:
        assert cosigning.post(f"{url}/add-checkpoint", b"old 0\n\n")[0] in {403, 404, 405}


def test_the_address_needs_no_page_of_ours_and_bounds_what_it_reads(city: Station) -> None:
    """Any program may post, under any host name a proxy hands on; a flood is cut off; nothing else opens by it."""
    with serving(city) as url:
        request = urllib.request.Request(f"{url}/add-checkpoint", b"x" * 200_000, {"Host": "luutru.example"})
        with pytest.raises(urllib.error.HTTPError) as flood:
            urllib.request.urlopen(request, timeout=10)
        assert flood.value.code == 413
        assert cosigning.post(f"{url}/add-checkpoint", b"nonsense")[0] == 400
        assert cosigning.post(url.removesuffix("/witness") + "/language", b"lang=en")[0] == 403
        with pytest.raises(urllib.error.HTTPError) as got:
            urllib.request.urlopen(f"{url}/add-checkpoint", timeout=10)
        assert got.value.code == 405


@pytest.mark.parametrize(
    "url", ["ftp://a/b", "file:///etc/passwd", "http://", "https://a/?b", "nonsense", "http://a:x"]
)
def test_an_address_that_is_none_is_refused_in_words(ward: Station, url: str) -> None:
    """Before anything is written."""
    key = str(notes.new_key("x/witness", notes.COSIGNATURE).verifier)
    assert "no address of a neighbour" in ward.do("ledger", "witness", "add", "x", key, url, ends=Exit.USAGE)
    assert ward.do("ledger", "witness", "list", "--json") == []


def office_of(station: Station) -> Office:
    """Open a station."""
    return open_office(station.home, {})


@pytest.mark.parametrize(
    ("status", "told", "trouble"),
    [
        (500, b"", "neighbour-failed"),
        (409, b"nonsense", "neighbour-failed"),
        (409, b"-1\n", "neighbour-failed"),
        (409, b"0\n", "neighbour-contradicts"),
        (409, b"99\n", "neighbour-holds-longer-head"),
        (422, b"", "neighbour-contradicts"),
        (302, b"", "neighbour-failed"),
        (200, b"", "neighbour-signs-otherwise"),
        (200, "— a b\n".encode(), "neighbour-signs-otherwise"),
        (200, b"\xff\xff", "neighbour-signs-otherwise"),
    ],
)
def test_whatever_a_neighbour_answers_is_taken_as_it_is(ward: Station, status: int, told: bytes, trouble: str) -> None:
    """A code for each; nothing is kept that does not verify."""
    with contextlib.closing(office_of(ward)) as office:
        with office.database.atomic() as session:
            key = notes.new_key("x/witness", notes.COSIGNATURE).verifier
            neighbours.add(session, "x", key, "http://127.0.0.1:1")
        (outcome,) = cosigning.ask_all(office, lambda _url, _body: (status, told))
        assert outcome.trouble == trouble
        with office.database.reading() as session:
            assert neighbours.lines(session) == {}
            assert witness.copy_cosigned(session, office.settings.heads_folder) == 0
            codes = [each.code for each in checking.check(session, (), "", ()).findings]
        assert (trouble in codes) == (trouble in neighbours.AGAINST_US)
