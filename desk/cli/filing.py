"""Commands that file scans under dossiers, and that check and approve what was scanned; part of `luutru scan`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.scans import reference, scan
from desk.cli.signing import pins_of, signed
from desk.cli.spoken import mark
from desk.filed_words import part_lines, progress_lines
from desk.words import plain

Pins = Path | None
PAGES = re.compile(r"(?P<first>[1-9]\d{0,5})(?:\s*[-–]\s*(?P<last>[1-9]\d{0,5}))?")
pages_option = click.option(
    "--pages", "stretch", metavar="A-B", help=mark("Which pages, from 1, as 3-18 or 5; otherwise the whole file.")
)
dossiers_argument = click.argument("dossiers", nargs=-1, required=True, metavar="DOSSIER…")


def stretch_of(asked: Asked, text: str | None) -> tuple[int, int] | None:
    """Return the first and last page that were typed."""
    if text is None:
        return None
    found = PAGES.fullmatch(text.strip())
    first, last = (int(found["first"]), int(found["last"] or found["first"])) if found else (1, 0)
    if last < first:
        raise click.UsageError(asked.t("Pages are written as 3-18 or 5, not as {value}.", value=text))
    return first, last


@scan.command(help=mark("File pages of a scan under a dossier by hand; scan detach takes that back."))
@reference
@click.argument("dossier", metavar="DOSSIER")
@pages_option
@signed
@as_json
@click.pass_obj
def attach(
    asked: Asked,
    reference: str,
    dossier: str,
    stretch: str | None,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
) -> Exit:
    """Record who filed which pages where, and how the dossier stands now."""
    from desk import digitizing, filing

    pages, signing = stretch_of(asked, stretch), list(zip(signers, pins_of(asked, signers, pins), strict=True))
    with asked.office() as office:
        found, made = filing.attach(office, reference, dossier, pages, signing)
        (now,) = digitizing.of_dossiers(office, [str(made.dossier)])
    if as_json:
        asked.say_json({"scan": found.public_id, "part": filing.part_as_json(made), "dossier": now.as_json()})
        return Exit.OK
    for line in part_lines([filing.part_as_json(made)], asked.t):
        asked.say(f"{plain(found.name)}: {line}")
    for line in progress_lines(now, asked.t):
        asked.say(line)
    return Exit.OK


@scan.command(help=mark("Take pages of a scan away from their dossier; nothing files them there again by itself."))
@reference
@pages_option
@signed
@as_json
@click.pass_obj
def detach(
    asked: Asked, reference: str, stretch: str | None, signers: Sequence[str], pins: Pins, as_json: bool
) -> Exit:
    """End parts of a scan; what they were stays on record."""
    from desk import filing

    pages, signing = stretch_of(asked, stretch), list(zip(signers, pins_of(asked, signers, pins), strict=True))
    with asked.office() as office:
        found, ended = filing.detach(office, reference, pages, signing)
        told = [filing.part_as_json(each) for each in ended]
    if as_json:
        asked.say_json({"scan": found.public_id, "ended": told})
        return Exit.OK
    asked.say(asked.t("{name}: no longer filed:", name=found.name))
    for line in part_lines(told, asked.t):
        asked.say("  " + line)
    return Exit.OK


@scan.command(help=mark("File scans whose dossier was registered later, and list what needs a person's eyes."))
@as_json
@click.pass_obj
def match(asked: Asked, as_json: bool) -> Exit:
    """Do at once what the minute tick does, and say what it cannot decide."""
    from desk import filing

    t = asked.t
    with asked.office() as office:
        done, waiting, eyes = filing.match(office), filing.open_parts(office), filing.count_open(office)
    if as_json:
        asked.say_json({"looked": done.looked, "filed": done.filed, "eyes": eyes, "parts": waiting})
    else:
        asked.say(t("Scans looked at: {looked}. Parts newly filed: {filed}.", looked=done.looked, filed=done.filed))
        asked.say(t("Parts that need a person's eyes: {eyes}", eyes=eyes))
        for each in waiting:
            for line in part_lines([each], t):
                asked.say(f"  {plain(each['name'])} ({each['scan']}): {line}")
    return Exit.FINDINGS if eyes else Exit.OK


def review_command(text: str, name: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a sub-command of `scan` by which a person signs for what was scanned of dossiers."""

    def made(run: Callable[..., Any]) -> click.Command:
        return scan.command(name, help=text)(dossiers_argument(signed(as_json(click.pass_obj(run)))))

    return made


reason_option = click.option("--reason", default="", metavar="TEXT", help=mark("Why, in words that stay on record."))


@review_command(
    mark("Sign that the scans of dossiers were compared with the paper; a difference needs a reason."), "check"
)
@reason_option
def check(
    asked: Asked, dossiers: tuple[str, ...], reason: str, signers: Sequence[str], pins: Pins, as_json: bool
) -> Exit:
    """Check dossiers."""
    from desk import digitizing

    return _signed_for(asked, dossiers, signers, pins, as_json, partial(digitizing.check, reason=reason))


@review_command(mark("Approve what somebody else checked."), "approve")
def approve(asked: Asked, dossiers: tuple[str, ...], signers: Sequence[str], pins: Pins, as_json: bool) -> Exit:
    """Approve dossiers."""
    from desk import digitizing

    return _signed_for(asked, dossiers, signers, pins, as_json, digitizing.approve)


@review_command(mark("Take back a check and its approval, with a reason."), "withdraw")
@reason_option
def withdraw(
    asked: Asked, dossiers: tuple[str, ...], reason: str, signers: Sequence[str], pins: Pins, as_json: bool
) -> Exit:
    """Withdraw a check."""
    from desk import digitizing

    return _signed_for(asked, dossiers, signers, pins, as_json, partial(digitizing.withdraw, reason=reason))


def _signed_for(
    asked: Asked,
    dossiers: tuple[str, ...],
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
    act: Callable[..., list[str]],
) -> Exit:
    from desk import digitizing

    signing = list(zip(signers, pins_of(asked, signers, pins), strict=True))
    with asked.office() as office:
        found = digitizing.of_dossiers(office, act(office, dossiers, signing))
    if as_json:
        asked.say_json([each.as_json() for each in found])
        return Exit.OK
    for each in found:
        for line in progress_lines(each, asked.t):
            asked.say(line)
    return Exit.OK


# The group these commands were added to.
GROUP = scan
