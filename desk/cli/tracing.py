"""Commands about the way of a package: package history, package find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.asked import Asked
from desk.cli.custody import (
    code_option,
    found_option,
    number_option,
    package,
    place_option,
    record_act,
    store_option,
    to_option,
)
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.pins import pins_option
from desk.cli.signing import Enclosing, Signed, photo_option
from desk.cli.spoken import SpokenCommand, mark
from desk.custody_words import state_in_words
from desk.entry_words import kind_in_words

if TYPE_CHECKING:
    from desk.tracing import Step


@package.command(cls=SpokenCommand, help=mark("Tell everything the log says of a package, or who held it at a moment."))
@code_option
@click.option("--at", "moment", metavar="MOMENT", help=mark("Only how it stood then, like 2026-01-05T02:15."))
@as_json
@click.pass_obj
def history(asked: Asked, code: str, moment: str | None, as_json: bool) -> Exit:
    """Print one line for each entry, or custodian, place, seals and last check at one moment."""
    from desk import custodial, tracing
    from desk.enclosures import text_of

    t = asked.t
    with asked.office() as office:
        steps = (
            tracing.history(office, code)
            if moment is None
            else [tracing.at(office, code, datetime.fromisoformat(custodial.until(office, moment)))]
        )
        reasons = {each.seq: text_of(office, told) for each in steps if (told := getattr(each.entry, "reason", ""))}
    if as_json:
        told = [{**told_step(each), "reason_text": reasons.get(each.seq)} for each in steps]
        asked.say_json(told if moment is None else told[0])
    elif moment is None:
        for each in steps:
            asked.say(step_line(asked, each))
            if each.seq in reasons:
                asked.say("    " + t("Reason: {reason}", reason=reasons[each.seq]))
    else:
        box = steps[0].after
        asked.say(step_line(asked, steps[0]))
        asked.say(
            t(
                "Then: {state}; {custodian} answers for it; place {place}; seals {seals}; last checked {checked}",
                state=state_in_words(box.state, t),
                custodian=box.custodian,
                place=box.place or None,
                seals=list(box.seals) or None,
                checked=datetime.fromisoformat(box.checked) if box.checked else None,
            )
        )
    return Exit.OK


@package.command(
    cls=SpokenCommand,
    help=mark("Say where to look for a missing package; with --signer, record that it was found (--doubt: in doubt)."),
)
@code_option
@click.option("--doubt", is_flag=True, help=mark("Its seals are not as they were; three people must count it."))
@place_option
@store_option
@to_option
@number_option
@found_option
@photo_option
@click.option("--signer", "signers", multiple=True, metavar="CODE", help=mark("Who signs; repeat in order."))
@pins_option
@as_json
@click.pass_obj
def find(
    asked: Asked,
    /,
    code: str,
    photos: tuple[Path, ...],
    signers: Sequence[str],
    pins: Path | None,
    as_json: bool,
    **given: Any,
) -> Exit:
    """Guide the search, or end it."""
    if not signers:
        return guide(asked, code, as_json)
    how, act = Signed(signers, pins, as_json), "find-doubtful" if given["doubt"] else "find"
    return record_act(asked, act, code, how, given, Enclosing(photos=photos))


def guide(asked: Asked, code: str, as_json: bool) -> Exit:
    """Print where to look: the last step, what stands beside it, what was moved then, and codes alike."""
    from desk import tracing

    t = asked.t
    with asked.office() as office:
        clues = tracing.clues(office, code)
    if as_json:
        moved = [dict(zip(("entry", "at", "kind", "package"), each, strict=True)) for each in clues.moved]
        asked.say_json(
            {"package": asdict(clues.package), "last": told_step(clues.last), "moved": moved}
            | {"neighbours": [asdict(each) for each in clues.neighbours]}
            | {"alike": [asdict(each) for each in clues.alike]}
        )
        return Exit.OK
    box, last = clues.package, clues.last
    asked.say(t("{package}: {state}, {custodian} answers for it", package=code, state=state_in_words(box.state, t),
                custodian=box.custodian))  # fmt: skip  # one sentence
    asked.say(t("1. Look at its last place: {place}", place=box.place or None))
    asked.say("   " + step_line(asked, last))
    asked.say(t("2. Look between its neighbours:"))
    _say_packages(asked, clues.neighbours)
    asked.say(t("3. Look where these went, moved within the same shift:"))
    for seq, at, kind, other in clues.moved:
        asked.say(f"   {seq}  {t.moment(at)}  {other}  {kind_in_words(kind, t)}")
    if not clues.moved:
        asked.say("   –")
    asked.say(t("4. Look at these labels, whose codes are nearly the same:"))
    _say_packages(asked, clues.alike)
    asked.say(
        t("Found? Record it: luutru package find {package} --place PLACE --number SEAL --signer CODE …", package=code)
    )
    return Exit.OK


def _say_packages(asked: Asked, packages: Sequence[Any]) -> None:
    t = asked.t
    for each in packages:
        state = state_in_words(each.state, t)
        asked.say("   " + t("{package}: {state}, at {place}", package=each.code, state=state, place=each.place or None))
    if not packages:
        asked.say("   –")


def told_step(step: Step) -> dict[str, Any]:
    """Return one step as JSON."""
    facts = {name: value for name, value in asdict(step.entry).items() if name != "package"}  # type: ignore[call-overload]
    after = asdict(step.after)
    for count in ("dossiers", "leaves", "manifest", "label"):
        # These need the dossiers inside; the log of the package alone does not have them.
        after.pop(count)
    return {
        "entry": step.seq,
        "kind": step.entry.KIND,
        "at": step.stamp.at,
        "by": step.stamp.by,
        "device": step.stamp.device or None,
        "facts": facts,
        "after": after,
        "corrected": step.corrected,
    }


def step_line(asked: Asked, step: Step) -> str:
    """Return one step as a line."""
    t = asked.t
    told: dict[str, Any] = {
        "entry": step.seq,
        "at": step.stamp.at,
        "did": kind_in_words(step.entry.KIND, t, getattr(step.entry, "to", "")),
        "signers": list(step.stamp.by),
        "custodian": step.after.custodian,
        "place": step.after.place or None,
        "seals": list(step.after.seals) or None,
    }
    line = t("{entry}  {at}  {did}; signed {signers}; with {custodian}, at {place}, seals {seals}", **told)
    return f"{line}  {t('(corrected by {entries})', entries=list(step.corrected))}" if step.corrected else line
