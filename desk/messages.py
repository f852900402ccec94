"""From a code and its facts to words for people: what happened, why, and the next step.

Commands, pages and slips all ask here, so one code has one sentence everywhere. The sentences themselves stand in
the desk/messages_*.py beside this file as English msgids, and in Vietnamese in the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from desk.cli.exits import Exit
from desk.custody_words import state_in_words
from desk.entry_words import dossier_state_in_words, kind_in_words
from desk.message import Message
from desk.messages_alarms import ALARMS
from desk.messages_answers import ANSWERS
from desk.messages_backup import BACKUP
from desk.messages_commands import COMMANDS
from desk.messages_custody import CUSTODY
from desk.messages_doctor import DOCTOR
from desk.messages_forms import FORMS
from desk.messages_frombox import FROMBOX
from desk.messages_intake import INTAKE
from desk.messages_invariants import INVARIANTS
from desk.messages_labels import LABELS
from desk.messages_ledger import LEDGER
from desk.messages_neighbours import NEIGHBOURS
from desk.messages_packages import PACKAGES
from desk.messages_page_admin import EVERY as PAGE_ADMIN
from desk.messages_page_api import API
from desk.messages_page_clerk import PAGE_CLERK
from desk.messages_page_phone import PHONE
from desk.messages_page_plans import PLANS as PAGE_PLANS
from desk.messages_page_review import PAGE_REVIEW
from desk.messages_pages import PAGES
from desk.messages_papers import PAPERS
from desk.messages_reading import READING
from desk.messages_register import REGISTER
from desk.messages_rounds import EVERY_ROUND
from desk.messages_shifts import ALL as SHIFTS
from desk.messages_signin import SIGN_IN
from desk.messages_stamps import STAMPS
from desk.messages_station import STATION
from desk.messages_stock import STOCK
from desk.messages_storage import STORAGE
from desk.shift_words import DIFFERENCES, NOBODY
from desk.words import Bytes, Words, translator

MESSAGES: Mapping[str, Message] = {
    **STATION,
    **STORAGE,
    **INTAKE,
    **READING,
    **DOCTOR,
    **ANSWERS,
    **BACKUP,
    **PAGES,
    **LEDGER,
    **NEIGHBOURS,
    **STAMPS,
    **FORMS,
    **CUSTODY,
    **COMMANDS,
    **PACKAGES,
    **INVARIANTS,
    **REGISTER,
    **LABELS,
    **FROMBOX,
    **PAPERS,
    **EVERY_ROUND,
    **SHIFTS,
    **STOCK,
    **SIGN_IN,
    **PAGE_ADMIN,
    **PAGE_PLANS,
    **PHONE,
    **ALARMS,
    **PAGE_CLERK,
    **API,
    **PAGE_REVIEW,
}
# Refusals that name roles; the words for them stand with the people (desk/cli/people.py).
ABOUT_ROLES = frozenset({"signers-not-entitled", "signer-without-role", "not-permitted", "signer-role-wrong"})
ROLE = re.compile(r"\b(clerk|archivist|guard|leader|witness|inspector|administrator)\b")
# Refusals that name a state or a kind of entry; the words for them stand in custody_words and entry_words.
ABOUT_STATES = frozenset(
    {"move-not-allowed", "package-closed", "dossier-frozen", "package-not-countable", "dossier-known", "act-not-now"}
)
UNKNOWN = Message(
    "Something is wrong that this release has no words for (code {code}).",
    "The part that noticed it gave these facts: {facts}",
    "Nothing was lost by it. Keep the code and the facts, and show them to whoever looks after the station.",
)


@dataclass(frozen=True)
class Explained:
    """A code in one language: what happened, why ("" where there is nothing to say), and what to do next."""

    code: str
    what: str
    why: str
    next: str
    exit: Exit
    status: int

    def __str__(self) -> str:
        return "\n".join(each for each in (self.what, self.why, self.next) if each)


def explain(code: str, facts: Mapping[str, object], lang: str) -> Explained:
    """Return the words for `code`; an unknown code is named honestly with its facts."""
    t = translator(lang)
    message = MESSAGES.get(code)
    family, colon, detail = code.partition(":")
    if message is None and colon and family in MESSAGES:
        # The rules of a library are named "library:rule": one sentence speaks for all of them.
        return replace(explain(family, {**facts, "detail": detail}, lang), code=code)
    if message is None:
        listed = "; ".join(f"{name} = {t.value(name, value)}" for name, value in facts.items()) or "–"
        message, facts = UNKNOWN, {"code": code, "facts": listed}
    facts = _completed(facts)
    if code in ABOUT_STATES:
        facts = _say_states(facts, t)
    if code in ABOUT_ROLES:
        facts = {name: _say_roles(value, t) for name, value in facts.items()}
    if code in IN_WORDS:
        facts = IN_WORDS[code](facts, t)
    why = message.why
    if isinstance(cause := facts.get("code"), str) and code == "failed" and cause in MESSAGES:
        inner = explain(cause, facts, lang)
        return Explained(code, t(message.what, **facts), inner.what, inner.next, message.exit, message.status)
    return Explained(
        code,
        t(message.what, **facts),
        t(why, **facts) if why else "",
        t(message.next, **facts) if message.next else "",
        message.exit,
        message.status,
    )


def _say_roles(value: object, t: Words) -> object:
    """Put the words for roles in the place of their codes."""
    if isinstance(value, list | tuple):
        return [_say_roles(each, t) for each in value]
    if value == "*":
        return t("anybody else")
    return ROLE.sub(lambda found: t(found[0]), value) if isinstance(value, str) else value


def _say_retentions(facts: Mapping[str, object], t: Words) -> Mapping[str, object]:
    """Put words in the place of retentions: "permanent" and numbers of years."""
    from desk.papers import retention_of

    classes = facts.get("classes")
    return {**facts, "classes": retention_of(map(str, classes), t)} if isinstance(classes, list | tuple) else facts


def _say_difference(facts: Mapping[str, object], t: Words) -> Mapping[str, object]:
    """Put words in the place of what differs in a hand-over."""
    difference = str(facts.get("difference", ""))
    return {**facts, "difference": t(DIFFERENCES.get(difference, difference))}


def _say_nobody(facts: Mapping[str, object], t: Words) -> Mapping[str, object]:
    """Say why nobody answers for an uncovered post, where nobody does."""
    return facts if facts.get("responsible") else {**facts, "responsible": t(NOBODY)}


def _say_states(facts: Mapping[str, object], t: Words) -> Mapping[str, object]:
    """Put words in the place of the codes of a state and of a kind."""
    state, (kind, _, to) = str(facts.get("state", "")), str(facts.get("kind", "")).partition("/")
    word = state_in_words(state, t)
    word = dossier_state_in_words(state, t) if word == state else word
    return {**facts, "state": word, "kind": kind_in_words(kind, t, to)}


def _completed(facts: Mapping[str, object]) -> Mapping[str, object]:
    """Give a bound on bytes its unit, and let one file stand where a sentence speaks of several."""
    limit = facts.get("limit")
    if "bytes" in facts and isinstance(limit, int):
        facts = {**facts, "limit": Bytes(limit)}
    return {"count": 1, "examples": facts["name"], **facts} if "name" in facts else facts


def explain_error(error: Exception, lang: str) -> Explained | None:
    """Explain an error that carries `code` and `facts`, as the errors of every package do; None for any other."""
    code, facts = getattr(error, "code", None), getattr(error, "facts", None)
    if not isinstance(code, str) or not isinstance(facts, Mapping):
        return None
    return explain(code, facts, lang)


# Refusals whose facts are codes of their own kind; each function puts words in their place.
IN_WORDS = {
    "retention-mixed": _say_retentions,
    "difference-without-incident": _say_difference,
    "post-uncovered": _say_nobody,
    "post-uncovered-now": _say_nobody,
}


def write_slip(code: str, facts: Mapping[str, object], name: str) -> str:
    """Return the text of the slip laid beside a file that was set aside: Vietnamese first, then English."""
    parts = []
    for lang in ("vi", "en"):
        t = translator(lang)
        explained = explain(code, facts, lang)
        lines = [
            t("This file was set aside and needs a person: {name}", name=name),
            "",
            t("What happened: {text}", text=explained.what),
            t("Why: {text}", text=explained.why) if explained.why else "",
            t("What to do: {text}", text=explained.next) if explained.next else "",
            t("The file itself is unchanged. To have it tried again, press Retry on the station page."),
            t("Code for support: {code}", code=code),
        ]
        parts.append("\n".join(line for index, line in enumerate(lines) if line or index == 1))
    return "\n\n----------------------------------------\n\n".join(parts) + "\n"
