"""Commands about printed records: form list, print, blank, numbers, show, void."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.asked import Asked
from desk.cli.defaulting import DefaultingGroup
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.paper import new_file, printed_by
from desk.cli.pins import pins_option
from desk.cli.spoken import SpokenCommand, mark
from desk.words import Words

if TYPE_CHECKING:
    from archive.numbers import Number
    from desk.printing import Printed

out_option = click.option(
    "--out",
    "-o",
    "--output",
    "out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=mark("The PDF to write."),
)
office_option = click.option(
    "--office", metavar="NAME", help=mark("The office at the top of the form; otherwise the setting office_name.")
)
parent_option = click.option(
    "--parent", metavar="NAME", help=mark("The body above the office; otherwise the setting office_parent.")
)


@click.group(
    cls=DefaultingGroup, default="print", help=mark("Print the records of the office: minutes, lists and books.")
)
def form() -> None:
    """Hold the commands about forms."""


# Forms that a command about the thing itself fills in.
FILLED_BY = {
    "F11": "luutru shift sheet",
    "F12": "luutru round print",
    "F13": "luutru visitor print",
    "F15": "luutru stocktake print",
    "F16": "luutru incident print",
}


@form.command(cls=SpokenCommand, name="list", help=mark("List the forms, what each is filled from and takes."))
@as_json
@click.pass_obj
def list_(asked: Asked, as_json: bool) -> Exit:
    """Print code, title and values of every form."""
    from desk.forms import filling, model

    forms = [model.load(code, asked.home / "forms") for code in model.CODES]
    needs = {code: filling.options_of(each) for code, each in filling.FILLINGS.items()}
    if as_json:
        asked.say_json(
            [
                {"code": each.code, "title": each.title, "filled_from": needs.get(each.code, [])}
                | {"command": FILLED_BY.get(each.code, "")}
                | {"values": sorted(each.keys())}
                for each in forms
            ]
        )
        return Exit.OK
    for each in forms:
        filled = " | ".join(needs[each.code]) if each.code in needs else FILLED_BY.get(each.code, "")
        asked.say(f"{each.code:4} {each.title}" + (f"  ({filled})" if filled else ""))
    return Exit.OK


@form.command(
    cls=SpokenCommand,
    name="print",
    help=mark("Print a form as PDF: filled in from custody and the register, from a file, or blank."),
)
@click.argument("code", metavar="FORM")
@out_option
@click.option("--package", "packages", multiple=True, metavar="CODE", help=mark("The package it is about; repeatable."))
@click.option("--dossier", default="", metavar="CODE", help=mark("The dossier it is about."))
@click.option("--fonds", default="", metavar="CODE", help=mark("The fonds it is about."))
@click.option("--all", "everything", is_flag=True, help=mark("It is about everything there is."))
@click.option(
    "--values", type=click.Path(path_type=Path), metavar="FILE", help=mark("A JSON file with the values of the form.")
)
@click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help=mark("One value; it goes before all others."))
@click.option(
    "--copies",
    type=click.IntRange(1, 500),
    default=1,
    help=mark("So many: originals of one number where it is filled in, a number each where it is blank."),
)
@office_option
@parent_option
@printed_by
@as_json
@click.pass_obj
def print_(asked: Asked, /, code: str, out: Path, copies: int, by: str, as_json: bool, **told: Any) -> Exit:
    """Write the PDF; its number is kept, and the head of the custody log stands in its foot."""
    from archive.refs import read_code
    from desk.forms import filling, model
    from desk.forms.subject import About
    from desk.paper_orders import place_and_date
    from desk.printing import print_form

    wording = model.load(code.upper(), asked.home / "forms")
    packages = tuple(read_code(each) or each for each in told["packages"])
    about = About(packages, told["dossier"], told["fonds"], told["everything"])
    with asked.office() as office, new_file(out) as target:
        values = filling.values_of(office, wording.code, about) if about.given() else {}
        values |= _read_values(told["values"]) if told["values"] else {}
        values |= dict(_named(each, wording) for each in told["given"])
        printed = print_form(
            office,
            wording,
            values,
            about=about.words(),
            blank=not values,
            copies=copies,
            by=by,
            heading=_heading(office.settings, told["office"], told["parent"]),
            place_and_date=place_and_date(office) if values and office.settings.office_city else "",
        )
        target.write(printed.pdf)
    return _tell(asked, out, printed, as_json)


@form.command(cls=SpokenCommand, help=mark("Print blank forms, each with a number of its own that is kept."))
@click.argument("code", metavar="FORM")
@click.option("--count", type=click.IntRange(1, 500), default=1, help=mark("So many, each with a number of its own."))
@out_option
@office_option
@parent_option
@printed_by
@as_json
@click.pass_obj
def blank(
    asked: Asked, code: str, count: int, out: Path, office: str | None, parent: str | None, by: str, as_json: bool
) -> Exit:
    """Write blanks for the hour without power; each is looked up by its number when it is keyed in."""
    from desk.forms import model
    from desk.printing import print_form

    wording = model.load(code.upper(), asked.home / "forms")
    with asked.office() as station, new_file(out) as target:
        heading = _heading(station.settings, office, parent)
        printed = print_form(station, wording, {}, blank=True, copies=count, by=by, heading=heading)
        target.write(printed.pdf)
    return _tell(asked, out, printed, as_json)


@form.command(cls=SpokenCommand, help=mark("List the numbers that were given to paper: forms, covers, labels, badges."))
@click.option("--form", "code", default="", metavar="FORM", help=mark("Only those of this form."))
@click.option("--waiting", is_flag=True, help=mark("Only blanks that are neither keyed in nor void."))
@as_json
@click.pass_obj
def numbers(asked: Asked, code: str, waiting: bool, as_json: bool) -> Exit:
    """Print one line for each number."""
    from archive import numbers as register
    from desk.forms import model

    if code:
        model.load(code.upper(), asked.home / "forms")
    with asked.office() as office, office.database.reading() as session:
        found = register.every(session, form=code.upper(), waiting=waiting)
    if as_json:
        asked.say_json([_facts(each) for each in found])
        return Exit.OK
    if not found:
        asked.say(asked.t("No number was given yet."))
    for each in found:
        asked.say(in_words(each, asked.t))
    return Exit.OK


@form.command(cls=SpokenCommand, help=mark("Show what a number on paper is."))
@click.argument("number", metavar="NUMBER")
@as_json
@click.pass_obj
def show(asked: Asked, number: str, as_json: bool) -> Exit:
    """Print what is kept with one number."""
    from archive import numbers as register

    with asked.office() as office, office.database.reading() as session:
        found = register.find(session, number)
    if as_json:
        asked.say_json(_facts(found))
    else:
        asked.say(in_words(found, asked.t))
    return Exit.OK


@form.command(cls=SpokenCommand, help=mark("Make a number void for good: spoiled, lost, or never written on."))
@click.argument("number", metavar="NUMBER")
@click.option("--reason", required=True, metavar="TEXT", help=mark("Why; it is kept with the number."))
@click.option("--signer", required=True, metavar="CODE", help=mark("Who says so."))
@pins_option
@as_json
@click.pass_obj
def void(asked: Asked, number: str, reason: str, signer: str, pins: Path | None, as_json: bool) -> Exit:
    """Keep the number, its reason and who signed for it; nothing ever gives it again."""
    from archive import numbers as register
    from desk import custodial
    from desk.cli.signing import pins_of

    (pin,) = pins_of(asked, [signer], pins)
    with asked.office() as office:
        who = custodial.authenticate(office, signer, pin)
        with office.database.atomic() as session:
            found = register.void(session, number, reason, who.code, office.clock.now())
    if as_json:
        asked.say_json(_facts(found))
    else:
        asked.say(in_words(found, asked.t))
    return Exit.OK


def in_words(number: Number, t: Words) -> str:
    """Return one number in a line."""
    told = t("{number}: given on {moment}", number=number.shown, moment=number.given_at)
    if number.about:
        told += ", " + t("about {about}", about=number.about)
    if number.prints > 1:
        told += ", " + t("printed {count} times", count=number.prints)
    if number.voided_at is not None:
        return f"{told}; " + t("void since {moment}: {reason}", moment=number.voided_at, reason=number.void_reason)
    if number.entry is not None:
        return f"{told}; " + t("keyed in as entry {entry}", entry=number.entry)
    return f"{told}; " + t("blank, not keyed in yet") if number.blank else told


def _facts(number: Number) -> dict[str, Any]:
    return {"number": number.shown, **asdict(number)}


def _heading(settings: Any, office: str | None, parent: str | None) -> tuple[str, str]:
    chosen = (office if office is not None else settings.office_name, parent)
    return chosen[0], chosen[1] if chosen[1] is not None else settings.office_parent


def _tell(asked: Asked, out: Path, printed: Printed, as_json: bool) -> Exit:
    numbers = [each.shown for each in printed.numbers]
    if as_json:
        asked.say_json({"path": out, "numbers": numbers, "head": printed.head.short(), "size": printed.head.size})
        return Exit.OK
    asked.say(asked.t("Written: {path}", path=out))
    for each in numbers:
        asked.say("  " + each)
    return Exit.OK


def _named(text: str, wording: Any) -> tuple[str, object]:
    """Return a value given as NAME=VALUE; it is a number where the form also says it in words."""
    from desk.forms.model import FormError

    name, is_given, value = (each.strip() for each in text.partition("="))
    known = wording.keys()
    is_count = name in wording.counts()
    if not is_given or name not in known or (is_count and not re.fullmatch(r"[0-9]{1,9}", value)):
        raise FormError("form-value-wrong", form=wording.code, key=name, known=sorted(known))
    return name, int(value) if is_count else value


def _read_values(path: Path) -> dict[str, Any]:
    from desk.forms.model import FormError

    try:
        values = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise FormError("form-values-unreadable", path=str(path), detail=str(error)) from error
    if not isinstance(values, dict):
        raise FormError("form-values-unreadable", path=str(path), detail=type(values).__name__)
    return values
