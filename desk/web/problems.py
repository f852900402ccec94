"""Refusals for programs: RFC 9457 problem details, in the language the request asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from desk.messages import Explained, explain
from desk.words import LANGUAGES

PREFIX = "/api/v1/"
# Statuses that mean more to a program than to a page.
STATUSES = {"sign-in-waits": 429}
MEDIA_TYPE = "application/problem+json"


class FieldProblem(BaseModel):
    """One value of a request that is not as described."""

    field: str = Field(description="Where the value stands, as a path: body.signers.0.pin.")
    problem: str = Field(description="The rule it broke, as a code: missing, string_too_long.")


class Problem(BaseModel):
    """Why a request was refused (RFC 9457)."""

    type: str = Field(description="Address of the explanation of this kind of problem.")
    title: str = Field(description="What happened, in the language asked for by Accept-Language (vi or en).")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="Why; may be empty.")
    next: str = Field(description="What to do next.")
    code: str = Field(description="The kind of problem in kebab-case; it never changes its meaning.")
    facts: dict[str, Any] = Field(description="What the sentences speak of, as plain values.")
    errors: list[FieldProblem] = Field(default=[], description="The values at fault, where the request is malformed.")


def is_for_programs(request: Request) -> bool:
    """Tell whether a request is answered with problem details."""
    return request.url.path.startswith(PREFIX) or request.url.path == PREFIX.rstrip("/")


def language_of(request: Request, otherwise: str) -> str:
    """Return the best language of ours that Accept-Language names (RFC 9110, 12.5.4), else the office's."""
    best, weight = otherwise, 0.0
    for part in request.headers.get("accept-language", "").split(","):
        name, _, quality = part.strip().partition(";q=")
        lang = name.strip().lower().partition("-")[0]
        try:
            told = float(quality) if quality else 1.0
        except ValueError:
            continue
        if lang in LANGUAGES and told > weight:
            best, weight = lang, told
    return best


def answer(
    request: Request,
    otherwise: str,
    code: str,
    facts: Mapping[str, object],
    status: int | None = None,
    errors: Sequence[Mapping[str, Any]] = (),
) -> Response:
    """Return the problem details of a refusal; `otherwise` is the language where the request names none of ours."""
    lang = language_of(request, otherwise)
    explained: Explained = explain(code, facts, lang)
    code_status = status or STATUSES.get(code) or (explained.status if explained.status >= 400 else 422)
    told = Problem(
        type=f"{PREFIX}problems/{code.replace(':', '-')}",
        title=explained.what,
        status=code_status,
        detail=explained.why,
        next=explained.next,
        code=code,
        facts={name: _plain(value) for name, value in facts.items()},
        errors=[
            FieldProblem(field=".".join(map(str, each.get("loc", ()))), problem=str(each.get("type", "")))
            for each in errors
        ],
    )
    headers = {"Content-Language": lang, "Vary": "Accept-Language"}
    if code == "sign-in-needed":
        headers["WWW-Authenticate"] = 'Bearer realm="luutru"'
    if code == "sign-in-waits":
        headers["Retry-After"] = str(int(float(str(facts.get("seconds", 1)))) + 1)
    # Replaced, never refused: a name in a fact may hold what is no character.
    body = json.dumps(told.model_dump(), ensure_ascii=True).encode()
    return Response(body, code_status, headers, MEDIA_TYPE)


def _plain(value: object) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return str(value)
