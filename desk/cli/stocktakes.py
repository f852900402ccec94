"""Commands about stocktakes: open, scan, show, compare, close."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.signing import Signed, must_agree, signed, signing_of, yes_option
from desk.cli.spoken import SpokenCommand, SpokenGroup, mark
from desk.stock_words import DIFFERENCES, NEXT, SETTLED, STATES

if TYPE_CHECKING:
    from custody.stocktake import Difference, Stocktake

Pins = Path | None
Command = Callable[[Callable[..., Exit]], click.Command]
number_argument = click.argument("number", metavar="NUMBER")


@click.group(cls=SpokenGroup, help=mark("Stocktakes: count what is there, blind, and settle every difference."))
def stocktake() -> None:
    """Hold the commands about stocktakes."""


def _signed_command(help: str, **more: Any) -> Command:
    def wrap(run: Callable[..., Exit]) -> click.Command:
        command = click.pass_obj(as_json(signed(run)))
        made: click.Command = stocktake.command(cls=SpokenCommand, help=help, **more)(command)
        return made

    return wrap


@_signed_command(mark("Open a stocktake over places and all inside them."), name="open")
@click.argument("places", nargs=-1, required=True, metavar="PLACE…")
def open_(asked: Asked, places: tuple[str, ...], signers: Sequence[str], pins: Pins, as_json: bool) -> Exit:
    """Begin; what should be there is fixed now and not told to those who count."""
    from desk import stocktaking

    signing = signing_of(asked, Signed(signers, pins, as_json))
    with asked.office() as office:
        made = stocktaking.open_stocktake(office, places, signing)
    if as_json:
        asked.say_json(_blind(made))
    else:
        asked.say(asked.t("Stocktake {number} is open over {places}.", number=made.code, places=made.places))
        asked.say(asked.t("Scan at each place: luutru stocktake scan {number} --place PLACE CODE…", number=made.code))
    return Exit.OK


@_signed_command(mark("Record what one person found at one place; the expected number is not shown."))
@number_argument
@click.argument("codes", nargs=-1, metavar="CODE…")
@click.option("--place", required=True, metavar="PLACE", help=mark("Where these packages stand."))
@click.option(
    "--file", type=click.File("r", encoding="utf-8-sig"), metavar="FILE", help=mark("Codes, one a line; - for input.")
)
@click.option(
    "--doubt",
    "doubts",
    type=(str, click.Choice(["damaged", "broken", "missing"])),
    multiple=True,
    metavar="CODE FINDING",
    help=mark("A package whose seal is not intact, and how it was found; repeat it."),
)
def scan(
    asked: Asked,
    number: str,
    codes: tuple[str, ...],
    place: str,
    file: Any,
    doubts: tuple[tuple[str, str], ...],
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
) -> Exit:
    """Count."""
    from desk import stocktaking

    lines = [line.strip() for line in file] if file else []
    found = dict.fromkeys([*codes, *(line for line in lines if line)], "intact") | dict(doubts)
    signing = signing_of(asked, Signed(signers, pins, as_json))
    with asked.office() as office:
        answer = stocktaking.count(office, number, place, found, signing)
    if as_json:
        asked.say_json(asdict(answer))
        return Exit.OK
    t = asked.t
    asked.say(t("{count} packages counted at {place}.", count=len(found), place=answer.place))
    for code in answer.again:
        asked.say("  " + t("{package} was counted before in this stocktake; it counts where it is now.", package=code))
    for code in answer.unknown:
        asked.say("  " + t("{package} is the code of no package. Read the label again.", package=code))
    return Exit.OK


@stocktake.command(cls=SpokenCommand, name="list", help=mark("List all stocktakes."))
@as_json
@click.pass_obj
def list_(asked: Asked, as_json: bool) -> Exit:
    """Print a line for each."""
    from desk import stocktaking

    with asked.office() as office:
        found = stocktaking.every(office)
    if as_json:
        asked.say_json([_blind(each) for each in found])
        return Exit.OK
    for each in found:
        asked.say(f"{each.code}  {asked.t(STATES[each.state])}  {each.opened_at}  {', '.join(each.places)}")
    if not found:
        asked.say(asked.t("There was no stocktake yet. Begin one with: luutru stocktake open PLACE"))
    return Exit.OK


@stocktake.command(cls=SpokenCommand, help=mark("Show what was counted so far, without what is expected."))
@number_argument
@as_json
@click.pass_obj
def show(asked: Asked, number: str, as_json: bool) -> Exit:
    """Print the count by place and person."""
    from desk import stocktaking

    with asked.office() as office:
        known, lines = stocktaking.look(office, number), stocktaking.lines_of(office, number)
    counted: dict[tuple[str, str], int] = {}
    for line in lines:
        if line.times:
            counted[line.counted, line.by] = counted.get((line.counted, line.by), 0) + 1
    rows = [{"place": where, "by": who, "packages": count} for (where, who), count in sorted(counted.items())]
    if as_json:
        asked.say_json({**_blind(known), "counted": rows})
        return Exit.OK
    asked.say(f"{known.code}  {asked.t(STATES[known.state])}  {', '.join(known.places)}")
    for row in rows:
        asked.say("  " + asked.t("{place}: {packages} packages, by {by}", **row))
    return Exit.OK


@stocktake.command(
    cls=SpokenCommand, help=mark("Compare what was counted with the record: found, and each difference.")
)
@number_argument
@as_json
@click.pass_obj
def compare(asked: Asked, number: str, as_json: bool) -> Exit:
    """Print the differences and what to do about each."""
    from desk import stocktaking

    with asked.office() as office:
        known, found, differ = stocktaking.compare(office, number)
    waiting = [each for each in differ if not each.settles]
    outcome = Exit.FINDINGS if waiting else Exit.OK
    if as_json:
        asked.say_json(
            {
                **asdict(known),
                "found": found,
                "differences": [asdict(each) for each in differ],
                "unsettled": len(waiting),
            }
        )
        return outcome
    t = asked.t
    asked.say(t("{found} of {expected} packages found where they belong.", found=found, expected=known.expected))
    for each in differ:
        asked.say(f"  {'✗' if not each.settles else '✓'} {each.package}  {_told(asked, each)}")
    if not waiting and known.state == "open":
        asked.say(t("Nothing is left to settle. Close it with: luutru stocktake close {number}", number=number))
    return outcome


@_signed_command(mark("Close a stocktake whose differences are all settled; two people sign."))
@number_argument
@click.option("--abandon", default="", metavar="REASON", help=mark("Give it up for this reason instead."))
@yes_option
def close(
    asked: Asked, number: str, abandon: str, yes: bool, signers: Sequence[str], pins: Pins, as_json: bool
) -> Exit:
    """Close or abandon."""
    from desk import stocktaking

    if abandon:
        question = asked.t("Abandon stocktake {number}? It cannot be taken up again.", number=number)
        must_agree(asked, question, yes=yes, as_json=as_json)
    signing = signing_of(asked, Signed(signers, pins, as_json))
    with asked.office() as office:
        ended = stocktaking.close(office, number, signing, abandon=abandon)
    if as_json:
        asked.say_json(asdict(ended))
    else:
        asked.say(f"{ended.code}  {asked.t(STATES[ended.state])}")
    return Exit.OK


def _blind(known: Stocktake) -> dict[str, Any]:
    """Return a stocktake without what is expected while it is open: whoever counts must not know."""
    told = asdict(known)
    return {name: each for name, each in told.items() if known.state != "open" or name not in {"expected", "found"}}


def _told(asked: Asked, each: Difference) -> str:
    t = asked.t
    facts = {"expected": each.expected, "counted": each.counted, "finding": t(each.finding or "intact")}
    how = each.settles.partition(":")[0]
    then = t(SETTLED[how]) if how else t(NEXT[each.kind], package=each.package)
    return f"{t(DIFFERENCES[each.kind], **facts)} – {then}"


COMMANDS: tuple[click.Command, ...] = (stocktake,)
