"""The command that fills a playground: demo."""

from __future__ import annotations

from pathlib import Path

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.spoken import SpokenCommand, mark

FOLDER = "luutru-playground"


@click.command(
    cls=SpokenCommand,
    help=mark("Fill a playground with made-up papers, people and days of guarding; never a home with a real station."),
)
@as_json
@click.pass_obj
def demo(asked: Asked, as_json: bool) -> Exit:
    """Make the playground, or leave it as it stands, and say who can sign in with which PIN."""
    from archive.clock import MachineClock
    from desk import demo as play
    from desk.cli.people import ROLE_WORDS

    t = asked.t
    home = asked.home if asked.home_option else playground_home(asked)

    def advance(step: str) -> None:
        told = {
            "office": t("The office: people, places, a guard post…"),
            "days": t("Its last days: lists, boxes, seals, guards, rounds…"),
            "scans": t("Its scans: drawn, taken in, the first ones read…"),
        }
        asked.note(told[step])

    done = play.make(home, asked.variables, MachineClock(), advance)
    if as_json:
        people = [{"code": each.code, "name": each.name, "roles": each.roles, "pin": each.pin} for each in play.LOGINS]
        asked.say_json({"home": home, "made": bool(done), "holds": done, "people": people})
        return Exit.OK
    asked.say(
        t("A playground stands in {home}", home=home) if done else t("The playground in {home} stands", home=home)
    )
    if done:
        asked.say(
            t(
                "It holds {dossiers} dossiers, {boxes} sealed boxes, {rounds} rounds, {hand_overs} hand-overs and "
                "{scans} scans.",
                **done,
            )
        )
    asked.say(t("Who can sign in, with which PIN:"))
    for each in play.LOGINS:
        roles = ", ".join(t(ROLE_WORDS[role]) for role in each.roles)
        asked.say(f"  {each.code:<6}{each.pin:<10}{each.name} ({roles})")
    asked.say(t("Start it with: {command}", command=f"luutru serve --home {home}"))
    asked.say(t("To begin anew, delete the folder."))
    return Exit.OK


def playground_home(asked: Asked) -> Path:
    """Return where a playground stands when no home is named: beside the default home, never in it."""
    return Path(asked.environment.get("HOME", ".")).absolute() / FOLDER


COMMANDS: tuple[click.Command, ...] = (demo,)
