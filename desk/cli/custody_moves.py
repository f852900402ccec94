"""Commands about packages that travel, end or come back, and about rolls of seals."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.custody import (
    code_option,
    found_option,
    number_option,
    place_option,
    reason_option,
    record_act,
    signed_command,
    store_option,
    to_option,
    until_option,
)
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.signing import Enclosing, Signed, photo_option, record, record_all, signed
from desk.cli.spoken import SpokenCommand, SpokenGroup, mark

Pins = Path | None
# No roll is longer; a slip of the finger is. The numbers stay whole in JSON readers that count with doubles.
MOST_SEALS, MOST_DIGITS = 1_000_000, 12


@signed_command(mark("Move a sealed package, and hand it on where --to names somebody else."))
@code_option
@place_option
@store_option
@to_option
@number_option
@found_option
def move(asked: Asked, code: str, signers: Sequence[str], pins: Pins, as_json: bool, **given: Any) -> Exit:
    """Place a package somewhere else."""
    return record_act(asked, "move", code, Signed(signers, pins, as_json), given)


@signed_command(mark("Send a sealed package away with an escort (--to)."))
@code_option
@click.option("--destination", default="", metavar="PLACE", help=mark("Where it goes."))
@until_option
@to_option
@number_option
@found_option
def send(asked: Asked, code: str, signers: Sequence[str], pins: Pins, as_json: bool, **given: Any) -> Exit:
    """Hand a package to an escort."""
    from desk import custodial

    with asked.office() as office:
        given["deadline"] = custodial.until(office, given["until"])
    return record_act(asked, "send", code, Signed(signers, pins, as_json), given)


@signed_command(mark("Take in a package that arrives, or send it back to its giver with --refuse."))
@code_option
@click.option("--refuse", default="", metavar="REASON", help=mark("Do not accept it, and why."))
@place_option
@store_option
@to_option
@number_option
@found_option
@photo_option
def receive(
    asked: Asked, code: str, photos: tuple[Path, ...], signers: Sequence[str], pins: Pins, as_json: bool, **given: Any
) -> Exit:
    """Receive or refuse a package; the seal numbers are entered as read."""
    how, act = Signed(signers, pins, as_json), "refuse" if given["refuse"] else "receive"
    return record_act(asked, act, code, how, given, Enclosing(given["refuse"], photos))


@signed_command(mark("Close an opened package that holds nothing any more."))
@code_option
@reason_option
def empty(asked: Asked, code: str, reason: str, signers: Sequence[str], pins: Pins, as_json: bool) -> Exit:
    """Empty a package for good."""
    return record_act(asked, "empty", code, Signed(signers, pins, as_json), {}, Enclosing(reason))


@click.group(cls=SpokenGroup, help=mark("Rolls of seals: issue a roll, spoil a seal."))
def seal() -> None:
    """Hold the commands about seals."""


@seal.command(cls=SpokenCommand, help=mark("Issue a roll of seals; its numbers can then be used, once each."))
@click.argument("code", metavar="ROLL")
@click.option("--prefix", default="", metavar="LETTERS", help=mark("What stands before the digits."))
@click.option("--first", required=True, metavar="DIGITS", help=mark("The first number, with its leading zeros."))
@click.option(
    "--size", type=click.IntRange(1, MOST_SEALS), required=True, metavar="NUMBER", help=mark("How many seals it has.")
)
@signed
@as_json
@click.pass_obj
def roll(
    asked: Asked,
    code: str,
    prefix: str,
    first: str,
    size: int,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
) -> Exit:
    """Issue a roll."""
    from custody.entries_seals import RollIssued

    if not (first.isascii() and first.isdigit() and len(first) <= MOST_DIGITS):
        raise click.UsageError(
            asked.t(
                "The first number of a roll is written in at most {most} digits: {value}", most=MOST_DIGITS, value=first
            )
        )
    entry = RollIssued(code, prefix, int(first), size, len(first))
    return record(asked, lambda _h, _w: entry, signers, pins, as_json)


@seal.command(cls=SpokenCommand, help=mark("Write off an unused seal that was spoiled."))
@click.argument("number", metavar="SEAL")
@reason_option
@signed
@as_json
@click.pass_obj
def spoil(asked: Asked, number: str, reason: str, signers: Sequence[str], pins: Pins, as_json: bool) -> Exit:
    """Spoil a seal."""
    from custody.entries_seals import SealSpoiled

    def make(_holdings: Any, _session: Any, enclosed: Any) -> Any:
        return (SealSpoiled(number, enclosed.reason, enclosed.names),)

    return record_all(asked, Signed(signers, pins, as_json), make, Enclosing(reason))
