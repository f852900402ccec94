"""Commands about blind counts: package count, pack, reseal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.custody import (
    code_option,
    number_option,
    place_option,
    reason_option,
    signed_command,
    store_option,
    to_option,
    told_of,
)
from desk.cli.exits import Exit
from desk.cli.pins import ask_unseen
from desk.cli.signing import Enclosing, Signed, photo_option, record_all, signing_of
from desk.cli.spoken import mark

Pins = Path | None
MOST = 10**9


@signed_command(mark("Count a package alone and keep the count sealed; one signer, who sees no other count."))
@code_option
@click.option("--count", type=(int, int), metavar="D L", help=mark("Dossiers and leaves; otherwise asked for, hidden."))
def count(
    asked: Asked, code: str, count: tuple[int, int] | None, signers: Sequence[str], pins: Pins, as_json: bool
) -> Exit:
    """Keep one person's count."""
    from desk import counts

    if len(signers) != 1:
        raise click.UsageError(asked.t("A count is one person's: name one signer."))
    (signing,) = signing_of(asked, Signed(signers, pins, as_json))
    with asked.office() as office:
        counted = counts.keep(office, code, signing, count or ask(asked, signing[0]))
    if as_json:
        asked.say_json({"package": code, "counted_by": counted})
    else:
        asked.say(asked.t("The count is kept, sealed. Counted by now: {signers}", signers=counted))
    return Exit.OK


@signed_command(mark("Close the list of a package, after two people each counted it (package count)."))
@code_option
@reason_option
@photo_option
def pack(
    asked: Asked,
    code: str,
    reason: str,
    photos: tuple[Path, ...],
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
) -> Exit:
    """Pack a draft; the retention classes come from the register."""
    from custody.manifest import digest_of
    from desk import custodial

    done = record_counted(asked, "pack", code, Signed(signers, pins, as_json), {}, Enclosing(reason, photos))
    if done == Exit.OK and not as_json:
        with asked.office() as office:
            box, inside = custodial.look(office, code)
        asked.say(asked.t("Manifest: {manifest}", manifest=digest_of(box.code, inside)))
    return done


@signed_command(mark("Seal an opened package again, with a new number, after two people each counted it."))
@code_option
@number_option
@place_option
@store_option
@to_option
@photo_option
def reseal(
    asked: Asked,
    code: str,
    photos: tuple[Path, ...],
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
    **given: Any,
) -> Exit:
    """Seal an opened package again."""
    return record_counted(asked, "reseal", code, Signed(signers, pins, as_json), given, Enclosing(photos=photos))


def record_counted(asked: Asked, act: str, code: str, how: Signed, given: dict[str, Any], enclosing: Enclosing) -> Exit:
    """Record an act that needs two counts, named as in desk/box_entries.py; the kept counts go with it.

    Whoever signs and has not counted yet is asked for the count, hidden, unless the answer is wanted as JSON.
    """
    from dataclasses import replace

    from custody import counting
    from custody.errors import CustodyError
    from desk import counts
    from desk.box_entries import maker

    signing = signing_of(asked, how)
    if not how.as_json:
        ask_the_others(asked, code, signing)

    def build(holdings: Any, session: Any, enclosed: Any) -> tuple[Any, ...]:
        counts.check_countable(holdings, code)
        told = replace(told_of(how, given), counts=counts.of_two(session, code, signing))
        return maker(act, code, told)(holdings, session, enclosed)

    try:
        return record_all(
            asked, how, build, enclosing, finish=lambda session: counting.forget(session, code), signing=signing
        )
    except CustodyError as refused:
        with asked.office() as office:
            counts.drop_after(office, code, refused)


def ask_the_others(asked: Asked, code: str, signing: Sequence[tuple[str, str]]) -> None:
    """Let the first two signers who have not counted do so at this screen; what they type is not shown."""
    from desk import counts

    with asked.office() as office:
        counts.look(office, code)
        known = set(counts.waiting(office, code))
        due = [each for each in signing if each[0].partition(":")[0].strip().upper() not in known]
        for each in due[: max(0, 2 - (len(signing) - len(due)))]:
            counts.keep(office, code, each, ask(asked, each[0]))


def ask(asked: Asked, signer: str) -> tuple[int, int]:
    """Ask one person for a count without showing it."""
    t, person = asked.t, signer.partition(":")[0]
    number = click.IntRange(0, MOST)
    about: dict[str, Any] = {"absent": "count-not-given", "kind": number, "person": person}
    dossiers: int = ask_unseen(t("{code}: dossiers counted", code=person), **about)
    leaves: int = ask_unseen(t("{code}: leaves counted", code=person), **about)
    return dossiers, leaves
