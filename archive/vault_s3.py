"""The vault in an S3-compatible store, for a city: the same promises as the folder, kept by create-only puts.

Layout: `<prefix>/sha256/ab/cd/<64 hex digits>`. A put carries If-None-Match, so the store itself refuses to replace a
name, and the SHA-256 of each request, so it refuses bytes that changed on the way. Files too large for one request are
uploaded under `<prefix>/incoming/` and copied to their name by the store, again only where the name is free.

Keys, region and address come from the usual variables (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION,
AWS_ENDPOINT), so that no secret stands in the settings file. docs/city.md says what the store must be able to do.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Any, BinaryIO, cast
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from archive import durable
from archive.errors import SettingsError, VaultError
from archive.refs import new_public_id
from archive.vault import HEX, NO_ROOM, NOT_WRITABLE, Held, Reach, pass_by

BLOCK = 1 << 20
# One request carries at most this; above it the bytes go up in parts, so that memory stays flat.
ONE_REQUEST = 64 << 20
REQUEST_SECONDS, CONNECT_SECONDS, RETRIES, RETRY_SECONDS = 300, 5, 3, 30


@dataclass(frozen=True)
class S3Vault:
    """A vault in a bucket; `spool` is a local folder for bytes on their way in or out."""

    store: S3Store
    place: str
    spool: Path

    def prepare(self) -> None:
        """Create the spool and reach the bucket; VaultError "vault-unreachable", "vault-refused" or "disk-full"."""
        with self._named_trouble():
            durable.make_folder(self.spool)
            next(iter(obstore.list(self.store, prefix="sha256", chunk_size=1)), None)

    def where(self, sha256: str) -> str:
        """Return the key that these bytes have or would have, under the vault's prefix."""
        if not HEX.fullmatch(sha256):
            raise VaultError("not-a-sha256", value=sha256)
        return f"sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}"

    def hold(self, source: BinaryIO, limit: int | None = None) -> Held:
        """Copy and hash into the spool, synced; nothing is sent yet."""
        temp = self.spool / new_public_id()
        try:
            with self._named_trouble():
                sha256, size = durable.copy_hashing(source, temp, limit)
        except BaseException:
            temp.unlink(missing_ok=True)
            raise
        return Held(temp, sha256, size)

    def keep(self, held: Held, reach: Reach = pass_by) -> bool:
        """Put under the hash where the name is free; the store has it durably before the spooled bytes go."""
        key = self.where(held.sha256)
        with self._named_trouble():
            new = self._put_new(held, key)
            reach("vault.linked")
            if not new and self.size(held.sha256) != held.size:
                raise VaultError("vault-bytes-changed", sha256=held.sha256, path=self._shown(held.sha256))
            reach("vault.folder-synced")
            held.temp.unlink()
        return new

    def drop(self, held: Held) -> None:
        """Remove the spooled bytes."""
        held.temp.unlink(missing_ok=True)

    def verify(self, sha256: str) -> int:
        """Fetch and hash; VaultError "vault-bytes-missing" or "vault-bytes-changed"."""
        return self._fetch(sha256, None)

    def exists(self, sha256: str) -> bool:
        """Ask for the object's head."""
        return self.size(sha256) is not None

    def size(self, sha256: str) -> int | None:
        """Ask for the object's head."""
        key = self.where(sha256)
        with self._named_trouble():
            try:
                return int(obstore.head(self.store, key)["size"])
            except FileNotFoundError:
                return None

    def open(self, sha256: str) -> BinaryIO:
        """Fetch into an unnamed file, compare its hash, and hand it out at its start."""
        with self._named_trouble():
            out = tempfile.TemporaryFile(dir=self.spool)  # noqa: SIM115  # the caller closes it
        try:
            self._fetch(sha256, out)
            out.seek(0)
        except BaseException:
            out.close()
            raise
        return cast(BinaryIO, out)

    @contextmanager
    def path(self, sha256: str) -> Iterator[Path]:
        """Hand out a checked copy, mode 0440, that goes when the block ends."""
        copy = self.spool / f"{sha256}.{new_public_id()}"
        self.where(sha256)
        try:
            with self._named_trouble(), copy.open("xb") as out:
                self._fetch(sha256, out)
            copy.chmod(0o440)
            yield copy
        finally:
            copy.unlink(missing_ok=True)

    def names(self) -> Iterator[str]:
        """Page through the bucket's listing."""
        with self._named_trouble():
            for chunk in obstore.list(self.store, prefix="sha256"):
                for each in chunk:
                    name = each["path"].rpartition("/")[2]
                    if HEX.fullmatch(name):
                        yield name

    def sweep_incoming(self, older_than_seconds: float, now: float) -> int:
        """Remove leftovers of crashed intakes from the spool and from `incoming/`; returns how many."""
        removed = 0
        for entry in os.scandir(self.spool):
            if now - entry.stat(follow_symlinks=False).st_mtime > older_than_seconds:
                Path(entry.path).unlink(missing_ok=True)
                removed += 1
        with self._named_trouble():
            for chunk in obstore.list(self.store, prefix="incoming"):
                for each in chunk:
                    if now - each["last_modified"].timestamp() > older_than_seconds:
                        obstore.delete(self.store, each["path"])
                        removed += 1
        return removed

    def free_bytes(self) -> int:
        """Return the room left for bytes on their way; the store itself tells nobody how full it is."""
        return shutil.disk_usage(self.spool).free

    def _put_new(self, held: Held, key: str) -> bool:
        if held.size <= ONE_REQUEST:
            with suppress(AlreadyExistsError):
                obstore.put(self.store, key, held.temp.read_bytes(), mode="create", use_multipart=False)
                return True
            return False
        if self.size(held.sha256) is not None:
            return False
        upload = f"incoming/{new_public_id()}"
        try:
            obstore.put(self.store, upload, held.temp, use_multipart=True, chunk_size=8 << 20, max_concurrency=4)
            with suppress(AlreadyExistsError):
                obstore.copy(self.store, upload, key, overwrite=False)
                return True
            return False
        finally:
            with suppress(BaseError, FileNotFoundError):
                obstore.delete(self.store, upload)

    def _fetch(self, sha256: str, out: IO[bytes] | None) -> int:
        key, digest, size = self.where(sha256), hashlib.sha256(), 0
        with self._named_trouble():
            try:
                for block in obstore.get(self.store, key).stream(min_chunk_size=BLOCK):
                    digest.update(block)
                    size += len(block)
                    if out is not None:
                        out.write(block)
            except FileNotFoundError:
                raise VaultError("vault-bytes-missing", sha256=sha256, path=self._shown(sha256)) from None
            if out is not None:
                out.flush()
        if digest.hexdigest() != sha256:
            raise VaultError("vault-bytes-changed", sha256=sha256, path=self._shown(sha256), found=digest.hexdigest())
        return size

    def _shown(self, sha256: str) -> str:
        return f"{self.place}/{self.where(sha256)}"

    @contextmanager
    def _named_trouble(self) -> Iterator[None]:
        try:
            yield
        except (PermissionDeniedError, UnauthenticatedError) as error:
            raise VaultError("vault-refused", path=self.place, error=_first_line(error)) from error
        except BaseError as error:
            raise VaultError("vault-unreachable", path=self.place, error=_first_line(error)) from error
        except OSError as error:
            if error.errno in NO_ROOM:
                raise VaultError("disk-full", path=str(self.spool)) from error
            if error.errno in NOT_WRITABLE:
                raise VaultError("vault-read-only", path=str(self.spool)) from error
            raise


def open_s3_vault(url: str, spool: Path, environment: Mapping[str, str]) -> S3Vault:
    """Return the vault at `s3://bucket/prefix`; nothing is sent before `prepare` or the first use.

    Raises SettingsError "setting-wrong" where the URL names no bucket, or carries more than bucket and prefix.
    """
    parts = urlsplit(url)
    wrong = parts.query or parts.fragment or parts.username or parts.port
    if parts.scheme != "s3" or not parts.hostname or wrong:
        raise SettingsError("setting-wrong", key="vault", value=url, wanted="s3://bucket/prefix")
    endpoint = environment.get("AWS_ENDPOINT") or environment.get("AWS_ENDPOINT_URL") or ""
    given: dict[str, Any] = {
        "access_key_id": environment.get("AWS_ACCESS_KEY_ID"),
        "secret_access_key": environment.get("AWS_SECRET_ACCESS_KEY"),
        "session_token": environment.get("AWS_SESSION_TOKEN"),
        "region": environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or "us-east-1",
        "endpoint": endpoint or None,
    }
    store = S3Store(
        parts.netloc,
        prefix=parts.path.strip("/") or None,
        checksum_algorithm="sha256",
        copy_if_not_exists="multipart",
        client_options={
            "allow_http": endpoint.startswith("http://"),
            "timeout": timedelta(seconds=REQUEST_SECONDS),
            "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
        },
        retry_config={"max_retries": RETRIES, "retry_timeout": timedelta(seconds=RETRY_SECONDS)},
        **{key: value for key, value in given.items() if value},
    )
    return S3Vault(store, url.rstrip("/"), spool)


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0][:300]
