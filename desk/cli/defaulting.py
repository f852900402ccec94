"""A group of commands with one that is meant where none is named: `luutru label LIST` is `luutru label list LIST`."""

from __future__ import annotations

from typing import Any

import click

from desk.cli.spoken import SpokenGroup

# Options before a sub-command that take a value, and those that are the group's own.
_GLOBAL = frozenset({"--home", "--lang"})


class DefaultingGroup(SpokenGroup):
    """A group whose `default` command is run when the first word is no command and not --help."""

    def __init__(self, *args: Any, default: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.default = default

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the default command in its place."""
        at = 0
        while at < len(args) and args[at].partition("=")[0] in _GLOBAL:
            at += 1 if "=" in args[at] else 2
        if at < len(args) and args[at] not in self.commands and args[at] != "--help":
            args = [*args[:at], self.default, *args[at:]]
        return super().parse_args(ctx, args)
