"""Requests of programs that are done once however often they arrive: the key, the transaction around, the answer kept.

The effect and its answer stand in one transaction (archive/joined.py): a program that lost the answer sends the same
request again and gets it. A few acts sign a head of the log and copy it to the second place; those copies must not run
ahead of the database, so they cannot wait for a transaction around them. They take their key first and put the answer
beside it after (`by_steps`); where the station stops in between, the repeated request is told that nobody knows how it
ended, and is never done again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends, Request
from pydantic_core import to_json
from starlette.responses import Response

from archive import replays
from archive.errors import ArchiveError
from archive.joined import Joined
from archive.replays import Answer, Ask, ReplayError
from archive.sessions import Known
from custody.errors import CustodyError
from desk.web.gate import SignedIn
from desk.web.room import InRoom, Room

KEY = re.compile(r"[\x21-\x7e]{8,200}")
HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
JSON = "application/json"
Made = TypeVar("Made")


class _AnsweredError(Exception):
    """Somebody else did the same request first; its answer is there now."""


@dataclass(frozen=True)
class Once:
    """One request under its key."""

    room: Room
    known: Known
    ask: Ask

    def do(self, act: Callable[[Room], Made], status: int = 200) -> Made:
        """Do the act and keep its answer in the same transaction, or give the answer it had before.

        What comes back is the response whole, status and all; its type is that of what the act makes, so that an
        address that ends with it is described by what it answers.
        What is refused did nothing and is not kept: the same key may be sent again. Raises what the act raises, and
        ReplayError where the key was used for another request.
        """
        if (known := self._before()) is not None:
            return cast(Made, known)
        office, now = self.room.office, self.room.office.clock.now()

        def begin(session: Any) -> None:
            if not replays.claim(session, self.ask, now):
                raise _AnsweredError

        joined = Joined(office.database.engine, begin)
        refused: ArchiveError | CustodyError | None = None
        try:
            with joined.whole():
                try:
                    made = act(replace(self.room, office=replace(office, database=joined)))
                except (ArchiveError, CustodyError) as error:
                    # What was noted about the refusal itself stays: the outer transaction commits.
                    refused = error
                    if joined.has_begun:
                        with joined.atomic() as session:
                            replays.release(session, self.ask)
                else:
                    answer = _answer_of(made, status)
                    with joined.atomic() as session:
                        replays.keep(session, self.ask, answer)
        except _AnsweredError:
            again = self._before()
            if again is None:
                raise ReplayError("idempotency-outcome-unknown", key=self.ask.key, moment=now) from None
            return cast(Made, again)
        if refused is not None:
            raise refused
        self.room.recent.forget()
        return cast(Made, _respond(answer))

    def by_steps(self, act: Callable[[Room], Made], status: int = 200) -> Made:
        """Do an act that commits in several steps: the key is taken before, the answer kept after it."""
        if (known := self._before()) is not None:
            return cast(Made, known)
        office = self.room.office
        with office.database.atomic() as session:
            if not replays.claim(session, self.ask, office.clock.now()):
                raise ReplayError("idempotency-outcome-unknown", key=self.ask.key, moment=office.clock.now())
        try:
            answer = _answer_of(act(self.room), status)
        except (ArchiveError, CustodyError):
            with office.database.atomic() as session:
                replays.release(session, self.ask)
            raise
        with office.database.atomic() as session:
            replays.keep(session, self.ask, answer)
        self.room.recent.forget()
        return cast(Made, _respond(answer))

    def _before(self) -> Response | None:
        with self.room.office.database.reading() as session:
            found = replays.look(session, self.ask, self.room.office.clock.now())
        return _respond(found, {REPLAYED: "true"}) if found else None


async def once_of(request: Request, room: InRoom, known: SignedIn) -> Once:
    """Return a request under the key it carries; ReplayError "idempotency-key-needed", "idempotency-key-unusable"."""
    key = request.headers.get(HEADER, "")
    if not key:
        raise ReplayError("idempotency-key-needed")
    if not KEY.fullmatch(key):
        raise ReplayError("idempotency-key-unusable", key=key[:200])
    return Once(room, known, digest_of(request, known, key, await request.body()))


def digest_of(request: Request, known: Known, key: str, body: bytes) -> Ask:
    """Return a request under its key: two are the same where method, address and body are."""
    told = f"{request.method}\0{request.url.path}\0{request.url.query}\0".encode()
    return Ask(known.person.code, key, hashlib.sha256(told + body).hexdigest())


DoOnce = Annotated[Once, Depends(once_of)]


def _answer_of(made: Any, status: int) -> Answer:
    if isinstance(made, Response):
        kept = {name: value for name, value in made.headers.items() if name == "content-disposition"}
        return Answer(made.status_code, made.media_type or "", bytes(made.body), kept)
    return Answer(status, JSON, to_json(made))


def _respond(answer: Answer, more: Mapping[str, str] | None = None) -> Response:
    return Response(answer.body, answer.status, {**answer.headers, **(more or {})}, answer.media_type)


__all__ = ["HEADER", "KEY", "REPLAYED", "DoOnce", "Once", "ReplayError", "digest_of", "once_of"]
