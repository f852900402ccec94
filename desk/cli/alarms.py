"""Commands about alarms: list, ack, quiet, show, history, test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from custody.alarms import RUNGS, Alarm
from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.pins import pins_option
from desk.cli.signing import pins_of
from desk.cli.spoken import SpokenGroup, mark

SPAN = re.compile(r"(\d{1,4})\s*(m|h|d)")
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
ANSWERED_BY = click.option("--signer", required=True, metavar="CODE", help=mark("Who answers."))
NUMBER = click.argument("number", type=click.IntRange(1), metavar="NUMBER")


@click.group(cls=SpokenGroup, help=mark("Alarms: what is wrong now, who was told, and who takes charge."))
def alarms() -> None:
    """Hold the commands about alarms."""


@alarms.command(name="list", help=mark("List the alarms that are open, and urgent ones nobody acknowledged."))
@as_json
@click.pass_obj
def list_(asked: Asked, as_json: bool) -> Exit:
    """Print what a person should see now; the exit code tells whether anything wants one."""
    from desk import alarming

    with asked.office() as office:
        board = alarming.board(office)
    wanting = [each for each in board.alarms if each.wants_person]
    if as_json:
        rows = [told(each, asked.t.lang) for each in board.alarms]
        facts = {"evaluated_at": board.evaluated_at, "is_stale": board.is_stale, "channels": board.told_by}
        asked.say_json({"alarms": rows, **facts})
        return Exit.FINDINGS if wanting else Exit.OK
    t = asked.t
    for each in board.alarms:
        say(asked, each)
    if not board.alarms:
        asked.say(t("There is no alarm."))
    if board.is_stale and board.evaluated_at is not None:
        asked.note(t("Nobody has looked since {moment}: the station does not run.", moment=board.evaluated_at))
    elif board.is_stale:
        asked.note(t("Nobody has looked yet. Start the station, or look now with: luutru tick --once"))
    if not board.told_by:
        asked.note(t("Alarms are told to nobody: the setting alarm_urls is empty."))
    return Exit.FINDINGS if wanting else Exit.OK


@alarms.command(help=mark("Take charge of an alarm: nobody further up is told."))
@NUMBER
@ANSWERED_BY
@pins_option
@as_json
@click.pass_obj
def ack(asked: Asked, number: int, signer: str, pins: Path | None, as_json: bool) -> Exit:
    """Acknowledge one alarm by name."""
    from desk import alarming

    (pin,) = pins_of(asked, [signer], pins)
    with asked.office() as office:
        after = alarming.acknowledge(office, number, (signer, pin))
    if as_json:
        asked.say_json(told(after, asked.t.lang))
    else:
        asked.say(asked.t("Alarm {number} is in the charge of {person}.", number=str(number), person=after.acked_by))
        say(asked, after)
    return Exit.OK


@alarms.command(help=mark("Silence an alarm until a moment, with a reason; archivists and leaders may."))
@NUMBER
@click.option("--until", required=True, metavar="WHEN", help=mark("A moment, or a length of time: 30m, 2h, 1d."))
@click.option("--reason", required=True, metavar="TEXT", help=mark("Why it may be silent."))
@ANSWERED_BY
@pins_option
@as_json
@click.pass_obj
def quiet(asked: Asked, number: int, until: str, reason: str, signer: str, pins: Path | None, as_json: bool) -> Exit:
    """Silence one alarm; it goes on climbing afterwards if it still stands."""
    from desk import alarming

    (pin,) = pins_of(asked, [signer], pins)
    with asked.office() as office:
        moment = read_until(until, office.clock.now())
        after = alarming.quiet(office, number, moment, reason, (signer, pin))
    if as_json:
        asked.say_json(told(after, asked.t.lang))
    else:
        asked.say(asked.t("Alarm {number} is silent until {moment}.", number=str(number), moment=moment))
    return Exit.OK


@alarms.command(help=mark("Show one alarm: what happened to it, who was told, and what is still to be sent."))
@NUMBER
@as_json
@click.pass_obj
def show(asked: Asked, number: int, as_json: bool) -> Exit:
    """Print one alarm with its events and messages."""
    from custody import alarming as kept
    from desk import alarming
    from desk.alarm_words import LADDER_WORDS, VERB_WORDS

    with asked.office() as office, office.database.reading() as session:
        alarm = kept.one(session, number)
        events, messages = kept.events(session, number), kept.messages(session, number)
    roles = alarming.roles_told(events)
    if as_json:
        happened = [{"at": each.at, "verb": each.verb, "person": each.person, "facts": each.facts} for each in events]
        sent = [
            {"role": each.role, "channel": each.channel, "turn": each.turn, "tries": each.tries}
            | {"sent_at": each.sent_at, "next_at": each.next_at, "error": each.error}
            for each in messages
        ]
        asked.say_json({**told(alarm, asked.t.lang), "told": roles, "events": happened, "messages": sent})
        return Exit.OK
    t = asked.t
    say(asked, alarm)
    names = ", ".join(t(LADDER_WORDS[each]) for each in roles if each in LADDER_WORDS)
    asked.say(t("Told: {roles}", roles=names or t("nobody")))
    for each in events:
        asked.say(f"  {t.moment(each.at)}  {t(VERB_WORDS.get(each.verb, each.verb))} {each.person}".rstrip())
    for message in messages:
        state = t("sent {moment}", moment=message.sent_at) if message.sent_at else message.error or t("waits")
        asked.say(f"  {message.channel} ({t(LADDER_WORDS.get(message.role, message.role))}): {state}")
    return Exit.OK


@alarms.command(help=mark("List past alarms, the newest first."))
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, help=mark("At most so many alarms."))
@as_json
@click.pass_obj
def history(asked: Asked, limit: int, as_json: bool) -> Exit:
    """Print what was ever raised."""
    from custody import alarming as kept

    with asked.office() as office, office.database.reading() as session:
        found = kept.history(session, limit)
    if as_json:
        asked.say_json([told(each, asked.t.lang) for each in found])
        return Exit.OK
    for each in found:
        say(asked, each)
    if not found:
        asked.say(asked.t("There was never an alarm."))
    return Exit.OK


@alarms.command(help=mark("Send a message that says it is only a test, and tell by which channels it went."))
@click.option("--role", default="", type=click.Choice(["", *RUNGS, "all"]), help=mark("Only the channels of one role."))
@as_json
@click.pass_obj
def test(asked: Asked, role: str, as_json: bool) -> Exit:
    """Try the channels now."""
    from desk import telling

    with asked.office() as office:
        outcomes = telling.try_out(office, role)
    failed = [each for each in outcomes if each.error]
    if as_json:
        asked.say_json([asdict(each) for each in outcomes])
        return Exit.FINDINGS if failed else Exit.OK
    t = asked.t
    for each in outcomes:
        asked.say(f"✗ {each.channel}: {each.error}" if each.error else t("✓ {channel}: sent", channel=each.channel))
    return Exit.FINDINGS if failed else Exit.OK


def read_until(text: str, now: datetime) -> datetime:
    """Return a moment given as such or as a length of time from now; raises CustodyError "moment-unreadable"."""
    from custody.errors import CustodyError

    if found := SPAN.fullmatch(text.strip()):
        return now + int(found[1]) * UNITS[found[2]]
    try:
        given = datetime.fromisoformat(text.strip())
    except ValueError:
        raise CustodyError("moment-unreadable", value=text) from None
    return given if given.tzinfo else given.astimezone()


def told(alarm: Alarm, lang: str) -> Mapping[str, Any]:
    """Return an alarm as JSON shows it, with its words."""
    from desk.alarm_words import explain_alarm

    words = explain_alarm(alarm, lang)
    state = {"is_open": alarm.is_open, "wants_person": alarm.wants_person}
    return {**asdict(alarm), **state, "what": words.what, "why": words.why, "next": words.next}


def say(asked: Asked, alarm: Alarm) -> None:
    """Print an alarm in a few lines."""
    from custody.alarms import SETTLE
    from desk.alarm_words import LEVEL_WORDS, explain_alarm

    t, words = asked.t, explain_alarm(alarm, asked.t.lang)
    asked.say(f"{alarm.number}  [{t(LEVEL_WORDS[alarm.level])}] {words.what}")
    lines = [words.why, t("Since: {moment}", moment=alarm.since)]
    if alarm.cleared_at:
        lines.append(t("Over since: {moment}", moment=alarm.cleared_at))
    elif alarm.gone_at:
        times = {"moment": alarm.gone_at, "until": alarm.gone_at + SETTLE}
        lines.append(t("No longer so since {moment}; it closes at {until} unless it comes back.", **times))
    elif words.next:
        lines.append(t("To do now: {text}", text=words.next))
    if alarm.acked_by:
        lines.append(t("In the charge of {person} since {moment}", person=alarm.acked_by, moment=alarm.acked_at))
    if alarm.quiet_by and alarm.is_open:
        facts = {"person": alarm.quiet_by, "moment": alarm.quiet_until, "reason": alarm.reason}
        lines.append(t("Silenced by {person} until {moment}: {reason}", **facts))
    asked.say("\n".join(f"    {line}" for line in lines if line))


COMMANDS = (alarms,)
