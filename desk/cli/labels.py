"""Commands that print: label, cover."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import click

from archive.errors import ArchiveError
from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.spoken import SpokenCommand, mark
from desk.words import Words

OUTPUT = mark("The PDF to write; an existing file is never replaced.")
DPI = mark("Dots per inch of the printer; modules of codes become whole dots.")
OFFSET = mark("How far to move the print, in mm to the right and down (see --calibrate); negative is left and up.")
ADDRESS = mark("The host name inside codes, for phone cameras; codes stay valid when it changes.")
output = click.option("--output", "-o", required=True, metavar="FILE", type=click.Path(path_type=Path), help=OUTPUT)
dpi = click.option("--dpi", type=click.Choice(["203", "300", "600"]), default="600", help=DPI)
offset = click.option("--offset", type=(float, float), metavar="X Y", default=(0.0, 0.0), help=OFFSET)
address = click.option("--address", metavar="NAME", default="luutru.local", help=ADDRESS)
KINDS = click.Choice(["box", "dossier", "place", "round-point", "badge"])


@click.command(
    cls=SpokenCommand,
    help=mark(
        "Print labels from a list (JSON or CSV: code, heading, title, foot, signatures, and columns of your own)."
    ),
)
@click.argument("values", required=False, metavar="LIST", type=click.Path(path_type=Path))
@click.option("--kind", type=KINDS, default="box", help=mark("What the labels are stuck on."))
@click.option(
    "--stock",
    default="L7160",
    metavar="NAME",
    help=mark(
        "L7160 L7161 L7162 L7163 L7164 L7165 L7169 L7651, thermal, box-front, strip, place, badge, or your own "
        "sheet in mm: "
        '"210x297 3x7 63.5x38.1 7.25,15.15 66,38.1" (page, columns and rows, label, first label, distances).'
    ),
)
@click.option("--start", type=int, default=1, help=mark("The first label of the sheet to use, counted row by row."))
@click.option(
    "--calibrate", is_flag=True, help=mark("Print the page that shows whether the printer prints true instead.")
)
@output
@dpi
@offset
@address
@as_json
@click.pass_obj
def label(
    asked: Asked,
    values: Path | None,
    kind: str,
    stock: str,
    start: int,
    calibrate: bool,
    output: Path,
    dpi: str,
    offset: tuple[float, float],
    address: str,
    as_json: bool,
) -> Exit:
    """Draw a list of labels, or the calibration page of a stock, as a PDF."""
    from desk import labelling
    from labels.calibration import draw_calibration
    from labels.geometry import Printer
    from labels.sheet import draw_sheets
    from labels.stocks import find_stock

    t, printer, sheet = asked.t, Printer(int(dpi), *offset), find_stock(stock)
    if calibrate:
        with _target(output) as target:
            draw_calibration(sheet, printer, address, _calibration_steps(t), target)
        return _tell(asked, as_json, output, {"labels": 0, "pages": 1, "cut": []})
    if values is None:
        raise click.UsageError(t("Name the list to print, or ask for --calibrate."))
    entries = [entry.label(labelling.KINDS[kind]) for entry in labelling.read_list(values)]
    with _target(output) as target:
        drawn = draw_sheets(entries, sheet, printer, address, target, start)
    return _tell(asked, as_json, output, {"labels": drawn.labels, "pages": drawn.pages, "cut": list(drawn.cut)})


@click.command(
    cls=SpokenCommand,
    help=mark("Print cover sheets that begin a dossier or a document in a scanned stack, from a list or blank."),
)
@click.argument("values", required=False, metavar="LIST", type=click.Path(path_type=Path))
@click.option("--blank", type=click.IntRange(1, 1000), help=mark("So many sheets with new codes and nothing else."))
@output
@dpi
@offset
@address
@as_json
@click.pass_obj
def cover(
    asked: Asked,
    values: Path | None,
    blank: int | None,
    output: Path,
    dpi: str,
    offset: tuple[float, float],
    address: str,
    as_json: bool,
) -> Exit:
    """Draw cover sheets as a PDF and name their codes."""
    from archive.refs import new_code
    from desk import labelling
    from labels.cover import draw_covers
    from labels.geometry import Printer

    t = asked.t
    if (values is None) == (blank is None):
        raise click.UsageError(t("Name the list to print, or ask for --blank, not both."))
    if values is not None:
        entries = labelling.read_list(values)
    else:
        entries = [labelling.Entry(new_code(), "", "", "", (), ()) for _ in range(blank or 0)]
    covers = [entry.cover(t("Cover sheet"), _cover_steps(t)) for entry in entries]
    with _target(output) as target:
        pages = draw_covers(covers, Printer(int(dpi), *offset), address, target)
    codes = [each.code for each in covers]
    return _tell(asked, as_json, output, {"labels": pages, "pages": pages, "cut": [], "codes": codes})


class _target:  # noqa: N801  # reads as what it is in a `with`
    """A new file that is there only when it is whole."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> BinaryIO:
        try:
            self._file = self._path.open("xb")
        except FileExistsError:
            raise ArchiveError("target-exists", path=str(self._path)) from None
        except FileNotFoundError:
            raise ArchiveError("path-missing", path=str(self._path.parent)) from None
        return self._file

    def __exit__(self, kind: object, *_rest: object) -> None:
        self._file.close()
        if kind is not None:
            self._path.unlink()


def _tell(asked: Asked, as_json: bool, path: Path, drawn: dict[str, object]) -> Exit:
    from archive.refs import show_code

    t, cut = asked.t, drawn["cut"]
    if as_json:
        asked.say_json({**drawn, "path": str(path.absolute())})
        return Exit.OK
    asked.say(t("Written: {path} ({pages} pages). Print it at 100 %, never fitted to the page.", path=path, **drawn))
    if isinstance(cut, list) and cut:
        shown = [show_code(code) for code in cut[:10]]
        asked.note(
            t(
                "On {count} labels some text did not fit and is shortened, for example: {codes}",
                count=len(cut),
                codes=shown,
            )
        )
    return Exit.OK


def _calibration_steps(t: Words) -> tuple[str, ...]:
    return (
        t("Print at 100 %, never fitted to the page."),
        t("Lay a ruler along the scales: 100 must be exactly 100 mm. If not, the print was scaled."),
        t(
            "Measure from the edges of the paper to both zero lines: each must be 10 mm. "
            "What is missing is the --offset."
        ),
        t("Lay the page on a label sheet against the light: the corner marks must lie on the corners of the labels."),
        t("Read the codes with a phone: the smallest one that is read tells how fine this printer prints."),
    )


def _cover_steps(t: Words) -> tuple[str, ...]:
    return (
        t("Lay this sheet on top of what it begins, the codes facing the same side as the pages."),
        t("Scan the whole stack in one go and leave this sheet in it."),
        t("What follows belongs to it until the next cover sheet."),
    )


COMMANDS: tuple[click.Command, ...] = (label, cover)
