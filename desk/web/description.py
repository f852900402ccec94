"""The description of the interface for programs: OpenAPI 3.1, made from the routes and their models."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from desk.web.once import HEADER
from desk.web.rest import PREFIX

ADDRESS = f"{PREFIX}/openapi.json"
ABOUT = """The acts of pages and commands, for programs.

Sign in once with POST /api/v1/tokens and send the token as `Authorization: Bearer …`. Acts that need several people
take the others' codes and PINs in the body; nobody signs twice. Every POST that changes something carries an
`Idempotency-Key`: the same request under the same key is done once and answered again. Refusals are problem details
(RFC 9457) in the language of Accept-Language, vi or en."""
TAGS = {
    "packages": "Boxes: their state, their way, their acts.",
    "dossiers": "Dossiers and the register.",
    "guarding": "Posts, shifts, hand-overs, rounds, stocktakes.",
    "gate": "Visitors, keys, incidents, alarms.",
    "records": "The custody log, proofs, invariants, cover.",
    "scans": "Scans: sending, reading, search.",
    "office": "Signing in, people, places.",
}
# Signing in makes a secret that is nowhere kept, so it cannot be answered again.
UNKEYED = frozenset({f"{PREFIX}/tokens"})
OPEN_TO_ALL = frozenset({f"{PREFIX}/tokens", f"{PREFIX}/problems/{{code}}"})


def name_of(route: APIRoute) -> str:
    """Return the operation id of a route: the name of its function, which is used once."""
    return route.name


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the description; it is made once."""
    if app.openapi_schema:
        return app.openapi_schema
    schema = get_openapi(
        title="luutru",
        version="1",
        openapi_version="3.1.0",
        description=ABOUT,
        routes=app.routes,
        tags=[{"name": name, "description": told} for name, told in TAGS.items()],
    )
    schema["paths"] = {path: told for path, told in schema["paths"].items() if path.startswith(PREFIX)}
    parts = schema.setdefault("components", {})
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for path, methods in schema["paths"].items():
        for method, told in methods.items():
            told["security"] = [] if path in OPEN_TO_ALL else [{"token": []}]
            if method == "post" and path not in UNKEYED:
                told.setdefault("parameters", []).append(_key())
    app.openapi_schema = schema
    return schema


def _key() -> dict[str, Any]:
    return {
        "name": HEADER,
        "in": "header",
        "required": True,
        "description": "A fresh UUID; the same one whenever this request is repeated. Kept for 48 hours.",
        "schema": {"type": "string", "minLength": 8, "maxLength": 200, "pattern": "^[!-~]+$"},
        "example": "0198c6a4-5f5e-7c3b-9a60-2c1f6d5e4b3a",
    }
