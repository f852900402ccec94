"""Commands about packages in doubt, and those that end: package clear, lose, hand-out, relabel, void."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.counting import record_counted
from desk.cli.custody import (
    code_option,
    found_option,
    number_option,
    place_option,
    reason_option,
    record_act,
    signed_command,
    store_option,
    to_option,
    until_option,
)
from desk.cli.exits import Exit
from desk.cli.signing import (
    Enclosing,
    Signed,
    must_agree,
    photo_option,
    text_option,
    yes_option,
)
from desk.cli.spoken import mark

Pins = Path | None
decision_option = click.option(
    "--decision", default="", metavar="NUMBER", help=mark("The number of the decision or of the council's minutes.")
)


@signed_command(
    mark("Clear a doubted package after a full count: sealed anew, or kept open (--keep-open); three sign.")
)
@code_option
@click.option("--keep-open", is_flag=True, help=mark("It stays open, under a decision and with a deadline."))
@number_option
@place_option
@store_option
@to_option
@decision_option
@until_option
@photo_option
@text_option
def clear(
    asked: Asked,
    code: str,
    keep_open: bool,
    photos: tuple[Path, ...],
    text: Path | None,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
    **given: Any,
) -> Exit:
    """Clear a suspect package; two of the three counted it blind."""
    from desk import custodial

    if keep_open:
        with asked.office() as office:
            given["deadline"] = custodial.until(office, given["until"])
    how, act = Signed(signers, pins, as_json), "keep-open" if keep_open else "clear"
    return record_counted(asked, act, code, how, given, Enclosing(photos=photos, text=text))


@signed_command(mark("Declare a missing package lost, by the minutes of a council; a leader signs."))
@code_option
@decision_option
@photo_option
@text_option
@yes_option
def lose(
    asked: Asked,
    code: str,
    decision: str,
    photos: tuple[Path, ...],
    text: Path | None,
    yes: bool,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
) -> Exit:
    """Give up a missing package; its dossiers stay on record as missing."""
    must_agree(asked, asked.t("Declare package {package} lost for good?", package=code), yes=yes, as_json=as_json)

    how, given = Signed(signers, pins, as_json), {"decision": decision}
    return record_act(asked, "lose", code, how, given, Enclosing(photos=photos, text=text))


@signed_command(mark("Hand a sealed package out of this archive for good (--to); both parties sign."), name="hand-out")
@code_option
@click.option("--destination", default="", metavar="PLACE", help=mark("Where it goes."))
@to_option
@number_option
@found_option
@photo_option
@text_option
@yes_option
def hand_out(
    asked: Asked,
    code: str,
    photos: tuple[Path, ...],
    text: Path | None,
    yes: bool,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
    **given: Any,
) -> Exit:
    """Hand a package over to another archive."""
    question = asked.t("Hand package {package} out of this archive for good?", package=code)
    must_agree(asked, question, yes=yes, as_json=as_json)
    how = Signed(signers, pins, as_json)
    done = record_act(asked, "hand-out", code, how, given, Enclosing(photos=photos, text=text))
    if not as_json:
        hint = asked.t(
            "Give the receiver its proofs: luutru ledger proof --package {package} --out FOLDER", package=code
        )
        asked.say(hint)
    return done


@signed_command(mark("Record that a sealed package got a new label, the same as its manifest."))
@code_option
@reason_option
def relabel(asked: Asked, code: str, reason: str, signers: Sequence[str], pins: Pins, as_json: bool) -> Exit:
    """Put a new label on a package."""
    return record_act(asked, "relabel", code, Signed(signers, pins, as_json), {}, Enclosing(reason))


@signed_command(mark("Give up an empty draft that was never packed; its code stays used."))
@code_option
@reason_option
@yes_option
def void(asked: Asked, code: str, reason: str, yes: bool, signers: Sequence[str], pins: Pins, as_json: bool) -> Exit:
    """Void a draft."""
    must_agree(asked, asked.t("Give up the draft {package} for good?", package=code), yes=yes, as_json=as_json)

    return record_act(asked, "void", code, Signed(signers, pins, as_json), {}, Enclosing(reason))
