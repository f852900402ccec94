"""Commands that move dossiers: package add; dossier shelve, station, back, review, destroy, transfer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.custody import code_option, signed_command, until_option
from desk.cli.dossiers import dossiers_argument, signed_dossier
from desk.cli.exits import Exit
from desk.cli.signing import Enclosing, Signed, must_agree, photo_option, record_all, yes_option
from desk.cli.spoken import mark

Pins = Path | None
_COUNTED: tuple[Callable[[Any], Any], ...] = (
    click.option("--leaves", type=click.IntRange(0), metavar="NUMBER", help=mark("The leaves counted, if they were.")),
    click.option("--differs", is_flag=True, help=mark("The recount still differs: open an incident about it.")),
    click.option(
        "--incident", default="", metavar="NUMBER", help=mark("The number of an incident that is open already.")
    ),
    photo_option,
)
where_option = click.option("--place", default="", metavar="PLACE", help=mark("The shelf they are put on."))
decision_option = click.option("--decision", default="", metavar="NUMBER", help=mark("The number of the decision."))


def counted_options(run: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options about counted leaves."""
    for option in reversed(_COUNTED):
        run = option(run)
    return run


def counted_of(given: dict[str, Any], enclosed: Any) -> Any:
    """Return what was counted, from the options."""
    from desk.dossier_moves import Counted

    return Counted(enclosed.day, given["leaves"], given["differs"], given["incident"], enclosed.names)


def move(
    asked: Asked,
    references: Sequence[str],
    to: str,
    where: str,
    how: Signed,
    given: dict[str, Any],
    *,
    deadline: str = "",
    decision: str = "",
) -> Exit:
    """Record a move of dossiers to one place."""
    from desk import dossier_moves, dossiers

    def make(holdings: Any, session: Any, enclosed: Any) -> Any:
        codes, counted = dossiers.resolve(session, references), counted_of(given, enclosed)
        return dossier_moves.moved(session, codes, to, where, counted, deadline=deadline, decision=decision)

    return record_all(asked, how, make, Enclosing(photos=given["photos"]))


@signed_command(mark("Put dossiers into an open package."))
@code_option
@dossiers_argument
@counted_options
def add(
    asked: Asked,
    code: str,
    references: Sequence[str],
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
    **given: Any,
) -> Exit:
    """Move dossiers into a package."""
    from desk import custodial, dossier_moves, dossiers

    def make(holdings: Any, session: Any, enclosed: Any) -> Any:
        custodial.known(holdings, code)
        codes, counted = dossiers.resolve(session, references), counted_of(given, enclosed)
        return dossier_moves.moved(session, codes, "package", code, counted)

    return record_all(asked, Signed(signers, pins, as_json), make, Enclosing(photos=given["photos"]))


@signed_dossier(mark("Put dossiers on a shelf, or move them to another one."))
@dossiers_argument
@where_option
@counted_options
def shelve(
    asked: Asked, references: Sequence[str], place: str, signers: Sequence[str], pins: Pins, as_json: bool, **given: Any
) -> Exit:
    """Put dossiers on a shelf."""
    return move(asked, references, "shelf", place, Signed(signers, pins, as_json), given)


@signed_dossier(mark("Sign dossiers out to a scanning station, to be back before the deadline; two sign."))
@dossiers_argument
@click.option("--station", required=True, metavar="NAME", help=mark("The station they are read at."))
@until_option
@counted_options
def station(
    asked: Asked,
    references: Sequence[str],
    station: str,
    until: str,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
    **given: Any,
) -> Exit:
    """Sign dossiers out."""
    from desk import custodial

    with asked.office() as office:
        deadline = custodial.until(office, until)
    return move(asked, references, "station", station, Signed(signers, pins, as_json), given, deadline=deadline)


@signed_dossier(mark("Bring dossiers back from a station, into the opened package they came from or to --place."))
@dossiers_argument
@click.option("--place", default="", metavar="PLACE", help=mark("A shelf, instead of the package they came from."))
@click.option("--package", default="", metavar="CODE", help=mark("Another open package."))
@counted_options
def back(
    asked: Asked,
    references: Sequence[str],
    place: str,
    package: str,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
    **given: Any,
) -> Exit:
    """Bring dossiers back; their leaves were counted again."""
    from archive.refs import read_ref
    from desk import dossier_moves, dossiers

    if given["leaves"] is None:
        raise click.UsageError(asked.t("Count the leaves that came back and give them with --leaves."))
    ref = read_ref(package)

    def make(holdings: Any, session: Any, enclosed: Any) -> Any:
        codes, counted = dossiers.resolve(session, references), counted_of(given, enclosed)
        return dossier_moves.brought_back(session, codes, place, ref.code if ref else package, counted)

    return record_all(asked, Signed(signers, pins, as_json), make, Enclosing(photos=given["photos"]))


@signed_dossier(mark("Put dossiers up for review before destruction; an archivist and a leader sign."))
@dossiers_argument
@where_option
@counted_options
def review(
    asked: Asked, references: Sequence[str], place: str, signers: Sequence[str], pins: Pins, as_json: bool, **given: Any
) -> Exit:
    """Put dossiers up for review."""
    return move(asked, references, "review", place, Signed(signers, pins, as_json), given)


@signed_dossier(mark("Record that reviewed dossiers were destroyed by decision; a leader and an archivist sign."))
@dossiers_argument
@decision_option
@click.option("--where", default="", metavar="PLACE", help=mark("Where and by whom they were destroyed."))
@yes_option
@counted_options
def destroy(
    asked: Asked,
    references: Sequence[str],
    decision: str,
    where: str,
    yes: bool,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
    **given: Any,
) -> Exit:
    """Record a destruction."""
    question = asked.t("Record these as destroyed for good: {dossiers}?", dossiers=list(references))
    must_agree(asked, question, yes=yes, as_json=as_json)
    return move(asked, references, "destroyed", where, Signed(signers, pins, as_json), given, decision=decision)


@signed_dossier(mark("Transfer dossiers to another archive by decision; an archivist and a leader sign."))
@dossiers_argument
@click.option("--to", "receiver", default="", metavar="NAME", help=mark("The body that receives them."))
@decision_option
@yes_option
@counted_options
def transfer(
    asked: Asked,
    references: Sequence[str],
    receiver: str,
    decision: str,
    yes: bool,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
    **given: Any,
) -> Exit:
    """Transfer dossiers for good."""
    question = asked.t(
        "Transfer these for good to {receiver}: {dossiers}?", receiver=receiver, dossiers=list(references)
    )
    must_agree(asked, question, yes=yes, as_json=as_json)
    return move(asked, references, "receiver", receiver, Signed(signers, pins, as_json), given, decision=decision)
