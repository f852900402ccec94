"""What leaders do to the log itself on the command line: rotate, accept-loss."""

from __future__ import annotations

from pathlib import Path

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.ledger import ledger
from desk.cli.pins import is_agreed
from desk.cli.signing import pins_of, signed
from desk.cli.spoken import SpokenCommand, mark

AGREED = click.option("--yes", is_flag=True, help=mark("Do not ask whether it is meant."))


@ledger.command(
    cls=SpokenCommand,
    help=mark("Take a new signing key into use, signed by a leader; the old one is kept for checking old heads."),
)
@signed
@as_json
@click.pass_obj
def rotate(asked: Asked, signers: tuple[str, ...], pins: Path | None, as_json: bool) -> Exit:
    """Record the new key in the log, sign a head with both, and say who has to be told."""
    from desk import ledger_acts

    t = asked.t
    signing = list(zip(signers, pins_of(asked, signers, pins), strict=True))
    with asked.office() as office:
        made = ledger_acts.rotate(office, signing)
    if as_json:
        asked.say_json({"entry": made.entry, "old": made.old, "new": made.new, "note": made.note})
        return Exit.OK
    asked.say(t("A new key signs from entry {entry} on: {key}", entry=made.entry, key=made.new))
    asked.say(t("The old one is kept for checking: {key}", key=made.old))
    asked.say(t("Make a backup now: a station without its newest key cannot sign its log."))
    asked.say(t("Give the new key to whoever checks or cosigns this log."))
    return Exit.OK


@ledger.command(
    name="accept-loss",
    cls=SpokenCommand,
    help=mark(
        "After the restore of an older backup: accept that entries signed since are lost. A leader and a second "
        "person sign; the log says it for ever."
    ),
)
@click.option("--decision", required=True, metavar="NUMBER", help=mark("Number of the paper by which it is accepted."))
@AGREED
@signed
@as_json
@click.pass_obj
def accept_loss(
    asked: Asked, decision: str, yes: bool, signers: tuple[str, ...], pins: Path | None, as_json: bool
) -> Exit:
    """Show what is lost, ask, record it, and move the heads that prove it aside."""
    from desk import ledger_acts

    t = asked.t
    with asked.office(distrusting=False) as office:
        loss = ledger_acts.look_for_loss(office)
        facts = {"first": loss.first, "last": loss.last, "heads": len(loss.heads)}
        if not as_json:
            asked.say(t("Lost: entries {first} to {last}; {heads} signed heads prove that they were there.", **facts))
            asked.say(t("Before you accept: is there really no newer backup? What was recorded in them on paper?"))
        if not yes and not is_agreed(asked, t("Accept the loss for ever?")):
            asked.note(t("Nothing was changed."))
            return Exit.INTERRUPTED
        signing = list(zip(signers, pins_of(asked, signers, pins), strict=True))
        made = ledger_acts.accept_loss(office, decision, signing)
        kept = office.settings.heads_folder / f"lost-{made.entry:012}"
    if as_json:
        lost = {"first": loss.first, "last": loss.last, "heads": list(loss.names), "root": loss.newest.root.hex()}
        asked.say_json({"entry": made.entry, **lost, "kept": kept, "neighbours": list(made.neighbours)})
        return Exit.OK
    asked.say(t("Recorded as entry {entry}. The heads are kept in {path}", entry=made.entry, path=kept))
    asked.say(t("The station starts again. Record anew, from paper, what was lost."))
    if made.neighbours:
        names = ", ".join(made.neighbours)
        asked.say(t("These neighbours remember the longer log and must begin anew with yours: {names}", names=names))
    return Exit.OK
