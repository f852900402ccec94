"""Commands about plans of rounds and spot checks: round plan add, list, stop; spotcheck plan."""

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
from desk.plan_words import DAYS, target_in_words, times_in_words

if TYPE_CHECKING:
    from custody.rounds import Plan

Pins = Path | None
code_argument = click.argument("code", metavar="PLAN")
post_option = click.option("--post", required=True, metavar="POST", help=mark("The post whose guards walk it."))
zone_option = click.option(
    "--zone", default="", metavar="ZONE", help=mark("The zone its times are read in; otherwise that of the office.")
)


@click.group(cls=SpokenGroup, help=mark("Plans of rounds: what must be looked at, and when."))
def plan() -> None:
    """Hold the commands about plans."""


def signed_in(group: Any, help: str, **more: Any) -> Callable[[Callable[..., Exit]], click.Command]:
    """Make a signed command of a group."""

    def wrap(run: Callable[..., Exit]) -> click.Command:
        made: click.Command = group.command(cls=SpokenCommand, help=help, **more)(click.pass_obj(as_json(signed(run))))
        return made

    return wrap


@signed_in(plan, mark("Publish a plan of rounds; it never changes, so stop it to plan otherwise."))
@code_argument
@post_option
@click.option("--place", "places", multiple=True, metavar="PLACE", help=mark("A place to scan; repeat it."))
@click.option("--box", "boxes", multiple=True, metavar="CODE", help=mark("A package to scan; repeat it."))
@click.option("--boxes-in", multiple=True, metavar="PLACE", help=mark("Every package in a place; repeat it."))
@click.option("--random-boxes", type=click.IntRange(1, 10_000), help=mark("So many packages, drawn for each round."))
@click.option("--drawn-in", default="", metavar="PLACE", help=mark("Where these are drawn; otherwise everywhere."))
@click.option("--at", "fixed", multiple=True, metavar="HH:MM", help=mark("A fixed time; repeat it."))
@click.option("--every", type=click.IntRange(1, 1440), help=mark("A round every so many minutes of --within."))
@click.option("--random", "drawn", type=click.IntRange(1, 96), help=mark("So many rounds at times drawn in --within."))
@click.option("--within", multiple=True, metavar="HH:MM-HH:MM", help=mark("A window, also over midnight; repeat it."))
@click.option("--day", "days", multiple=True, type=click.Choice(list(DAYS)), help=mark("Only on this day; repeat it."))
@click.option("--minutes", type=click.IntRange(1), default=30, help=mark("How long a round may take."))
@click.option("--late", type=click.IntRange(1), default=15, help=mark("How many minutes late it may begin."))
@click.option("--least", type=click.IntRange(0), default=0, help=mark("Over in fewer minutes, it needs a reason."))
@zone_option
def add(asked: Asked, code: str, signers: Sequence[str], pins: Pins, as_json: bool, **given: Any) -> Exit:
    """Publish a plan."""
    from desk.round_plans import Looked, When, walked

    if (given["every"] or given["drawn"]) and not given["within"]:
        raise click.UsageError(asked.t("--every and --random need a window: --within 18:00-06:00"))
    looked = Looked(given["places"], given["boxes"], given["boxes_in"], given["random_boxes"] or 0, given["drawn_in"])
    when = When(given["fixed"], given["every"] or 0, given["drawn"] or 0, given["within"], given["days"])
    terms = {name: given[name] for name in ("minutes", "late", "least")}
    made = walked(code, given["post"], looked, when, **terms, zone=given["zone"] or asked.settings().zone)
    return publish(asked, made, Signed(signers, pins, as_json))


def publish(asked: Asked, made: Any, how: Signed) -> Exit:
    """Publish a plan and say what it is."""
    from desk import rounds

    signing = signing_of(asked, how)
    with asked.office() as office:
        kept = rounds.add_plan(office, made, signing)
    if how.as_json:
        asked.say_json(asdict(kept))
        return Exit.OK
    say_plan(asked, kept)
    if kept.shape.draws:
        asked.say(asked.t("What is drawn is drawn anew for each day; the plan is in force from tomorrow on."))
    return Exit.OK


def say_plan(asked: Asked, kept: Plan) -> None:
    """Print a plan in three lines."""
    t = asked.t
    state = t("in force since {since}", since=kept.since)
    if kept.until:
        state = t("stopped at {until}", until=kept.until)
    asked.say(t("{plan}: post {post}, {state}", plan=kept.code, post=kept.guarded, state=state))
    days = ", ".join(t(DAYS[each]) for each in kept.days) or t("every day")
    when = t(
        "When: {times} ({days}, {zone})", times=[times_in_words(e, t) for e in kept.times], days=days, zone=kept.zone
    )
    asked.say(f"  {when}")
    asked.say("  " + t("At what: {targets}", targets=[target_in_words(each, t) for each in kept.targets]))
    asked.say(
        "  " + t("May begin {grace} minutes late and take {minutes} minutes.", grace=kept.grace, minutes=kept.minutes)
    )


@plan.command(cls=SpokenCommand, name="list", help=mark("List the plans; the times of random rounds are not shown."))
@click.option("--all", "all_", is_flag=True, help=mark("Those that were stopped, too."))
@as_json
@click.pass_obj
def list_plans(asked: Asked, all_: bool, as_json: bool) -> Exit:
    """Print the plans of rounds and spot checks."""
    from desk import rounds

    with asked.office() as office:
        found = rounds.plans(office, "" if all_ else "active")
    if as_json:
        asked.say_json([asdict(each) for each in found])
        return Exit.OK
    for each in found:
        say_plan(asked, each)
    if not found:
        asked.say(asked.t("No rounds are planned. Plan some with: luutru round plan add"))
    return Exit.OK


@signed_in(plan, mark("Stop a plan: nothing more falls due; what was due before is still owed."))
@code_argument
@click.option("--reason", required=True, metavar="REASON", help=mark("Why."))
@yes_option
def stop(asked: Asked, code: str, reason: str, yes: bool, signers: Sequence[str], pins: Pins, as_json: bool) -> Exit:
    """Stop a plan."""
    from desk import rounds

    code = code.strip().upper()
    question = asked.t("Stop plan {plan} for good? Its rounds are no longer owed.", plan=code)
    must_agree(asked, question, yes=yes, as_json=as_json)
    signing = signing_of(asked, Signed(signers, pins, as_json))
    with asked.office() as office:
        rounds.stop_plan(office, code, reason, signing)
    if as_json:
        asked.say_json({"plan": code, "state": "stopped"})
    else:
        asked.say(asked.t("Plan {plan} is stopped.", plan=code))
    return Exit.OK
