"""What F13, F15 and F16 say, from the log: visitors of a day, the result of a stocktake, an incident."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from archive import people
from archive.errors import VaultError
from archive.gate import Visitor
from custody.gate import Visit
from custody.incidents import Incident
from custody.moments import parse_moment
from custody.stocktake import Difference, Line, Stocktake
from desk import gatekeeping, incidents, stocktaking
from desk.office import Office
from desk.stock_words import OUTCOMES, PURPOSES, SETTLED, SHORT
from desk.words import translator

# Returns a person's name for a code, or the code itself.
Name = Callable[[str], str]
# The records are Vietnamese, whatever language the pages are in.
VIETNAMESE = translator("vi")
MOST_TEXT = 100_000


def stocktake_values(
    known: Stocktake, found: int, lines: Iterable[Line], differ: Iterable[Difference], name: Name
) -> dict[str, Any]:
    """Return the values of F15."""
    counted = [line for line in lines if line.times]
    team = sorted({line.by for line in counted})
    rows = [
        {
            "no": number,
            "package": each.package,
            "expected_place": each.expected,
            "found_place": each.counted,
            "disposition": _disposition(each),
        }
        for number, each in enumerate(differ, start=1)
    ]
    return {
        "day": _day(known.opened_at),
        "place": ", ".join(known.places),
        "scope": ", ".join(known.places),
        "team": ", ".join(name(each) for each in team),
        "expected": known.expected,
        "found": found,
        "missing": sum(each.kind == "missing" for each in differ),
        "unexpected": sum(each.kind in {"unexpected", "unknown"} for each in differ),
        "rows": rows,
    }


def visitor_values(day: date, place: str, visits: Iterable[tuple[Visit, Visitor | None]], name: Name) -> dict[str, Any]:
    """Return the values of F13: the visitors of one day."""
    of_day = [(visit, who) for visit, who in visits if parse_moment(visit.came_at).date() == day]
    rows = [
        {
            "no": number,
            "name": who.name if who and who.name else visit.visitor,
            "unit": ", ".join(part for part in ((who.body, who.paper) if who else ()) if part),
            "reason": VIETNAMESE(PURPOSES[visit.purpose]),
            "authoriser": name(visit.host),
            "entered": _hour(visit.came_at),
            "left": _hour(visit.left_at),
        }
        for number, (visit, who) in enumerate(of_day, start=1)
    ]
    return {"store": place, "day": f"{day:%d/%m/%Y}", "rows": rows}


def incident_values(known: Incident, story: str, conclusion: str, name: Name) -> dict[str, Any]:
    """Return the values of F16; `story` and `conclusion` are the texts enclosed, "" where there are none."""
    ended = VIETNAMESE(OUTCOMES[known.outcome]) if known.outcome else ""
    values = {
        "time": _hour(known.opened_at),
        "day": _day(known.opened_at),
        "finder": name(known.opened_by),
        "subject": f"{known.about} ({known.number})",
        "story": story,
        "evidence": ", ".join(each[:8] for each in known.attachments),
        "conclusion": ": ".join(part for part in (ended, conclusion) if part),
    }
    return {key: value for key, value in values.items() if value}


def _disposition(each: Difference) -> str:
    t = VIETNAMESE
    kind = t(SHORT[each.kind])
    how, _, number = each.settles.partition(":")
    if how == "incident":
        return f"{kind}; {t(SETTLED[how])} ({number})"
    return f"{kind}; {t(SETTLED[how]) if how else t('not settled')}"


def _day(moment: str) -> str:
    return f"{parse_moment(moment):%d/%m/%Y}" if moment else ""


def _hour(moment: str) -> str:
    return f"{parse_moment(moment):%H:%M}" if moment else ""


def naming(office: Office) -> Name:
    """Return how people are named on a record: by name, or by code where nobody is known."""
    with office.database.reading() as session:
        known = {each.code: each.name for each in people.everyone(session)}
    return lambda code: known.get(code, code)


def of_stocktake(office: Office, number: str) -> dict[str, Any]:
    """Return the values of F15 for a stocktake; CustodyError "stocktake-unknown"."""
    known, found, differ = stocktaking.compare(office, number)
    return stocktake_values(known, found, stocktaking.lines_of(office, number), differ, naming(office))


def of_visitors(office: Office, day: date) -> dict[str, Any]:
    """Return the values of F13 for a day."""
    return visitor_values(day, office.settings.office_name, gatekeeping.visits(office), naming(office))


def of_incident(office: Office, number: str) -> dict[str, Any]:
    """Return the values of F16 for an incident: what is enclosed as text stands in it, photos by their digests."""
    known = incidents.look(office, number)
    texts = [told for each in known.attachments if (told := _text(office, each))]
    story = texts[0] if texts else ""
    conclusion = texts[-1] if known.outcome and len(texts) > 1 else ""
    return incident_values(known, story, conclusion, naming(office))


def _text(office: Office, sha256: str) -> str:
    """Return what is enclosed where it is text of a sensible length, "" for a photo or what was erased."""
    try:
        with office.vault.open(sha256) as source:
            raw = source.read(MOST_TEXT + 1)
        return "" if len(raw) > MOST_TEXT else raw.decode("utf-8").strip()
    except (UnicodeDecodeError, VaultError, OSError):
        return ""
