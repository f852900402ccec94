"""Commands about one scan: show, text, pdf, retry."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import click

from archive.errors import ArchiveError
from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.spoken import SpokenGroup, mark
from desk.filed_words import part_lines
from desk.messages import explain
from desk.words import Bytes

reference = click.argument("reference", metavar="SCAN")


@click.group(cls=SpokenGroup, help=mark("Look at one scan, named by (the beginning of) its identifier or SHA-256."))
def scan() -> None:
    """Hold the commands about one scan."""


@scan.command(help=mark("Show what is known of a scan, page by page."))
@reference
@as_json
@click.pass_obj
def show(asked: Asked, reference: str, as_json: bool) -> Exit:
    """Print the row of a scan and what its pages need."""
    from archive import pages, parts, scans
    from desk.filing import part_as_json

    with asked.office() as office, office.database.reading() as session:
        found = scans.find(session, reference)
        rows = pages.of_scan(session, found.id or 0)
        facts: dict[str, Any] = found.model_dump(exclude={"id", "token"})
        filed = parts.standing(session, found.id or 0)
        facts["parts"] = [part_as_json(each) for each in filed]
        facts["pages"] = [row.model_dump(exclude={"id", "scan_id", "text"}) for row in rows]
    if as_json:
        asked.say_json(facts)
        return Exit.OK
    t = asked.t
    states = {
        "received": t("waits to be read"),
        "reading": t("is being read"),
        "read": t("is read"),
        "unreadable": t("needs a person"),
    }
    asked.say(t("{name} ({size}, station {station})", name=found.name, size=Bytes(found.size), station=found.station))
    asked.say(t("Identifier: {value}", value=found.public_id))
    asked.say(t("SHA-256: {value}", value=found.sha256))
    asked.say(t("Arrived: {moment}", moment=found.arrived_at))
    asked.say(t("State: {state}", state=states.get(found.state, found.state)))
    asked.say(t("Pages read: {done} of {count}", done=found.pages_done, count=found.page_count))
    if found.reason:
        asked.say(str(explain(found.reason, found.facts, t.lang)))
    for line in part_lines(facts["parts"], t):
        asked.say("  " + line)
    for row in rows:
        percent = "–" if row.confidence is None else t.number(row.confidence)
        asked.say(
            t(
                "  Page {page}: {source}, confidence {confidence}",
                page=row.number,
                source=row.source,
                confidence=percent,
            )
        )
        for reason in row.reasons:
            asked.say("    " + explain(str(reason["code"]), reason.get("facts", {}), t.lang).what)
    return Exit.OK


@scan.command(help=mark("Print the text that was read."))
@reference
@click.option("--page", type=click.IntRange(1), help=mark("Only this page."))
@as_json
@click.pass_obj
def text(asked: Asked, reference: str, page: int | None, as_json: bool) -> Exit:
    """Print the text of all pages or of one; pages are parted by a form feed."""
    from archive import pages, scans

    with asked.office() as office, office.database.reading() as session:
        found = scans.find(session, reference)
        rows = [row for row in pages.of_scan(session, found.id or 0) if page is None or row.number == page]
    if page is not None and not rows:
        raise ArchiveError(
            "page-unknown", page=page, pages=found.page_count, done=found.pages_done, reference=found.public_id
        )
    if as_json:
        asked.say_json({"scan": found.public_id, "pages": [{"page": row.number, "text": row.text} for row in rows]})
    else:
        asked.say("\f".join(row.text for row in rows))
    return Exit.OK


@scan.command(help=mark("Write the searchable PDF, or the original, to a file."))
@reference
@click.option("--original", is_flag=True, help=mark("The stored original instead, byte for byte."))
@click.option(
    "--output",
    "-o",
    "--out",
    "output",
    metavar="FILE",
    default="-",
    help=mark("Where to; - (the default) is standard output."),
)
@click.pass_obj
def pdf(asked: Asked, reference: str, original: bool, output: str) -> Exit:
    """Copy the PDF; an existing file is never replaced."""
    from archive import scans
    from digitize.worker import derived_path

    with asked.office() as office:
        with office.database.reading() as session:
            found = scans.find(session, reference)
        if original:
            with office.vault.path(found.sha256) as path:
                return _deliver(path, output)
        path = derived_path(office.settings.derived_folder, found.sha256, ".pdf")
        if not path.is_file():
            raise ArchiveError("pdf-not-made", name=found.name, reference=found.public_id)
        return _deliver(path, output)


def _deliver(source: Path, output: str) -> Exit:
    with source.open("rb") as readable:
        if output == "-":
            shutil.copyfileobj(readable, sys.stdout.buffer)
            return Exit.OK
        try:
            with Path(output).open("xb") as target:
                shutil.copyfileobj(readable, target)
        except FileExistsError:
            raise ArchiveError("target-exists", path=output) from None
    return Exit.OK


@scan.command(help=mark("Have a scan read again where it failed."))
@reference
@click.pass_obj
def retry(asked: Asked, reference: str) -> Exit:
    """Forget what failed, so that the next free worker takes it up."""
    from archive import pages, scans

    with asked.office() as office, office.database.atomic() as session:
        found = scans.find(session, reference)
        pages.read_again(session, found)
        name = found.name
    asked.say(asked.t("{name} waits to be read again.", name=name))
    return Exit.OK
