"""Signers on the command line: --signer CODE, repeated in order; PINs by prompt or from a file; what is enclosed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.pins import is_agreed, pin_for, pins_option
from desk.cli.spoken import mark

# What an entry is about, the first that its kind has.
ABOUT = ("package", "dossier", "dossiers", "where", "roll", "number", "incident", "corrects")
photo_option = click.option(
    "--photo",
    "photos",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help=mark("A photo to keep with the entry; repeat it."),
)
text_option = click.option(
    "--text",
    "text",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help=mark("A file of text to keep with the entry."),
)
yes_option = click.option("--yes", is_flag=True, help=mark("Do it without asking."))


@dataclass(frozen=True)
class Signed:
    """Who signs and how the answer is given: what every signed command has."""

    signers: Sequence[str]
    pins: Path | None
    as_json: bool

    @property
    def first(self) -> str:
        """The code of the first signer."""
        return self.codes[0]

    @property
    def codes(self) -> list[str]:
        """The codes of all signers, without their roles."""
        return [each.split(":")[0].strip().upper() for each in self.signers]


@dataclass(frozen=True)
class Enclosing:
    """What is to be kept with the entry: a reason in words, photos, and a file of text."""

    reason: str = ""
    photos: Sequence[Path] = ()
    text: Path | None = None


def signed(run: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options every signed command has."""
    run = pins_option(run)
    return click.option(
        "--signer", "signers", multiple=True, required=True, metavar="CODE", help=mark("Who signs; repeat in order.")
    )(run)


def record(
    asked: Asked, make: Callable[[Any, str], Any], signers: Sequence[str], pins: Path | None, as_json: bool
) -> Exit:
    """Record the entry `make(holdings, first signer)` builds, and say where it stands."""
    how = Signed(signers, pins, as_json)
    return record_all(asked, how, lambda holdings, _session, _enclosed: (make(holdings, how.first),))


def record_all(
    asked: Asked,
    how: Signed,
    make: Callable[[Any, Any, Any], Sequence[Any]],
    enclosing: Enclosing | None = None,
    finish: Callable[[Any], None] | None = None,
    signing: Sequence[tuple[str, str]] | None = None,
) -> Exit:
    """Record the entries `make(holdings, session, enclosed)` builds with what is enclosed; say where each stands.

    `finish(session)` runs last in the same transaction. `signing` is given where the PINs were asked for already.
    """
    from desk import custodial
    from desk.enclosures import enclose, read_text

    given = enclosing or Enclosing()
    signing = signing_of(asked, how) if signing is None else signing
    text = read_text(given.text) if given.text else ""
    with (
        asked.office() as office,
        enclose(office, reason=given.reason, files=given.photos, text=text) as enclosed,
    ):

        def last(session: Any) -> None:
            if finish is not None:
                finish(session)
            enclosed.keep(office.vault)

        done = custodial.perform(office, lambda holdings, session: make(holdings, session, enclosed), signing, last)
    told = [
        {"entry": added.seq, "kind": entry.KIND, "about": about(entry), "leaf": added.leaf.hex()}
        for added, entry in done
    ]
    if how.as_json:
        asked.say_json({**told[-1], "entries": told})
    for each in () if how.as_json else told:
        asked.say(asked.t("Recorded as entry {entry}: {about}", entry=each["entry"], about=each["about"]))
    return Exit.OK


def about(entry: Any) -> str:
    """Return what an entry is about, as text."""
    told = next((each for name in ABOUT if (each := getattr(entry, name, "")) not in ("", ())), "")
    return ", ".join(told) if isinstance(told, tuple) else str(told)


def signing_of(asked: Asked, how: Signed) -> list[tuple[str, str]]:
    """Return (code, PIN) of every signer in order."""
    return list(zip(how.signers, pins_of(asked, how.signers, how.pins), strict=True))


def pins_of(asked: Asked, signers: Sequence[str], pins: Path | None) -> list[str]:
    """Return the PIN of each signer, asked for where no file is given; the role in "NV01:leader" is not part of it.

    Raises CustodyError "signer-absent" for an empty code, before anybody is asked.
    """
    if not all(code.partition(":")[0].strip() for code in signers):
        from custody.errors import CustodyError

        raise CustodyError("signer-absent")
    return [pin_for(asked, code.partition(":")[0], pins) for code in signers]


def must_agree(asked: Asked, question: str, *, yes: bool, as_json: bool) -> None:
    """Ask before what cannot be taken back; with --json only --yes agrees. CustodyError "not-agreed" without a yes."""
    if yes:
        return
    if as_json:
        raise click.UsageError(asked.t("With --json this needs --yes: {question}", question=question))
    if not is_agreed(asked, question):
        from custody.errors import CustodyError

        raise CustodyError("not-agreed")
