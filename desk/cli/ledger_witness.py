"""Neighbours on the command line: who cosigns our log (witness), and whose logs we cosign (watched)."""

from __future__ import annotations

from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.ledger import ledger
from desk.cli.ledger_keys import AGREED
from desk.cli.pins import is_agreed
from desk.cli.spoken import SpokenCommand, SpokenGroup, mark
from desk.messages import explain


@ledger.group(cls=SpokenGroup, help=mark("Neighbours that cosign the heads of this log: add, list, ask, remove."))
def witness() -> None:
    """Hold the commands about neighbours that cosign."""


@witness.command(cls=SpokenCommand, help=mark("Have a neighbour cosign every new head."))
@click.argument("name", metavar="NAME")
@click.argument("key", metavar="KEY")
@click.argument("url", metavar="URL")
@click.pass_obj
def add(asked: Asked, name: str, key: str, url: str) -> Exit:
    """Take a neighbour in; it is asked at the next minute."""
    from custody import neighbours, notes
    from desk import cosigning, ledgering

    t = asked.t
    known, address = notes.parse_verifier(key, notes.COSIGNATURE), cosigning.check_url(url)
    with asked.office() as office:
        with office.database.atomic() as session:
            neighbours.add(session, name, known, address)
        ours = str(ledgering.open_keys(office.settings).known[0])
    asked.say(t("{name} is asked to cosign every new head: {url}", name=name, url=address))
    asked.say(t("It needs the key of this log: {key}", key=ours))
    return Exit.OK


@witness.command(
    name="list", cls=SpokenCommand, help=mark("Show the neighbours, what they signed and what is pending.")
)
@as_json
@click.pass_obj
def list_(asked: Asked, as_json: bool) -> Exit:
    """List the neighbours that cosign."""
    from custody import neighbours, signing

    with asked.office(distrusting=False) as office, office.database.reading() as session:
        rows = neighbours.everyone(session)
        newest = max((size for size, _ in signing.all_notes(session)), default=0)
    if as_json:
        asked.say_json([_plain(each, newest) for each in rows])
        return Exit.OK
    if not rows:
        asked.say(asked.t("No neighbour cosigns this log. Take one in with: luutru ledger witness add NAME KEY URL"))
    for each in rows:
        asked.say(_tell(asked, each, newest))
    return Exit.OK


@witness.command(cls=SpokenCommand, help=mark("Ask every neighbour now; otherwise they are asked each minute."))
@as_json
@click.pass_obj
def ask(asked: Asked, as_json: bool) -> Exit:
    """Ask, and show how each stands; the exit code tells of evidence against this log."""
    from custody import neighbours, signing
    from desk import cosigning

    with asked.office() as office:
        outcomes = cosigning.ask_all(office)
        with office.database.reading() as session:
            rows = neighbours.everyone(session)
            newest = max((size for size, _ in signing.all_notes(session)), default=0)
    if as_json:
        asked.say_json([_plain(each, newest) for each in rows])
    else:
        for each in rows:
            asked.say(_tell(asked, each, newest))
    if any(each.trouble in neighbours.AGAINST_US for each in outcomes):
        return Exit.FINDINGS
    return Exit.NOT_READY if any(each.trouble for each in outcomes) else Exit.OK


@witness.command(cls=SpokenCommand, help=mark("Ask a neighbour no longer; what it signed stays."))
@click.argument("name", metavar="NAME")
@click.pass_obj
def remove(asked: Asked, name: str) -> Exit:
    """Take a neighbour off the list."""
    from custody import neighbours

    with asked.office() as office, office.database.atomic() as session:
        neighbours.remove(session, name)
    asked.say(asked.t("{name} is asked no longer. What it signed stays beside the heads.", name=name))
    return Exit.OK


@ledger.group(cls=SpokenGroup, help=mark("Logs of other offices that this station cosigns: key, add, list, remove."))
def watched() -> None:
    """Hold the commands about the logs of others."""


@watched.command(cls=SpokenCommand, help=mark("Show the key this station cosigns with, for the offices that ask it."))
@as_json
@click.pass_obj
def key(asked: Asked, as_json: bool) -> Exit:
    """Print the public half of the witness key, and whether the page answers."""
    from desk import ledgering

    t = asked.t
    with asked.office() as office:
        told, is_on = str(ledgering.open_witness_key(office.settings).verifier), office.settings.witness == "on"
    if as_json:
        asked.say_json({"key": told, "on": is_on})
        return Exit.OK
    asked.say(told)
    if not is_on:
        asked.note(t('Nobody can ask yet: set witness = "on" in luutru.toml and start the station again.'))
    return Exit.OK


@watched.command(name="add", cls=SpokenCommand, help=mark("Cosign another office's log, or add a new key of it."))
@click.argument("key", metavar="KEY")
@click.option("--origin", default="", metavar="NAME", help=mark("The log's name, where it is not that of its key."))
@click.pass_obj
def watch(asked: Asked, key: str, origin: str) -> Exit:
    """Introduce a log."""
    from custody import notes, witnessing
    from desk import ledgering

    t = asked.t
    known = notes.parse_verifier(key)
    with asked.office() as office:
        with office.database.atomic() as session:
            made = witnessing.watch(session, known, origin)
        ours = str(ledgering.open_witness_key(office.settings).verifier)
    asked.say(
        t.n(
            "{origin} is cosigned, {number} key.",
            "{origin} is cosigned, {number} keys.",
            len(made.keys),
            origin=made.origin,
        )
    )
    asked.say(t("That office needs this key: {key}", key=ours))
    return Exit.OK


@watched.command(name="list", cls=SpokenCommand, help=mark("Show the logs of others and the last head of each."))
@as_json
@click.pass_obj
def list_watched(asked: Asked, as_json: bool) -> Exit:
    """List the logs this station cosigns."""
    from custody import witnessing

    t = asked.t
    with asked.office(distrusting=False) as office, office.database.reading() as session:
        rows = witnessing.watched(session)
    if as_json:
        asked.say_json(
            [
                {"origin": each.origin, "keys": list(map(str, each.keys)), "size": each.size, "at": each.cosigned_at}
                for each in rows
            ]
        )
        return Exit.OK
    if not rows:
        asked.say(t("This station cosigns no log. Take one in with: luutru ledger watched add KEY"))
    for each in rows:
        if each.cosigned_at is None:
            asked.say(t("{origin}: nothing cosigned yet", origin=each.origin))
        else:
            facts = {"origin": each.origin, "size": each.size, "moment": each.cosigned_at}
            asked.say(t("{origin}: {size} entries, cosigned {moment}", **facts))
    return Exit.OK


@watched.command(
    name="remove",
    cls=SpokenCommand,
    help=mark("Forget a log. Added again it begins anew, which a log that lost entries needs; its last head is kept."),
)
@click.argument("origin", metavar="NAME")
@AGREED
@click.pass_obj
def forget(asked: Asked, origin: str, yes: bool) -> Exit:
    """Forget a log once the person agrees; keep its last head as a file."""
    from desk import ledgering

    t = asked.t
    with asked.office() as office:
        if not yes and not is_agreed(asked, t("Forget what this station saw of {origin}?", origin=origin)):
            asked.note(t("Nothing was changed."))
            return Exit.INTERRUPTED
        path = ledgering.forget_watched(office, origin)
    asked.say(t("{origin} is no longer cosigned.", origin=origin))
    if path is not None:
        asked.say(t("Its last head is kept: {path}", path=path))
    return Exit.OK


def _plain(each: Any, newest: int) -> dict[str, Any]:
    return {
        "name": each.name,
        "key": str(each.key),
        "url": each.url,
        "signed": each.size,
        "pending": each.size != newest or bool(each.trouble),
        "asked_at": each.asked_at,
        "trouble": each.trouble,
        "detail": each.detail,
    }


def _tell(asked: Asked, each: Any, newest: int) -> str:
    t = asked.t
    facts = {"name": each.name, "size": each.size, "newest": newest, "url": each.url}
    if each.trouble:
        told = explain(each.trouble, {"name": each.name, "detail": each.detail, "url": each.url}, t.lang)
        return "✗ " + str(told).replace("\n", "\n    ")
    if each.size == newest and newest:
        return t("{name}: cosigned up to the newest head, {size} entries", **facts)
    return t("{name}: pending; signed {size} of {newest} entries", **facts)
