"""The command that prints cover sheets: for dossiers of the register, from a list, or blank."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from archive.errors import ArchiveError
from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.paper import is_station, new_file, press_of, pressed, tell
from desk.cli.spoken import SpokenCommand, mark


@click.command(
    cls=SpokenCommand,
    help=mark(
        "Print the sheets that begin a dossier in a scanned stack: filled in from the register, a list, or blank."
    ),
)
@click.argument("dossiers", nargs=-1, metavar="DOSSIER…")
@click.option(
    "--package", "packages", multiple=True, metavar="CODE", help=mark("One for every dossier in this package.")
)
@click.option("--list", "values", metavar="FILE", type=click.Path(path_type=Path), help=mark("A list of your own."))
@click.option("--blank", type=click.IntRange(1, 1000), help=mark("So many sheets with new codes and nothing else."))
@pressed
@as_json
@click.pass_obj
def cover(
    asked: Asked, /, dossiers: tuple[str, ...], packages: tuple[str, ...], values: Path | None, blank: int | None,
    output: Path, as_json: bool, **how: Any,
) -> Exit:  # fmt: skip  # the options of a command
    """Draw cover sheets as a PDF and name their codes."""
    from desk import labelling_facts, printing
    from desk.paper_orders import cover_steps
    from desk.papers import paper_words
    from labels.cover import draw_covers

    if values is None and len(dossiers) == 1 and Path(dossiers[0]).suffix.lower() in (".csv", ".json"):
        values, dossiers = Path(dossiers[0]), ()
    if (values is not None) + (blank is not None) + bool(dossiers or packages) != 1:
        raise click.UsageError(asked.t("Name dossiers or packages, a list, or ask for --blank: one of the three."))
    t, press = paper_words(), press_of(asked, how)
    steps = cover_steps()
    if not is_station(asked):
        covers = _without_station(values, blank, t("Cover sheet"), steps)
        with new_file(output) as target:
            pages = draw_covers(covers, press.printer, press.host, target)
    else:
        with asked.office() as office, new_file(output) as target:
            if blank is not None:
                covers = printing.new_covers(
                    office, blank, press.by, lambda code: _blank(code, t("Cover sheet"), steps)
                )
                pages = draw_covers(covers, press.printer, press.host, target)
            else:
                covers = _without_station(values, None, t("Cover sheet"), steps) if values else []
                with office.database.reading() as session:
                    covers = covers or labelling_facts.dossier_covers(session, dossiers, packages, steps)
                pages = printing.print_covers(office, covers, press, target)
    codes = [each.code for each in covers]
    return tell(asked, as_json, output, {"labels": pages, "pages": pages, "cut": [], "codes": codes})


def _without_station(values: Path | None, blank: int | None, title: str, steps: tuple[str, ...]) -> list[Any]:
    from archive.refs import new_code
    from desk import labelling

    if values is not None:
        return [entry.cover(title, steps) for entry in labelling.read_list(values)]
    if blank is None:
        raise ArchiveError("home-missing", path="")
    return [_blank(new_code(), title, steps) for _ in range(blank)]


def _blank(code: str, title: str, steps: tuple[str, ...]) -> Any:
    from archive.refs import Kind
    from labels.cover import Cover

    return Cover(Kind.SEPARATOR, code, title=title, steps=steps)


COMMANDS: tuple[click.Command, ...] = (cover,)
