"""Drawing lots from a published seed: nobody can steer or foresee them before, and anybody can draw them again after.

The seed is the root of a signed head of the log. Each lot is HMAC-SHA-256 with the 32 bytes of that root as its key,
over the canonical JSON of what is drawn:

    HMAC(root, {"day":"2026-01-05","draw":"time/1","index":0,"plan":"DEM","try":0})

- A number below n: the first 8 bytes, big-endian, modulo n; a value from the last, incomplete stretch of n is thrown
  away and drawn again with the next "try", so that no number is likelier than another.
- A choice among boxes: every box is given its lot ("box" stands in the place of "index" and "try"), and those with the
  smallest go. The choice depends neither on the order of the boxes nor on who asks.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from custody.canonical import encode

_RANGE = 1 << 64


@dataclass(frozen=True)
class Urn:
    """What lots are drawn from: the root of a head, the plan, and the day ("2026-01-05")."""

    root: bytes
    plan: str
    day: str

    def below(self, limit: int, draw: str, index: int = 0) -> int:
        """Return an evenly distributed number in [0, limit); `draw` and `index` tell it from others of this urn."""
        if limit < 1:
            raise ValueError(f"nothing is below {limit}")
        fair = _RANGE - _RANGE % limit
        tried = 0
        while (number := int.from_bytes(self._lot(draw, index=index, **{"try": tried})[:8])) >= fair:
            tried += 1
        return number % limit

    def choose(self, count: int, boxes: Iterable[str], draw: str) -> tuple[str, ...]:
        """Return `count` of `boxes`, all of them where there are no more, by code."""
        ranked = sorted(set(boxes), key=lambda box: (self._lot(draw, box=box), box))
        return tuple(sorted(ranked[:count]))

    def moments(self, count: int, length: int, apart: int, draw: str) -> list[int]:
        """Return `count` numbers in [0, length), rising, at least `apart` from each other; every such set is as likely.

        Where they do not fit so far apart, they stand as far apart as they can.
        """
        if count < 1 or length < 1:
            return []
        if count > 1:
            apart = max(0, min(apart, (length - 1) // (count - 1)))
        # Taking the gaps out and putting them back in keeps every arrangement as likely as any other.
        free = length - (count - 1) * apart
        return [each + at * apart for at, each in enumerate(self._several(count, free, draw))]

    def _several(self, count: int, limit: int, draw: str) -> list[int]:
        """Return `count` numbers below `limit`, rising, of which some may be equal; every multiset is as likely."""
        # Stars and bars: a set of `count` different numbers below limit + count − 1, each less its place.
        chosen: set[int] = set()
        size = limit + count - 1
        # Floyd's way to a random subset: one lot for each, none thrown away.
        for index, top in enumerate(range(size - count, size)):
            drawn = self.below(top + 1, draw, index)
            chosen.add(top if drawn in chosen else drawn)
        return [each - at for at, each in enumerate(sorted(chosen))]

    def _lot(self, draw: str, **facts: str | int) -> bytes:
        return hmac.digest(self.root, encode({"plan": self.plan, "day": self.day, "draw": draw, **facts}), sha256)
