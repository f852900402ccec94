"""PINs on the command line: asked for without showing them, or read from a file of lines CODE=PIN."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from archive.errors import ArchiveError
from desk.cli.asked import Asked
from desk.cli.spoken import mark

ANSWERS_YES = frozenset({"y", "yes", "c", "có", "co"})


class PinsError(ArchiveError):
    """A file of PINs that cannot be used."""


def pins_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add --pins FILE to a command."""
    return click.option(
        "--pins",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help=mark("Take PINs from a file of lines CODE=PIN instead of asking."),
    )(command)


def read_pins(path: Path) -> Mapping[str, str]:
    """Return code → PIN from a file of lines CODE=PIN; empty lines and lines that begin with # are left out.

    Raises PinsError "pins-file-unusable" with the number of the line, never with what stands in it.
    """
    pins: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        code, equals, pin = line.partition("=")
        if not equals or not code.strip() or not pin.strip():
            raise PinsError("pins-file-unusable", path=str(path), line=number)
        pins[code.strip().upper()] = pin.strip()
    return pins


def pin_for(asked: Asked, code: str, pins: Path | None, *, is_new: bool = False) -> str:
    """Return the PIN of a person from the file, or ask for it (twice where it is new); PinsError "pin-not-in-file"."""
    if pins is not None:
        found = read_pins(pins).get(code.strip().upper())
        if found is None:
            raise PinsError("pin-not-in-file", path=str(pins), person=code)
        return found
    t = asked.t
    pin: str = click.prompt(t("PIN of {code}", code=code), hide_input=True, err=True)
    if is_new and click.prompt(t("The same PIN again"), hide_input=True, err=True) != pin:
        raise PinsError("pins-differ")
    return pin


def is_agreed(asked: Asked, question: str) -> bool:
    """Ask before writing; only a yes in either language is one."""
    answer: str = click.prompt(f"{question} {asked.t('(yes/no)')}", default="", show_default=False, err=True)
    return answer.strip().casefold() in ANSWERS_YES
