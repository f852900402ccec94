"""Bodies as `body_of` writes them, read in C: the quick way for nearly every entry of a log.

    reader = Reader({"package-voided": PackageVoided}, version=1)
    told = reader.read("package-voided", body)  ->  its facts and its stamp's members as they are written, or None
    reader.entry(told)                          ->  PackageVoided(…)

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
from typing import Annotated, Any, ClassVar, Literal, Protocol, TypeVar, Union, cast, get_args, get_type_hints

import msgspec

from custody.canonical import LARGEST

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


class Said(Protocol):
    """What a body says, in one value: the facts of its kind, and beside them the members of its stamp as written.

    `moment` is the member `at`; "" or -1 stands where a member of the stamp is left out.
    """

    KIND: ClassVar[str]
    moment: str
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
        self._plans: dict[str, _Plan] = {}
        self._decoders: dict[str, Callable[[bytes], Any]] = {}
        structs: list[type] = []
        for kind, made in kinds.items():
            names = tuple(each.name for each in fields(made))
            # One more than there are names: of one alone, attrgetter makes no tuple.
            self._plans[kind] = _Plan(made, names, attrgetter(*names, "moment"))
            structs.append(_struct(kind, made, version))
            self._decoders[kind] = msgspec.json.Decoder(structs[-1]).decode
        # Looks for the kind first, so it is slower than the decoder of a kind that is known.
        self._any: Callable[[bytes], Any] = msgspec.json.Decoder(Union[tuple(structs)]).decode  # noqa: UP007  # of a tuple

    def read(self, kind: str | None, body: bytes) -> Said | None:
        """Return what a body of this kind, of any where None, says; None where it needs a closer look."""
        decode = self._any if kind is None else self._decoders.get(kind)
        if decode is None:
            return None
        try:
            told = decode(body)
            # Where nothing is escaped there is but one way to write a text, if it is in NFC.
            if _WRITE(told) != body or b"\\" in body:
                return None
        except _UNREADABLE:
            return None
        if not body.isascii() and not unicodedata.is_normalized("NFC", body.decode()):
            return None
        return cast(Said, told)

    def entry(self, told: Said) -> Any:
        """Return the entry whose facts these are."""
        plan = self._plans[told.KIND]
        return filled(plan.made, dict(zip(plan.names, plan.facts(told), strict=False)))


def _struct(kind: str, made: type, version: int) -> type[msgspec.Struct]:
    """Return the type of a whole body of one kind."""
    hints = get_type_hints(made)
    members: list[Any] = [(each.name, _wire(hints[each.name])) for each in fields(made)]
    members += [("v", Literal[version]), ("moment", str), ("by", _TEXTS), *_LEFT_OUT]
    return msgspec.defstruct(
        made.__name__,
        members,
        namespace={"KIND": kind},
        rename={"moment": "at"},
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


Made = TypeVar("Made")


def filled(made: type[Made], members: dict[str, Any]) -> Made:
    """Return a frozen dataclass with exactly these members; the dictionary becomes its own.

    A tenth of the price of making it by its name, which sets one member after another.
    """
    value = _new(made)
    _set(value, "__dict__", members)
    return value


_new, _set = object.__new__, object.__setattr__
