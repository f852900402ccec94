"""Commands that speak the person's language: help, usage and the options every command understands.

The `help=` of a command or option is a msgid; it is turned into words only when it is shown, because the language is
not known before the command line is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import click
from click.exceptions import NoSuchCommand, NoSuchOption

from desk.cli.asked import Asked
from desk.words import LANGUAGES, Words


def mark(msgid: str) -> str:
    """Mark a msgid that is said elsewhere, for the catalogues."""
    return msgid


CLICK_HELP = mark("Show this message and exit.")


def words_of(ctx: click.Context) -> Words:
    """Return the words of the language this run speaks."""
    asked = ctx.find_object(Asked)
    assert asked is not None
    return asked.t


class SpokenCommand(click.Command):
    """A command that understands the global options and explains itself in the person's language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += global_options()

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = self.collect_usage_pieces(ctx)
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=words_of(ctx)("Usage: "))

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Name the arguments in the usage line as they were declared."""
        pieces = super().collect_usage_pieces(ctx)
        t = words_of(ctx)
        return [t("[OPTIONS]") if each == "[OPTIONS]" else each for each in pieces]

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        if self.help:
            formatter.write_paragraph()
            with formatter.indentation():
                formatter.write_text(words_of(ctx)(self.help))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, the command's own first."""
        write_options(self, ctx, formatter)


class SpokenGroup(SpokenCommand, click.Group):
    """A group of spoken commands."""

    command_class = SpokenCommand

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, then the options."""
        t = words_of(ctx)
        rows = [
            (name, t(command.help or "").split("\n\n")[0])
            for name in self.list_commands(ctx)
            if (command := self.get_command(ctx, name)) is not None and not command.hidden
        ]
        with formatter.section(t("Commands")):
            formatter.write_dl(rows)
        write_options(self, ctx, formatter)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Name the place of the sub-command."""
        return [words_of(ctx)("[OPTIONS]"), words_of(ctx)("COMMAND …")]

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Keep the order in which the commands were added: the order of a station's day."""
        return list(self.commands)


SpokenGroup.group_class = SpokenGroup


def write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """Write one line for each option."""
    t = words_of(ctx)
    rows = []
    for option in command.get_params(ctx):
        if not isinstance(option, click.Option) or option.hidden:
            continue
        names = ", ".join([*option.opts, *option.secondary_opts])
        if not option.is_flag and not option.count:
            names += f" {option.make_metavar(ctx)}"
        rows.append((names, t(option.help or "")))
    with formatter.section(t("Options")):
        formatter.write_dl(rows)


def global_options() -> list[click.Parameter]:
    """Return the options that every command understands, before and after the sub-command."""
    return [
        click.Option(
            ["--home"],
            metavar="DIR",
            expose_value=False,
            callback=_store("home_option"),
            help=mark("The station's folder; otherwise LUUTRU_HOME, otherwise luutru-data in your own folder."),
        ),
        click.Option(
            ["--lang"],
            type=click.Choice(LANGUAGES),
            expose_value=False,
            callback=_store("lang"),
            help=mark("Language of messages; otherwise that of LC_ALL or LANG, otherwise Vietnamese."),
        ),
    ]


def usage_problem(error: click.UsageError) -> tuple[str, dict[str, object]]:
    """Return the code and facts of a misuse of the command line."""
    command = error.ctx.command_path if error.ctx else "luutru"
    facts: dict[str, object] = {"command": command, "detail": error.message}
    if isinstance(error, NoSuchOption):
        return "usage-no-such-option", {**facts, "option": error.option_name}
    if isinstance(error, NoSuchCommand):
        return "usage-no-such-command", {**facts, "name": error.command_name}
    if isinstance(error, click.MissingParameter):
        return "usage-missing", {**facts, "parameter": _name_of(error.param, error.ctx)}
    if isinstance(error, click.BadParameter) and isinstance(getattr(error.param, "type", None), click.Path):
        named = re.search(r"'(?P<path>.*)'", error.message, re.DOTALL)
        return "usage-no-such-file", {
            **facts, "parameter": _name_of(error.param, error.ctx), "path": named["path"] if named else "–",
        }  # fmt: skip  # one set of facts
    if isinstance(error, click.BadParameter):
        # Click names the value only inside its English sentence: "'x' is not…", "0 is not in the range…".
        named = re.match(r"'(?P<quoted>.*?)' |(?P<bare>\S+) is ", error.message, re.DOTALL)
        value = (named["quoted"] or named["bare"]) if named else None
        wanted = _wanted(error.param) or error.message
        shown = value if value is not None else "…"
        return "usage-bad-value", {
            **facts,
            "parameter": _name_of(error.param, error.ctx),
            "value": shown,
            "wanted": wanted,
        }
    if "Missing command" in error.message:
        return "usage-missing", {**facts, "parameter": "COMMAND"}
    return "usage-wrong", facts


def _name_of(param: click.Parameter | None, ctx: click.Context | None) -> str:
    if isinstance(param, click.Option):
        return param.opts[0]
    return param.make_metavar(ctx) if param is not None and ctx is not None else "COMMAND"


def _wanted(param: click.Parameter | None) -> str:
    if param is None:
        return ""
    if isinstance(param.type, click.Choice):
        return " | ".join(map(str, param.type.choices))
    if isinstance(param.type, click.IntRange | click.FloatRange):
        low, high = param.type.min, param.type.max
        return f"{'' if low is None else low} … {'' if high is None else high}"
    if isinstance(param.type, click.DateTime):
        return "YYYY-MM-DD"
    if isinstance(param.type, click.Tuple):
        return " ".join("0, 1, 2 …" for _ in param.type.types)
    return "1, 2, 3 …" if param.type is click.INT else ""


def _store(name: str) -> Callable[[click.Context, click.Parameter, str | None], None]:
    def store(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
        asked = ctx.find_object(Asked)
        if name == "home_option" and value is not None and not value.strip():
            # An unset variable in a script must not work on the folder of somebody else's station.
            raise click.MissingParameter(ctx=ctx, param=param)
        if value is not None and asked is not None:
            setattr(asked, name, value)

    return store


def language_in(arguments: Sequence[str]) -> str | None:
    """Find --lang on a command line that may not be understood, so that even its refusal speaks that language."""
    for place, argument in enumerate(arguments):
        if argument == "--":
            return None
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
        if argument == "--lang" and place + 1 < len(arguments):
            return arguments[place + 1]
    return None
