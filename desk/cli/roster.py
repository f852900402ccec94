"""Commands about plans of guard duty and holidays: roster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.cover import tell_hole
from desk.cli.exits import Exit
from desk.cli.gate import signed_in
from desk.cli.holdings import as_json
from desk.cli.signing import Signed, must_agree, signing_of, yes_option
from desk.cli.spoken import SpokenCommand, SpokenGroup, mark

Pins = Path | None
DAY = click.DateTime(["%Y-%m-%d"])
KINDS = {"holiday": mark("holiday"), "tet": mark("Tết")}
from_option = click.option("--from", "first", type=DAY, metavar="DAY", help=mark("The first day; otherwise today."))


@click.group(cls=SpokenGroup, help=mark("Plans of guard duty: shifts, teams, their cycle, single days and holidays."))
def roster() -> None:
    """Hold the commands about plans."""


@roster.command("set", cls=SpokenCommand, help=mark("Set the repeating plan of a post, from options or a TOML file."))
@click.argument("code", metavar="POST")
@click.option("--file", "path", type=click.Path(path_type=Path), metavar="FILE", help=mark("The plan as TOML."))
@click.option("--shift", "shifts", multiple=True, metavar="NAME=HH:MM-HH:MM", help=mark("A shift of the day; repeat."))
@click.option("--team", "teams", multiple=True, metavar="NAME=CODE,…", help=mark("A team and its guards; repeat."))
@click.option(
    "--day", "cycle", multiple=True, metavar="'A B C'", help=mark("Who takes each shift, for one day of the cycle.")
)
@from_option
@click.option("--until", "last", type=DAY, metavar="DAY", help=mark("The last day; otherwise until another plan."))
@click.option("--weekly", is_flag=True, help=mark("Seven days, the first is Monday."))
@as_json
@click.pass_obj
def set_(asked: Asked, /, code: str, path: Pins, first: datetime | None, as_json: bool, **given: Any) -> Exit:
    """Keep a plan."""
    from desk import custodial, rostering

    with asked.office() as office:
        begins = first.date() if first else custodial.local_now(office).date()
        last = given["last"].date() if given["last"] else None
        words = (given["shifts"], given["teams"], given["cycle"])
        made = (
            rostering.read_roster(path, code)
            if path
            else rostering.roster_of(code, *words, begins, last, weekly=given["weekly"])
        )
        rostering.set_roster(office, made)
    if as_json:
        asked.say_json(asdict(made))
    else:
        asked.say(asked.t("The plan of post {post} from {day} on is kept.", post=made.post, day=made.begins))
        asked.say(asked.t("It counts once it is published: luutru roster publish {post}", post=made.post))
    return Exit.OK


@roster.command("show", cls=SpokenCommand, help=mark("Show who takes which shift, and what is not published yet."))
@click.argument("code", metavar="POST")
@from_option
@click.option("--days", type=click.IntRange(1, 366), default=14, metavar="NUMBER", help=mark("So many days."))
@as_json
@click.pass_obj
def show(asked: Asked, code: str, first: datetime | None, days: int, as_json: bool) -> Exit:
    """Print one line for each shift."""
    from archive import posts, rosters
    from archive.settings import zone_of
    from custody.cover import moment_at, moment_of
    from desk import custodial, rostering

    t = asked.t
    with asked.office() as office, office.database.reading() as session:
        begins = first.date() if first else custodial.local_now(office).date()
        last, zone, known = begins + timedelta(days=days - 1), zone_of(office.settings), posts.find(session, code).code
        span = moment_of(zone, begins, 0), moment_of(zone, last + timedelta(days=1), 0)
        told = rostering.published(session, known, *span)
        fixed = {(each.start, each.until, each.guard) for each in told}
        planned = rostering.turns_of(office, session, known, begins, last)
        off = {each.day: each.name for each in rosters.holidays(session, begins, last)}
    wanted = {(each.start, each.end, each.guard) for each in planned}
    lines: dict[tuple[int, int, str], list[str]] = {}
    for turn in planned:
        sign = "" if (turn.start, turn.end, turn.guard) in fixed else "+"
        lines.setdefault((turn.start, turn.end, turn.shift), []).append(turn.guard + sign)
    for each in told:
        if (each.start, each.until, each.guard) not in wanted:
            lines.setdefault((each.start, each.until, each.shift), []).append(each.guard + "-")
    if as_json:
        keys = [{"from": moment_at(a, zone), "to": moment_at(b, zone), "shift": name} for a, b, name in sorted(lines)]
        asked.say_json([{**key, "guards": lines[each]} for key, each in zip(keys, sorted(lines), strict=True)])
        return Exit.OK
    for start, end, name in sorted(lines):
        day = moment_at(start, zone).date()
        times = f"{moment_at(start, zone):%H:%M}–{moment_at(end, zone):%H:%M}"
        asked.say(f"{t.day(day)}  {times}  {name}: {', '.join(lines[start, end, name])}  {off.get(day, '')}".rstrip())
    asked.say(t("+ not published yet, - published but no longer planned") if lines else t("Nothing is planned there."))
    return Exit.OK


@roster.command("day", cls=SpokenCommand, help=mark("Plan one shift of one day otherwise; - for nobody."))
@click.argument("code", metavar="POST")
@click.argument("day", type=DAY, metavar="DAY")
@click.argument("shift", metavar="SHIFT")
@click.argument("guards", metavar="CODE,…", default="")
@click.option("--as-planned", is_flag=True, help=mark("Go back to the repeating plan."))
@as_json
@click.pass_obj
def day_(asked: Asked, code: str, day: datetime, shift: str, guards: str, as_planned: bool, as_json: bool) -> Exit:
    """Keep an exception."""
    from custody.roster import read_guards
    from desk import rostering

    if not guards and not as_planned:
        raise click.MissingParameter(param_hint="CODE,…", param_type="argument")
    chosen = None if as_planned else read_guards(guards)
    with asked.office() as office:
        rostering.set_day(office, code, day.date(), shift, chosen)
    if as_json:
        asked.say_json({"post": code.upper(), "day": day.date(), "shift": shift, "guards": chosen})
    else:
        asked.say(asked.t("It counts once it is published: luutru roster publish {post}", post=code.upper()))
    return Exit.OK


@roster.command("drop", cls=SpokenCommand, help=mark("Take a repeating plan out; what is published stays."))
@click.argument("code", metavar="POST")
@click.argument("begins", type=DAY, metavar="DAY")
@yes_option
@as_json
@click.pass_obj
def drop(asked: Asked, code: str, begins: datetime, yes: bool, as_json: bool) -> Exit:
    """Drop a plan."""
    from desk import rostering

    must_agree(asked, asked.t("Take the plan out?"), yes=yes, as_json=as_json)
    with asked.office() as office:
        rostering.drop_roster(office, code, begins.date())
    if as_json:
        asked.say_json({"post": code.upper(), "begins": begins.date()})
    else:
        asked.say(asked.t("The plan is taken out."))
    return Exit.OK


@signed_in(roster, mark("Publish the plan of a post for some days; a leader signs."), name="publish")
@click.argument("code", metavar="POST")
@from_option
@click.option("--to", "last", type=DAY, metavar="DAY", help=mark("The last day; otherwise 30 days on."))
def publish(
    asked: Asked,
    code: str,
    first: datetime | None,
    last: datetime | None,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
) -> Exit:
    """Write the turns into the log."""
    from archive.settings import zone_of
    from desk import custodial, rostering

    signing, t = signing_of(asked, Signed(signers, pins, as_json)), asked.t
    with asked.office() as office:
        begins = first.date() if first else custodial.local_now(office).date()
        done = rostering.publish(office, code, begins, last.date() if last else begins + timedelta(days=30), signing)
        zone = zone_of(office.settings)
    if as_json:
        asked.say_json({**asdict(done), "holes": [tell_hole(each, zone) for each in done.holes]})
        return Exit.OK
    if done.entry is None:
        asked.say(t("Nothing has changed; {count} turns are published.", count=done.turns))
    else:
        asked.say(t("Published as entry {entry}: {count} turns.", entry=done.entry, count=done.turns))
    if done.holes:
        asked.say(t("Holes the plan leaves: {count}. See them with: luutru cover --ahead 30d", count=len(done.holes)))
    return Exit.OK


@roster.group("holiday", cls=SpokenGroup, help=mark("Holidays, Tết among them: days on which posts need other guards."))
def holiday() -> None:
    """Hold the commands about holidays."""


@holiday.command("list", cls=SpokenCommand, help=mark("List the holidays."))
@as_json
@click.pass_obj
def list_(asked: Asked, as_json: bool) -> Exit:
    """Print one line for each."""
    from archive import rosters

    with asked.office() as office, office.database.reading() as session:
        found = rosters.holidays(session)
    if as_json:
        asked.say_json([asdict(each) for each in found])
    for each in () if as_json else found:
        asked.say(f"{asked.t.day(each.day)}  {each.name} ({asked.t(KINDS[each.kind])})")
    return Exit.OK


@holiday.command("add", cls=SpokenCommand, help=mark("Add a holiday, or name it anew."))
@click.argument("day", type=DAY, metavar="DAY")
@click.argument("name", metavar="NAME")
@click.option("--tet", is_flag=True, help=mark("It is a day of Tết."))
@as_json
@click.pass_obj
def add(asked: Asked, day: datetime, name: str, tet: bool, as_json: bool) -> Exit:
    """Keep a holiday."""
    from archive import rosters
    from desk import rostering

    made = rosters.Holiday(day.date(), name, rosters.TET if tet else rosters.HOLIDAY)
    with asked.office() as office:
        rostering.set_holiday(office, made)
    return _say_days(asked, [made], as_json)


@holiday.command("drop", cls=SpokenCommand, help=mark("Make a holiday a day like others."))
@click.argument("day", type=DAY, metavar="DAY")
@as_json
@click.pass_obj
def drop_holiday(asked: Asked, day: datetime, as_json: bool) -> Exit:
    """Drop a holiday."""
    from desk import rostering

    with asked.office() as office:
        rostering.drop_holiday(office, day.date())
    return _say_days(asked, [], as_json)


@holiday.command("fill", cls=SpokenCommand, help=mark("Fill in the days off of a year; days kept already stay."))
@click.argument("year", type=click.IntRange(1900, 2200), metavar="YEAR")
@as_json
@click.pass_obj
def fill(asked: Asked, year: int, as_json: bool) -> Exit:
    """Fill a year in from the list."""
    from desk import rostering

    with asked.office() as office:
        fresh = rostering.fill_holidays(office, year)
    return _say_days(asked, fresh, as_json)


def _say_days(asked: Asked, days: Sequence[Any], as_json: bool) -> Exit:
    if as_json:
        asked.say_json([asdict(each) for each in days])
        return Exit.OK
    for each in days:
        asked.say(f"{asked.t.day(each.day)}  {each.name}")
    asked.say(asked.t("Holidays kept: {count}. Compare them with this year's decision.", count=len(days)))
    return Exit.OK


COMMANDS: tuple[click.Command, ...] = (roster,)
