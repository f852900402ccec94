"""The command that corrects an entry: ledger correct."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.ledger import ledger
from desk.cli.signing import Enclosing, Signed, photo_option, record_all, signed
from desk.cli.spoken import SpokenCommand, mark


@ledger.command(
    cls=SpokenCommand,
    help=mark("Correct an entry by a new one that says what is right; two sign, one of whom did not sign the old one."),
)
@click.argument("entry", type=click.IntRange(0), metavar="ENTRY")
@click.option(
    "--text",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help=mark("A file of text that says what is right."),
)
@click.option(
    "--reason",
    default="mistyped",
    metavar="REASON",
    help=mark("Why: a short code, or a text that is kept beside the log."),
)
@photo_option
@signed
@as_json
@click.pass_obj
def correct(
    asked: Asked,
    entry: int,
    text: Path,
    reason: str,
    photos: tuple[Path, ...],
    signers: Sequence[str],
    pins: Path | None,
    as_json: bool,
) -> Exit:
    """Add a correction; nothing of the old entry changes."""
    from desk.corrections import made

    def make(_holdings: Any, _session: Any, enclosed: Any) -> Any:
        return made(entry, enclosed)

    return record_all(asked, Signed(signers, pins, as_json), make, Enclosing(reason, photos, text))
