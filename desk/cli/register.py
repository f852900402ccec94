"""Commands about what must exist: register (lists of dossiers) and fonds."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.pins import is_agreed, pin_for, pins_option
from desk.cli.spoken import SpokenGroup, mark
from desk.messages import explain
from desk.register_words import ENCODINGS, FIELD_WORDS

if TYPE_CHECKING:
    from archive.register_reading import Fault
    from desk.registering import Look

MOST_SHOWN = 100


@click.group(cls=SpokenGroup, help=mark("Bring lists of dossiers into the register of what must exist."))
def register() -> None:
    """Hold the commands about the register."""


@register.command("import", help=mark("Read a list (.xlsx, .csv), show what was understood, and register it."))
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--fonds", required=True, metavar="CODE", help=mark("The fonds the dossiers belong to."))
@click.option("--sheet", metavar="NAME", help=mark("The sheet of the workbook; otherwise the one that fits best."))
@click.option("--good-rows", is_flag=True, help=mark("Register the good rows although others have faults."))
@click.option("--dry-run", is_flag=True, help=mark("Only show what was understood."))
@click.option("--yes", is_flag=True, help=mark("Write without asking."))
@click.option("--signer", "signers", multiple=True, metavar="CODE", help=mark("Who signs; repeat in order."))
@pins_option
@as_json
@click.pass_obj
def import_list(
    asked: Asked,
    path: Path,
    fonds: str,
    sheet: str | None,
    good_rows: bool,
    dry_run: bool,
    yes: bool,
    signers: tuple[str, ...],
    pins: Path | None,
    as_json: bool,
) -> Exit:
    """Show how the list was understood and its faults; write after a yes, signed. With --json only --yes writes."""
    from desk import registering

    t = asked.t
    with asked.office() as office:
        name = path.name.encode("utf-8", "backslashreplace").decode()
        seen = registering.look(office, path.read_bytes(), name, fonds, sheet)
        if not as_json:
            show_look(asked, seen)
        blocked = bool(seen.faults) and not good_rows
        wanted = not dry_run and not blocked and bool(seen.reading.records)
        if wanted and not yes:
            wanted = not as_json and is_agreed(asked, t("Write this into the register?"))
        batch = None
        if wanted:
            signing = [(code, pin_for(asked, code.partition(":")[0], pins)) for code in signers]
            batch = registering.write(office, seen, registering.in_the_log(office, signing))
    if as_json:
        asked.say_json(registering.as_json(seen, batch))
    elif batch is not None:
        counts = {"added": len(batch.added), "amended": len(batch.amended), "unchanged": batch.unchanged}
        asked.say(t("Written: {added} new, {amended} amended, {unchanged} unchanged.", **counts))
    elif blocked and not dry_run:
        asked.say(str(explain("list-has-faults", {"count": len(seen.faults)}, t.lang)))
    else:
        asked.say(t("Nothing was written."))
    return Exit.FINDINGS if seen.faults else Exit.OK


def show_look(asked: Asked, seen: Look) -> None:
    """Print how a list was read, column by column, then its faults and what would be written."""
    t, how = asked.t, seen.reading.understood
    encoding = t(ENCODINGS.get(how.encoding, how.encoding))
    if how.sheet:
        asked.say(t("Sheet “{sheet}”, header in row {line}.", sheet=how.sheet, line=how.header_row))
    else:
        asked.say(t("Text in {encoding}, header in row {line}.", encoding=encoding, line=how.header_row))
    if how.legacy:
        asked.say(t("Letters of the old font {encoding} were converted.", encoding=t(ENCODINGS[how.legacy])))
    for column in how.columns:
        if column.header or column.field:
            meaning = t(FIELD_WORDS[column.field]) if column.field else t("not used")
            asked.say(
                "  "
                + t("{letter}: “{header}” = {meaning}", letter=column.letter, header=column.header, meaning=meaning)
            )
    if how.skipped:
        rows = [str(row) for row in how.skipped[:MOST_SHOWN]]
        asked.say("  " + t("Rows left out as headings or foot: {rows}", rows=rows))
    for fault in seen.faults[:MOST_SHOWN]:
        asked.say("  " + fault_line(asked, fault))
    if len(seen.faults) > MOST_SHOWN:
        asked.say("  " + t("… and {count} more faults; --json lists all.", count=len(seen.faults) - MOST_SHOWN))
    asked.say(
        t(
            "Dossiers: {added} new, {amended} to be amended, {unchanged} unchanged; rows with faults: {faulty}",
            added=len(seen.plan.added),
            amended=len(seen.plan.amended),
            unchanged=seen.plan.unchanged,
            faulty=len({each.row for each in seen.faults if each.row}),
        )
    )


def fault_line(asked: Asked, fault: Fault) -> str:
    """Return one fault with its place."""
    t = asked.t
    what = explain(fault.code, fault.facts, t.lang).what
    if not fault.row:
        return what
    if not fault.column:
        return t("Row {line}: {what}", line=fault.row, what=what)
    place = {"line": fault.row, "column": fault.column, "header": fault.header, "what": what}
    return t("Row {line}, column {column} (“{header}”): {what}", **place)


@register.command(help=mark("Write an empty list to fill in; the ending .xlsx or .csv says which kind."))
@click.argument("path", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path))
@as_json
@click.pass_obj
def template(asked: Asked, path: Path, as_json: bool) -> Exit:
    """Write the list; a file that stands there already is left alone."""
    from archive.durable import write_whole
    from archive.register_template import text_template, workbook_template

    kinds = {".xlsx": workbook_template, ".csv": text_template}
    if path.suffix.lower() not in kinds:
        asked.note(str(explain("list-kind-unknown", {"path": str(path)}, asked.t.lang)))
        return Exit.USAGE
    if path.exists():
        asked.note(str(explain("file-exists", {"path": str(path)}, asked.t.lang)))
        return Exit.USAGE
    write_whole(path, kinds[path.suffix.lower()]())
    if as_json:
        asked.say_json({"path": str(path)})
    else:
        asked.say(asked.t("Written: {path}", path=str(path)))
    return Exit.OK


@register.command(help=mark("Show registered dossiers, or one with everything the lists said of it."))
@click.argument("reference", required=False, metavar="[DOSSIER]")
@click.option("--fonds", metavar="CODE", help=mark("Only dossiers of this fonds."))
@click.option("--limit", type=click.IntRange(1, 100_000), default=100, help=mark("At most so many dossiers."))
@click.option("--offset", type=click.IntRange(0), default=0, help=mark("Leave out so many dossiers first."))
@as_json
@click.pass_obj
def show(asked: Asked, reference: str | None, fonds: str | None, limit: int, offset: int, as_json: bool) -> Exit:
    """Print one line for each dossier, or one dossier with its history."""
    from archive import catalogue
    from archive.refs import show_code

    t = asked.t
    with asked.office() as office, office.database.reading() as session:
        if reference is None:
            rows = catalogue.dossiers(session, fonds, limit=limit, offset=offset)
            history: list[dict[str, Any]] = []
        else:
            rows = [catalogue.dossier(session, reference)]
            history = [
                each.model_dump(exclude={"id", "dossier"}) for each in catalogue.amendments(session, rows[0].code)
            ]
        shown: list[dict[str, Any]] = [row.model_dump(exclude={"id"}) for row in rows]
    if as_json:
        asked.say_json({"dossiers": shown} if reference is None else {**shown[0], "amendments": history})
        return Exit.OK
    for row in shown:
        asked.say(t("{code}  {title}  (leaves: {leaves})", code=row["code"], title=row["title"], leaves=row["leaves"]))
    if reference is not None:
        asked.say("  " + t("Code on its label: {code}", code=show_code(shown[0]["label"])))
        for name, value in shown[0]["facts"].items():
            asked.say("  " + t("{name}: {value}", name=t(FIELD_WORDS.get(name, name)), value=value))
        for each in history:
            names = sorted(
                key for key in {*each["before"], *each["after"]} if each["before"].get(key) != each["after"].get(key)
            )
            changed = [t(FIELD_WORDS.get(name, name)) for name in names]
            asked.say("  " + t("Amended by import {number}: {fields}", number=each["import_id"], fields=changed))
    return Exit.OK


@click.group(cls=SpokenGroup, help=mark("The fonds: the records of one body each."))
def fonds() -> None:
    """Hold the commands about fonds."""


@fonds.command("add", help=mark("Add a fonds."))
@click.argument("code", metavar="CODE")
@click.option("--name", required=True, metavar="NAME", help=mark("Its name."))
@click.option("--body", default="", metavar="NAME", help=mark("The body that made the records."))
@as_json
@click.pass_obj
def add_fonds(asked: Asked, code: str, name: str, body: str, as_json: bool) -> Exit:
    """Add one fonds."""
    from archive import catalogue

    with asked.office() as office, office.database.atomic() as session:
        made = catalogue.add_fonds(session, code, name, body, office.clock.now())
    if as_json:
        asked.say_json(asdict(made))
    else:
        asked.say(asked.t("{code}: added.", code=made.code))
    return Exit.OK


@fonds.command("list", help=mark("List the fonds with their numbers of dossiers."))
@as_json
@click.pass_obj
def list_fonds(asked: Asked, as_json: bool) -> Exit:
    """Print one line for each fonds."""
    from archive import catalogue

    with asked.office() as office, office.database.reading() as session:
        found = catalogue.every_fonds(session)
    if as_json:
        asked.say_json([asdict(each) for each in found])
    for each in () if as_json else found:
        asked.say(asked.t("{code}  {name}  (dossiers: {count})", code=each.code, name=each.name, count=each.dossiers))
    return Exit.OK


COMMANDS: tuple[click.Command, ...] = (register, fonds)
