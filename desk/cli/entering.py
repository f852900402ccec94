"""Commands about signing in to the pages: people link, people sign-out."""

from __future__ import annotations

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.people import people
from desk.cli.spoken import SpokenCommand, mark


@people.command(cls=SpokenCommand, help=mark("Print a link that makes an administrator; it works once, for a day."))
@as_json
@click.pass_obj
def link(asked: Asked, as_json: bool) -> Exit:
    """Make a new link; those before it stop working."""
    from archive import sessions

    with asked.office() as office, office.database.atomic() as session:
        secret = sessions.make_link(session, office.clock.now())
        host, port = office.settings.host, office.settings.port
    address = f"http://[{host}]:{port}/setup/{secret}" if ":" in host else f"http://{host}:{port}/setup/{secret}"
    if as_json:
        asked.say_json({"address": address})
    else:
        asked.say(address)
    return Exit.OK


@people.command("sign-out", cls=SpokenCommand, help=mark("End every session and token of a person."))
@click.argument("code", metavar="CODE")
@as_json
@click.pass_obj
def sign_out(asked: Asked, code: str, as_json: bool) -> Exit:
    """Sign a person out everywhere, as when a phone was lost."""
    from desk import administering

    with asked.office() as office:
        person, ended = administering.sign_out(office, "", code)
    who = person.code
    if as_json:
        asked.say_json({"person": who, "ended": ended})
    else:
        asked.say(asked.t.n("{code}: {number} session ended.", "{code}: {number} sessions ended.", ended, code=who))
    return Exit.OK
