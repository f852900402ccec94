"""What is known of every package, dossier and seal at one moment, as values, and how a state is asked for them.

Two states answer the same questions: `custody.state.State` in memory, folded from entries, and the projections in the
database. One function (`custody.folding.effects`) tells both what an entry changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import make_dataclass
from functools import cache
from typing import Any, Protocol, TypeVar, cast

import msgspec

# States of a package.
DRAFT, PACKED, SEALED, IN_TRANSIT, OPENED = "draft", "packed", "sealed", "in-transit", "opened"
SUSPECT, MISSING, LOST, EMPTIED, HANDED_OUT, VOID = "suspect", "missing", "lost", "emptied", "handed-out", "void"
LIVE = frozenset({DRAFT, PACKED, SEALED, IN_TRANSIT, OPENED, SUSPECT, MISSING})
# States of a dossier; MISSING is shared.
REGISTERED, ON_SHELF, IN_PACKAGE, AT_STATION, ON_LOAN = "registered", "on-shelf", "in-package", "at-station", "on-loan"
FOUND, UNREGISTERED, IN_REVIEW, DESTROYED, TRANSFERRED = (
    "found",
    "unregistered",
    "in-review",
    "destroyed",
    "transferred",
)
ACCOUNTED = frozenset(
    {REGISTERED, ON_SHELF, IN_PACKAGE, AT_STATION, ON_LOAN, FOUND, MISSING, IN_REVIEW, DESTROYED, TRANSFERRED}
)
# States of a seal that is no longer unused.
APPLIED, REMOVED, SPOILED = "applied", "removed", "spoiled"


class _Fields:
    """Lets `dataclasses` ask a struct as it asks its own: `fields`, `asdict` and `replace` work on both."""

    def __get__(self, _value: object, kind: type[msgspec.Struct]) -> dict[str, Any]:
        return _fields_of(kind)


@cache
def _fields_of(kind: type[msgspec.Struct]) -> dict[str, Any]:
    told: dict[str, Any] = cast(Any, make_dataclass(kind.__name__, kind.__struct_fields__)).__dataclass_fields__
    return told


class Value(msgspec.Struct, frozen=True, gc=False):
    """A value of the state: its first member is its key, a text; `entry` is the last entry about it.

    A struct, because a log is folded by making millions of these: a fifth as large as a dataclass, and made in C.
    None can come to hold itself, so the search for unused cycles passes them by.
    """

    __dataclass_fields__ = cast(dict[str, Any], _Fields())


class Package(Value, frozen=True, gc=False):
    """A package: its state, who answers for it, where it is, and what it is held to.

    `entry` is the last entry about it; `broken` the first whose giver was not the custodian, -1 where there is none.
    """

    code: str
    state: str = DRAFT
    custodian: str = ""
    place: str = ""
    store: str = ""
    seals: tuple[str, ...] = ()
    sealers: tuple[str, ...] = ()
    manifest: str = ""
    label: str = ""
    dossiers: int = 0
    leaves: int = 0
    deadline: str = ""
    decision: str = ""
    destination: str = ""
    sender: str = ""
    checked: str = ""
    entry: int = -1
    broken: int = -1


class Dossier(Value, frozen=True, gc=False):
    """A dossier: its state, the one place it is in, and what it is held to; `home` is the package it left open.

    `went` are its leaves counted as it last left for a station, `came` those counted as it came back, -1 where that was
    not done or several dossiers were counted together and it did not come out.
    """

    code: str
    leaves: int = 0
    state: str = REGISTERED
    where: str = ""
    record: str = ""
    deadline: str = ""
    permission: str = ""
    decision: str = ""
    home: str = ""
    holds: tuple[str, ...] = ()
    went: int = -1
    came: int = -1
    entry: int = -1


class Roll(Value, frozen=True, gc=False):
    """An issued roll of seals and how many of it are unused."""

    code: str
    prefix: str
    first: int
    size: int
    width: int
    unused: int
    entry: int = -1


class Seal(Value, frozen=True, gc=False):
    """A seal that is no longer unused."""

    number: str
    roll: str
    state: str
    package: str = ""
    entry: int = -1


class Device(Value, frozen=True, gc=False):
    """A phone's own count: the number its next entry must have."""

    name: str
    due: int
    entry: int = -1


class Totals(Value, frozen=True, gc=False):
    """What was ever registered, counted as it was registered; `reused` counts codes that were given twice."""

    name: str = "all"
    dossiers: int = 0
    leaves: int = 0
    reused: int = 0


Kept = TypeVar("Kept", bound=Value)


class Holdings(Protocol):
    """How a state is asked."""

    def one(self, kind: type[Kept], key: str) -> Kept | None:
        """Return the value of a kind with this key, None where there is none."""
        ...

    def those(self, kind: type[Kept], **member: str) -> list[Kept]:
        """Return the values of a kind of which one member, named among `custody.families.ASKED`, is so; by key."""
        ...

    def package(self, code: str) -> Package | None:
        """Return a package, None where the code was never given."""
        ...

    def dossiers(self, codes: Iterable[str]) -> Mapping[str, Dossier]:
        """Return the dossiers that are known among `codes`."""
        ...

    def contents(self, package: str) -> list[Dossier]:
        """Return the dossiers in a package, by code."""
        ...

    def roll(self, code: str) -> Roll | None:
        """Return an issued roll."""
        ...

    def rolls_like(self, prefix: str, width: int) -> list[Roll]:
        """Return the rolls whose numbers have this prefix and width."""
        ...

    def seal(self, number: str) -> Seal | None:
        """Return a seal, None while it is unused or unknown."""
        ...

    def device(self, name: str) -> Device | None:
        """Return a phone's count."""
        ...

    def totals(self) -> Totals:
        """Return what was ever registered."""
        ...


def key_of(value: Value) -> str:
    """Return what a value is known by among its kind."""
    return str(getattr(value, value.__struct_fields__[0]))


def key_name(kind: type[Value]) -> str:
    """Return the name of the member that values of a kind are known by."""
    return kind.__struct_fields__[0]


altered = msgspec.structs.replace
