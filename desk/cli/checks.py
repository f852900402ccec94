"""Commands that look at the machine and the settings: doctor, settings."""

from __future__ import annotations

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.spoken import SpokenCommand, mark
from desk.messages import explain

SIGNS = {"ok": "✓", "note": "•", "wrong": "✗"}


@click.command(cls=SpokenCommand, help=mark("Say what was found, what is missing, and the command that mends it."))
@as_json
@click.pass_obj
def doctor(asked: Asked, as_json: bool) -> Exit:
    """Examine programs, folders, database, disk, clock and processes."""
    from desk.doctor import examine

    t, findings = asked.t, examine(asked.home, asked.variables)
    wrong = [each for each in findings if each.level == "wrong"]
    if as_json:
        rows = [
            {"code": each.code, "level": each.level, "facts": each.facts, **_told(each.code, each.facts, t.lang)}
            for each in findings
        ]
        asked.say_json({"healthy": not wrong, "findings": rows})
        return Exit.FINDINGS if wrong else Exit.OK
    for each in findings:
        told = explain(each.code, each.facts, t.lang)
        asked.say(f"{SIGNS[each.level]} {told.what}")
        if each.level != "ok":
            asked.say("\n".join(f"    {line}" for line in (told.why, told.next) if line))
    asked.say(
        t.n("{number} thing is wrong.", "{number} things are wrong.", len(wrong)) if wrong else t("Nothing is wrong.")
    )
    return Exit.FINDINGS if wrong else Exit.OK


def _told(code: str, facts: dict[str, object], lang: str) -> dict[str, str]:
    told = explain(code, facts, lang)
    return {"what": told.what, "why": told.why, "next": told.next}


@click.command(cls=SpokenCommand, help=mark("List every setting with its value and its sentence."))
@click.option("--defaults", is_flag=True, help=mark("The defaults instead of this station's values."))
@as_json
@click.pass_obj
def settings(asked: Asked, defaults: bool, as_json: bool) -> Exit:
    """Print the settings in the order of the settings file."""
    from archive.settings import Settings, explained

    rows = explained(Settings(home=asked.home) if defaults else asked.settings())
    if as_json:
        asked.say_json({name: {"value": value, "sentence": sentence} for name, value, sentence in rows})
        return Exit.OK
    for name, value, sentence in rows:
        asked.say(f"# {asked.t(sentence)}")
        asked.say(f"{name} = {value!r}" if not isinstance(value, str) else f'{name} = "{value}"')
    return Exit.OK
