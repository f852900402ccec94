"""Commands about dossiers that leave or are missed: lend, return, missing, found, amend."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.custody import incident_option, reason_option
from desk.cli.dossier_moves import counted_options
from desk.cli.dossiers import dossier_argument, signed_dossier
from desk.cli.exits import Exit
from desk.cli.signing import Enclosing, Signed, photo_option, record_all, text_option
from desk.cli.spoken import mark

Pins = Path | None
place_option = click.option("--place", default="", metavar="PLACE", help=mark("Where it is now."))


def told_of(given: dict[str, Any]) -> Any:
    """Return what the options of an act say."""
    from dataclasses import fields

    from desk.dossier_acts import Told

    return Told(**{each.name: given[each.name] for each in fields(Told) if each.name in given})


def record_act(
    asked: Asked, act: str, reference: str, how: Signed, given: dict[str, Any], enclosing: Enclosing
) -> Exit:
    """Record an act of one dossier, named as in desk/dossier_acts.py, from the options of its command."""
    from desk import dossier_acts, dossiers

    def make(holdings: Any, session: Any, enclosed: Any) -> Any:
        (code,) = dossiers.resolve(session, [reference])
        return dossier_acts.ACTS[act][1](holdings, session, code, told_of(given), enclosed)

    return record_all(asked, how, make, enclosing)


def must_count(asked: Asked, given: dict[str, Any]) -> None:
    """Refuse where the leaves were not counted."""
    if given["leaves"] is None:
        raise click.UsageError(asked.t("Count the leaves and give them with --leaves."))


@signed_dossier(mark("Lend a dossier under a written permission; an archivist and the borrower sign."))
@dossier_argument
@click.option("--to", "receiver", default="", metavar="PERSON", help=mark("Who borrows it; otherwise the last signer."))
@click.option("--permission", default="", metavar="NUMBER", help=mark("The number of the written permission."))
@click.option("--until", required=True, metavar="MOMENT", help=mark("When it must be back, like 2026-01-31."))
@counted_options
def lend(
    asked: Asked,
    reference: str,
    receiver: str,
    permission: str,
    until: str,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
    **given: Any,
) -> Exit:
    """Lend a dossier; its leaves are counted as they go out."""
    from desk import custodial

    must_count(asked, given)
    with asked.office() as office:
        given["deadline"] = custodial.until(office, until)
    given |= {"receiver": receiver or signers[-1].partition(":")[0], "permission": permission}
    how = Signed(signers, pins, as_json)
    return record_act(asked, "lend", reference, how, given, Enclosing(photos=given["photos"]))


@signed_dossier(mark("Take a lent dossier back to a shelf, its leaves counted; two sign."), name="return")
@dossier_argument
@place_option
@counted_options
def return_(
    asked: Asked, reference: str, place: str, signers: Sequence[str], pins: Pins, as_json: bool, **given: Any
) -> Exit:
    """Take a dossier back."""
    must_count(asked, given)
    how = Signed(signers, pins, as_json)
    return record_act(asked, "return", reference, how, {**given, "place": place}, Enclosing(photos=given["photos"]))


@signed_dossier(mark("Report a dossier missing, at once; the finder alone signs, and an incident is opened with it."))
@dossier_argument
@incident_option
@photo_option
@text_option
def missing(
    asked: Asked,
    reference: str,
    incident: str,
    photos: tuple[Path, ...],
    text: Path | None,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
) -> Exit:
    """Report a dossier missing."""
    how = Signed(signers, pins, as_json)
    return record_act(asked, "miss", reference, how, {"incident": incident}, Enclosing(photos=photos, text=text))


@signed_dossier(mark("Record that a missing dossier was found, or paper that nobody registered (--unregistered)."))
@dossier_argument
@place_option
@click.option("--unregistered", is_flag=True, help=mark("Nobody registered it; it gets this code when it is."))
@counted_options
@text_option
def found(
    asked: Asked,
    reference: str,
    place: str,
    unregistered: bool,
    text: Path | None,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
    **given: Any,
) -> Exit:
    """Record what was found."""
    from custody.entries_register import DossierFound
    from custody.errors import CustodyError
    from desk import dossier_acts, dossiers, incidents

    must_count(asked, given)

    def make(holdings: Any, session: Any, enclosed: Any) -> Any:
        if unregistered:
            code = " ".join(reference.split())
            if known := holdings.dossiers([code]).get(code):
                raise CustodyError("dossier-known", dossier=code, state=known.state)
            number = given["incident"] and incidents.must_be_open(session, given["incident"])
            return (DossierFound(code, place, given["leaves"], number, enclosed.names),)
        try:
            (code,) = dossiers.resolve(session, [reference])
        except CustodyError as unknown:
            if unknown.code != "dossier-unknown":
                raise
            raise CustodyError("dossier-not-registered", dossier=reference) from unknown

        return dossier_acts.find(holdings, session, code, told_of({**given, "place": place}), enclosed)

    return record_all(asked, Signed(signers, pins, as_json), make, Enclosing(photos=given["photos"], text=text))


@signed_dossier(mark("Correct the leaves on record; two sign, one of whom did not sign what is corrected."))
@dossier_argument
@click.option("--leaves", type=click.IntRange(0), required=True, metavar="NUMBER", help=mark("The right number."))
@click.option(
    "--entry",
    type=click.IntRange(0),
    metavar="ENTRY",
    help=mark("The entry that was wrong; otherwise the last that said how many leaves there are."),
)
@reason_option
@photo_option
@text_option
def amend(
    asked: Asked,
    reference: str,
    leaves: int,
    entry: int | None,
    reason: str,
    photos: tuple[Path, ...],
    text: Path | None,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
) -> Exit:
    """Correct the number of leaves by a new entry that names the old one."""
    how, given = Signed(signers, pins, as_json), {"leaves": leaves, "entry": entry}
    return record_act(asked, "amend", reference, how, given, Enclosing(reason, photos, text))
