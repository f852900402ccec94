"""The state folded from entries, in memory; nothing here touches a database.

state = State()
for seq, entry, stamp in history:
    state.apply(seq, entry, stamp)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from custody.entries import Entry, Stamp
from custody.families import ASKED
from custody.folding import effects
from custody.holdings import IN_PACKAGE, Device, Dossier, Kept, Package, Roll, Seal, Totals, Value, key_of


class State:
    """Every package, dossier, roll, seal and device as the entries so far leave them; a `Holdings`."""

    def __init__(self) -> None:
        self._values: dict[type, dict[str, Value]] = {
            each: {} for each in (Package, Dossier, Roll, Seal, Device, Totals, *ASKED)
        }
        self._those: dict[tuple[type, str, str], set[str]] = {}
        self._inside: dict[str, set[str]] = {}

    def apply(self, seq: int, entry: Entry, stamp: Stamp) -> None:
        """Bring the state forward by one entry."""
        for value in effects(self, seq, entry, stamp):
            self.put(value)

    def put(self, value: Value) -> None:
        """Set one value, in the place of the former."""
        kept = self._values[type(value)]
        if isinstance(value, Dossier):
            before = kept.get(value.code)
            if isinstance(before, Dossier) and before.state == IN_PACKAGE:
                self._inside[before.where].discard(before.code)
            if value.state == IN_PACKAGE:
                self._inside.setdefault(value.where, set()).add(value.code)
        key = key_of(value)
        for member in ASKED.get(type(value), ()):
            if (old := kept.get(key)) is not None:
                self._those[type(value), member, getattr(old, member)].discard(key)
            self._those.setdefault((type(value), member, getattr(value, member)), set()).add(key)
        kept[key] = value

    def every(self, kind: type) -> Iterator[Value]:
        """Yield every value of a kind, in no order that means anything."""
        return iter(self._values[kind].values())

    def one(self, kind: type[Kept], key: str) -> Kept | None:
        """Return the value of a kind with this key, None where there is none."""
        found = self._values[kind].get(key)
        return found if isinstance(found, kind) else None

    def those(self, kind: type[Kept], **member: str) -> list[Kept]:
        """Return the values of a kind of which one member, named among `custody.families.ASKED`, is so; by key."""
        ((name, wanted),) = member.items()
        kept = self._values[kind]
        keys = sorted(self._those.get((kind, name, wanted), ()))
        return [found for key in keys if isinstance(found := kept[key], kind)]

    def packages(self) -> list[Package]:
        """Return every package."""
        return [each for each in self.every(Package) if isinstance(each, Package)]

    def all_dossiers(self) -> list[Dossier]:
        """Return every dossier."""
        return [each for each in self.every(Dossier) if isinstance(each, Dossier)]

    def all_rolls(self) -> list[Roll]:
        """Return every roll."""
        return [each for each in self.every(Roll) if isinstance(each, Roll)]

    def all_seals(self) -> list[Seal]:
        """Return every seal that is no longer unused."""
        return [each for each in self.every(Seal) if isinstance(each, Seal)]

    def package(self, code: str) -> Package | None:
        """Return a package, None where the code was never given."""
        return self.one(Package, code)

    def dossiers(self, codes: Iterable[str]) -> dict[str, Dossier]:
        """Return the dossiers that are known among `codes`."""
        kept = self._values[Dossier]
        return {code: found for code in codes if isinstance(found := kept.get(code), Dossier)}

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
