"""Bodies as `body_of` writes them, read in C: the quick way for nearly every entry of a log.

    reader = Reader({"package-voided": PackageVoided}, version=1)
    reader.read(body)  ->  (PackageVoided(…), the stamp's members as they are written), or None

What comes back was written again in C and is, byte for byte, what was read; so it is canonical and has each member of
its kind once, in its type. Whatever is not so is left to `custody.entries.read_body`, which tells what is wrong: None
says only that a closer look is needed, never that the body is bad.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from operator import attrgetter
from types import GenericAlias
from typing import Annotated, Any, Literal, Protocol, Union, get_args, get_type_hints

import msgspec

from custody.canonical import LARGEST
from custody.holdings import filled

_NUMBER = Annotated[int, msgspec.Meta(ge=-LARGEST, le=LARGEST)]
_TEXTS = tuple[str, ...]
# Members a stamp may lack: what is "" or -1 is not written.
_LEFT_OUT: tuple[tuple[str, Any, Any], ...] = (
    ("desk", str, ""),
    ("post", str, ""),
    ("device", str, ""),
    ("device_seq", _NUMBER, -1),
    ("device_at", str, ""),
)
# Written again, each struct has its members sorted, its kind among them.
_WRITE = msgspec.json.Encoder(order="sorted").encode
_UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError)


class Written(Protocol):
    """The members of a stamp as they are written; "" or -1 where one is left out."""

    at: str
    by: tuple[str, ...]
    desk: str
    post: str
    device: str
    device_seq: int
    device_at: str


@dataclass(frozen=True)
class _Plan:
    """How an entry is made from what was read; `facts` returns its members in the order of `names`."""

    made: type
    names: tuple[str, ...]
    facts: Callable[[object], tuple[object, ...]]


class Reader:
    """Reads the bodies of a closed list of kinds, by name."""

    def __init__(self, kinds: Mapping[str, type], version: int) -> None:
        self._plans: dict[type, _Plan] = {}
        for kind, made in kinds.items():
            names = tuple(each.name for each in fields(made))
            # One more than there are names: of one alone, attrgetter makes no tuple.
            self._plans[_struct(kind, made, version)] = _Plan(made, names, attrgetter(*names, "at"))
        self._decode = msgspec.json.Decoder(Union[tuple(self._plans)]).decode  # noqa: UP007  # of a tuple

    def read(self, body: bytes) -> tuple[Any, Written] | None:
        """Return the entry and what its stamp is made from, None where the body needs a closer look."""
        try:
            told: Any = self._decode(body)
            # Where nothing is escaped there is but one way to write a text, if it is in NFC.
            if _WRITE(told) != body or b"\\" in body:
                return None
        except _UNREADABLE:
            return None
        if not body.isascii() and not unicodedata.is_normalized("NFC", body.decode()):
            return None
        plan = self._plans[type(told)]
        return filled(plan.made, dict(zip(plan.names, plan.facts(told), strict=False))), told


def _struct(kind: str, made: type, version: int) -> type[msgspec.Struct]:
    """Return the type of a whole body of one kind."""
    hints = get_type_hints(made)
    members: list[Any] = [(each.name, _wire(hints[each.name])) for each in fields(made)]
    members += [("v", Literal[version]), ("at", str), ("by", _TEXTS), *_LEFT_OUT]
    return msgspec.defstruct(
        made.__name__,
        members,
        tag_field="kind",
        tag=kind,
        forbid_unknown_fields=True,
        omit_defaults=True,
        kw_only=True,
        frozen=True,
        gc=False,
    )


def _wire(hint: Any) -> Any:
    """Return a member's type with the limits that numbers have."""
    if hint is int:
        return _NUMBER
    if not isinstance(hint, GenericAlias):
        return hint
    return GenericAlias(tuple, tuple(each if each is Ellipsis else _wire(each) for each in get_args(hint)))
