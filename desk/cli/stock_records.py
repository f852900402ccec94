"""The printed records of stocktakes, visitors and incidents: stocktake print, visitor print, incident print."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.gate import visitor
from desk.cli.holdings import as_json
from desk.cli.incidents import incident
from desk.cli.paper import new_file, printed_by
from desk.cli.spoken import SpokenCommand, mark
from desk.cli.stocktakes import stocktake

out_option = click.option(
    "--out",
    "-o",
    "--output",
    "out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=mark("The PDF to write."),
)


@stocktake.command(cls=SpokenCommand, name="print", help=mark("Print the minutes of a stocktake, F15."))
@click.argument("number", metavar="NUMBER")
@out_option
@printed_by
@as_json
@click.pass_obj
def print_stocktake(asked: Asked, number: str, out: Path, by: str, as_json: bool) -> Exit:
    """Write F15."""
    from desk.forms import filling_stock

    return _print(asked, "F15", lambda office: filling_stock.of_stocktake(office, number), number, out, by, as_json)


@visitor.command(cls=SpokenCommand, name="print", help=mark("Print the visitors of a day, F13."))
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), required=True, help=mark("The day, YYYY-MM-DD."))
@out_option
@printed_by
@as_json
@click.pass_obj
def print_visitors(asked: Asked, day: datetime, out: Path, by: str, as_json: bool) -> Exit:
    """Write F13."""
    from desk.forms import filling_stock

    about = f"{day:%Y-%m-%d}"
    return _print(asked, "F13", lambda office: filling_stock.of_visitors(office, day.date()), about, out, by, as_json)


@incident.command(cls=SpokenCommand, name="print", help=mark("Print the minutes of an incident, F16."))
@click.argument("number", metavar="NUMBER")
@out_option
@printed_by
@as_json
@click.pass_obj
def print_incident(asked: Asked, number: str, out: Path, by: str, as_json: bool) -> Exit:
    """Write F16."""
    from desk.forms import filling_stock

    return _print(asked, "F16", lambda office: filling_stock.of_incident(office, number), number, out, by, as_json)


def _print(asked: Asked, form: str, fill: Any, about: str, out: Path, by: str, as_json: bool) -> Exit:
    from desk.forms import model
    from desk.printing import print_form

    wording = model.load(form, asked.home / "forms")
    with asked.office() as office, new_file(out) as target:
        heading = (office.settings.office_name, office.settings.office_parent)
        printed = print_form(office, wording, fill(office), about=about, by=by, heading=heading)
        target.write(printed.pdf)
    numbers = [each.shown for each in printed.numbers]
    if as_json:
        asked.say_json({"path": out, "numbers": numbers, "head": printed.head.short(), "size": printed.head.size})
        return Exit.OK
    asked.say(asked.t("Written: {path}", path=out))
    asked.say("  " + ", ".join(numbers))
    return Exit.OK
