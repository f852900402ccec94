"""The review desk on the command line: review list, show, correct, blank, accept, undo, attach."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.scans import reference
from desk.cli.signing import pins_of, signed
from desk.cli.spoken import SpokenGroup, mark
from desk.messages import explain
from desk.words import plain

Pins = Path | None
page_argument = click.argument("number", type=click.IntRange(1), metavar="PAGE")
seen_option = click.option(
    "--seen", metavar="VERSION", help=mark("The version that review show told; a page changed since is left alone.")
)


@click.group(cls=SpokenGroup, help=mark("Look after pages that want a person's eyes."))
def review() -> None:
    """Hold the commands of the review desk."""


@review.command("list", help=mark("List the pages that want eyes, the worst first."))
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, help=mark("How many to list."))
@as_json
@click.pass_obj
def list_pages(asked: Asked, limit: int, as_json: bool) -> Exit:
    """Print the queue."""
    from desk import reviewing

    t = asked.t
    with asked.office() as office:
        queue = reviewing.waiting(office, limit)
    if as_json:
        pages = [reviewing.page_as_json(page, scan) for page, scan in queue.rows]
        asked.say_json({"total": queue.total, "reasons": queue.reasons, "pages": pages})
        return Exit.OK
    asked.say(t("Pages that wait for eyes: {count}", count=queue.total))
    for page, scan in queue.rows:
        why = " ".join(explain(each["code"], each["facts"], t.lang).what for each in page.reasons)
        asked.say(f"  {scan.public_id} {page.number}  {plain(scan.name)}: {why}")
    return Exit.OK


@review.command(help=mark("Show a page: its text, what the machine read, and what was done."))
@reference
@page_argument
@as_json
@click.pass_obj
def show(asked: Asked, reference: str, number: int, as_json: bool) -> Exit:
    """Print a page under review."""
    from desk import reviewing

    t = asked.t
    with asked.office() as office:
        found = reviewing.look(office, reference, number)
    if as_json:
        told = reviewing.page_as_json(found.page, found.scan)
        acts = [reviewing.act_as_json(each) for each in found.acts]
        more = {"text": found.page.text, "machine": found.machine.text, "waits": found.page.wants_eyes}
        asked.say_json({**told, **more, "version": found.version, "acts": acts})
        return Exit.OK
    asked.say(t("Version: {version}", version=found.version))
    for each in found.page.reasons:
        asked.say(explain(each["code"], each["facts"], t.lang).what)
    asked.say()
    for line in found.page.text.splitlines():
        asked.say(plain(line))
    return Exit.OK


def page_command(text: str, name: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Return a decorator for an act on one page, signed by one person."""

    def decorate(run: Callable[..., Any]) -> click.Command:
        for option in (click.pass_obj, as_json, seen_option, signed, page_argument, reference):
            run = option(run)
        return review.command(name, help=text)(run)

    return decorate


@page_command(mark("Put the text of a file in the place of what was read."), "correct")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
def correct(asked: Asked, file: Path, **given: Any) -> Exit:
    """Correct a page."""
    from desk import reviewing
    from desk.enclosures import read_text

    text = read_text(file)
    return _act(
        asked, lambda office, at, by, seen: reviewing.correct(office, *at, text, by, seen), **given
    )  # fmt: skip  # one call


@page_command(mark("Say that nothing stands on a page."), "blank")
def blank(asked: Asked, **given: Any) -> Exit:
    """Call a page blank."""
    from desk import reviewing

    return _act(asked, lambda office, at, by, seen: reviewing.call_blank(office, *at, by, seen), **given)


@page_command(mark("Say that a page is fine as it is."), "accept")
def accept(asked: Asked, **given: Any) -> Exit:
    """Accept a page."""
    from desk import reviewing

    return _act(asked, lambda office, at, by, seen: reviewing.accept(office, *at, by, seen), **given)


@page_command(mark("Take back the last act on a page."), "undo")
def undo(asked: Asked, **given: Any) -> Exit:
    """Undo the last act."""
    from desk import reviewing

    return _act(asked, lambda office, at, by, seen: reviewing.undo(office, *at, by, seen), **given)


@review.command(help=mark("File the pages from this one on under a dossier; scan detach takes that back."))
@reference
@page_argument
@click.argument("dossier", metavar="DOSSIER")
@click.option("--last", type=click.IntRange(1), help=mark("The last page; otherwise to the end of the file."))
@signed
@as_json
@click.pass_obj
def attach(
    asked: Asked,
    reference: str,
    number: int,
    dossier: str,
    last: int | None,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
) -> Exit:
    """File pages from the review desk."""
    from desk import filing, reviewing
    from desk.filed_words import part_lines

    with asked.office() as office:
        by = filing.keeper(office, list(zip(signers, pins_of(asked, signers, pins), strict=True)))
        made = filing.part_as_json(reviewing.attach(office, reference, number, dossier, last, by))
    if as_json:
        asked.say_json({"part": made})
    for line in () if as_json else part_lines([made], asked.t):
        asked.say(line)
    return Exit.OK


def _act(
    asked: Asked,
    do: Callable[[Any, tuple[str, int], Any, str | None], Any],
    *,
    reference: str,
    number: int,
    signers: Sequence[str],
    pins: Pins,
    seen: str | None,
    as_json: bool,
) -> Exit:
    from desk import filing, reviewing

    with asked.office() as office:
        by = filing.keeper(office, list(zip(signers, pins_of(asked, signers, pins), strict=True)))
        made = do(office, (reference, number), by, seen)
        now = reviewing.look(office, reference, number)
    if as_json:
        asked.say_json({"done": reviewing.act_as_json(made), "version": now.version, "text": now.page.text})
        return Exit.OK
    asked.say(asked.t("Done: page {page} of {name}.", page=number, name=now.scan.name))
    return Exit.OK


COMMANDS = (review,)
