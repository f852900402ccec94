"""Commands that print labels: label list, package, place, badge, dossier."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.asked import Asked
from desk.cli.defaulting import DefaultingGroup
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.paper import is_station, new_file, press_of, pressed, tell
from desk.cli.spoken import SpokenCommand, mark

if TYPE_CHECKING:
    from desk.labelling_facts import Filled
    from desk.office import Office
    from labels.stocks import Stock

KINDS = click.Choice(["box", "dossier", "place", "round-point", "badge"])
STOCKS = mark(
    "L7160 L7161 L7162 L7163 L7164 L7165 L7169 L7651, thermal, box-front, strip, place, badge, or your own "
    "sheet in mm: "
    '"210x297 3x7 63.5x38.1 7.25,15.15 66,38.1" (page, columns and rows, label, first label, distances).'
)
START = mark("The first label of the sheet to use, counted row by row.")


def on_stock(default: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the options that say on what is printed."""

    def add(run: Callable[..., Any]) -> Callable[..., Any]:
        run = click.option("--start", type=int, default=1, help=START)(run)
        return click.option("--stock", default=default, metavar="NAME", help=STOCKS)(pressed(run))

    return add


@click.group(
    cls=DefaultingGroup,
    default="list",
    help=mark("Print labels: filled from custody and the register, or from a list of your own."),
)
def label() -> None:
    """Hold the commands about labels."""


@label.command(
    cls=SpokenCommand,
    name="list",
    help=mark(
        "Print labels from a list (JSON or CSV: code, heading, title, foot, signatures, and columns of your own)."
    ),
)
@click.argument("values", required=False, metavar="LIST", type=click.Path(path_type=Path))
@click.option("--kind", type=KINDS, default="box", help=mark("What the labels are stuck on."))
@click.option(
    "--calibrate", is_flag=True, help=mark("Print the page that shows whether the printer prints true instead.")
)
@on_stock("L7160")
@as_json
@click.pass_obj
def list_(
    asked: Asked, /, values: Path | None, kind: str, stock: str, start: int, calibrate: bool, output: Path,
    as_json: bool, **how: Any,
) -> Exit:  # fmt: skip  # the options of a command
    """Draw a list of labels, or the calibration page of a stock, as a PDF."""
    from archive.numbers import Print
    from desk import labelling
    from desk.labelling_facts import Filled
    from desk.papers_asked import calibration_steps
    from desk.printing import print_labels
    from labels.calibration import draw_calibration
    from labels.sheet import draw_sheets
    from labels.stocks import find_stock

    t, press, sheet = asked.t, press_of(asked, how), find_stock(stock)
    if calibrate:
        with new_file(output) as target:
            draw_calibration(sheet, press.printer, press.host, calibration_steps(t), target)
        return tell(asked, as_json, output, {"labels": 0, "pages": 1, "cut": []})
    if values is None:
        raise click.UsageError(t("Name the list to print, or ask for --calibrate."))
    made = labelling.KINDS[kind]
    labels = [entry.label(made) for entry in labelling.read_list(values)]
    with new_file(output) as target:
        if not is_station(asked):
            # A machine without a station prints lists as well; nothing there could remember them.
            drawn = draw_sheets(labels, sheet, press.printer, press.host, target, start)
        else:
            with asked.office() as office:
                filled = [Filled(each, Print(made, each.code, "", "list")) for each in labels]
                drawn = print_labels(office, filled, sheet, press, target, start)
    return tell(asked, as_json, output, {"labels": drawn.labels, "pages": drawn.pages, "cut": list(drawn.cut)})


@label.command(
    cls=SpokenCommand, help=mark("Print the labels of packages, filled in: label, box front or seal strip by --stock.")
)
@click.argument("codes", nargs=-1, metavar="CODE…")
@click.option("--all-sealed", is_flag=True, help=mark("The labels of every package that is sealed."))
@click.option("--place", metavar="PLACE", help=mark("Those of every sealed package at this place or inside it."))
@on_stock("box-front")
@as_json
@click.pass_obj
def package(
    asked: Asked, /, codes: tuple[str, ...], all_sealed: bool, place: str | None, stock: str, start: int, output: Path,
    as_json: bool, **how: Any,
) -> Exit:  # fmt: skip  # the options of a command
    """Draw the labels of packages."""
    from archive.errors import ArchiveError
    from desk import labelling_facts

    if (bool(codes) + all_sealed + (place is not None)) != 1:
        raise click.UsageError(asked.t("Name packages, or ask for --all-sealed or --place, one of the three."))

    def fill(office: Office, sheet: Stock) -> list[Filled]:
        with office.database.reading() as session:
            chosen = list(codes)
            if all_sealed:
                chosen = labelling_facts.sealed_codes(session)
            elif place is not None:
                chosen = labelling_facts.codes_at(session, place)
            if not chosen:
                raise ArchiveError("none-sealed")
            name = office.settings.office_name
            return labelling_facts.box_labels(session, chosen, sheet, name, sort=not codes)

    return _print(asked, fill, stock, start, output, how, as_json)


@label.command(cls=SpokenCommand, help=mark("Print the label of a place, or of everything inside it."))
@click.argument("reference", metavar="PLACE")
@click.option("--inside", is_flag=True, help=mark("The labels of all places inside it as well."))
@on_stock("place")
@as_json
@click.pass_obj
def place(
    asked: Asked, /, reference: str, inside: bool, stock: str, start: int, output: Path, as_json: bool, **how: Any
) -> Exit:
    """Draw the labels of places."""
    from desk import labelling_facts

    def fill(office: Office, _sheet: Stock) -> list[Filled]:
        with office.database.reading() as session:
            return labelling_facts.place_labels(session, reference, inside=inside)

    return _print(asked, fill, stock, start, output, how, as_json)


@label.command(cls=SpokenCommand, help=mark("Print the badges of people, of everybody where nobody is named."))
@click.argument("codes", nargs=-1, metavar="PERSON…")
@on_stock("badge")
@as_json
@click.pass_obj
def badge(
    asked: Asked, /, codes: tuple[str, ...], stock: str, start: int, output: Path, as_json: bool, **how: Any
) -> Exit:
    """Draw badges."""
    from desk import labelling_facts

    def fill(office: Office, _sheet: Stock) -> list[Filled]:
        with office.database.reading() as session:
            return labelling_facts.badge_labels(session, codes, office.settings.office_name)

    return _print(asked, fill, stock, start, output, how, as_json)


@label.command(cls=SpokenCommand, help=mark("Print the labels of dossiers."))
@click.argument("codes", nargs=-1, metavar="DOSSIER…")
@click.option("--package", metavar="CODE", help=mark("Those of every dossier in this package."))
@on_stock("L7651")
@as_json
@click.pass_obj
def dossier(
    asked: Asked, /, codes: tuple[str, ...], package: str | None, stock: str, start: int, output: Path, as_json: bool,
    **how: Any,
) -> Exit:  # fmt: skip  # the options of a command
    """Draw the labels of dossiers."""
    from desk import labelling_facts

    if bool(codes) == (package is not None):
        raise click.UsageError(asked.t("Name dossiers, or a package with --package, one of the two."))

    def fill(office: Office, _sheet: Stock) -> list[Filled]:
        with office.database.reading() as session:
            return labelling_facts.dossier_labels(session, codes, [package] if package else [])

    return _print(asked, fill, stock, start, output, how, as_json)


def _print(
    asked: Asked, fill: Callable[[Office, Stock], list[Filled]], stock: str, start: int, output: Path,
    how: dict[str, Any], as_json: bool,
) -> Exit:  # fmt: skip  # the options of a command
    from desk.printing import print_labels
    from labels.stocks import find_stock

    sheet, press = find_stock(stock), press_of(asked, how)
    with asked.office() as office:
        filled = fill(office, sheet)
        with new_file(output) as target:
            drawn = print_labels(office, filled, sheet, press, target, start)
    codes = [each.print.code for each in filled]
    facts = {"labels": drawn.labels, "pages": drawn.pages, "cut": list(drawn.cut), "codes": codes}
    return tell(asked, as_json, output, facts)


COMMANDS: tuple[click.Command, ...] = (label,)
