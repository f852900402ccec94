"""Commands about hand-overs: shift count, handover, refuse and void; the group stands in desk/cli/shifts.py."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.gate import signed_in
from desk.cli.holdings import as_json
from desk.cli.shifts import post_argument, reason_option, shift
from desk.cli.signing import Signed, signing_of
from desk.cli.spoken import SpokenCommand, mark
from desk.shift_words import DIFFERENCES

if TYPE_CHECKING:
    from custody.shifts import Relief

Pins = Path | None
giver_option = click.option(
    "--from", "giver", default="", metavar="CODE", help=mark("Who hands over; otherwise the one guard on duty there.")
)
scan_option = click.option(
    "--scan", "scans", multiple=True, metavar="CODE", help=mark("A package counted, '@PLACE' before those of a place.")
)
file_option = click.option(
    "--file",
    "path",
    default="",
    metavar="FILE",
    help=mark("What was scanned, a line for each package; - for the input."),
)


@signed_in(shift, mark("Count what the post guards, blind; the incoming guard signs when --done."), name="count")
@post_argument
@giver_option
@scan_option
@file_option
@click.option("--done", is_flag=True, help=mark("The count is complete; only now the differences are shown."))
def count(
    asked: Asked,
    post: str,
    giver: str,
    scans: Sequence[str],
    path: str,
    done: bool,
    signers: Sequence[str],
    pins: Pins,
    as_json: bool,
) -> Exit:
    """Scan into the draft of a hand-over, and put the count in."""
    from desk import reliefs

    how = Signed(signers, pins, as_json)
    with asked.office() as office:
        draft = reliefs.begin(office, post, giver, how.first)
        counted = reliefs.scan(office, draft.code, [*scans, *_lines(path)])
        if done:
            relief = reliefs.count(office, draft.code, signing_of(asked, how))
            return _say_relief(asked, relief, as_json)
    if as_json:
        asked.say_json({"relief": draft.code, "post": draft.post, "giver": draft.giver, "scanned": counted})
    else:
        asked.say(asked.t("Scanned so far: {count}. End the count with --done.", count=counted))
    return Exit.OK


@signed_in(
    shift,
    mark("Hand a shift over: who gives and who takes sign, both within ten minutes, together or one after the other."),
    name="handover",
)
@post_argument
@giver_option
@scan_option
@file_option
@click.option(
    "--incident", "incidents", multiple=True, metavar="PACKAGE=NUMBER", help=mark("The open incident of a difference.")
)
@click.option("--open-incidents", is_flag=True, help=mark("Open an incident for each difference that has none."))
@click.option("--key", "keys", multiple=True, metavar="CODE", help=mark("A key that is handed over; repeat."))
@click.option("--situation", default="", metavar="TEXT", help=mark("What happened during the shift, in words."))
@click.option("--stead", default="", metavar="CODE", help=mark("The leader who signs for a giver who cannot."))
@click.option("--sheet", type=click.Path(path_type=Path), metavar="FILE", help=mark("Write sheet F11 as PDF."))
def handover(asked: Asked, post: str, signers: Sequence[str], pins: Pins, as_json: bool, **given: Any) -> Exit:
    """Close a hand-over, counting first where a count is given."""
    from custody.roster import read_named
    from desk import reliefs
    from desk.reliefs import Closing

    how = Signed(signers, pins, as_json)
    signing = signing_of(asked, how)
    closing = Closing(
        dict(read_named(each) for each in given["incidents"]),
        given["open_incidents"],
        tuple(given["keys"]),
        given["situation"],
        given["stead"],
    )
    lines = [*given["scans"], *_lines(given["path"])]
    with asked.office() as office:
        if lines:
            receiver = signers[-1].split(":")[0]
            draft = reliefs.begin(office, post, given["giver"], receiver)
            reliefs.scan(office, draft.code, lines)
            reliefs.count(office, draft.code, signing[-1:])
        draft = reliefs.going_on(office, post, given["giver"])
        done = reliefs.hand_over(office, draft.code, signing, None if closing == Closing() else closing)
        if done.relief is not None and given["sheet"]:
            _write(office, done.relief.code, given["sheet"])
    if done.relief is None:
        if as_json:
            asked.say_json({"relief": draft.code, "waits_for": list(done.waits_for)})
        else:
            asked.say(asked.t("Signed. Within ten minutes must sign: {who}", who=list(done.waits_for)))
        return Exit.UNFINISHED
    return _say_relief(asked, done.relief, as_json, done.head.short() if done.head else "")


@signed_in(
    shift,
    mark("Refuse to take over, with a reason; who gives stays responsible, and an incident is opened."),
    name="refuse",
)
@post_argument
@giver_option
@reason_option
def refuse(asked: Asked, post: str, giver: str, reason: str, signers: Sequence[str], pins: Pins, as_json: bool) -> Exit:
    """Refuse a hand-over."""
    from custody.errors import CustodyError
    from desk import relief_ends, reliefs

    how = Signed(signers, pins, as_json)
    if not reason.strip():
        # Before the hand-over is begun that is refused here.
        raise CustodyError("reason-absent", about=post.upper())
    with asked.office() as office:
        draft = reliefs.begin(office, post, giver, how.first)
        relief = relief_ends.refuse(office, draft.code, reason, signing_of(asked, how))
    if as_json:
        asked.say_json({"relief": relief.code, "state": relief.state, "incidents": list(relief.incidents)})
    else:
        asked.say(
            asked.t(
                "Refused; {giver} stays responsible. Incident: {incidents}",
                giver=relief.giver,
                incidents=list(relief.incidents),
            )
        )
    return Exit.OK


@shift.command("void", cls=SpokenCommand, help=mark("Give up a hand-over in progress; who gives stays responsible."))
@post_argument
@as_json
@click.pass_obj
def void(asked: Asked, post: str, as_json: bool) -> Exit:
    """Void a draft."""
    from desk import relief_ends, reliefs

    with asked.office() as office:
        draft = relief_ends.give_up(office, reliefs.going_on(office, post).code)
    if as_json:
        asked.say_json({"relief": draft.code, "state": draft.state})
    else:
        asked.say(asked.t("Given up; {giver} stays responsible.", giver=draft.giver))
    return Exit.OK


@shift.command("sheet", cls=SpokenCommand, help=mark("Print sheet F11 of a hand-over that is closed, again or late."))
@click.argument("code", metavar="HAND-OVER")
@click.option(
    "--out",
    "-o",
    "--output",
    "out",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=mark("The PDF to write."),
)
@as_json
@click.pass_obj
def sheet(asked: Asked, code: str, out: Path, as_json: bool) -> Exit:
    """Write the sheet."""
    with asked.office() as office:
        number = _write(office, code, out)
    if as_json:
        asked.say_json({"relief": code, "number": number, "path": out})
    else:
        asked.say(asked.t("Written: {path}", path=out))
    return Exit.OK


def _write(office: Any, code: str, path: Path) -> str:
    from desk.cli.paper import new_file
    from desk.forms.filling_shifts import write_sheet

    with new_file(path) as target:
        return write_sheet(office, code, target)


def _lines(path: str) -> list[str]:
    """Return the lines of a file of scans, of the standard input for "-"."""
    from desk.enclosures import read_text

    if not path:
        return []
    return sys.stdin.read().splitlines() if path == "-" else read_text(Path(path)).splitlines()


def _say_relief(asked: Asked, relief: Relief, as_json: bool, head: str = "") -> Exit:
    t = asked.t
    numbers = (*relief.incidents, *("" for _ in relief.differences[len(relief.incidents) :]))
    named = [(code, what, incident) for (code, what), incident in zip(relief.differences, numbers, strict=True)]
    if as_json:
        told = [{"package": code, "difference": what, "incident": incident} for code, what, incident in named]
        facts = {"relief": relief.code, "state": relief.state, "giver": relief.giver, "receiver": relief.receiver}
        asked.say_json(
            {**facts, "expected": relief.expected, "counted": len(relief.present), "differences": told, "head": head}
        )
        return Exit.OK
    asked.say(
        t(
            "Expected {expected}, counted {counted}, differences {count}.",
            expected=relief.expected,
            counted=len(relief.present),
            count=len(named),
        )
    )
    for code, what, incident in named:
        asked.say(f"  {code}: {t(DIFFERENCES[what])}  {incident}".rstrip())
    if head:
        asked.say(
            t(
                "Handed over from {giver} to {receiver}. Head of the log: {head}",
                giver=relief.giver,
                receiver=relief.receiver,
                head=head,
            )
        )
    return Exit.OK


COMMANDS: tuple[click.Command, ...] = (shift,)
