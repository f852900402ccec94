"""What every vault promises, tried on the folder and on an S3-compatible store."""

from __future__ import annotations

import hashlib
import io
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import obstore
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto.server import ThreadedMotoServer

from archive import vault_s3
from archive.errors import SettingsError, VaultError
from archive.vault import FolderVault, Vault
from archive.vault_s3 import S3Vault, open_s3_vault


@pytest.fixture(scope="module")
def bucket() -> Iterator[dict[str, str]]:
    """Run an S3 server of our own with one bucket, and give the variables that lead to it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    with urllib.request.urlopen(urllib.request.Request(f"{endpoint}/ward", method="PUT")):
        pass
    yield {"AWS_ENDPOINT": endpoint, "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"}
    server.stop()


@pytest.fixture
def s3_vault(bucket: dict[str, str], tmp_path: Path) -> S3Vault:
    """Give an empty vault in the bucket."""
    opened = open_s3_vault(f"s3://ward/{uuid.uuid4().hex}/vault", tmp_path / "spool", bucket)
    opened.prepare()
    return opened


@pytest.fixture(params=["folder", "s3"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Vault:
    """Give an empty vault of each kind."""
    if request.param == "s3":
        opened: S3Vault = request.getfixturevalue("s3_vault")
        return opened
    folder = FolderVault(tmp_path / "vault")
    folder.prepare()
    return folder


def _keep(vault: Vault, data: bytes) -> tuple[str, bool]:
    held = vault.hold(io.BytesIO(data))
    return held.sha256, vault.keep(held)


def _damage(vault: Any, sha256: str, data: bytes | None) -> None:
    if isinstance(vault, S3Vault):
        if data is None:
            obstore.delete(vault.store, vault.where(sha256))
        else:
            obstore.put(vault.store, vault.where(sha256), data)
        return
    path = vault.where(sha256)
    path.unlink()
    if data is not None:
        path.write_bytes(data)


def _leftovers(vault: Any) -> list[str]:
    if isinstance(vault, S3Vault):
        sent = [each["path"] for chunk in obstore.list(vault.store, prefix="incoming") for each in chunk]
        return sent + [each.name for each in vault.spool.iterdir()]
    return [each.name for each in (vault.root / "incoming").iterdir()]


def test_what_is_kept_comes_back_the_same(vault: Vault) -> None:
    """Bytes are found under their SHA-256 by every way of asking, and nothing temporary stays."""
    data = "Quyết định số 12/QĐ-UBND".encode() * 1000
    sha256, new = _keep(vault, data)
    assert (sha256, new) == (hashlib.sha256(data).hexdigest(), True)
    assert vault.exists(sha256)
    assert vault.size(sha256) == vault.verify(sha256) == len(data)
    with closing(vault.open(sha256)) as stored:
        assert stored.read(5) == data[:5]
        stored.seek(0)
        assert stored.read() == data
    with vault.path(sha256) as path:
        assert path.read_bytes() == data
        assert path.stat().st_mode & 0o222 == 0
    assert list(vault.names()) == [sha256]
    assert _leftovers(vault) == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=4096))
def test_any_bytes_are_kept_and_kept_once(vault: Vault, data: bytes) -> None:
    """Any content, the empty one too, is stored once however often it comes."""
    sha256, _ = _keep(vault, data)
    assert _keep(vault, data) == (sha256, False)
    assert vault.verify(sha256) == len(data)


def test_bytes_that_are_not_stored_are_named_as_missing(vault: Vault) -> None:
    """Nothing is returned for a name that nobody stored, and every way of reading says so."""
    absent = "0" * 64
    assert not vault.exists(absent)
    assert vault.size(absent) is None
    for read in (vault.verify, vault.open, lambda name: vault.path(name).__enter__()):
        with pytest.raises(VaultError) as refused:
            read(absent)
        assert refused.value.code == "vault-bytes-missing"
    assert _leftovers(vault) == []


def test_a_name_that_is_no_sha256_is_refused(vault: Vault) -> None:
    """A name with a path in it never reaches the store."""
    for name in ("../../etc/passwd", "A" * 64, "", "0" * 63):
        with pytest.raises(VaultError) as refused:
            vault.size(name)
        assert refused.value.code == "not-a-sha256"


def test_changed_bytes_are_found_by_reading_them_again(vault: Vault) -> None:
    """A flipped byte of the same length is found; a stored name never takes other bytes of another length."""
    data = b"scan" * 100
    sha256, _ = _keep(vault, data)
    _damage(vault, sha256, b"scam" + data[4:])
    with pytest.raises(VaultError) as changed:
        vault.verify(sha256)
    assert changed.value.code == "vault-bytes-changed"
    _damage(vault, sha256, b"short")
    with pytest.raises(VaultError) as refused:
        _keep(vault, data)
    assert refused.value.code == "vault-bytes-changed"
    _damage(vault, sha256, None)
    assert _keep(vault, data) == (sha256, True)


def test_a_crash_before_the_name_leaves_no_name(vault: Vault) -> None:
    """Bytes that were held and never kept have no name, and a later sweep removes them."""
    held = vault.hold(io.BytesIO(b"half way"))
    assert not vault.exists(held.sha256)
    assert _leftovers(vault) != []
    assert vault.sweep_incoming(3600, held.temp.stat().st_mtime + 10) == 0
    assert vault.sweep_incoming(3600, held.temp.stat().st_mtime + 4000) == 1
    assert _leftovers(vault) == []


def test_a_crash_after_the_name_is_finished_by_the_next_try(vault: Vault) -> None:
    """When the process dies between the name and the end, taking the same bytes in again finds them."""

    class PowerCutError(Exception):
        """The end of the process."""

    def die(step: str) -> None:
        assert step == "vault.linked"
        raise PowerCutError

    held = vault.hold(io.BytesIO(b"named"))
    with pytest.raises(PowerCutError):
        vault.keep(held, die)
    assert vault.verify(held.sha256) == 5
    assert _keep(vault, b"named") == (held.sha256, False)


def test_more_bytes_than_the_limit_leave_nothing_behind(vault: Vault) -> None:
    """A file that outgrows its limit while it is copied is refused and its copy removed."""
    with pytest.raises(OSError, match="more bytes"):
        vault.hold(io.BytesIO(b"x" * 100), limit=99)
    assert _leftovers(vault) == []


def test_bytes_too_large_for_one_request_are_kept_too(s3_vault: S3Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts are gathered under a temporary key and get their name from the store, once."""
    monkeypatch.setattr(vault_s3, "ONE_REQUEST", 1 << 20)
    data = bytes(range(256)) * 40_000
    sha256, new = _keep(s3_vault, data)
    assert new
    assert s3_vault.verify(sha256) == len(data)
    assert _keep(s3_vault, data) == (sha256, False)
    monkeypatch.setattr(S3Vault, "size", lambda *_: None)
    held = s3_vault.hold(io.BytesIO(data))
    assert not s3_vault._put_new(held, s3_vault.where(sha256)), "another station was quicker between look and copy"
    s3_vault.drop(held)
    assert _leftovers(s3_vault) == []


def test_a_store_that_does_not_answer_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong address or a missing bucket is one clear error, not a trace from inside a library."""
    monkeypatch.setattr(vault_s3, "RETRIES", 0)
    away = open_s3_vault("s3://ward/v", tmp_path / "spool", {"AWS_ENDPOINT": "http://127.0.0.1:9"})
    with pytest.raises(VaultError) as refused:
        away.prepare()
    assert refused.value.code == "vault-unreachable"
    held = away.hold(io.BytesIO(b"kept in the spool"))
    with pytest.raises(VaultError):
        away.keep(held)
    assert held.temp.exists(), "bytes that were not stored are not dropped"


def test_a_missing_bucket_is_named(bucket: dict[str, str], tmp_path: Path) -> None:
    """A bucket nobody made is found when the vault is prepared."""
    with pytest.raises(VaultError) as refused:
        open_s3_vault("s3://nobody-made-this/v", tmp_path / "spool", bucket).prepare()
    assert refused.value.code == "vault-unreachable"


@pytest.mark.parametrize("url", ["s3://", "s3:///v", "gs://ward/v", "s3://ward/v?region=x", "s3://k:s@ward/v"])
def test_an_address_that_names_no_bucket_is_refused(url: str, tmp_path: Path) -> None:
    """Only s3://bucket/prefix is taken: secrets and options have their own place."""
    with pytest.raises(SettingsError) as refused:
        open_s3_vault(url, tmp_path, {})
    assert refused.value.code == "setting-wrong"
