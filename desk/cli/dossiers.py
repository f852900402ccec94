"""Commands about single dossiers: list, show, find, and the holds on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.signing import Enclosing, Signed, record_all, signed
from desk.cli.spoken import SpokenCommand, SpokenGroup, mark
from desk.custody_words import state_in_words
from desk.entry_words import dossier_state_in_words, kind_in_words

Pins = Path | None
STATES = (
    "registered", "on-shelf", "in-package", "at-station", "on-loan", "found", "unregistered", "missing", "in-review",
    "destroyed", "transferred",
)  # fmt: skip  # one list
dossier_argument = click.argument("reference", metavar="DOSSIER")
dossiers_argument = click.argument("references", nargs=-1, required=True, metavar="DOSSIER…")
limit_option = click.option(
    "--limit", type=click.IntRange(1, 100_000), default=100, help=mark("At most so many dossiers.")
)
offset_option = click.option(
    "--offset", type=click.IntRange(0), default=0, help=mark("Leave out so many dossiers first.")
)


@click.group(cls=SpokenGroup, help=mark("Single dossiers: where each is, who has it, and every move of one."))
def dossier() -> None:
    """Hold the commands about dossiers."""


def signed_dossier(text: str, name: str | None = None) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a sub-command of `dossier` that is signed."""

    def made(run: Callable[..., Any]) -> click.Command:
        return dossier.command(cls=SpokenCommand, help=text, name=name)(signed(as_json(click.pass_obj(run))))

    return made


@dossier.command(
    cls=SpokenCommand, name="list", help=mark("List dossiers: by state, place, package, borrower or fonds.")
)
@click.option(
    "--state", type=click.Choice(STATES), default=None, metavar="STATE", help=mark("Only those in this state.")
)
@click.option("--place", default="", metavar="PLACE", help=mark("Only those at this place or inside it."))
@click.option("--package", default="", metavar="CODE", help=mark("Only those in this package."))
@click.option("--holder", default="", metavar="PERSON", help=mark("Only those lent to this person."))
@click.option("--fonds", default="", metavar="CODE", help=mark("Only dossiers of this fonds."))
@limit_option
@offset_option
@as_json
@click.pass_obj
def list_(asked: Asked, /, state: str | None, limit: int, offset: int, as_json: bool, **given: str) -> Exit:
    """Print one line for each dossier."""
    return _say_listed(asked, {"state": state or "", **given}, limit, offset, as_json)


@dossier.command(cls=SpokenCommand, help=mark("Find dossiers by words of their title or parts of their code."))
@click.argument("words", nargs=-1, required=True, metavar="WORDS…")
@click.option("--fonds", default="", metavar="CODE", help=mark("Only dossiers of this fonds."))
@limit_option
@offset_option
@as_json
@click.pass_obj
def find(asked: Asked, words: tuple[str, ...], fonds: str, limit: int, offset: int, as_json: bool) -> Exit:
    """Print one line for each dossier whose title or code has all the words, accents or not."""
    return _say_listed(asked, {"words": " ".join(words), "fonds": fonds}, limit, offset, as_json)


def _say_listed(asked: Asked, given: dict[str, str], limit: int, offset: int, as_json: bool) -> Exit:
    from archive.refs import read_ref
    from desk import dossiers
    from desk.placing import path_of

    t = asked.t
    box = read_ref(given.get("package", ""))
    if box is not None:
        given["package"] = box.code
    given["holder"] = given.get("holder", "").upper()
    with asked.office() as office:
        if given.get("place"):
            with office.database.reading() as session:
                given["place"] = path_of(session, given["place"])
        found = dossiers.listed(office, dossiers.Wanted(**given), limit, offset)
    if as_json:
        asked.say_json([each.as_json() for each in found])
        return Exit.OK
    for each in found:
        told = {"dossier": each.dossier.code, "title": each.title or None, "leaves": each.dossier.leaves}
        state = {"state": dossier_state_in_words(each.dossier.state, t), "where": each.dossier.where or None}
        asked.say(t("{dossier}  {title}  ({leaves} leaves): {state} {where}", **told, **state))
    if not found:
        asked.say(t("No dossier fits."))
    return Exit.OK


@dossier.command(
    cls=SpokenCommand, help=mark("Show one dossier: where it is, what the register says, and its whole way.")
)
@dossier_argument
@as_json
@click.pass_obj
def show(asked: Asked, reference: str, as_json: bool) -> Exit:
    """Print state, register and history of a dossier."""
    from custody.projections import Projections
    from desk import dossiers

    t = asked.t
    with asked.office() as office, office.database.reading() as session:
        (code,) = dossiers.resolve(session, [reference])
        steps = dossiers.history(session, code)
        holdings = Projections(session)
        seen = dossiers.described(session, dossiers.known(holdings, code))
        box = holdings.package(seen.dossier.where) if seen.dossier.state == "in-package" else None
    if as_json:
        told = [
            {"entry": seq, "kind": entry.KIND, "at": stamp.at, "by": stamp.by, "facts": dossiers.facts_of(entry, code)}
            for seq, entry, stamp in steps
        ]
        asked.say_json({**seen.as_json(), "package": asdict(box) if box else None, "history": told})
        return Exit.OK
    now = seen.dossier
    asked.say(t("{dossier}  {title}", dossier=code, title=seen.title or None))
    state = dossier_state_in_words(now.state, t)
    asked.say(t("{state} {where}, {leaves} leaves", state=state, where=now.where or None, leaves=now.leaves))
    if box is not None:
        told_box = {"package": box.code, "state": state_in_words(box.state, t), "place": box.place or None}
        asked.say(t("{package}: {state}, at {place}", **told_box))
    if now.deadline:
        asked.say(t("To be back by {moment}", moment=datetime.fromisoformat(now.deadline)))
    if now.holds:
        asked.say(t("Holds: {holds}", holds=list(now.holds)))
    for seq, entry, stamp in steps:
        did = kind_in_words(entry.KIND, t, getattr(entry, "to", ""))
        where = getattr(entry, "where", "") or getattr(entry, "receiver", "") or None
        told_line = {"entry": seq, "at": stamp.at, "did": did, "where": where, "signers": list(stamp.by)}
        asked.say("  " + t("{entry}  {at}  {did}: {where}; signed {signers}", **told_line))
    return Exit.OK


@dossier.group(cls=SpokenGroup, help=mark("Holds: a dossier under one may be neither destroyed nor transferred."))
def hold() -> None:
    """Hold the commands about holds."""


def hold_command(text: str, name: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a signed sub-command of `dossier hold`."""

    def made(run: Callable[..., Any]) -> click.Command:
        return hold.command(cls=SpokenCommand, help=text, name=name)(signed(as_json(click.pass_obj(run))))

    return made


@hold_command(mark("Set a hold on a dossier; a leader or inspector signs."), "set")
@dossier_argument
@click.argument("number", metavar="HOLD")
@click.option(
    "--reason", default="", metavar="REASON", help=mark("Why: a short code, or a text that is kept beside the log.")
)
def set_(
    asked: Asked, reference: str, number: str, reason: str, signers: Sequence[str], pins: Pins, as_json: bool
) -> Exit:
    """Set a hold."""
    from custody.entries_register import HoldSet
    from desk import dossiers

    def make(_holdings: Any, session: Any, enclosed: Any) -> Any:
        (code,) = dossiers.resolve(session, [reference])
        return (HoldSet(code, number, enclosed.reason, enclosed.names),)

    return record_all(asked, Signed(signers, pins, as_json), make, Enclosing(reason))


@hold_command(mark("Lift a hold by decision; two sign, a leader or inspector first."), "lift")
@dossier_argument
@click.argument("number", metavar="HOLD")
@click.option("--decision", default="", metavar="NUMBER", help=mark("The number of the decision."))
def lift(
    asked: Asked, reference: str, number: str, decision: str, signers: Sequence[str], pins: Pins, as_json: bool
) -> Exit:
    """Lift a hold."""
    from custody.entries_register import HoldLifted
    from desk import dossiers

    def make(_holdings: Any, session: Any, _enclosed: Any) -> Any:
        (code,) = dossiers.resolve(session, [reference])
        return (HoldLifted(code, number, decision),)

    return record_all(asked, Signed(signers, pins, as_json), make)
