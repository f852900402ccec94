"""Seal numbers: a prefix and digits, out of an issued roll, each used once.

In every roll, unused + applied + removed + spoiled = size.
"""

from __future__ import annotations

from custody.errors import CustodyError
from custody.holdings import Holdings, Roll

MOST_IN_ROLL, WIDEST = 100_000, 12


def split_number(number: str) -> tuple[str, str]:
    """Return the prefix and the digits of a seal number."""
    prefix = number.rstrip("0123456789")
    return prefix, number[len(prefix) :]


def number_of(roll: Roll, index: int) -> str:
    """Return the number of the seal at `index` of a roll, from 0."""
    return f"{roll.prefix}{roll.first + index:0{roll.width}d}"


def roll_of(holdings: Holdings, number: str) -> Roll | None:
    """Return the issued roll a number belongs to."""
    prefix, digits = split_number(number)
    if not digits or not digits.isascii():
        return None
    for roll in holdings.rolls_like(prefix, len(digits)):
        if roll.first <= int(digits) < roll.first + roll.size:
            return roll
    return None


def check_roll(holdings: Holdings, roll: Roll) -> None:
    """Refuse a roll that cannot be, or that has a code or a number that was issued already."""
    fits = 0 < roll.size <= MOST_IN_ROLL and roll.first >= 0 and 0 < roll.width <= WIDEST
    if not fits or roll.first + roll.size > 10**roll.width or roll.prefix[-1:].isdigit() or not roll.code:
        raise CustodyError("roll-malformed", roll=roll.code, first=roll.first, size=roll.size, width=roll.width)
    if roll.prefix != roll.prefix.upper():
        # a0001 and A0001 would be two seals in the log and one on the box.
        raise CustodyError("roll-prefix-not-in-capitals", roll=roll.code, prefix=roll.prefix)
    if holdings.roll(roll.code) is not None:
        raise CustodyError("roll-code-used", roll=roll.code)
    for other in holdings.rolls_like(roll.prefix, roll.width):
        if roll.first < other.first + other.size and other.first < roll.first + roll.size:
            raise CustodyError("roll-overlaps", roll=roll.code, other=other.code)


def check_unused(holdings: Holdings, numbers: tuple[str, ...]) -> None:
    """Refuse numbers that are of no roll, doubled, or no longer unused."""
    for number in numbers:
        if roll_of(holdings, number) is None:
            raise CustodyError("seal-number-unknown", number=number)
        if (known := holdings.seal(number)) is not None:
            raise CustodyError("seal-number-used", number=number, state=known.state, package=known.package)
    if len(set(numbers)) < len(numbers):
        raise CustodyError("seal-number-doubled", numbers=numbers)
