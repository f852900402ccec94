"""Whatever a program sends to any address of the interface, it is never answered with a fault of ours."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.clock import HandClock
from desk.office import Office
from tests.desk.clerks import manned, sealed
from tests.desk.programs import V1, Program

# Texts that have broken something before: no text, NUL, half a surrogate pair, right-to-left, long, digits too many.
TEXTS = [
    "",
    "\x00",
    "\ud800",
    "\u202e",
    "x" * 300,
    "9" * 30,
    "-1",
    "P01.001/UB",
    "A0001",
    "NV02",
    "Kho 1/1/1",
    "%",
    "'",
]
VALUES = st.recursive(
    st.sampled_from(TEXTS) | st.text(max_size=12) | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=2),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Give a station with one sealed box."""
    home: Path = tmp_path_factory.mktemp("inputs")
    with manned(home / "station", HandClock()) as opened:
        yield opened


@pytest.fixture(scope="module")
def asked(office: Office) -> tuple[list[Program], list[tuple[str, str, dict[str, Any]]], dict[str, Any], str]:
    """Give programs of a clerk, an archivist, a leader and a guard, all operations, and the models."""
    box = sealed(office, "A0001", 1)
    programs = [Program(office, code) for code in ("NV01", "NV02", "NV03", "BV01", "QT01")]
    schema = programs[0].client.get(f"{V1}/openapi.json").json()
    told = [
        (method, path, each)
        for path, methods in schema["paths"].items()
        for method, each in methods.items()
        # Judging every invariant takes seconds and takes no input.
        if path not in {f"{V1}/verification", f"{V1}/tokens/current"}
    ]
    return programs, told, schema["components"]["schemas"], box


def shaped(schema: dict[str, Any], models: dict[str, Any], draw: st.DataObject, wild: bool) -> Any:
    """Return a value of a schema, or, where it is wild, whatever."""
    if wild and draw.draw(st.integers(0, 3)) == 0:
        return draw.draw(VALUES)
    if "$ref" in schema:
        schema = models[schema["$ref"].rpartition("/")[2]]
    if "enum" in schema:
        return draw.draw(st.sampled_from(schema["enum"]))
    match schema.get("type"):
        case "object" if "properties" in schema:
            wanted = set(schema.get("required", ()))
            return {
                name: shaped(told, models, draw, wild)
                for name, told in schema["properties"].items()
                if name in wanted or draw.draw(st.booleans())
            }
        case "array":
            return [shaped(schema["items"], models, draw, wild) for _ in range(draw.draw(st.integers(0, 2)))]
        case "integer":
            return draw.draw(st.integers(schema.get("minimum", -5), schema.get("maximum", 10**20)))
        case "boolean":
            return draw.draw(st.booleans())
        case "string":
            return draw.draw(st.sampled_from(schema.get("examples", TEXTS) + TEXTS))
    return draw.draw(VALUES)


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(draw=st.data())
def test_no_input_is_a_fault_of_ours(
    asked: tuple[list[Program], list[tuple[str, str, dict[str, Any]]], dict[str, Any], str], draw: st.DataObject
) -> None:
    """Every operation, with shaped and with wild values, by several people: an answer below 500, or problem details."""
    programs, operations, models, box = asked
    program = draw.draw(st.sampled_from(programs))
    method, path, told = draw.draw(st.sampled_from(operations))
    wild, query = draw.draw(st.booleans()), {}
    for field in told.get("parameters", ()):
        value = shaped(field.get("schema", {}), models, draw, wild)
        text = box if field["name"] == "code" and draw.draw(st.booleans()) else str(value)
        text = text.encode("utf-8", "replace").decode()
        if field["in"] == "path":
            path = path.replace("{" + field["name"] + "}", _in_path(text))
            path = path.replace("{" + field["name"] + ":path}", _in_path(text))
        elif field["in"] == "query" and draw.draw(st.booleans()):
            query[field["name"]] = text
    body = b""
    if "requestBody" in told:
        content = told["requestBody"]["content"]
        schema = next(iter(content.values()))["schema"]
        body = json.dumps(shaped(schema, models, draw, wild)).encode()
    key = draw.draw(st.uuids())
    headers = {"Idempotency-Key": str(key), "content-type": "application/json"}
    answer = program.client.request(method, path, params=query, content=body, headers=headers)
    assert answer.status_code < 500, (method, path, query, body, answer.text)
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json", (path, answer.text)
        assert answer.json()["next"] or answer.json()["title"]


def _in_path(text: str) -> str:
    from urllib.parse import quote

    return quote(text or "x", safe="")
