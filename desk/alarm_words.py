"""Alarms in words: for a screen in one language, for a message in both, Vietnamese first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from archive.refs import is_code, show_code
from custody.alarms import Alarm
from desk.cli.spoken import mark
from desk.messages import Explained, explain
from desk.words import LANGUAGES, translator

LEVEL_WORDS: Mapping[str, str] = {
    "notice": mark("Notice"),
    "warning": mark("Warning"),
    "urgent": mark("URGENT"),
}
VERB_WORDS: Mapping[str, str] = {
    "raised": mark("raised"),
    "reopened": mark("came back"),
    "gone": mark("no longer due"),
    "back": mark("due again"),
    "cleared": mark("cleared"),
    "escalated": mark("told further up"),
    "repeated": mark("told again"),
    "level-raised": mark("got worse"),
    "redated": mark("dated anew, the clock was set back"),
    "acknowledged": mark("acknowledged"),
    "quieted": mark("silenced"),
}
LADDER_WORDS: Mapping[str, str] = {
    "guard": mark("guard"),
    "archivist": mark("archivist"),
    "leader": mark("leader"),
    "administrator": mark("administrator"),
}
LONGEST_TITLE = 120


def explain_alarm(alarm: Alarm, lang: str) -> Explained:
    """Return what an alarm says in one language."""
    facts = {name: _spoken(value) for name, value in {"about": alarm.about, **alarm.facts}.items()}
    if isinstance(cause := facts.get("finding_code"), str) and isinstance(inner := facts.get("finding_facts"), Mapping):
        facts["finding"] = explain(cause, inner, lang).what.rstrip(".")
    return explain(alarm.code, facts, lang)


def compose(alarm: Alarm, identifier: str, lang: str) -> tuple[str, str]:
    """Return title and text of a message: the station's language in the title, both in the text."""
    t = translator(lang)
    title = f"{t(LEVEL_WORDS[alarm.level])}: {explain_alarm(alarm, lang).what}"
    parts = []
    for each in (lang, *(other for other in LANGUAGES if other != lang)):
        words, told = translator(each), explain_alarm(alarm, each)
        lines = [f"[{words(LEVEL_WORDS[alarm.level])}] {told.what}", told.why]
        lines.append(words("Since: {moment}", moment=alarm.since))
        if told.next:
            lines.append(words("To do now: {text}", text=told.next))
        if alarm.number:
            lines.append(words("Take charge of it with: luutru alarms ack {number}", number=str(alarm.number)))
        parts.append("\n".join(line for line in lines if line))
    return title[:LONGEST_TITLE], "\n\n".join([*parts, f"luutru {identifier}"])


def _spoken(value: object) -> object:
    """Give back what storing facts took: moments are moments again, and codes are shown as they are printed."""
    if isinstance(value, str):
        if is_code(value):
            return show_code(value)
        if len(value) > 18 and value[4:5] == "-" and "T" in value:
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                return value
    return value
