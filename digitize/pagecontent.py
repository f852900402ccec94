"""What a PDF page paints: its pictures with their places, and whether anything lies over them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from digitize.errors import PageError
from digitize.limits import Limits
from digitize.matrices import Matrix, multiply

_PAINT = frozenset({"f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh", "EI", "INLINE IMAGE"})
_SHOW = frozenset({"Tj", "TJ", "'", '"'})
_INVISIBLE = 3
_DEPTH = 4


@dataclass(slots=True)
class Painted:
    """Pictures in painting order with their matrices, and what else the content shows."""

    images: list[tuple[Any, Matrix]] = field(default_factory=list)
    shows_text: bool = False
    hides_text: bool = False
    paints_over: bool = False


@dataclass(slots=True)
class _State:
    matrix: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    mode: int = 0


def read_bounded(stream: Any, limit: int) -> bytes:
    """Decompress a content stream, refusing one that swells beyond the limit."""
    raw = bytes(stream.read_raw_bytes())
    named = stream.get("/Filter")
    if len(raw) > limit:
        raise PageError("page-content-too-large", bytes=len(raw), limit=limit)
    filters = [] if named is None else [str(n) for n in named] if isinstance(named, pikepdf.Array) else [str(named)]
    if not filters:
        return raw
    if filters == ["/FlateDecode"] and stream.get("/DecodeParms") is None:
        data = zlib.decompressobj().decompress(raw, limit + 1)
    elif len(raw) <= limit // 64:
        data = bytes(stream.read_bytes())
    else:
        raise PageError("page-content-too-large", bytes=len(raw), limit=limit // 64)
    if len(data) > limit:
        raise PageError("page-content-too-large", bytes=len(data), limit=limit)
    return data


def join_content(page: pikepdf.Page, limit: int) -> bytes:
    """Join the content streams of a page, decompressed within the limit."""
    contents = page.obj.get("/Contents")
    if contents is None:
        return b""
    streams = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
    joined, left = [], limit
    for stream in streams[:10_000]:
        joined.append(read_bounded(stream, left))
        left -= len(joined[-1])
    return b"\n".join(joined)


def follow_content(page: pikepdf.Page, limits: Limits) -> Painted:
    """Follow the content of a page, and of the forms it draws, and list what it paints."""
    painted = Painted()
    data = join_content(page, limits.stream_bytes)
    _follow(data, page.obj.get("/Resources"), _State(), painted, _DEPTH, limits.stream_bytes)
    return painted


def _follow(data: bytes, resources: Any, state: _State, painted: Painted, depth: int, limit: int) -> None:
    kept: list[_State] = []
    with pikepdf.new() as scratch:
        instructions = pikepdf.parse_content_stream(scratch.make_stream(data))
    for instruction in instructions:
        name, operands = str(instruction.operator), instruction.operands
        if name == "q":
            kept.append(_State(state.matrix, state.mode))
        elif name == "Q" and kept:
            state = kept.pop()
        elif name == "cm":
            a, b, c, d, e, f = (float(v) for v in operands)
            state.matrix = multiply((a, b, c, d, e, f), state.matrix)
        elif name == "Tr":
            state.mode = int(operands[0])
        elif name in _SHOW:
            painted.hides_text = painted.hides_text or state.mode == _INVISIBLE
            painted.shows_text = painted.shows_text or state.mode != _INVISIBLE
        elif name in _PAINT:
            painted.paints_over = painted.paints_over or bool(painted.images) or name in ("EI", "INLINE IMAGE")
        elif name == "Do":
            _draw(resources, str(operands[0]), state, painted, depth, limit)


def _draw(resources: Any, name: str, state: _State, painted: Painted, depth: int, limit: int) -> None:
    drawn = resources["/XObject"][name]
    if drawn.get("/Subtype") == "/Image":
        painted.images.append((drawn, state.matrix))
    elif drawn.get("/Subtype") == "/Form" and depth > 0:
        inner = drawn.get("/Matrix")
        matrix = state.matrix
        if inner is not None:
            a, b, c, d, e, f = (float(v) for v in inner)
            matrix = multiply((a, b, c, d, e, f), matrix)
        inside = _State(matrix, state.mode)
        _follow(read_bounded(drawn, limit), drawn.get("/Resources", resources), inside, painted, depth - 1, limit)
