"""Words of the index that stand on no page: they are made here for writing and for asking, and nobody can type them.

Each begins with, or holds, a character that normalize never gives from a text: of the private use area, "=" or "_".

Pairs are why phrases are quick. A Vietnamese name is two to four of some two thousand syllables, each of which stands
on a large part of all pages, so the engine would walk through long lists of places to find that they meet nowhere.
The pair of neighbours is a word of its own with a short list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

CODE, STATION, ARRIVED = "\ue001", "\ue002", "\ue003"
# The two that stand in most words are short.
EXACT, PAIR = "=", "_"
_INSIDE_CODE = "\ue000"
# Longer pairs are not two Vietnamese syllables (nghiêng has seven letters) but long numbers, misread lines or other
# languages. Such words stand on few pages, so a phrase with one is quick without a pair.
LONGEST_PAIR = 15


def pair_words(folded: Sequence[str]) -> list[str]:
    """Return the word of each two neighbours that are together short enough to be common, in order, repeated as met."""
    return [word for word in map(PAIR.join, pairwise(folded)) if len(word) <= LONGEST_PAIR]


def is_own(word: str) -> bool:
    """Tell whether a word was made here."""
    return _INSIDE_CODE <= word[:1] <= ARRIVED


def code_word(folded: str) -> str:
    """Return the word under which a code stands in the index: one word, whatever strokes are in it."""
    return CODE + "".join(letter if letter.isalnum() else _INSIDE_CODE for letter in folded)


def station_word(station: str) -> str:
    """Return the word under which a station's pages stand in the index."""
    return STATION + hashlib.blake2s(station.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def arrival_words(since: datetime | None, until: datetime | None) -> list[str]:
    """Return words that together stand on every page that arrived in [since, until), and on few others.

    Days at both ends are whole days in UTC, so pages of those days still have to be looked at.
    """
    earliest, latest = datetime(1990, 1, 1, tzinfo=UTC), datetime(2190, 1, 1, tzinfo=UTC)
    day = max(since or earliest, earliest).astimezone(UTC).date()
    last = min(until or latest, latest).astimezone(UTC).date()
    words: list[str] = []
    while day <= last:
        if (day.month, day.day) == (1, 1) and day.replace(month=12, day=31) <= last:
            words.append(f"{ARRIVED}{day:%Y}")
            day = day.replace(year=day.year + 1)
        elif day.day == 1 and (following := (day + timedelta(days=31)).replace(day=1)) - timedelta(days=1) <= last:
            words.append(f"{ARRIVED}{day:%Y%m}")
            day = following
        else:
            words.append(f"{ARRIVED}{day:%Y%m%d}")
            day += timedelta(days=1)
    return words


def arrival_marks(moment: datetime) -> Iterator[str]:
    """Yield the words of the year, the month and the day under which a page of that moment stands."""
    return (ARRIVED + moment.strftime(form) for form in ("%Y", "%Y%m", "%Y%m%d"))
