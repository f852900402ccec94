"""The command that says what a code is: resolve."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archive.errors import ArchiveError
from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.spoken import SpokenCommand, mark
from desk.custody_words import state_in_words
from desk.entry_words import dossier_state_in_words
from desk.words import Words

if TYPE_CHECKING:
    from desk.resolving import Meaning, Resolved

KINDS = {
    "box": mark("Code: package"),
    "dossier": mark("Code: dossier"),
    "place": mark("Code: place"),
    "badge": mark("Code: person"),
    "form": mark("Code: form"),
    "cover": mark("Code: cover sheet"),
    "seal": mark("Code: seal"),
    "head": mark("Code: head of the log"),
}
STATES = {
    "applied": mark("Code: on a package"),
    "removed": mark("Code: taken off"),
    "spoiled": mark("Code: spoiled"),
    "active": mark("Code: works here"),
    "left": mark("Code: has left"),
    "blank": mark("Code: blank, not keyed in"),
    "keyed-in": mark("Code: keyed in"),
    "printed": mark("Code: printed"),
    "agrees": mark("Code: the paper agrees with the log"),
    "differs": mark("Code: THE PAPER SAYS SOMETHING ELSE THAN THE LOG"),
    "longer-than-log": mark("Code: THE PAPER IS FROM A LONGER LOG"),
}


@click.command(
    cls=SpokenCommand,
    help=mark("Say what a code is and where: scanned, typed, from a QR code, a form, a seal or a label."),
)
@click.argument("text", nargs=-1, required=True, metavar="TEXT")
@as_json
@click.pass_obj
def resolve(asked: Asked, text: tuple[str, ...], as_json: bool) -> Exit:
    """Print what the text means; for one slip away, what it may have been meant to be."""
    from desk import resolving

    with asked.office() as office:
        found = resolving.resolve(office, " ".join(text))
    if as_json:
        asked.say_json(asdict(found))
        return _exit(found)
    if found.meaning is None:
        near = [f"{each.code} ({each.name})" if each.name != each.code else each.code for each in found.suggestions]
        if near:
            raise ArchiveError("code-mistyped", text=found.text, suggestions=near)
        raise ArchiveError("code-unknown", text=found.text)
    for line in _lines(found.meaning, asked.t):
        asked.say(line)
    return _exit(found)


def _exit(found: Resolved) -> Exit:
    if found.meaning is None:
        return Exit.NOT_FOUND
    return Exit.FINDINGS if found.meaning.state in {"differs", "longer-than-log"} or found.meaning.other else Exit.OK


def _lines(each: Meaning, t: Words) -> list[str]:
    title = f" – {each.title}" if each.title and each.title != each.name else ""
    lines = [f"{t(KINDS[each.kind])}: {each.name}{title}"]
    if each.kind != "place" and each.state:
        lines.append(t("State: {state}", state=_state(each, t)))
    if each.where:
        lines.append(t("Where: {place}", place=" ← ".join(each.where)))
    if each.custodian:
        lines.append(t("Answers for it: {person}", person=each.custodian))
    if each.other:
        lines.append(t("Careful: the label says {letter}, which is another kind of thing.", letter=each.other))
    return lines


def _state(each: Meaning, t: Words) -> str:
    if each.kind == "dossier":
        return dossier_state_in_words(each.state, t)
    return state_in_words(each.state, t) if each.kind == "box" else t(STATES.get(each.state, each.state))


COMMANDS: tuple[click.Command, ...] = (resolve,)
