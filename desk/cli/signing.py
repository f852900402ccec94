"""Signers on the command line: --signer CODE, repeated in order; PINs by prompt or from a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.pins import pin_for, pins_option
from desk.cli.spoken import mark

# What an entry is about, the first that its kind has.
ABOUT = ("package", "where", "roll", "number", "dossier")


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
    from desk import custodial

    signing = list(zip(signers, pins_of(asked, signers, pins), strict=True))
    first = signers[0].split(":")[0]
    with asked.office() as office:
        added, entry = custodial.act(office, lambda holdings: make(holdings, first), signing)
    about = next((told for name in ABOUT if (told := getattr(entry, name, ""))), "")
    if as_json:
        asked.say_json({"entry": added.seq, "kind": entry.KIND, "about": about, "leaf": added.leaf.hex()})
    else:
        asked.say(asked.t("Recorded as entry {entry}: {about}", entry=added.seq, about=about))
    return Exit.OK


def pins_of(asked: Asked, signers: Sequence[str], pins: Path | None) -> list[str]:
    """Return the PIN of each signer, asked for where no file is given; the role in "NV01:leader" is not part of it."""
    return [pin_for(asked, code.partition(":")[0], pins) for code in signers]
