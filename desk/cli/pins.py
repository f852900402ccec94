"""PINs on the command line: asked for without showing them, or read from a file of lines CODE=PIN."""

from __future__ import annotations

import getpass
import warnings
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
    raw = path.read_bytes()
    try:
        # Notepad's "Unicode" is UTF-16 with its mark.
        text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as broken:
        raise PinsError("pins-file-unusable", path=str(path), line=raw.count(b"\n", 0, broken.start) + 1) from None
    for number, line in enumerate(text.splitlines(), start=1):
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
    pin = ask_unseen(t("PIN of {code}", code=code), "pin-not-given", person=code)
    if is_new and ask_unseen(t("The same PIN again"), "pin-not-given", person=code) != pin:
        raise PinsError("pins-differ")
    return str(pin)


def ask_unseen(question: str, absent: str, *, kind: Any = None, **facts: object) -> Any:
    """Ask without showing what is typed; PinsError `absent` with its facts where nobody is there to answer."""
    with warnings.catch_warnings():
        # Answers that come through a pipe are read as they are; the library's own warning is no sentence of ours.
        warnings.simplefilter("ignore", getpass.GetPassWarning)
        try:
            return click.prompt(question, type=kind, hide_input=True, err=True)
        except click.Abort as stopped:
            if isinstance(stopped.__context__, EOFError):
                raise PinsError(absent, **facts) from None
            raise


def is_agreed(asked: Asked, question: str) -> bool:
    """Ask before writing; only a yes in either language is one."""
    answer: str = click.prompt(f"{question} {asked.t('(yes/no)')}", default="", show_default=False, err=True)
    return answer.strip().casefold() in ANSWERS_YES
