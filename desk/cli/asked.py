"""What the person asked for around every command: which home, which language, on which streams."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.settings import Settings, default_home, load
from desk.words import Words, language_of, translator

if TYPE_CHECKING:
    from desk.office import Office


@dataclass
class Asked:
    """The global choices of one run; options before and after the sub-command write into it."""

    environment: Mapping[str, str]
    lang: str | None = None
    home_option: str | None = None
    doing: str = "luutru"
    overrides: dict[str, str] = field(default_factory=dict)

    @property
    def t(self) -> Words:
        """The words of the language that was asked for."""
        return translator(language_of(self.environment, self.lang))

    @property
    def home(self) -> Path:
        """The station's folder."""
        return Path(self.home_option).expanduser().absolute() if self.home_option else default_home(self.environment)

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment, with options that stand for a setting laid over it."""
        return {**self.environment, **{f"LUUTRU_{name.upper()}": value for name, value in self.overrides.items()}}

    def settings(self) -> Settings:
        """Read the settings without opening anything."""
        return load(self.home, self.variables)

    @contextmanager
    def office(self, *, distrusting: bool = True) -> Iterator[Office]:
        """Open the station for the length of a `with` block; see `open_office` for `distrusting`."""
        # Imported here because opening the database library takes longer than printing a help text.
        from desk.office import open_office

        office = open_office(self.home, self.variables, distrusting=distrusting)
        try:
            yield office
        finally:
            office.close()

    def say(self, text: str = "") -> None:
        """Print a line of the answer (standard output)."""
        click.echo(text)

    def note(self, text: str) -> None:
        """Print a remark beside the answer (standard error)."""
        click.echo(text, err=True)

    def say_json(self, value: object) -> None:
        """Print a value as JSON: keys as they are, times in ISO 8601, paths and odd bytes as text."""
        click.echo(json.dumps(_printable(value), ensure_ascii=False, indent=2))


def _printable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_printable(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool | int | float) or value is None:
        return value
    text = os.fsdecode(value) if isinstance(value, bytes) else str(value)
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def make_streams_safe() -> None:
    """Let the output streams escape what their encoding cannot carry instead of failing halfway through an answer."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
