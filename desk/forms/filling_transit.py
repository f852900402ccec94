"""Values of the records that travel with packages: F4 hand-over minutes, F14 waybill."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from archive.refs import show_code
from custody.entries import Stamp
from custody.entries_package import (
    PackageCleared,
    PackageDispatched,
    PackageFound,
    PackageHandedOut,
    PackagePlaced,
    PackageReceived,
    PackageRefused,
    PackageResealed,
    PackageSealed,
)
from custody.moments import parse_moment
from desk.forms.filling_packages import condition_in_words
from desk.forms.model import FormError
from desk.forms.subject import About
from desk.office import Office
from desk.papers import BoxPaper, box_papers, day_on_paper, history, paper_words, people_named, period_of, time_on_paper

_TOLD = (
    PackageSealed,
    PackageResealed,
    PackageCleared,
    PackagePlaced,
    PackageFound,
    PackageDispatched,
    PackageHandedOut,
    PackageReceived,
    PackageRefused,
)


@dataclass(frozen=True)
class _Journey:
    """The last journey of a package: from which store it left, and how it arrived or came back, if it did."""

    paper: BoxPaper
    left: PackageDispatched | PackageHandedOut
    at: Stamp
    origin: str
    arrived: PackageReceived | PackageRefused | None = None


def handing_over(session: Session, office: Office, about: About) -> dict[str, Any]:
    """F4: who handed which packages to whom, and how much that is."""
    t, journeys = paper_words(), _journeys(session, "F4", about)
    first, papers = journeys[0], [each.paper for each in journeys]
    receiver = first.arrived.receiver if isinstance(first.arrived, PackageReceived) else first.left.receiver
    people = people_named(session, {first.left.giver, receiver})
    contents = [each for paper in papers for each in paper.contents]
    values: dict[str, Any] = {
        "day": day_on_paper(first.at.at),
        "place": first.left.destination,
        "giver": people[first.left.giver].name,
        "giver_post": people[first.left.giver].post,
        "receiver": people[receiver].name,
        "receiver_post": people[receiver].post,
        "holdings": "; ".join(dict.fromkeys(paper.fonds_named for paper in papers if paper.fonds)),
        "dates": period_of(contents),
        "condition": t("Form: in sealed packages, seals {condition}", condition=condition_in_words(first.left.finding)),
        "list": t("Form: one in each package"),
        "boxes": len(papers),
        "dossiers": sum(each.dossiers for each in papers),
    }
    if office.settings.box_metres:
        values["metres"] = f"{len(papers) * office.settings.box_metres:.3f}".rstrip("0").rstrip(".").replace(".", ",")
    return values


def waybill(session: Session, _office: Office, about: About) -> dict[str, Any]:
    """F14: packages on one journey, with their seals as they left and as they arrived."""
    journeys = _journeys(session, "F14", about)
    first = journeys[0]
    people = people_named(session, {first.left.giver, first.left.receiver})
    rows = [
        {
            "package": show_code(each.paper.box.code),
            "seal": ", ".join(each.left.read),
            "given": condition_in_words(each.left.finding),
            "received": condition_in_words(each.arrived.finding) if each.arrived else "",
        }
        for each in journeys
    ]
    values: dict[str, Any] = {
        "origin": first.origin,
        "destination": first.left.destination,
        "giver": people[first.left.giver].name,
        "escort": people[first.left.receiver].name,
        "departed": f"{time_on_paper(first.at.at)} ngày {day_on_paper(first.at.at)}",
        "rows": rows,
        "packages": len(rows),
    }
    if isinstance(first.left, PackageDispatched):
        due = parse_moment(first.left.deadline)
        values["deadline"] = f"{time_on_paper(due)} ngày {day_on_paper(due)}"
    return values


def _journeys(session: Session, form: str, about: About) -> list[_Journey]:
    """Return the last journey of each package, all by the same hands to the same place.

    Raises FormError "form-package-state" for one that never left, "form-several-journeys" where they differ.
    """
    journeys = [_journey(session, form, paper) for paper in box_papers(session, about.packages)]
    ways = {(each.left.giver, each.left.receiver, each.left.destination) for each in journeys}
    if len(ways) != 1:
        raise FormError("form-several-journeys", form=form, ways=[" → ".join(each) for each in sorted(ways)])
    return journeys


def _journey(session: Session, form: str, paper: BoxPaper) -> _Journey:
    found: _Journey | None = None
    store = ""
    for _, entry, stamp in history(session, paper.box.code, [each.KIND for each in _TOLD]):
        if isinstance(entry, PackageDispatched | PackageHandedOut):
            found = _Journey(paper, entry, stamp, store)
        elif isinstance(entry, PackageReceived | PackageRefused) and found is not None:
            found = replace(found, arrived=entry)
        store = getattr(entry, "store", "") or store
    if found is None:
        raise FormError("form-package-state", form=form, package=paper.box.code, state=paper.box.state)
    return found
