"""Commands about packages and the invariants: package, verify."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.progress import progress
from desk.cli.signing import Enclosing, Signed, photo_option, record, record_all, signed, text_option
from desk.cli.spoken import SpokenCommand, SpokenGroup, mark
from desk.custody_words import state_in_words
from desk.filed_words import share_line
from desk.invariant_words import name_of
from desk.messages import explain
from desk.words import Words

Pins = Path | None


def _as_code(_ctx: click.Context, _param: click.Parameter, value: str) -> str:
    """Take a package code as it is typed, spoken or scanned; what is none is passed on and refused by name."""
    from archive.refs import read_ref

    ref = read_ref(value)
    return ref.code if ref else value


code_option = click.argument("code", metavar="CODE", callback=_as_code)
number_option = click.option(
    "--number", "numbers", multiple=True, metavar="SEAL", help=mark("A seal number; repeat it.")
)
place_option = click.option("--place", default="", metavar="PLACE", help=mark("Where the package stands."))
store_option = click.option("--store", default="", metavar="STORE", help=mark("The store that place is in."))
to_option = click.option(
    "--to", default="", metavar="PERSON", help=mark("Who answers for it from now on; the first signer.")
)
reason_option = click.option(
    "--reason", default="", metavar="REASON", help=mark("Why: a short code, or a text that is kept beside the log.")
)
until_option = click.option("--until", default="", metavar="MOMENT", help=mark("The deadline; otherwise 17:00 today."))
incident_option = click.option(
    "--incident", default="", metavar="NUMBER", help=mark("The number of the incident; without it one is opened.")
)
found_option = click.option(
    "--found", default="intact", metavar="FINDING", help=mark("intact, damaged, broken or missing.")
)


@click.group(cls=SpokenGroup, help=mark("Packages: pack, seal, check, move, open and find them."))
def package() -> None:
    """Hold the commands about packages."""


def signed_command(text: str, name: str | None = None) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a sub-command of `package` that is signed."""

    def made(run: Callable[..., Any]) -> click.Command:
        return package.command(cls=SpokenCommand, help=text, name=name)(signed(as_json(click.pass_obj(run))))

    return made


def told_of(how: Signed, given: dict[str, Any]) -> Any:
    """Return what the options of an act say."""
    from desk.box_entries import Told

    names = ("to", "place", "store", "numbers", "found", "decision", "deadline", "destination", "incident")
    return Told(how.first, signers=how.codes, **{name: given[name] for name in names if name in given})


def record_act(
    asked: Asked, act: str, code: str, how: Signed, given: dict[str, Any], enclosing: Enclosing | None = None
) -> Exit:
    """Record an act of a package, named as in desk/box_entries.py, from the options of its command."""
    from desk.box_entries import maker

    return record_all(asked, how, maker(act, code, told_of(how, given)), enclosing)


@signed_command(mark("Begin a package; its code is printed."))
@place_option
@store_option
def new(asked: Asked, place: str, store: str, signers: Sequence[str], pins: Pins, as_json: bool) -> Exit:
    """Draft a package for the first signer."""
    from custody.entries_package import PackageDrafted
    from desk import custodial

    with asked.office() as office, office.database.reading() as session:
        code = custodial.unused_code(session)
    return record(asked, lambda _h, who: PackageDrafted(code, who, place, store), signers, pins, as_json)


@signed_command(mark("Seal a packed package; its contents are frozen from here."))
@code_option
@number_option
@place_option
@store_option
@to_option
@photo_option
def seal(
    asked: Asked, code: str, photos: tuple[Path, ...], signers: Sequence[str], pins: Pins, as_json: bool, **given: Any
) -> Exit:
    """Seal a package."""
    return record_act(asked, "seal", code, Signed(signers, pins, as_json), given, Enclosing(photos=photos))


@signed_command(mark("Record a seal check."))
@code_option
@number_option
@found_option
@click.option("--at", default="", metavar="PLACE", help=mark("Where you see it: another place than on record alarms."))
@photo_option
def check(
    asked: Asked, code: str, photos: tuple[Path, ...], signers: Sequence[str], pins: Pins, as_json: bool, **given: Any
) -> Exit:
    """Check the seals of a package."""
    how, enclosing, at = Signed(signers, pins, as_json), Enclosing(photos=photos), str(given.pop("at"))
    if not at:
        return record_act(asked, "check", code, how, given, enclosing)
    from desk.box_entries import maker
    from desk.sightings import note_checked

    noted: list[tuple[str, str]] = []
    make = maker("check", code, told_of(how, given))
    done = record_all(asked, how, make, enclosing, lambda session: noted.append(note_checked(session, code, at)))
    where, recorded = noted[-1]
    if not recorded:
        return done
    asked.note(
        asked.t(
            "Package {package} is on record at {recorded}, not at {place}; an alarm is raised.",
            package=code,
            recorded=recorded,
            place=where,
        )
    )
    return Exit.FINDINGS


@signed_command(mark("Open a sealed package under a decision."), name="open")
@code_option
@click.option("--decision", default="", metavar="NUMBER", help=mark("The number of the decision."))
@reason_option
@until_option
@number_option
@found_option
@to_option
@photo_option
def open_(
    asked: Asked, code: str, photos: tuple[Path, ...], signers: Sequence[str], pins: Pins, as_json: bool, **given: Any
) -> Exit:
    """Open a package."""
    from desk import custodial

    with asked.office() as office:
        given["deadline"] = custodial.until(office, given["until"])
    how = Signed(signers, pins, as_json)
    return record_act(asked, "open", code, how, given, Enclosing(given["reason"], photos))


@signed_command(mark("Report a package as doubtful, or as missing, at once."))
@code_option
@click.option("--missing", is_flag=True, help=mark("It is not where it should be."))
@click.option("--found", default="doubtful", metavar="FINDING", help=mark("What was noticed, as a short code."))
@incident_option
@photo_option
@text_option
def report(
    asked: Asked,
    code: str,
    missing: bool,
    photos: tuple[Path, ...],
    text: Path | None,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
    **given: Any,
) -> Exit:
    """Raise the alarm about a package; without the number of an incident one is opened with it."""
    how, act = Signed(signers, pins, as_json), "miss" if missing else "suspect"
    return record_act(asked, act, code, how, given, Enclosing(photos=photos, text=text))


@package.command(cls=SpokenCommand, help=mark("Show a package and what is in it."))
@code_option
@as_json
@click.pass_obj
def show(asked: Asked, code: str, as_json: bool) -> Exit:
    """Print what is known of a package."""
    from desk import custodial, digitizing

    with asked.office() as office:
        box, inside = custodial.look(office, code)
        done = digitizing.share_of(digitizing.of_package(office, code))
    if as_json:
        asked.say_json({**asdict(box), "contents": [asdict(each) for each in inside], "digitized": asdict(done)})
        return Exit.OK
    t = asked.t
    asked.say(t("{package}: {state}, {custodian} answers for it", package=code, **_told(box, t)))
    asked.say(share_line(done, t))
    asked.say(t("Place: {place}. Seals: {seals}. Manifest: {manifest}", **_told(box, t)))
    for each in inside:
        asked.say("  " + t("{dossier}: {leaves} leaves", dossier=each.code, leaves=each.leaves))
    return Exit.OK


@package.command(cls=SpokenCommand, name="list", help=mark("List the packages."))
@click.option("--state", default="", metavar="STATE", help=mark("Only those in this state."))
@as_json
@click.pass_obj
def list_(asked: Asked, state: str, as_json: bool) -> Exit:
    """Print one line for each package."""
    from desk import custodial

    with asked.office() as office:
        found = custodial.everything(office, state)
    if as_json:
        asked.say_json([asdict(each) for each in found])
    for each in () if as_json else found:
        told = asked.t("{package}: {state}, {custodian} answers for it", package=each.code, **_told(each, asked.t))
        asked.say(told)
    return Exit.OK


def _told(box: Any, t: Words) -> dict[str, object]:
    return {
        "state": state_in_words(box.state, t),
        "custodian": box.custodian,
        "place": box.place or None,
        "seals": list(box.seals) or None,
        "manifest": box.manifest[:8] or None,
    }


@click.command(cls=SpokenCommand, help=mark("Judge the twenty invariants: if they hold, no document is lost."))
@as_json
@click.pass_obj
def verify(asked: Asked, as_json: bool) -> Exit:
    """Print one line for each invariant with its evidence; a breach makes the exit code non-zero."""
    from sqlalchemy.exc import SQLAlchemyError

    from custody.invariants import ANSWERED, BREACHED, HOLDS
    from desk import custodial
    from desk import verdicts as kept

    t = asked.t
    with asked.office(distrusting=False) as office, progress(asked, t("Checking the log"), None) as advance:
        at, began = office.clock.now(), office.clock.ticks()
        verdicts, entries = custodial.verify(office, advance)
        # Whoever verifies must hear what was found, even where a station cannot write any more.
        with contextlib.suppress(SQLAlchemyError):
            kept.keep(office, verdicts, entries, at, "", office.clock.ticks() - began)
    bad = any(each.outcome == BREACHED for each in verdicts)
    if as_json:
        told = [{"number": each.number, "name": each.name, **asdict(each)} for each in verdicts]
        asked.say_json({"holds": not bad, "entries": entries, "invariants": told})
        return Exit.FINDINGS if bad else Exit.OK
    answered = ": " + t("everything found has its answer")
    signs = {HOLDS: ("✓", ""), BREACHED: ("✗", ""), ANSWERED: ("○", answered)}
    for each in verdicts:
        sign, rest = signs.get(each.outcome, ("–", ": " + t("no facts yet")))
        asked.say(f"{sign} I{each.number} {t(name_of(each.number))}{rest}")
        for finding in each.findings:
            facts = {"entry": finding.entry, "proven": finding.proven, **finding.facts}
            asked.say("    " + str(explain(finding.code, facts, t.lang)).replace("\n", "\n    "))
    return Exit.FINDINGS if bad else Exit.OK
