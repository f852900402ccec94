"""Commands about spot checks: spotcheck plan, due, list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.round_plans import Pins, code_argument, post_option, publish, signed_in, zone_option
from desk.cli.round_records import days_option, list_of, say_due, state_option
from desk.cli.signing import Signed
from desk.cli.spoken import SpokenCommand, SpokenGroup, mark
from desk.plan_words import DAYS


@click.group(cls=SpokenGroup, help=mark("Spot checks: so many packages drawn each week, that nobody can foresee."))
def spotcheck() -> None:
    """Hold the commands about spot checks."""


@signed_in(spotcheck, mark("Plan spot checks: so many packages a week, drawn and told only on the day."), name="plan")
@code_argument
@post_option
@click.option("--boxes", type=click.IntRange(1, 10_000), required=True, help=mark("How many packages."))
@click.option("--in", "place", default="", metavar="PLACE", help=mark("Where they are drawn; otherwise everywhere."))
@click.option("--day", type=click.Choice(list(DAYS)), default="mon", help=mark("The day on which they are told."))
@click.option("--at", default="08:00", metavar="HH:MM", help=mark("When on that day."))
@click.option("--within", "days", type=click.IntRange(1, 6), default=4, help=mark("How many days it may wait."))
@click.option("--minutes", type=click.IntRange(1), default=240, help=mark("How long it may take once begun."))
@zone_option
def plan_spots(asked: Asked, code: str, signers: Sequence[str], pins: Pins, as_json: bool, **given: Any) -> Exit:
    """Publish a plan of spot checks."""
    from desk.round_plans import spot_checks

    terms = {name: given[name] for name in ("boxes", "place", "day", "at", "minutes")}
    zone = given["zone"] or asked.settings().zone
    made = spot_checks(code, given["post"], **terms, wait_days=given["days"], zone=zone)
    return publish(asked, made, Signed(signers, pins, as_json))


@spotcheck.command(cls=SpokenCommand, name="due", help=mark("Show the spot checks that wait; begin one: round start."))
@as_json
@click.pass_obj
def due_spots(asked: Asked, as_json: bool) -> Exit:
    """Print the spot checks that are due or under way."""
    return say_due(asked, "spot", as_json)


@spotcheck.command(cls=SpokenCommand, name="list", help=mark("List the spot checks of the last days."))
@days_option
@state_option
@as_json
@click.pass_obj
def list_spots(asked: Asked, days: int, state: str, as_json: bool) -> Exit:
    """Print one line for each spot check."""
    return list_of(asked, as_json, days=days, state=state, sort="spot")
