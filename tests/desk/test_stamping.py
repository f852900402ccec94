"""Heads are stamped by an authority that OpenSSL plays, and a stamp that is not that of its head is found."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from custody.errors import CustodyError
from desk import stamping
from desk.cli.exits import Exit
from desk.cli.main import answer
from desk.office import Office, open_office, prepare
from tests.desk.test_neighbours import Station, verify

CONFIG = """
[ tsa ]
default_tsa = one
[ one ]
serial = {room}/serial
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha384, sha512
ess_cert_id_chain = no
[ stamps ]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ root ]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[ req ]
distinguished_name = name
[ name ]
"""


class Authority:
    """A time-stamp authority of two certificates, whose answers come from `openssl ts -reply`."""

    def __init__(self, room: Path) -> None:
        self.room = room
        room.mkdir()
        (room / "tsa.cnf").write_text(CONFIG.format(room=room), encoding="utf-8")
        (room / "serial").write_text("01\n", encoding="utf-8")
        config = ("-config", str(room / "tsa.cnf"))
        key = ("-newkey", "rsa:2048", "-nodes", "-days", "3650")
        self.run("req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Root", *config,
                 "-extensions", "root")  # fmt: skip  # a command line
        self.run("req", *key[:3], "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=TSA", *config)
        self.run("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days",
                 "3650", "-out", "tsa.pem", "-extfile", "tsa.cnf", "-extensions", "stamps")  # fmt: skip  # the same

    def run(self, *words: str) -> None:
        """Run OpenSSL in the authority's room."""
        done = subprocess.run(["openssl", *words], cwd=self.room, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def answer(self, _url: str, body: bytes) -> tuple[int, bytes]:
        """Stamp."""
        (self.room / "query").write_bytes(body)
        self.run("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-signer", "tsa.pem", "-inkey", "tsa.key",
                 "-out", "reply")  # fmt: skip  # a command line
        return 200, (self.room / "reply").read_bytes()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Give the authority, made once."""
    pytest.importorskip("rfc3161_client", reason="the extra timestamps is not installed")
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to play the time-stamp authority")
    return Authority(tmp_path_factory.mktemp("tsa") / "room")


@pytest.fixture
def ward(tmp_path: Path, authority: Authority, capsys: pytest.CaptureFixture[str]) -> Station:
    """Give a station with a head, to be stamped by the authority."""
    station = Station(tmp_path / "ward", capsys)
    prepare(station.home, {})
    settings = station.home / "luutru.toml"
    lines = f'timestamp_url = "http://127.0.0.1:1/tsa"\ntimestamp_root = "{authority.room / "root.pem"}"\n'
    settings.write_text(f"{settings.read_text(encoding='utf-8')}\n{lines}", encoding="utf-8")
    station.add_entries(7)
    return station


def test_a_head_is_stamped_once_checked_each_time_and_checkable_by_openssl(
    ward: Station, authority: Authority, tmp_path: Path
) -> None:
    """Offline it is pending and harms nothing; then the stamp lies beside the head, and the check names its moment."""
    assert ward.do("tick", "--once") == ""
    size = int(ward.do("ledger", "checkpoint", "--json")["size"])
    assert ward.do("ledger", "check", "--json")["stamped"] is None
    office: Office = open_office(ward.home, {})
    assert stamping.stamp_newest(office, authority.answer)
    assert stamping.stamp_newest(office, lambda _url, _body: pytest.fail("asked twice for one head"))
    office.close()
    assert ward.do("ledger", "check", "--json")["stamped"]["size"] == size
    assert "was time-stamped" in ward.do("ledger", "check")
    text = (ward.home / "heads" / f"head-{size:012}.txt").read_text(encoding="utf-8").partition("\n\n")[0] + "\n"
    (tmp_path / "text").write_text(text, encoding="utf-8")
    stamp = ward.home / "heads" / f"stamp-{size:012}.tsr"
    authority.run("ts", "-verify", "-in", str(stamp), "-data", str(tmp_path / "text"), "-CAfile", "root.pem")
    ward.do("ledger", "export", tmp_path / "bundle")
    assert (tmp_path / "bundle" / "stamps" / stamp.name).read_bytes() == stamp.read_bytes()
    assert verify(tmp_path / "bundle")[0] == 0


def test_a_stamp_of_another_head_or_authority_is_neither_kept_nor_believed(
    ward: Station, authority: Authority, tmp_path: Path
) -> None:
    """What comes is checked with the nonce before it is kept; what lies there is checked against its head."""
    stranger, office = Authority(tmp_path / "stranger"), open_office(ward.home, {})
    for told in (stranger.answer, lambda _url, _body: (200, b"nonsense")):
        with pytest.raises(CustodyError, match="timestamp-wrong"):
            stamping.stamp_newest(office, told)
    with pytest.raises(CustodyError, match="timestamp-refused"):
        stamping.stamp_newest(office, lambda _url, _body: (500, b""))
    assert stamping.stamp_newest(office, authority.answer)
    office.close()
    ward.add_entries(2)
    heads = ward.home / "heads"
    shutil.copy(heads / "stamp-000000000007.tsr", heads / "stamp-000000000009.tsr")
    found = ward.do("ledger", "check", "--json", ends=Exit.FINDINGS)["findings"]
    assert [(each["code"], each["facts"]["size"]) for each in found] == [("timestamp-wrong", 9)]


def test_without_an_authority_nothing_is_asked(tmp_path: Path) -> None:
    """The setting is empty from the start."""
    home = tmp_path / "home"
    assert answer(["init", "--home", str(home)], {}) == Exit.OK
    office = open_office(home, {})
    assert not stamping.stamp_newest(office, lambda _url, _body: pytest.fail("asked"))
    assert json.loads(json.dumps(stamping.check(office))) == [None, []]
    office.close()
