"""The command reference, made from the commands themselves: `python -m desk.cli.reference > docs/cli.md`."""

from __future__ import annotations

import contextlib
import io

import click

from desk.cli import commands
from desk.cli.exits import MEANING
from desk.cli.main import answer, luutru


def compose() -> str:
    """Return docs/cli.md: every command's own help, and the exit codes."""
    root = commands.all_of(luutru)
    parts = ["# The command `luutru`\n\nThis page is made from the commands; a test keeps it so.\n"]
    parts += [_section(path) for path in [(), *_paths(root, ())]]
    rows = "\n".join(f"| {int(code)} | `{code.name}` | {sentence} |" for code, sentence in MEANING.items())
    parts.append(f"## Exit codes\n\n| code | name | meaning |\n|---|---|---|\n{rows}\n")
    return "\n".join(parts)


def _paths(group: click.Group, before: tuple[str, ...]) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, command in group.commands.items():
        if command.hidden:
            continue
        found.append((*before, name))
        if isinstance(command, click.Group):
            found += _paths(command, (*before, name))
    return found


def _section(path: tuple[str, ...]) -> str:
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        answer([*path, "--help", "--lang", "en"], {})
    title = " ".join(("luutru", *path))
    return f"## {title}\n\n```\n{shown.getvalue().strip()}\n```\n"


if __name__ == "__main__":
    print(compose(), end="")
