"""The state folded from entries, in memory; nothing here touches a database.

state = State()
for seq, entry, stamp in history:
    state.apply(seq, entry, stamp)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any

from custody.entries import Entry, Stamp
from custody.families import ASKED
from custody.folding import effects
from custody.holdings import IN_PACKAGE, Device, Dossier, Kept, Package, Roll, Seal, Totals, Value, key_name

# What returns the key of a value, and the members by which many are looked up, by its type.
_ASKED: Mapping[type, tuple[Callable[[Any], str], tuple[str, ...]]] = {
    each: (attrgetter(key_name(each)), ASKED.get(each, ()))
    for each in (Package, Dossier, Roll, Seal, Device, Totals, *ASKED)
}


class State:
    """Every package, dossier, roll, seal and device as the entries so far leave them; a `Holdings`."""

    def __init__(self) -> None:
        # Under each type the values of that type, so nothing is asked again what it is when it is taken out.
        self._values: dict[type, dict[str, Any]] = {each: {} for each in _ASKED}
        self._kinds = {each: (self._values[each], *_ASKED[each]) for each in _ASKED}
        self._those: dict[tuple[type, str, str], set[str]] = {}
        self._inside: dict[str, set[str]] = {}

    def apply(self, seq: int, entry: Entry, stamp: Stamp) -> None:
        """Bring the state forward by one entry."""
        for value in effects(self, seq, entry, stamp):
            self.put(value)

    def put(self, value: Value) -> None:
        """Set one value, in the place of the former."""
        made = type(value)
        kept, key_of, members = self._kinds[made]
        key = key_of(value)
        if made is Dossier:
            self._move(kept.get(key), value)
        elif members:
            self._note(made, key, members, kept.get(key), value)
        kept[key] = value

    def _note(self, made: type, key: str, members: tuple[str, ...], before: Any, after: Any) -> None:
        """Keep what is looked up by its members under what they are now."""
        for member in members:
            new = getattr(after, member)
            if before is not None:
                old = getattr(before, member)
                if old == new:
                    continue
                self._those[made, member, old].discard(key)
            self._those.setdefault((made, member, new), set()).add(key)

    def _move(self, before: Any, after: Any) -> None:
        """Keep the contents of packages while a dossier goes from one state to another."""
        if before is not None and before.state == IN_PACKAGE:
            self._inside[before.where].discard(before.code)
        if after.state == IN_PACKAGE:
            self._inside.setdefault(after.where, set()).add(after.code)

    def every(self, kind: type) -> Iterator[Value]:
        """Yield every value of a kind, in no order that means anything."""
        return iter(self._values[kind].values())

    def one(self, kind: type[Kept], key: str) -> Kept | None:
        """Return the value of a kind with this key, None where there is none."""
        found: Kept | None = self._values[kind].get(key)
        return found

    def those(self, kind: type[Kept], **member: str) -> list[Kept]:
        """Return the values of a kind of which one member, named among `custody.families.ASKED`, is so; by key."""
        ((name, wanted),) = member.items()
        kept = self._values[kind]
        keys = sorted(self._those.get((kind, name, wanted), ()))
        return [kept[key] for key in keys]

    def packages(self) -> list[Package]:
        """Return every package."""
        return list(self._values[Package].values())

    def all_dossiers(self) -> list[Dossier]:
        """Return every dossier."""
        return list(self._values[Dossier].values())

    def all_rolls(self) -> list[Roll]:
        """Return every roll."""
        return list(self._values[Roll].values())

    def all_seals(self) -> list[Seal]:
        """Return every seal that is no longer unused."""
        return list(self._values[Seal].values())

    def package(self, code: str) -> Package | None:
        """Return a package, None where the code was never given."""
        found: Package | None = self._values[Package].get(code)
        return found

    def dossiers(self, codes: Iterable[str]) -> dict[str, Dossier]:
        """Return the dossiers that are known among `codes`."""
        kept = self._values[Dossier]
        return {code: found for code in codes if (found := kept.get(code)) is not None}

    def contents(self, package: str) -> list[Dossier]:
        """Return the dossiers in a package, by code."""
        return list(self.dossiers(sorted(self._inside.get(package, ()))).values())

    def roll(self, code: str) -> Roll | None:
        """Return an issued roll."""
        return self.one(Roll, code)

    def rolls_like(self, prefix: str, width: int) -> list[Roll]:
        """Return the rolls whose numbers have this prefix and width."""
        return [each for each in self.all_rolls() if (each.prefix, each.width) == (prefix, width)]

    def seal(self, number: str) -> Seal | None:
        """Return a seal, None while it is unused or unknown."""
        return self.one(Seal, number)

    def device(self, name: str) -> Device | None:
        """Return a phone's count."""
        return self.one(Device, name)

    def totals(self) -> Totals:
        """Return what was ever registered."""
        return self.one(Totals, "all") or Totals()
