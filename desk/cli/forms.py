"""Commands about printed records: form list, form print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.spoken import SpokenCommand, SpokenGroup, mark


@click.group(cls=SpokenGroup, help=mark("Print the records of the office: minutes, lists and books."))
def form() -> None:
    """Hold the commands about forms."""


@form.command(cls=SpokenCommand, name="list", help=mark("List the forms and the values each takes."))
@as_json
@click.pass_obj
def list_(asked: Asked, as_json: bool) -> Exit:
    """Print code, title and values of every form."""
    from desk.forms import model

    forms = [model.load(code, asked.home / "forms") for code in model.CODES]
    if as_json:
        asked.say_json([{"code": each.code, "title": each.title, "values": sorted(each.keys())} for each in forms])
        return Exit.OK
    for each in forms:
        asked.say(f"{each.code:4} {each.title}")
    return Exit.OK


@form.command(
    cls=SpokenCommand, name="print", help=mark("Print a form as PDF, filled in from a file or blank to be written on.")
)
@click.argument("code", metavar="FORM")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="FILE", help=mark("The PDF to write."))
@click.option(
    "--values", type=click.Path(path_type=Path), metavar="FILE", help=mark("A JSON file with the values of the form.")
)
@click.option("--copies", type=click.IntRange(1, 500), default=1, help=mark("So many, each with a number of its own."))
@click.option("--office", default="", metavar="NAME", help=mark("The office at the top of the form."))
@click.option("--parent", default="", metavar="NAME", help=mark("The body above the office."))
@as_json
@click.pass_obj
def print_(
    asked: Asked, code: str, out: Path, values: Path | None, copies: int, office: str, parent: str, as_json: bool
) -> Exit:
    """Write the PDF; each copy has its own code and the head of the custody log in its foot."""
    from archive.durable import write_whole
    from archive.refs import new_code
    from desk import ledgering
    from desk.forms import drawing, model

    wording = model.load(code.upper(), asked.home / "forms")
    given = _read_values(values) if values else {}
    with asked.office() as station:
        # A printed head must be one that was signed and lies in the second place too.
        head, _note, _copied = ledgering.sign_head(station, "form")
    forms = [drawing.Filled(wording, new_code(), office, parent, head=head, values=given) for _ in range(copies)]
    write_whole(out.absolute(), drawing.draw(forms))
    numbers = [each.number for each in forms]
    if as_json:
        asked.say_json({"path": out, "numbers": numbers, "head": head.short(), "size": head.size})
        return Exit.OK
    asked.say(asked.t("Written: {path}", path=out))
    for each in numbers:
        asked.say("  " + each)
    return Exit.OK


def _read_values(path: Path) -> dict[str, Any]:
    from desk.forms.model import FormError

    try:
        values = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise FormError("form-values-unreadable", path=str(path), detail=str(error)) from error
    if not isinstance(values, dict):
        raise FormError("form-values-unreadable", path=str(path), detail=type(values).__name__)
    return values
