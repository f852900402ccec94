"""Commands about dossiers that leave or are missed: lend, return, missing, found, amend."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.custody import incident_option, reason_option
from desk.cli.dossier_moves import counted_of, counted_options
from desk.cli.dossiers import dossier_argument, signed_dossier
from desk.cli.exits import Exit
from desk.cli.signing import Enclosing, Signed, photo_option, record_all, text_option
from desk.cli.spoken import mark

Pins = Path | None
place_option = click.option("--place", default="", metavar="PLACE", help=mark("Where it is now."))


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
    from custody.entries_register import DossierLent
    from desk import custodial, dossier_moves, dossiers

    must_count(asked, given)
    to = receiver or signers[-1].partition(":")[0]
    with asked.office() as office:
        deadline = custodial.until(office, until)

    def make(holdings: Any, session: Any, enclosed: Any) -> Any:
        (code,) = dossiers.resolve(session, [reference])

        def lent(leaves: int, number: str) -> DossierLent:
            return DossierLent(code, to.strip().upper(), permission, deadline, leaves, number)

        return dossier_moves.single(session, code, counted_of(given, enclosed), lent)

    return record_all(asked, Signed(signers, pins, as_json), make, Enclosing(photos=given["photos"]))


@signed_dossier(mark("Take a lent dossier back to a shelf, its leaves counted; two sign."), name="return")
@dossier_argument
@place_option
@counted_options
def return_(
    asked: Asked, reference: str, place: str, signers: Sequence[str], pins: Pins, as_json: bool, **given: Any
) -> Exit:
    """Take a dossier back."""
    from custody.entries_register import DossierReturned
    from desk import dossier_moves, dossiers

    must_count(asked, given)

    def make(holdings: Any, session: Any, enclosed: Any) -> Any:
        (code,) = dossiers.resolve(session, [reference])

        def returned(leaves: int, number: str) -> DossierReturned:
            return DossierReturned(code, place, leaves, number)

        return dossier_moves.single(session, code, counted_of(given, enclosed), returned)

    return record_all(asked, Signed(signers, pins, as_json), make, Enclosing(photos=given["photos"]))


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
    from custody.entries_register import DossierMissing
    from desk import dossiers, incidents

    def make(_holdings: Any, session: Any, enclosed: Any) -> Any:
        (code,) = dossiers.resolve(session, [reference])
        number, opened = incidents.opened(session, incident, code, "high", enclosed.day, enclosed.names)
        return (*opened, DossierMissing(code, number, enclosed.names))

    return record_all(asked, Signed(signers, pins, as_json), make, Enclosing(photos=photos, text=text))


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
    from desk import dossier_moves, dossiers, incidents

    must_count(asked, given)

    def make(holdings: Any, session: Any, enclosed: Any) -> Any:
        if unregistered:
            code = " ".join(reference.split())
            if known := holdings.dossiers([code]).get(code):
                raise CustodyError("dossier-known", dossier=code, state=known.state)
            about = given["incident"] and incidents.must_be_open(session, given["incident"])
            return (DossierFound(code, place, given["leaves"], about, enclosed.names),)
        try:
            (code,) = dossiers.resolve(session, [reference])
        except CustodyError as unknown:
            if unknown.code != "dossier-unknown":
                raise
            raise CustodyError("dossier-not-registered", dossier=reference) from unknown

        def again(leaves: int, number: str) -> DossierFound:
            return DossierFound(code, place, leaves, number, enclosed.names)

        return dossier_moves.single(session, code, counted_of(given, enclosed), again)

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
    from custody.entries_register import DossierAmended
    from custody.errors import CustodyError
    from desk import dossiers

    def make(holdings: Any, session: Any, enclosed: Any) -> Any:
        (code,) = dossiers.resolve(session, [reference])
        if dossiers.known(holdings, code).leaves == leaves:
            raise CustodyError("leaves-as-before", dossier=code, leaves=leaves)
        if not enclosed.reason:
            raise CustodyError("reason-absent", about=code)
        wrong = dossiers.said_leaves(session, code) if entry is None else entry
        if wrong not in {seq for seq, _, _ in dossiers.history(session, code)}:
            raise CustodyError("entry-not-of-dossier", entry=wrong, dossier=code)
        return (DossierAmended(code, wrong, leaves, enclosed.reason, enclosed.names),)

    return record_all(asked, Signed(signers, pins, as_json), make, Enclosing(reason, photos, text))
