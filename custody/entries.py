"""Every kind of entry, from facts to canonical bytes and back; the list is closed.

A body has the members of its stamp (v, kind, at, by, desk, post, device, device_seq, device_at) and the facts of its
kind beside them, each one written, none left out:

    body_of(PackageVoided("7K3M9QXZ2", "mistyped"), stamp)
    -> b'{"at":"2026-01-05T08:00:00+07:00","attachments":[],"by":["NV01"],"desk":"counter",…,"v":1}'

`read_body` refuses every kind, member and type that is not on the list, so a later format needs another `v`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache, cached_property
from types import GenericAlias
from typing import Any, ClassVar, Protocol, cast, get_args, get_type_hints

from custody.canonical import LARGEST, decode_flat, encode
from custody.entries_duty import DUTY_KINDS, LOG_KINDS
from custody.entries_package import PACKAGE_KINDS
from custody.entries_register import REGISTER_KINDS
from custody.entries_rounds import ROUND_KINDS
from custody.entries_scans import SCAN_KINDS
from custody.entries_seals import SEAL_KINDS
from custody.entries_shifts import SHIFT_KINDS
from custody.entries_stocktake import STOCKTAKE_KINDS
from custody.errors import CustodyError
from custody.moments import format_moment, is_written, parse_moment
from custody.ordinary import Reader, Said, filled

VERSION = 1
STAMP = ("at", "by", "desk", "post", "device", "device_seq", "device_at")


class Entry(Protocol):
    """What every kind has: a frozen dataclass of facts that knows its name."""

    KIND: ClassVar[str]


@dataclass(frozen=True)
class Stamp:
    """When, who and where: `at` is the server's time, `by` the people who signed, in order.

    What came from a phone also has its number in that phone's own count, from 0, and the phone's time.
    """

    at: datetime
    by: tuple[str, ...]
    desk: str = ""
    post: str = ""
    device: str = ""
    device_seq: int = -1
    device_at: datetime | None = None

    @cached_property
    def moment(self) -> str:
        """`at` as entries write it."""
        return format_moment(self.at)


_ALL = (
    *LOG_KINDS,
    *REGISTER_KINDS,
    *PACKAGE_KINDS,
    *SEAL_KINDS,
    *SHIFT_KINDS,
    *ROUND_KINDS,
    *DUTY_KINDS,
    *STOCKTAKE_KINDS,
    *SCAN_KINDS,
)
KINDS: Mapping[str, type] = {cast(Any, each).KIND: each for each in _ALL}
_ORDINARY = Reader(KINDS, VERSION)


def body_of(entry: Entry, stamp: Stamp) -> bytes:
    """Return the canonical bytes of an entry; raises CustodyError "entry-malformed" or "not-canonical"."""
    if KINDS.get(entry.KIND) is not type(entry):
        raise CustodyError("entry-malformed", why="kind-unknown", member="kind", kind=entry.KIND)
    told = {name: _checked(getattr(entry, name), wanted, name) for name, wanted in _members(type(entry)).items()}
    return encode({"v": VERSION, "kind": entry.KIND, **_tell_stamp(stamp), **told})


def read_told(kind: str | None, body: bytes) -> Said | None:
    """Return what a body says where it is as nearly all are, None where it needs the closer look of `read_closely`.

    `kind` is the kind it should be of, None where that is not known; a body of another kind needs the closer look too.
    """
    told = _ORDINARY.read(kind, body)
    if told is None or not is_written(told.moment) or not told.by or not (told.desk or told.post):
        return None
    if told.device:
        return told if told.device_seq >= 0 and is_written(told.device_at) else None
    return told if told.device_seq == -1 and not told.device_at else None


def entry_of(told: Said) -> tuple[Entry, Stamp]:
    """Return the entry and stamp of what was read."""
    members = {
        "at": datetime.fromisoformat(told.moment),
        "by": told.by,
        "desk": told.desk,
        "post": told.post,
        "device": told.device,
        "device_seq": told.device_seq,
        "device_at": datetime.fromisoformat(told.device_at) if told.device_at else None,
        "moment": told.moment,
    }
    return _ORDINARY.entry(told), filled(Stamp, members)


def read_ordinary(body: bytes) -> tuple[Entry, Stamp] | None:
    """Return the entry and stamp of a body as nearly all are, None where it needs the closer look of `read_closely`."""
    told = read_told(None, body)
    return None if told is None else entry_of(told)


def read_body(body: bytes) -> tuple[Entry, Stamp]:
    """Return the entry and stamp that canonical bytes stand for; raises as `body_of` does."""
    return read_ordinary(body) or read_closely(body)


def read_closely(body: bytes) -> tuple[Entry, Stamp]:
    """Return what `read_body` does, member by member, so as to tell what is wrong."""
    told = decode_flat(body)
    if told.pop("v", None) != VERSION:
        raise CustodyError("entry-malformed", why="version-unknown", member="v")
    kind = told.pop("kind", None)
    if not isinstance(kind, str) or (made := KINDS.get(kind)) is None:
        raise CustodyError("entry-malformed", why="kind-unknown", member="kind", kind=kind)
    stamp = _read_stamp({name: told.pop(name) for name in STAMP if name in told})
    members = _members(made)
    if told.keys() != members.keys():
        name = min(told.keys() ^ members.keys())
        raise CustodyError("entry-malformed", why="member-unknown" if name in told else "member-absent", member=name)
    return cast(Entry, made(**{name: _checked(told[name], wanted, name) for name, wanted in members.items()})), stamp


@dataclass(frozen=True)
class _Shape:
    """What a member holds: one plain type, or a tuple of shapes, all alike where `alike`."""

    plain: type | None = None
    inner: tuple[_Shape, ...] = ()
    alike: bool = False


_TEXT, _NUMBER = _Shape(str), _Shape(int)
_TEXTS = _Shape(None, (_TEXT,), alike=True)


@cache
def _members(made: type) -> dict[str, _Shape]:
    hints = get_type_hints(made)
    return {each.name: _shape(hints[each.name]) for each in fields(made)}


def _shape(hint: Any) -> _Shape:
    if not isinstance(hint, GenericAlias):
        return _Shape(hint)
    inner = get_args(hint)
    alike = inner[-1] is Ellipsis
    return _Shape(None, tuple(map(_shape, inner[:1] if alike else inner)), alike)


def _checked(value: object, wanted: _Shape, member: str) -> object:
    """Return a value in the type its member has; lists become tuples."""
    if wanted.plain is not None:
        if type(value) is wanted.plain and not (type(value) is int and abs(value) > LARGEST):
            return value
    elif isinstance(value, list | tuple):
        inner = wanted.inner
        if wanted.alike:
            one = inner[0].plain
            if one is str and all(type(each) is str for each in value):
                return tuple(value)
            return tuple(_checked(each, inner[0], member) for each in value)
        if len(inner) == len(value):
            return tuple(_checked(each, one, member) for each, one in zip(value, inner, strict=True))
    raise CustodyError("entry-malformed", why="type", member=member)


def _tell_stamp(stamp: Stamp) -> dict[str, object]:
    if not stamp.by or not (stamp.desk or stamp.post):
        raise CustodyError("entry-malformed", why="stamp", member="desk" if stamp.by else "by")
    told: dict[str, object] = {"at": stamp.moment, "by": stamp.by}
    told |= {name: value for name in ("desk", "post") if (value := getattr(stamp, name))}
    if stamp.device:
        if stamp.device_seq < 0 or stamp.device_at is None:
            raise CustodyError("entry-malformed", why="stamp", member="device")
        told |= {"device": stamp.device, "device_seq": stamp.device_seq, "device_at": format_moment(stamp.device_at)}
    return told


def _read_stamp(told: dict[str, Any]) -> Stamp:
    facts = dict(told)
    for name in ("at", "by", *(("device_seq", "device_at") if "device" in told else ())):
        if name not in told:
            raise CustodyError("entry-malformed", why="member-absent", member=name)
    for name in ("desk", "post", "device", "at", "device_at"):
        if name in facts and not _checked(facts[name], _TEXT, name):
            raise CustodyError("entry-malformed", why="type", member=name)
    facts["by"] = _checked(facts["by"], _TEXTS, "by")
    for name in ("at", "device_at"):
        if name in facts:
            facts[name] = parse_moment(facts[name])
    if "device_seq" in facts:
        _checked(facts["device_seq"], _NUMBER, "device_seq")
    stamp = Stamp(**facts)
    if _tell_stamp(stamp) != {**told, "by": tuple(told["by"])}:
        raise CustodyError("entry-malformed", why="stamp", member="at")
    return stamp
