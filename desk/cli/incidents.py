"""Commands about incidents and about paper forms keyed in after an outage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.gate import say, signed_in
from desk.cli.holdings import as_json
from desk.cli.signing import Signed, photo_option, signing_of, text_option
from desk.cli.spoken import SpokenCommand, SpokenGroup, mark
from desk.stock_words import OUTCOMES, SEVERITIES

Pins = Path | None


@click.group(cls=SpokenGroup, help=mark("Incidents: what happened, its photos, and the conclusion."))
def incident() -> None:
    """Hold the commands about incidents."""


@click.group(cls=SpokenGroup, help=mark("Paper forms filled in without power, keyed in afterwards."))
def paper() -> None:
    """Hold the commands about paper entries."""


@signed_in(incident, mark("Report an incident; the finder alone is enough."), name="open")
@click.option(
    "--about", required=True, metavar="CODE", help=mark("The package, place, person, form or post it concerns.")
)
@click.option("--from", "start", default="", metavar="MOMENT", help=mark("From when the post was short of guards."))
@click.option(
    "--to", "end", default="", metavar="MOMENT", help=mark("Until when it was; a leader's conclusion answers.")
)
@click.option("--severity", type=click.Choice(list(SEVERITIES)), default="medium", help=mark("How grave it is."))
@photo_option
@text_option
def open_(
    asked: Asked,
    about: str,
    start: str,
    end: str,
    severity: str,
    photos: tuple[Path, ...],
    text: Path | None,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
) -> Exit:
    """Open an incident."""
    from desk import incidents
    from desk.enclosures import read_text

    signing = signing_of(asked, Signed(signers, pins, as_json))
    story = read_text(text) if text else ""
    with asked.office() as office:
        made = incidents.report(office, about, severity, signing, text=story, photos=photos, span=(start, end))
    return say(asked, made, as_json, asked.t("Incident {number} is open, about {about}.", **_facts(made)))


@signed_in(incident, mark("Close an incident with its conclusion."))
@click.argument("number", metavar="NUMBER")
@click.option("--outcome", required=True, type=click.Choice(list(OUTCOMES)), help=mark("How it ended."))
@photo_option
@text_option
def close(
    asked: Asked,
    number: str,
    outcome: str,
    photos: tuple[Path, ...],
    text: Path | None,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
) -> Exit:
    """Conclude an incident."""
    from desk import incidents
    from desk.enclosures import read_text

    signing = signing_of(asked, Signed(signers, pins, as_json))
    story = read_text(text) if text else ""
    with asked.office() as office:
        ended = incidents.conclude(office, number.strip(), outcome, signing, text=story, photos=photos)
    return say(asked, ended, as_json, asked.t("Incident {number} is closed.", **_facts(ended)))


@incident.command(cls=SpokenCommand, name="list", help=mark("List incidents."))
@click.option("--open", "only_open", is_flag=True, help=mark("Only those that wait for a conclusion."))
@as_json
@click.pass_obj
def list_(asked: Asked, only_open: bool, as_json: bool) -> Exit:
    """Print a line for each."""
    from desk import incidents

    with asked.office() as office:
        found = incidents.every(office, "open" if only_open else "")
    if as_json:
        asked.say_json([asdict(each) for each in found])
        return Exit.OK
    t = asked.t
    for each in found:
        ended = t(OUTCOMES[each.outcome]) if each.outcome else t("open")
        asked.say(f"{each.number}  {each.about}  {t(SEVERITIES[each.severity])}  {each.opened_at}  {ended}")
    if not found:
        asked.say(t("There is no such incident."))
    return Exit.OK


@incident.command(cls=SpokenCommand, help=mark("Show an incident and what is enclosed with it."))
@click.argument("number", metavar="NUMBER")
@as_json
@click.pass_obj
def show(asked: Asked, number: str, as_json: bool) -> Exit:
    """Print one incident."""
    from desk import incidents

    with asked.office() as office:
        found = incidents.look(office, number.strip())
    if as_json:
        asked.say_json(asdict(found))
        return Exit.OK
    t = asked.t
    facts = {"by": found.opened_by, "at": found.opened_at, "severity": t(SEVERITIES[found.severity]), **_facts(found)}
    asked.say(t("{number}, about {about}: reported by {by} at {at}, {severity}", **facts))
    if found.start:
        asked.say("  " + t("About the guarding of the post from {start} to {end}", start=found.start, end=found.end))
    if found.outcome:
        facts = {"by": found.closed_by, "at": found.closed_at, "outcome": t(OUTCOMES[found.outcome])}
        asked.say(t("Closed by {by} at {at}: {outcome}", **facts))
    for each in found.attachments:
        asked.say("  " + t("Enclosed: {sha256}", sha256=each))
    return Exit.OK


@signed_in(paper, mark("Key in a sheet: one who signed the paper signs, and one more person."))
@click.argument("number", metavar="NUMBER")
@click.option("--form", required=True, metavar="FORM", help=mark("Which form it is: F11, F12, F13, F16."))
@click.option("--from", "start", required=True, metavar="MOMENT", help=mark("From when the sheet speaks."))
@click.option("--to", "end", default="", metavar="MOMENT", help=mark("Until when; otherwise one moment."))
@click.option("--where", required=True, metavar="POST", help=mark("The post or place it was written at."))
@click.option(
    "--person", "people", multiple=True, required=True, metavar="CODE", help=mark("Who signed the paper; repeat it.")
)
@click.option("--about", default="", metavar="CODE", help=mark("The package or incident it concerns."))
@click.option(
    "--present",
    multiple=True,
    metavar="CODE",
    help=mark(
        "Who was on duty at the post all that time: it counts as cover, from paper; a leader signs too. Repeat it."
    ),
)
@photo_option
@text_option
def enter(
    asked: Asked,
    number: str,
    people: tuple[str, ...],
    present: tuple[str, ...],
    photos: tuple[Path, ...],
    text: Path | None,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
    **given: str,
) -> Exit:
    """Record a sheet of paper."""
    from desk import keyed_paper
    from desk.enclosures import read_text

    sheet = keyed_paper.Written(
        number, given["form"], given["start"], given["end"], given["where"], people, given["about"], present
    )
    signing = signing_of(asked, Signed(signers, pins, as_json))
    story = read_text(text) if text else ""
    with asked.office() as office:
        made = keyed_paper.key_in(office, sheet, signing, text=story, photos=photos)
    facts: dict[str, Any] = {"number": made.number, "form": made.form}
    told = asked.t("Form {form} number {number} is keyed in.", **facts)
    if made.present:
        told += "\n" + asked.t(
            "It counts as cover of {post} by {guards}, from paper.", post=made.where, guards=list(made.present)
        )
    return say(asked, made, as_json, told)


@paper.command(cls=SpokenCommand, name="list", help=mark("List the sheets that were keyed in."))
@as_json
@click.pass_obj
def list_papers(asked: Asked, as_json: bool) -> Exit:
    """Print a line for each."""
    from desk import keyed_paper

    with asked.office() as office:
        found = keyed_paper.every(office)
    if as_json:
        asked.say_json([asdict(each) for each in found])
        return Exit.OK
    for each in found:
        line = f"{each.number}  {each.form}  {each.written_at}  {each.where}  {', '.join(each.people)}"
        keyed = asked.t("keyed in by {people}", people=list(each.keyed_by))
        there = "; " + asked.t("on duty: {guards}", guards=list(each.present)) if each.present else ""
        asked.say(f"{line}  ({keyed}{there})")
    if not found:
        asked.say(asked.t("No sheet was keyed in yet."))
    return Exit.OK


def _facts(each: Any) -> dict[str, Any]:
    return {"number": each.number, "about": each.about}


COMMANDS: tuple[click.Command, ...] = (incident, paper)
