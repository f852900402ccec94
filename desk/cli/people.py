"""Commands about who may sign, where things stand and what is guarded: people, place, post."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.pins import pin_for, pins_option
from desk.cli.spoken import SpokenGroup, mark

ROLE_WORDS = {
    "clerk": mark("clerk"),
    "archivist": mark("archivist"),
    "guard": mark("guard"),
    "leader": mark("leader"),
    "witness": mark("witness"),
    "inspector": mark("inspector"),
    "administrator": mark("administrator"),
}
KIND_WORDS = {
    "store": mark("store"),
    "room": mark("room"),
    "shelf": mark("shelf"),
    "bay": mark("bay"),
    "level": mark("level"),
}


@click.group(cls=SpokenGroup, help=mark("The people who sign: codes, roles, PINs, badges."))
def people() -> None:
    """Hold the commands about people."""


@people.command(help=mark("Add a person; the PIN is asked for."))
@click.argument("code", metavar="CODE")
@click.option("--name", required=True, metavar="NAME", help=mark("The person's name."))
@click.option("--unit", required=True, metavar="NAME", help=mark("The unit the person works in."))
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(list(ROLE_WORDS)),
    help=mark("What the person signs as; may be repeated."),
)
@click.option("--no-pin", is_flag=True, help=mark("Give no PIN yet; the person cannot sign until there is one."))
@pins_option
@as_json
@click.pass_obj
def add(
    asked: Asked,
    code: str,
    name: str,
    unit: str,
    roles: tuple[str, ...],
    no_pin: bool,
    pins: Path | None,
    as_json: bool,
) -> Exit:
    """Write a person down."""
    from desk import administering

    with asked.office() as office:
        pin = None if no_pin else pin_for(asked, code, pins, is_new=True)
        made = administering.add_person(office, "", code=code, name=name, unit=unit, roles=roles, pin=pin)
    _say(asked, person_facts(made), as_json)
    return Exit.OK


@people.command("list", help=mark("List all people, also those who left."))
@as_json
@click.pass_obj
def list_people(asked: Asked, as_json: bool) -> Exit:
    """Print one line for each person."""
    from archive import people as register

    with asked.office() as office, office.database.reading() as session:
        found = register.everyone(session)
    if as_json:
        asked.say_json([person_facts(each) for each in found])
        return Exit.OK
    t = asked.t
    for each in found:
        roles = [t(ROLE_WORDS[role]) for role in sorted(each.roles)]
        line = t("{code}  {name}, {unit} ({roles})", code=each.code, name=each.name, unit=each.unit, roles=roles)
        remark = "" if each.has_pin else t("cannot sign: no PIN") if each.active else t("has left")
        asked.say(f"{line}  {remark}".rstrip())
    return Exit.OK


@people.command(help=mark("Give a person a new PIN; wrong ones before are forgotten."))
@click.argument("code", metavar="CODE")
@pins_option
@as_json
@click.pass_obj
def pin(asked: Asked, code: str, pins: Path | None, as_json: bool) -> Exit:
    """Set a PIN."""
    from archive import people as register
    from desk import administering

    with asked.office() as office:
        with office.database.reading() as session:
            known = register.find(session, code)
        known = administering.set_pin(office, "", known.code, pin_for(asked, known.code, pins, is_new=True))
    _say(asked, person_facts(known), as_json)
    return Exit.OK


@people.command(help=mark("Let a person sign no more; their name stays in what they signed."))
@click.argument("code", metavar="CODE")
@click.option("--anyway", is_flag=True, help=mark("Also where the person can hand over no more what they answer for."))
@as_json
@click.pass_obj
def retire(asked: Asked, code: str, anyway: bool, as_json: bool) -> Exit:
    """End a person's signing."""
    from desk import administering

    with asked.office() as office:
        left = administering.retire(office, "", code, anyway=anyway)
    _say(asked, person_facts(left), as_json)
    return Exit.OK


@click.group(cls=SpokenGroup, help=mark("The places: stores, rooms, shelves, bays and levels."))
def place() -> None:
    """Hold the commands about places."""


@place.command("add", help=mark("Add one place."))
@click.argument("kind", metavar="KIND", type=click.Choice(list(KIND_WORDS)))
@click.argument("name", metavar="NAME")
@click.option("--in", "parent", metavar="PLACE", help=mark("The place it stands in, by path or code."))
@as_json
@click.pass_obj
def add_place(asked: Asked, kind: str, name: str, parent: str | None, as_json: bool) -> Exit:
    """Write a place down."""
    from desk import administering

    with asked.office() as office:
        made = administering.add_place(office, "", parent or "", kind, name)
    _say(asked, {**asdict(made), "code": made.code}, as_json)
    return Exit.OK


@place.command("range", help=mark("Add nested ranges: shelf=1-20 bay=A-F level=1-5."))
@click.argument("ranges", nargs=-1, required=True, metavar="KIND=FIRST-LAST…")
@click.option("--in", "parent", metavar="PLACE", help=mark("The place they stand in, by path or code."))
@as_json
@click.pass_obj
def add_range(asked: Asked, ranges: tuple[str, ...], parent: str | None, as_json: bool) -> Exit:
    """Write ranges of places down; those that stand already stay."""
    from desk import administering

    with asked.office() as office:
        made = administering.add_ranges(office, "", parent or "", ranges)
    if as_json:
        asked.say_json([asdict(each) for each in made])
    else:
        asked.say(asked.t("New places: {count}", count=len(made)))
    return Exit.OK


@place.command("list", help=mark("List places by path, with the codes of their labels."))
@click.argument("reference", required=False, metavar="[PLACE]")
@as_json
@click.pass_obj
def list_places(asked: Asked, reference: str | None, as_json: bool) -> Exit:
    """Print one line for each place."""
    from archive.refs import show_code

    found = _places(asked, reference)
    if as_json:
        asked.say_json([asdict(each) for each in found])
    for each in () if as_json else found:
        asked.say(f"{show_code(each.code)}  {asked.t(KIND_WORDS[each.kind])}  {each.path}")
    return Exit.OK


@place.command(help=mark("Show places as a tree."))
@click.argument("reference", required=False, metavar="[PLACE]")
@as_json
@click.pass_obj
def tree(asked: Asked, reference: str | None, as_json: bool) -> Exit:
    """Print places indented by what they stand in; as JSON nested under "inside"."""
    found = _places(asked, reference)
    if as_json:
        nodes: dict[str, dict[str, Any]] = {each.code: {**asdict(each), "inside": []} for each in found}
        for each in found:
            if each.parent in nodes:
                nodes[each.parent]["inside"].append(nodes[each.code])
        asked.say_json([nodes[each.code] for each in found if each.parent not in nodes])
        return Exit.OK
    top = min((each.path.count("/") for each in found), default=0)
    for each in found:
        asked.say("  " * (each.path.count("/") - top) + f"{asked.t(KIND_WORDS[each.kind])} {each.name}")
    return Exit.OK


@click.group(cls=SpokenGroup, help=mark("The guard posts: what a shift covers."))
def post() -> None:
    """Hold the commands about posts."""


@post.command("add", help=mark("Add a guard post."))
@click.argument("code", metavar="CODE")
@click.option("--name", required=True, metavar="NAME", help=mark("Its name."))
@click.option("--place", metavar="PLACE", help=mark("The place it guards, by path or code."))
@click.option(
    "--watch",
    "watches",
    multiple=True,
    metavar="HH:MM-HH:MM=N",
    help=mark("Guards needed at a time of day; one guard otherwise. May be repeated."),
)
@as_json
@click.pass_obj
def add_post(asked: Asked, code: str, name: str, place: str | None, watches: tuple[str, ...], as_json: bool) -> Exit:
    """Write a post down."""
    from archive import posts
    from desk import administering

    with asked.office() as office:
        wanted = [posts.read_watch(each) for each in watches]
        made = administering.add_post(office, "", code=code, name=name, place=place or "", watches=wanted)
    _say(asked, asdict(made), as_json)
    return Exit.OK


@post.command("list", help=mark("List the guard posts."))
@as_json
@click.pass_obj
def list_posts(asked: Asked, as_json: bool) -> Exit:
    """Print one line for each post."""
    from archive import posts

    with asked.office() as office, office.database.reading() as session:
        found = posts.every(session)
    if as_json:
        asked.say_json([asdict(each) for each in found])
    for each in () if as_json else found:
        needs = ", ".join(f"{watch.start}–{watch.end}: {watch.guards} {watch.on}".rstrip() for watch in each.watches)
        asked.say(f"{each.code}  {each.name}  {needs}".rstrip())
    return Exit.OK


def person_facts(person: Any) -> dict[str, object]:
    """Return a person with stable keys; nothing of the PIN but whether there is one."""
    return {**asdict(person), "roles": sorted(person.roles)}


def _places(asked: Asked, reference: str | None) -> list[Any]:
    from archive import places

    with asked.office() as office, office.database.reading() as session:
        return places.inside(session, places.find(session, reference).path if reference else None)


def _say(asked: Asked, facts: dict[str, object], as_json: bool) -> None:
    if as_json:
        asked.say_json(facts)
    else:
        asked.say(asked.t("{code}: written down.", code=facts["code"]))


COMMANDS: tuple[click.Command, ...] = (people, place, post)
