"""The references, made from the program itself.

`python -m desk.cli.reference > docs/cli.md` and `python -m desk.cli.reference settings > docs/settings.md`.
"""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path

import click

from archive.settings import Settings, explained
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


def compose_settings() -> str:
    """Return docs/settings.md: every key with its default, its variable and its sentence."""
    rows = "\n".join(
        f"| `{name}` | `{value!r}` | `LUUTRU_{name.upper()}` | {sentence} |"
        for name, value, sentence in explained(Settings(home=Path()))
    )
    return (
        "# Settings\n\nThis page is made from the program; a test keeps it so.\n\n"
        "A station reads `luutru.toml` in its home; a variable of the environment goes before the file.\n\n"
        f"| key | default | variable | meaning |\n|---|---|---|---|\n{rows}\n"
    )


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
    print(compose_settings() if sys.argv[1:] == ["settings"] else compose(), end="")
