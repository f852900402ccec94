"""Commands about shifts: shift start, leave, replace and show; the hand-over stands in desk/cli/reliefs.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.gate import signed_in
from desk.cli.holdings import as_json
from desk.cli.signing import Signed, signing_of
from desk.cli.spoken import SpokenCommand, SpokenGroup, mark

if TYPE_CHECKING:
    pass

Pins = Path | None
post_argument = click.argument("post", metavar="POST")
reason_option = click.option("--reason", default="", metavar="TEXT", help=mark("Why."))


@click.group(cls=SpokenGroup, help=mark("Shifts at the guard posts: start, count blind, hand over, leave."))
def shift() -> None:
    """Hold the commands about shifts."""


@signed_in(shift, mark("Take up a post; the guard's own PIN confirms it."), name="start")
@post_argument
def start(asked: Asked, post: str, signers: Sequence[str], pins: Pins, as_json: bool) -> Exit:
    """Begin a guard's presence."""
    from desk import shifts

    how = Signed(signers, pins, as_json)
    with asked.office() as office:
        added, _ = shifts.start(office, post, how.first, signing_of(asked, how))
    return _say(asked, {"entry": added.seq, "post": post.upper(), "guard": how.first}, as_json)


@signed_in(shift, mark("Leave a post; without relief this is recorded as such and an alarm is raised."), name="leave")
@post_argument
@click.option(
    "--guard", default="", metavar="CODE", help=mark("Who left, where a leader notes it; otherwise the signer.")
)
@reason_option
def leave(asked: Asked, post: str, guard: str, reason: str, signers: Sequence[str], pins: Pins, as_json: bool) -> Exit:
    """End a guard's presence."""
    from desk import shifts

    how = Signed(signers, pins, as_json)
    with asked.office() as office:
        added, entry = shifts.leave(office, post, guard or how.first, signing_of(asked, how), reason)
    relieved = bool(getattr(entry, "relieved", False))
    if not relieved and not as_json:
        asked.note(asked.t("Left without relief: the post has too few guards, or packages have no guard on duty."))
    facts = {"entry": added.seq, "post": post.upper(), "guard": (guard or how.first).upper(), "relieved": relieved}
    return max(Exit.OK if relieved else Exit.FINDINGS, _say(asked, facts, as_json))


@signed_in(
    shift,
    mark("Send another guard in the place of one who is ill or absent; that guard and a leader sign."),
    name="replace",
)
@post_argument
@click.option("--absent", required=True, metavar="CODE", help=mark("Who cannot be there."))
@reason_option
def replace(
    asked: Asked, post: str, absent: str, reason: str, signers: Sequence[str], pins: Pins, as_json: bool
) -> Exit:
    """Replace a guard."""
    from desk import shifts

    how = Signed(signers, pins, as_json)
    with asked.office() as office:
        added, _ = shifts.replace_guard(office, post, absent, how.first, reason, signing_of(asked, how))
    return _say(
        asked, {"entry": added.seq, "post": post.upper(), "guard": how.first, "instead": absent.upper()}, as_json
    )


@shift.command("show", cls=SpokenCommand, help=mark("Show who is on duty where, and hand-overs in progress."))
@click.argument("post", metavar="[POST]", default="")
@as_json
@click.pass_obj
def show(asked: Asked, post: str, as_json: bool) -> Exit:
    """Print the posts as they stand."""
    from archive.settings import zone_of
    from custody.cover import moment_at
    from desk import shifts

    with asked.office() as office:
        found, zone, t = shifts.show(office, post), zone_of(office.settings), asked.t
    if as_json:
        asked.say_json([asdict(each) for each in found])
        return Exit.OK
    for each in found:
        sign = "✓" if len(each.on_duty) >= each.needed else "!"
        facts = {"post": each.post, "name": each.name, "count": len(each.on_duty), "needed": each.needed}
        asked.say(t("{sign} {post} {name}: {count} of {needed} guards", sign=sign, **facts))
        for duty in each.on_duty:
            asked.say(
                "    " + t("{guard} since {time}", guard=duty.guard, time=f"{moment_at(duty.start, zone):%H:%M %d/%m}")
            )
        for draft in each.reliefs:
            asked.say("    " + t("Handing over: {giver} to {receiver}", giver=draft.giver, receiver=draft.receiver))
    return Exit.OK


def _say(asked: Asked, facts: dict[str, Any], as_json: bool) -> Exit:
    if as_json:
        asked.say_json(facts)
    else:
        asked.say(
            asked.t(
                "Recorded as entry {entry}: {about}", entry=facts["entry"], about=f"{facts['post']} {facts['guard']}"
            )
        )
    return Exit.OK


COMMANDS: tuple[click.Command, ...] = (shift,)
