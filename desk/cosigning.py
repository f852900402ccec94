"""Neighbours asked over HTTP to cosign our heads; what they do not answer now is asked again at the next minute."""

from __future__ import annotations

import http.client
import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from custody import cosignature, neighbours, witness
from custody.checkpoint import Checkpoint
from custody.cosignature import Cosignature
from custody.errors import CustodyError
from custody.neighbours import Neighbour
from custody.signing import Keys
from desk import faults, ledgering
from desk.office import Office

SECONDS = 5.0
MOST_BYTES = 1 << 16
# A neighbour that lost its own last head answers once with the size it knows.
MOST_TRIES = 3
ASK_AGAIN = timedelta(hours=1)
# Sends a body to an address and returns status and body, or raises OSError.
Post = Callable[[str, bytes], tuple[int, bytes]]


@dataclass(frozen=True)
class Outcome:
    """What came of asking one neighbour: the code of the trouble, "" where the newest head is cosigned."""

    name: str
    trouble: str
    detail: str = ""
    size: int = 0


class _NoDetours(urllib.request.HTTPRedirectHandler):
    """A redirected question would be asked of somebody else."""

    def redirect_request(self, *_given: object) -> None:
        return None


def post(url: str, body: bytes, kind: str = "text/plain; charset=utf-8") -> tuple[int, bytes]:
    """Send a request to a witness, or another body of that kind; raises OSError where nobody answers in time."""
    request = urllib.request.Request(url, body, {"Content-Type": kind}, method="POST")  # noqa: S310  # checked by `check_url`
    opener = urllib.request.build_opener(_NoDetours, urllib.request.ProxyHandler())
    try:
        with opener.open(request, timeout=SECONDS) as answer:
            return int(answer.status), answer.read(MOST_BYTES)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read(MOST_BYTES)
    except (http.client.HTTPException, ssl.SSLError, ValueError) as broken:
        raise OSError(str(broken)) from broken


def check_url(url: str) -> str:
    """Return the submission prefix of a witness without its last slash; raises CustodyError "neighbour-url-wrong"."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.query and not parts.fragment
        sound = sound and (parts.port is None or parts.port > 0)
    except ValueError:
        sound = False
    if not sound:
        raise CustodyError("neighbour-url-wrong", url=url)
    return url.rstrip("/")


def ask_all(office: Office, send: Post = post) -> list[Outcome]:
    """Ask every neighbour that has not signed the newest head; return how each stands."""
    with office.database.reading() as session:
        asked = neighbours.everyone(session)
    if not asked:
        return []
    keys = ledgering.open_keys(office.settings)
    outcomes = [_ask(office, keys, each, send) for each in asked]
    with office.database.reading() as session:
        witness.copy_cosigned(session, office.settings.heads_folder)
    return outcomes


def _ask(office: Office, keys: Keys, neighbour: Neighbour, send: Post) -> Outcome:
    try:
        answered = _negotiate(office, keys, neighbour, send)
    except CustodyError as refused:
        detail = "; ".join(f"{name}={value}" for name, value in refused.facts.items())
        return _note(office, neighbour, refused.code, detail)
    except OSError as away:
        return _note(office, neighbour, "neighbour-unreachable", str(away))
    if answered is None:
        return Outcome(neighbour.name, "", size=neighbour.size)
    head, signed = answered
    with office.database.atomic() as session:
        neighbours.keep(session, neighbour.name, head, signed, office.clock.now())
    return Outcome(neighbour.name, "", size=head.size)


def _negotiate(office: Office, keys: Keys, neighbour: Neighbour, send: Post) -> tuple[Checkpoint, Cosignature] | None:
    """Return what the neighbour signed, None where there is nothing new to sign.

    Raises CustodyError with the code of the trouble, and OSError where nobody answers.
    """
    since = neighbour.size
    for _ in range(MOST_TRIES):
        with office.database.reading() as session:
            made = neighbours.question(session, keys, since)
            if made is None:
                return None
            head, note, body = made
            _, before = neighbours.cosigned(session, note, head.size)
        if not _is_due(office, neighbour) and any(each.key == neighbour.key for each in before):
            return None
        status, told = send(f"{neighbour.url}/add-checkpoint", body)
        if status == 200:
            return head, _signed(note, told, neighbour)
        if status != 409:
            raise CustodyError(_trouble(status), status=status, told=told[:100].decode("utf-8", "replace").strip())
        size = _size(told)
        if size == since:
            raise CustodyError("neighbour-contradicts", size=size)
        since = size
    raise CustodyError("neighbour-failed", status=409, told="")


def _is_due(office: Office, neighbour: Neighbour) -> bool:
    """Tell whether a neighbour is asked again about a head it signed: only what it remembers shows a log put back."""
    last = neighbour.asked_at
    return bool(neighbour.trouble) or last is None or office.clock.now() - last >= ASK_AGAIN


def _signed(note: str, told: bytes, neighbour: Neighbour) -> Cosignature:
    try:
        signed = cosignature.read_cosignatures(note + told.decode("utf-8", "replace"), [neighbour.key])
    except CustodyError as broken:
        raise CustodyError("neighbour-signs-otherwise", name=neighbour.name, why=broken.code) from broken
    if not signed:
        raise CustodyError("neighbour-signs-otherwise", name=neighbour.name)
    return signed[-1]


def _size(told: bytes) -> int:
    text = told.decode("ascii", "replace").removesuffix("\n")
    if not (text.isascii() and text.isdigit() and len(text) < 20):
        raise CustodyError("neighbour-failed", status=409, told=text[:100])
    return int(text)


def _trouble(status: int) -> str:
    return {
        403: "neighbour-knows-other-key",
        404: "neighbour-does-not-know-us",
        422: "neighbour-contradicts",
    }.get(status, "neighbour-failed")


def _note(office: Office, neighbour: Neighbour, trouble: str, detail: str) -> Outcome:
    with office.database.atomic() as session:
        neighbours.keep_trouble(session, neighbour.name, trouble, detail, office.clock.now())
    if trouble in neighbours.AGAINST_US and neighbour.trouble != trouble:
        faults.note(office.settings.home, os.environ, trouble, {"name": neighbour.name, "detail": detail})
    return Outcome(neighbour.name, trouble, detail)
