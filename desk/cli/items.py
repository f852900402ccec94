"""Commands about the documents inside dossiers: register items import, template, show."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.pins import is_agreed
from desk.cli.register import MOST_SHOWN, fault_line, register
from desk.cli.spoken import SpokenGroup, mark
from desk.messages import explain
from desk.register_words import ENCODINGS, FIELD_WORDS

if TYPE_CHECKING:
    from archive.item_reading import ItemReading
    from archive.items import ItemPlan
    from archive.register_reading import Fault

ITEM_WORDS = {
    **FIELD_WORDS,
    "dossier": mark("dossier it belongs to"), "ordinal": mark("ordinal in its dossier"),
    "doc_id": mark("identifier of the document"), "doc_code": mark("archive code of the document"),
    "code_number": mark("number alone"), "code_notation": mark("symbol alone"), "issued": mark("day issued"),
    "type_name": mark("type of document"), "subject": mark("subject of the document"),
    "author": mark("author of the document"), "leaf": mark("leaf or page"),
    "autograph": mark("handwritten remark"), "process": mark("process of the document"),
}  # fmt: skip  # a table of words


@register.group(cls=SpokenGroup, help=mark("The documents inside dossiers: read a list of them, show them."))
def items() -> None:
    """Hold the commands about documents."""


@items.command("import", help=mark("Read a list of documents (.xlsx, .csv), show what was understood, and keep it."))
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dossier", metavar="DOSSIER", help=mark("The dossier of all rows, where the list does not name any."))
@click.option("--fonds", metavar="CODE", help=mark("The fonds whose dossier numbers the list uses."))
@click.option("--sheet", metavar="NAME", help=mark("The sheet of the workbook; otherwise the one that fits best."))
@click.option("--good-rows", is_flag=True, help=mark("Register the good rows although others have faults."))
@click.option("--dry-run", is_flag=True, help=mark("Only show what was understood."))
@click.option("--yes", is_flag=True, help=mark("Write without asking."))
@as_json
@click.pass_obj
def import_items(
    asked: Asked,
    path: Path,
    dossier: str | None,
    fonds: str | None,
    sheet: str | None,
    good_rows: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> Exit:
    """Show how the list was understood and its faults; write after a yes. With --json only --yes writes."""
    from desk import itemizing

    t = asked.t
    name = path.name.encode("utf-8", "backslashreplace").decode()
    with asked.office() as office:
        reading, planned = itemizing.look(office, path.read_bytes(), dossier, fonds, sheet)
        faults = itemizing.faults_of(reading, planned)
        if not as_json:
            show_look(asked, reading, planned, faults)
        blocked = bool(faults) and not good_rows
        wanted = not dry_run and not blocked and bool(planned.added or planned.amended)
        if wanted and not yes:
            wanted = not as_json and is_agreed(asked, t("Write this into the register?"))
        imports = itemizing.write(office, reading, fonds, name) if wanted else {}
    counts = {"added": len(planned.added), "amended": len(planned.amended), "unchanged": planned.unchanged}
    if as_json:
        asked.say_json(
            {"understood": asdict(reading.understood), "sha256": reading.sha256, **counts}
            | {"faults": [asdict(each) for each in faults], "written": wanted, "imports": imports}
        )
    elif wanted:
        asked.say(t("Written: {added} new, {amended} amended, {unchanged} unchanged.", **counts))
    elif blocked and not dry_run:
        asked.say(str(explain("list-has-faults", {"count": len(faults)}, t.lang)))
    else:
        asked.say(t("Nothing was written."))
    return Exit.FINDINGS if faults else Exit.OK


def show_look(asked: Asked, reading: ItemReading, planned: ItemPlan, faults: list[Fault]) -> None:
    """Print how a list of documents was read, then its faults and what would be written."""
    t, how = asked.t, reading.understood
    if how.sheet:
        asked.say(t("Sheet “{sheet}”, header in row {line}.", sheet=how.sheet, line=how.header_row))
    else:
        encoding = t(ENCODINGS.get(how.encoding, how.encoding))
        asked.say(t("Text in {encoding}, header in row {line}.", encoding=encoding, line=how.header_row))
    for column in how.columns:
        if column.header or column.field:
            meaning = t(ITEM_WORDS[column.field]) if column.field else t("not used")
            told = {"letter": column.letter, "header": column.header, "meaning": meaning}
            asked.say("  " + t("{letter}: “{header}” = {meaning}", **told))
    for fault in faults[:MOST_SHOWN]:
        asked.say("  " + fault_line(asked, fault))
    if len(faults) > MOST_SHOWN:
        asked.say("  " + t("… and {count} more faults; --json lists all.", count=len(faults) - MOST_SHOWN))
    told_counts: dict[str, Any] = {
        "added": len(planned.added),
        "amended": len(planned.amended),
        "unchanged": planned.unchanged,
        "faulty": len({each.row for each in faults if each.row}),
    }
    asked.say(
        t(
            "Documents: {added} new, {amended} to be amended, {unchanged} unchanged; rows with faults: {faulty}",
            **told_counts,
        )
    )


@items.command("template", help=mark("Write an empty list of documents to fill in, as .xlsx or .csv."))
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@as_json
@click.pass_obj
def template(asked: Asked, path: Path, as_json: bool) -> Exit:
    """Write the list; a file that stands there already is left alone."""
    from archive.durable import write_whole
    from archive.register_template import ITEM_COLUMNS, text_template, workbook_template

    kind = path.suffix.lower()
    if kind not in {".xlsx", ".csv"} or path.exists():
        code = "file-exists" if path.exists() else "list-kind-unknown"
        asked.note(str(explain(code, {"path": str(path)}, asked.t.lang)))
        return Exit.USAGE
    made = workbook_template(ITEM_COLUMNS, "Mục lục văn bản") if kind == ".xlsx" else text_template(ITEM_COLUMNS)
    write_whole(path, made)
    if as_json:
        asked.say_json({"path": str(path)})
    else:
        asked.say(asked.t("Written: {path}", path=str(path)))
    return Exit.OK


@items.command("show", help=mark("List the documents of a dossier."))
@click.argument("reference", metavar="DOSSIER")
@as_json
@click.pass_obj
def show(asked: Asked, reference: str, as_json: bool) -> Exit:
    """Print one line for each document."""
    from archive import items as documents
    from desk import dossiers

    t = asked.t
    with asked.office() as office, office.database.reading() as session:
        (code,) = dossiers.resolve(session, [reference])
        found = documents.listed(session, code)
    if as_json:
        asked.say_json({"dossier": code, "documents": found})
        return Exit.OK
    for each in found:
        told = {name: each.get(name) for name in ("ordinal", "number", "issued", "subject", "author")}
        asked.say(t("{ordinal}. {number}, {issued}: {subject} ({author})", **told))
    asked.say(t.n("{number} document listed.", "{number} documents listed.", len(found)))
    return Exit.OK
