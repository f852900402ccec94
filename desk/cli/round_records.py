"""Commands about what rounds left behind: show, list, draw, proof; and how rounds are told in words."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.paper import new_file, printed_by
from desk.cli.spoken import SpokenCommand, mark
from desk.round_words import FINDINGS, STATES

if TYPE_CHECKING:
    from custody.rounds import Round
    from desk.office import Office

COMPARED = {
    "as-drawn": mark("✓ as drawn"),
    "otherwise": mark("✗ NOT as drawn"),
    "not-compared": mark("not compared"),
}


@click.command(cls=SpokenCommand, help=mark("Show a round: what was found at each point."))
@click.argument("code", metavar="ROUND")
@as_json
@click.pass_obj
def show(asked: Asked, code: str, as_json: bool) -> Exit:
    """Print a round and its results."""
    from desk import rounds
    from desk.enclosures import text_of

    with asked.office() as office:
        found, results = rounds.look(office, code)
        names = rounds.names_of(office, [*found.points, *(each.point for each in results)])
        reason = text_of(office, found.reason)
    if as_json:
        told = [{"number": number, **asdict(each)} for number, each in enumerate(results)]
        asked.say_json({**asdict(found), "why": reason, "names": names, "found": told})
        return Exit.OK
    asked.say(line_of(asked, found))
    if reason:
        asked.say("  " + asked.t("Reason: {reason}", reason=reason))
    for each in results:
        at = f"{datetime.fromisoformat(each.at):%H:%M:%S}" if each.at else "--:--:--"
        extra = "" if each.listed else " – " + asked.t("not on the list")
        extra += " – " + asked.t("in the wrong place") if each.moved else ""
        asked.say(f"  {at}  {shown(each.point, names)}  {asked.t(FINDINGS[each.finding])}{extra}")
    seen = {each.point for each in results}
    for point in (each for each in found.points if each not in seen and found.state == "under-way"):
        asked.say(f"  ........  {shown(point, names)}")
    return Exit.OK


def list_of(asked: Asked, as_json: bool, **wanted: Any) -> Exit:
    """Print one line for each round that is wanted."""
    from desk import rounds

    with asked.office() as office:
        found = rounds.every(office, **wanted)
    if as_json:
        asked.say_json([asdict(each) for each in found])
        return Exit.OK
    for each in found:
        asked.say(line_of(asked, each))
    if not found:
        asked.say(asked.t("None in these days."))
    return Exit.OK


days_option = click.option("--days", type=click.IntRange(1, 3660), default=7, help=mark("How many days back."))
state_option = click.option("--state", default="", type=click.Choice(["", *STATES]), help=mark("Only those."))


@click.command(cls=SpokenCommand, name="list", help=mark("List the rounds of the last days, missed ones among them."))
@days_option
@state_option
@click.option("--plan", default="", metavar="PLAN", help=mark("Only those of this plan."))
@as_json
@click.pass_obj
def list_rounds(asked: Asked, days: int, state: str, plan: str, as_json: bool) -> Exit:
    """Print one line for each round."""
    return list_of(asked, as_json, days=days, state=state, plan=plan.strip().upper())


def line_of(asked: Asked, found: Round) -> str:
    """Return a round in one line."""
    t = asked.t
    facts: dict[str, object] = {"round": found.code, "due": datetime.fromisoformat(found.due)}
    if found.state == "missed":
        return t("✗ {round}: due {due}, missed", **facts)
    facts |= {"by": list(found.by), "scanned": found.scanned, "points": len(found.points)}
    if found.state == "under-way":
        return t("… {round}: due {due}, under way by {by}", **facts)
    sign = "!" if found.unscanned else "✓"
    return f"{sign} " + t("{round}: due {due}, walked by {by}, {scanned} of {points} points", **facts)


def shown(point: str, names: dict[str, str]) -> str:
    """Return a point as it is printed: its code, and its name where it has one."""
    from archive.refs import is_code, show_code

    name = names.get(point, point)
    code = show_code(point) if is_code(point) else point
    return code if name == point else f"{code}  {name}"


@click.command(cls=SpokenCommand, name="print", help=mark("Print a round as a page of the book of rounds, F12."))
@click.argument("code", metavar="ROUND")
@click.option(
    "--out",
    "-o",
    "--output",
    "out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=mark("The PDF to write."),
)
@printed_by
@as_json
@click.pass_obj
def print_round(asked: Asked, code: str, out: Path, by: str, as_json: bool) -> Exit:
    """Write the PDF; its number is kept, and the head of the custody log stands in its foot."""
    from desk.forms import filling_rounds, model
    from desk.printing import print_form

    wording = model.load("F12", asked.home / "forms")
    with asked.office() as office, new_file(out) as target:
        values = filling_rounds.round_values(office, code)
        heading = (office.settings.office_name, office.settings.office_parent)
        printed = print_form(office, wording, values, about=values["round"], by=by, heading=heading)
        target.write(printed.pdf)
    numbers = [each.shown for each in printed.numbers]
    if as_json:
        asked.say_json({"path": out, "numbers": numbers, "head": printed.head.short(), "size": printed.head.size})
        return Exit.OK
    asked.say(asked.t("Written: {path}", path=out))
    asked.say("  " + ", ".join(numbers))
    return Exit.OK


@click.command(cls=SpokenCommand, help=mark("Show what was drawn for a day, or draw it again from the log."))
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help=mark("The day, YYYY-MM-DD."))
@click.option("--verify", is_flag=True, help=mark("Draw again and compare; the whole log is read for it."))
@as_json
@click.pass_obj
def draw(asked: Asked, day: datetime, verify: bool, as_json: bool) -> Exit:
    """Print the draws of a day, as far as they have fallen due."""
    from desk import round_proofs

    with asked.office() as office:
        drawn = round_proofs.draws_of(office, date(day.year, day.month, day.day), verify=verify)
    wrong = any(each.compared == "otherwise" for each in drawn)
    if as_json:
        asked.say_json([asdict(each) for each in drawn])
        return Exit.FINDINGS if wrong else Exit.OK
    t = asked.t
    for each in drawn:
        seed = t("from head {size}", size=each.size) if each.size >= 0 else t("nothing left to chance")
        asked.say(
            t(
                "{round}: due {due}, {seed}, {compared}",
                round=each.code,
                due=each.due,
                seed=seed,
                compared=t(COMPARED[each.compared]),
            )
        )
    if not drawn:
        asked.say(t("No round of that day has fallen due."))
    return Exit.FINDINGS if wrong else Exit.OK


@click.command(cls=SpokenCommand, help=mark("Prove what was found at one point, for who trusts nobody here."))
@click.argument("code", metavar="ROUND", default="")
@click.argument("point", metavar="POINT", default="")
@click.option(
    "--out", "-o", "--output", "out", type=click.Path(path_type=Path), metavar="FILE", help=mark("The file to write.")
)
@click.option(
    "--check",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help=mark("Check a proof instead of making one."),
)
@as_json
@click.pass_obj
def proof(asked: Asked, code: str, point: str, out: Path | None, check: Path | None, as_json: bool) -> Exit:
    """Make or check the proof of one result."""
    from archive.durable import write_whole
    from desk import round_proofs

    if (check is None) == (not (code and point)):
        raise click.UsageError(asked.t("Name a round and a point, or a file with --check."))
    with asked.office(distrusting=False) as office:
        if check is not None:
            return _check_proof(asked, office, check, as_json)
        text = round_proofs.prove(office, code.strip().upper(), round_proofs.point_of(office, point))
    if out is not None:
        write_whole(out.absolute(), text.encode())
        asked.say(asked.t("Written: {path}", path=out))
    elif as_json:
        asked.say_json({"round": code, "point": point, "proof": text})
    else:
        asked.say(text.removesuffix("\n"))
    return Exit.OK


def _check_proof(asked: Asked, office: Office, path: Path, as_json: bool) -> Exit:
    from custody.round_results import check_round_proof
    from desk import ledgering

    keys = ledgering.open_keys(office.settings)
    result, head = check_round_proof(path.read_text(encoding="utf-8"), keys.known, keys.origin)
    if as_json:
        asked.say_json({"holds": True, **asdict(result), "size": head.size, "short": head.short()})
        return Exit.OK
    facts = {"point": result.point, "round": result.round, "at": result.at or None, "by": result.by or None}
    asked.say(
        asked.t(
            "The proof holds: {point} of round {round} was found {finding} at {at} by {by}.",
            **facts,
            finding=asked.t(FINDINGS[result.finding]),
        )
    )
    asked.say(asked.t("Signed head: {short} at {size} entries.", short=head.short(), size=head.size))
    return Exit.OK


def say_due(asked: Asked, sort: str, as_json: bool) -> Exit:
    """Print what is due and under way, of one sort where it is named."""
    from desk import rounds

    with asked.office() as office:
        found = [each for each in rounds.due(office) if sort in {"", each.sort}]
    if as_json:
        asked.say_json([asdict(each) for each in found])
        return Exit.OK
    t = asked.t
    for each in found:
        facts: dict[str, object] = {"round": each.code, "post": each.guarded, "due": each.due, "closes": each.closes}
        if each.walked is None:
            asked.say(t("{round}: post {post}, due since {due}; begin before {closes}", **facts))
        else:
            until = datetime.fromisoformat(each.walked.deadline)
            asked.say(t("{round}: under way by {by}, until {until}", **facts, by=list(each.walked.by), until=until))
    if not found:
        asked.say(t("Nothing is due now."))
    return Exit.OK
