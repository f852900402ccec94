"""Commands at the gate and about what happened: visitor, keys, incident, paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.signing import Signed, must_agree, signed, signing_of, yes_option
from desk.cli.spoken import SpokenCommand, SpokenGroup, mark
from desk.stock_words import PURPOSES

Pins = Path | None
Command = Callable[[Callable[..., Exit]], click.Command]


@click.group(cls=SpokenGroup, help=mark("Visitors: who came in, who answers for them, when they left."))
def visitor() -> None:
    """Hold the commands about visitors."""


@click.group(cls=SpokenGroup, help=mark("Keys: who took which, and until when."))
def keys() -> None:
    """Hold the commands about keys."""


def signed_in(group: Any, help: str, **more: Any) -> Command:
    """Make a signed command of a group."""

    def wrap(run: Callable[..., Exit]) -> click.Command:
        command = click.pass_obj(as_json(signed(run)))
        made: click.Command = group.command(cls=SpokenCommand, help=help, **more)(command)
        return made

    return wrap


def say(asked: Asked, value: Any, as_json: bool, line: str) -> Exit:
    """Answer with a value as JSON, or with one line."""
    if as_json:
        asked.say_json(asdict(value))
    else:
        asked.say(line)
    return Exit.OK


@signed_in(visitor, mark("Let a visitor in; the guard signs."), name="in")
@click.option("--name", required=True, metavar="NAME", help=mark("The visitor's name."))
@click.option("--paper", default="", metavar="NUMBER", help=mark("The number of the identity paper."))
@click.option("--from", "body", default="", metavar="BODY", help=mark("Who sent the visitor."))
@click.option("--host", required=True, metavar="PERSON", help=mark("Who answers for the visitor inside."))
@click.option("--purpose", type=click.Choice(list(PURPOSES)), default="work", help=mark("Why the visitor comes."))
@click.option("--place", default="", metavar="PLACE", help=mark("Where the visitor goes."))
def in_(asked: Asked, signers: Sequence[str], pins: Pins, as_json: bool, **given: str) -> Exit:
    """Record a visitor."""
    from desk import gatekeeping

    guest = gatekeeping.Guest(given["name"], given["paper"], given["body"])
    signing = signing_of(asked, Signed(signers, pins, as_json))
    with asked.office() as office:
        visit = gatekeeping.come_in(office, guest, given["host"], given["purpose"], given["place"], signing)
    return say(
        asked, visit, as_json, asked.t("{name} is inside, visit {number}.", name=guest.name, number=visit.number)
    )


@signed_in(visitor, mark("Record that a visitor left."))
@click.argument("number", metavar="NUMBER")
def out(asked: Asked, number: str, signers: Sequence[str], pins: Pins, as_json: bool) -> Exit:
    """Record the end of a visit."""
    from desk import gatekeeping

    signing = signing_of(asked, Signed(signers, pins, as_json))
    with asked.office() as office:
        visit = gatekeeping.leave(office, number.strip().upper(), signing)
    return say(asked, visit, as_json, asked.t("Visit {number} ended.", number=visit.number))


@visitor.command(cls=SpokenCommand, name="list", help=mark("List visits."))
@click.option("--inside", is_flag=True, help=mark("Only those who are still inside."))
@as_json
@click.pass_obj
def list_visits(asked: Asked, inside: bool, as_json: bool) -> Exit:
    """Print a line for each visit."""
    from desk import gatekeeping

    with asked.office() as office:
        found = gatekeeping.visits(office, inside=inside)
    if as_json:
        asked.say_json([{**asdict(visit), "who": asdict(who) if who else None} for visit, who in found])
        return Exit.OK
    t = asked.t
    for visit, who in found:
        name = who.name if who and who.name else t("(name erased)")
        left = visit.left_at or t("inside")
        asked.say(f"{visit.number}  {name}  {t(PURPOSES[visit.purpose])}  {visit.host}  {visit.came_at}  {left}")
    if not found:
        asked.say(t("Nobody is inside.") if inside else t("No visitor was written down yet."))
    return Exit.OK


@visitor.command(cls=SpokenCommand, help=mark("Forget who a visitor was; the log keeps the visit under its code."))
@click.argument("code", metavar="VISITOR")
@yes_option
@as_json
@click.pass_obj
def erase(asked: Asked, code: str, yes: bool, as_json: bool) -> Exit:
    """Erase a name, the number of a paper and who sent the visitor."""
    from archive import gate

    must_agree(
        asked, asked.t("Erase who visitor {code} was? Nothing brings it back.", code=code), yes=yes, as_json=as_json
    )
    with asked.office() as office, office.database.atomic() as session:
        who = gate.erase(session, code.strip().upper(), office.clock.now())
    return say(asked, who, as_json, asked.t("Erased: {code}", code=who.code))


@keys.command(cls=SpokenCommand, help=mark("Write a key down."))
@click.argument("code", metavar="KEY")
@click.option("--name", required=True, metavar="NAME", help=mark("What the key opens."))
@click.option("--place", default="", metavar="PLACE", help=mark("The place it opens."))
@as_json
@click.pass_obj
def add(asked: Asked, code: str, name: str, place: str, as_json: bool) -> Exit:
    """Add a key to the key box."""
    from archive import gate
    from desk.stocktaking import place_of

    with asked.office() as office, office.database.atomic() as session:
        made = gate.add_key(
            session, code=code, name=name, place=place_of(session, place) if place else "", now=office.clock.now()
        )
    return say(asked, made, as_json, f"{made.code}  {made.name}")


@keys.command(cls=SpokenCommand, help=mark("Take a key out of use."))
@click.argument("code", metavar="KEY")
@as_json
@click.pass_obj
def retire(asked: Asked, code: str, as_json: bool) -> Exit:
    """Retire a key; it stays on the list."""
    from archive import gate

    with asked.office() as office, office.database.atomic() as session:
        known = gate.retire_key(session, code, office.clock.now())
    return say(asked, known, as_json, asked.t("Key {code} is out of use.", code=known.code))


@signed_in(keys, mark("Take a key; whoever takes it signs."))
@click.argument("code", metavar="KEY")
@click.option("--until", default="", metavar="MOMENT", help=mark("The deadline; otherwise 17:00 today."))
def take(asked: Asked, code: str, until: str, signers: Sequence[str], pins: Pins, as_json: bool) -> Exit:
    """Record who has a key from now on."""
    from desk import gatekeeping

    how = Signed(signers, pins, as_json)
    signing = signing_of(asked, how)
    with asked.office() as office:
        key = gatekeeping.take_key(office, code, how.first, until, signing)
    facts = {"code": key.code, "holder": key.holder, "deadline": key.deadline}
    return say(asked, key, as_json, asked.t("{holder} has key {code} until {deadline}.", **facts))


@signed_in(keys, mark("Record that a key came back."), name="return")
@click.argument("code", metavar="KEY")
def return_(asked: Asked, code: str, signers: Sequence[str], pins: Pins, as_json: bool) -> Exit:
    """Record that a key is in its box again."""
    from desk import gatekeeping

    signing = signing_of(asked, Signed(signers, pins, as_json))
    with asked.office() as office:
        key = gatekeeping.return_key(office, code, signing)
    return say(asked, key, as_json, asked.t("Key {code} is back.", code=key.code))


@keys.command(cls=SpokenCommand, name="list", help=mark("List all keys and who has them."))
@as_json
@click.pass_obj
def list_keys(asked: Asked, as_json: bool) -> Exit:
    """Print a line for each key."""
    from desk import gatekeeping

    with asked.office() as office:
        found = gatekeeping.keys(office)
    if as_json:
        asked.say_json([{**asdict(key), "out": asdict(out) if out else None} for key, out in found])
        return Exit.OK
    t = asked.t
    for key, out in found:
        where = (
            t("with {holder} until {deadline}", holder=out.holder, deadline=out.deadline) if out else t("in its box")
        )
        asked.say(f"{key.code}  {key.name}  {where if key.active or out else t('out of use')}")
    if not found:
        asked.say(t("No key was written down yet. Add one with: luutru keys add CODE --name NAME"))
    return Exit.OK


COMMANDS: tuple[click.Command, ...] = (visitor, keys)
