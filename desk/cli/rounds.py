"""Commands of a guard's round: due, start, scan, end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from desk.cli import round_records
from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.round_plans import Pins, plan, signed_in
from desk.cli.round_records import line_of, say_due, shown
from desk.cli.signing import Signed, must_agree, photo_option, signing_of, yes_option
from desk.cli.spoken import SpokenCommand, SpokenGroup, mark
from desk.cli.spotchecks import spotcheck
from desk.round_words import FINDINGS

if TYPE_CHECKING:
    from desk.round_scans import Scan

MARKS = {
    "scanned": mark("✓ {point}: {finding}"),
    "again": mark("• {point}: scanned before in this round"),
    "unlisted": mark("! {point} is not on the list of this round; it is written down all the same"),
    "moved": mark("✗ {point} is in the wrong place: on record it stands in {place}"),
    "was-missing": mark("! {point} counts as missing. If it is here, record it: luutru package find {point}"),
    "here-now": mark("· now in {place}"),
    "unknown": mark(
        "✗ {point}: no package, place or point has this code. A foreign or forged label? Tell the archivist"
    ),
    "unreadable": mark("✗ {code} is no code; scan or type it again. Perhaps: {near}"),
}
BAD = frozenset({"moved", "was-missing", "unknown", "unreadable"})
round_option = click.option(
    "--round", "code", default="", metavar="ROUND", help=mark("Which round; otherwise the only one under way.")
)


@click.group(cls=SpokenGroup, help=mark("Rounds: what a guard must look at now, what was found, what was missed."))
def round_() -> None:
    """Hold the commands about rounds."""


round_.name = "round"
round_.add_command(plan)


@round_.command(cls=SpokenCommand, help=mark("Show the rounds that can be begun now; none is told in advance."))
@as_json
@click.pass_obj
def due(asked: Asked, as_json: bool) -> Exit:
    """Print what is due and what is under way."""
    return say_due(asked, "", as_json)


@signed_in(round_, mark("Begin a round that is due: by its code, its plan, or the only one."))
@click.argument("code", default="", metavar="[ROUND]")
@click.option(
    "--off-duty", default="", metavar="REASON", help=mark("Why somebody walks it who is not on duty at its post.")
)
def start(asked: Asked, code: str, off_duty: str, signers: Sequence[str], pins: Pins, as_json: bool) -> Exit:
    """Begin a round and print its points."""
    from desk import rounds

    signing = signing_of(asked, Signed(signers, pins, as_json))
    with asked.office() as office:
        begun = rounds.start(office, code, signing, off_duty=off_duty)
        names = rounds.names_of(office, begun.points)
    if as_json:
        asked.say_json({**asdict(begun), "names": names})
        return Exit.OK
    until = datetime.fromisoformat(begun.deadline)
    asked.say(asked.t("Round {round} is under way; end it before {until}.", round=begun.code, until=until))
    for each in begun.points:
        asked.say(f"  {shown(each, names)}")
    asked.say(asked.t("Scan each point: luutru round scan CODE…"))
    return Exit.OK


@signed_in(round_, mark("Scan points of a round; the place scanned last is where you stand."))
@click.argument("codes", nargs=-1, required=True, metavar="CODE…")
@click.option(
    "--finding",
    type=click.Choice(["intact", "damaged", "broken", "missing"]),
    default="intact",
    help=mark("How it was found; other than intact raises the alarm at once."),
)
@round_option
@photo_option
@yes_option
def scan(asked: Asked, codes: tuple[str, ...], signers: Sequence[str], pins: Pins, as_json: bool, **given: Any) -> Exit:
    """Scan points; whatever is not as it should be is told at once."""
    from desk import round_scans

    finding = given["finding"]
    if finding != "intact":
        question = asked.t(
            "Report {point} as {finding}? An incident is opened at once.",
            point=", ".join(codes),
            finding=asked.t(FINDINGS[finding]),
        )
        must_agree(asked, question, yes=given["yes"], as_json=as_json)
    signing = signing_of(asked, Signed(signers, pins, as_json))
    with asked.office() as office:
        scans = round_scans.scan(office, codes, signing, code=given["code"], finding=finding, photos=given["photos"])
    if as_json:
        asked.say_json([asdict(each) for each in scans])
    for each in () if as_json else scans:
        asked.say(_told(asked, each))
    return Exit.FINDINGS if any(each.mark in BAD for each in scans) else Exit.OK


def _told(asked: Asked, found: Scan) -> str:
    t = asked.t
    facts = {
        **asdict(found),
        "finding": t(FINDINGS.get(found.finding, found.finding)),
        "near": list(found.near) or None,
    }
    line = t(MARKS[found.mark], **facts)
    return line + (" – " + t("incident {number} is open", number=found.incident) if found.incident else "")


@signed_in(round_, mark("End a round; what was left out, late or too quick needs a reason."))
@round_option
@click.option("--reason", default="", metavar="REASON", help=mark("Why, in your own words; it is kept with the entry."))
def end(asked: Asked, code: str, reason: str, signers: Sequence[str], pins: Pins, as_json: bool) -> Exit:
    """End a round."""
    from desk import rounds

    signing = signing_of(asked, Signed(signers, pins, as_json))
    with asked.office() as office:
        ended = rounds.end(office, code, signing, reason)
    if as_json:
        asked.say_json(asdict(ended))
        return Exit.OK
    asked.say(line_of(asked, ended))
    asked.say(
        asked.t(
            "Root of its {number} results, in entry {entry}: {root}",
            number=ended.results,
            entry=ended.entry,
            root=ended.root,
        )
    )
    return Exit.OK


for each in (
    round_records.show,
    round_records.list_rounds,
    round_records.print_round,
    round_records.draw,
    round_records.proof,
):
    round_.add_command(each)
COMMANDS: tuple[click.Command, ...] = (round_, spotcheck)
