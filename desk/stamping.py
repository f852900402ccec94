"""Time stamps of the log's heads by an authority outside the house (RFC 3161), where the office set one.

What is stamped is the text of a head; the answer is checked before it is kept, as `stamp-….tsr` beside the head, and
again at every check. Anybody else checks it with `openssl ts -verify`. Without network the head is pending: it is asked
for again each minute. The client library is the extra `timestamps`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.x509 import Certificate, load_pem_x509_certificates

from archive import durable
from archive.settings import Settings
from custody import notes, signing, witness
from custody.errors import CustodyError, Finding
from desk import cosigning
from desk.office import Office

QUERY = "application/timestamp-query"
log = logging.getLogger(__name__)
_NAME = re.compile(r"stamp-(\d{12})\.tsr")
Post = Callable[[str, bytes], tuple[int, bytes]]


@dataclass(frozen=True)
class Stamped:
    """The newest head that carries a sound time stamp, and the moment the authority names."""

    size: int
    at: datetime


def stamp_newest(office: Office, send: Post | None = None) -> bool:
    """Have the newest head stamped where that is set and not done; return whether it is stamped now.

    Raises CustodyError "timestamps-part-missing", "timestamp-root-unreadable", "timestamp-refused" and
    "timestamp-wrong", and OSError where nobody answers.
    """
    settings = office.settings
    if not settings.timestamp_url:
        return False
    with office.database.reading() as session:
        known = signing.all_notes(session)
    if not known:
        return False
    size, note = known[-1]
    path = settings.heads_folder / f"stamp-{size:012}.tsr"
    if path.exists():
        return True
    library, roots, text = _library(), _roots(settings), notes.cut(note)[0].encode()
    request = library.TimestampRequestBuilder().data(text).nonce(nonce=True).cert_request(cert_request=True).build()
    status, told = (send or _post)(settings.timestamp_url, request.as_bytes())
    if status != 200:
        raise CustodyError("timestamp-refused", status=status)
    _verify(library, told, text, roots, request.nonce)
    durable.make_folder(path.parent)
    durable.write_whole(path, told)
    return True


def tend(office: Office) -> None:
    """Try to have the newest head stamped; what stands in the way now is written to the log and tried again."""
    try:
        stamp_newest(office)
    except (CustodyError, OSError) as away:
        log.warning("no time stamp yet: %s", away)


def check(office: Office) -> tuple[Stamped | None, list[Finding]]:
    """Check every time stamp that is kept; return the newest sound one and what is wrong.

    Where no authority is set, or the library is not installed, nothing can be told and nothing is.
    """
    settings = office.settings
    kept = list(_kept(settings.heads_folder))
    if not kept or not settings.timestamp_root:
        return None, []
    try:
        library, roots = _library(), _roots(settings)
    except CustodyError as missing:
        return None, [Finding(missing.code, None, facts=missing.facts)]
    with office.database.reading() as session:
        heads = dict(signing.all_notes(session))
    heads |= {held.size: held.note for held in witness.held_heads(settings.heads_folder) if held.size not in heads}
    newest, wrong = None, []
    for size, path in kept:
        try:
            text = notes.cut(heads[size])[0].encode()
            newest = Stamped(size, _verify(library, path.read_bytes(), text, roots, None))
        except (KeyError, CustodyError):
            wrong.append(Finding("timestamp-wrong", None, facts={"size": size, "path": str(path)}))
    return newest, wrong


def _verify(library: Any, told: bytes, text: bytes, roots: list[Certificate], nonce: int | None) -> datetime:
    """Return the moment of a sound stamp over `text`; raises CustodyError "timestamp-wrong"."""
    try:
        answer = library.decode_timestamp_response(told)
        builder = library.VerifierBuilder(roots=list(roots), nonce=nonce)
        builder.build().verify_message(answer, text)
        moment: datetime = answer.tst_info.gen_time
    except (ValueError, TypeError, library.VerificationError) as broken:
        raise CustodyError("timestamp-wrong", size=-1, path="", why=str(broken)[:200]) from broken
    return moment


def _library() -> Any:
    try:
        import rfc3161_client  # type: ignore[import-not-found, unused-ignore]  # an extra
    except ImportError:
        raise CustodyError("timestamps-part-missing") from None
    return rfc3161_client


def _roots(settings: Settings) -> list[Certificate]:
    try:
        return load_pem_x509_certificates(Path(settings.timestamp_root).read_bytes())
    except (OSError, ValueError) as broken:
        raise CustodyError("timestamp-root-unreadable", path=settings.timestamp_root) from broken


def _kept(folder: Path) -> Iterator[tuple[int, Path]]:
    for path in sorted(folder.glob("stamp-*.tsr")) if folder.is_dir() else ():
        if name := _NAME.fullmatch(path.name):
            yield int(name[1]), path


def _post(url: str, body: bytes) -> tuple[int, bytes]:
    return cosigning.post(cosigning.check_url(url), body, QUERY)
