"""The documents say what is so: commands, dependencies, and the paths they name."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import click

from desk.cli import commands, reference
from desk.cli.main import luutru

ROOT = Path(__file__).resolve().parent.parent


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[><=;! ]", each, maxsplit=1)[0].lower() for each in requirements}


def test_the_command_reference_is_made_from_the_commands() -> None:
    """Run `python -m desk.cli.reference > docs/cli.md` after a change."""
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == reference.compose()


def test_the_list_of_settings_is_made_from_the_settings() -> None:
    """Run `python -m desk.cli.reference settings > docs/settings.md` after a change."""
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == reference.compose_settings()


def test_every_dependency_is_chosen_and_nothing_else_is_listed() -> None:
    """docs/dependencies.md names what pyproject.toml does, with licence and reason."""
    described = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = _names(described["project"]["dependencies"])
    for group in (described["project"]["optional-dependencies"], described["dependency-groups"]):
        for requirements in group.values():
            wanted |= _names(requirements)
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([a-z0-9-]+) \| [^|]+ \| [^|]+ \| [^|]+ \| [^|]+ \|$", text, re.MULTILINE)
    assert set(rows) - {"package"} == wanted


def test_what_the_documents_link_to_exists() -> None:
    """No link of the README or of docs/ leads nowhere."""
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_lock_has_hashes_and_names_no_index() -> None:
    """A machine's own package index is its own matter."""
    for lock in ROOT.glob("requirements*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text


def _command_lines() -> list[str]:
    """Return every command of luutru that the README and docs/ show on a line of its own."""
    lines: list[str] = []
    for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        if page.name != "cli.md":
            text = page.read_text(encoding="utf-8")
            lines += re.findall(r"^ *(?:\w+\$ )?(?:\./run|luutru) +([a-z].*)$", text, re.MULTILINE)
    return lines


def _refusal(line: str) -> str:
    """Return why a line cannot be typed as it stands, "" where it can; nothing is run and no value looked at."""
    command: click.Command = commands.all_of(luutru)
    words = shlex.split(line, comments=True)
    try:
        while isinstance(command, click.Group):
            name, found = words[0], command.get_command(click.Context(command), words[0])
            if found is None:
                return f"no command {name}"
            command, words = found, words[1:]
        _, left, _ = command.make_parser(click.Context(command)).parse_args(words)
    except click.UsageError as error:
        return str(error)
    return f"too much: {left}" if left else ""


def test_every_command_shown_in_the_documents_can_be_typed() -> None:
    """Its words, options and number of arguments are those of the command."""
    shown = _command_lines()
    assert len(shown) > 30
    assert {line: told for line in shown if (told := _refusal(line))} == {}


def test_a_container_is_built_without_the_environment_of_the_machine_it_is_built_on() -> None:
    """`COPY . .` comes after the container's own environment, and a checkout that ran `./run` holds another one."""
    left_out = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".venv", ".tools", ".git"} <= set(left_out)


def test_the_station_of_the_city_set_up_waits_until_its_database_answers() -> None:
    """Without a health check the station starts beside a database that is still being made, fails, and stays down."""
    database, station = (ROOT / "compose.yaml").read_text(encoding="utf-8").split("\n  station:\n")
    assert "healthcheck: {test: ['CMD-SHELL', 'pg_isready " in database
    assert "depends_on: {database: {condition: service_healthy}}" in station
    assert "restart: unless-stopped" in database
    assert "restart: unless-stopped" in station
