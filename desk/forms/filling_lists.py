"""Values of the lists: F1 dossiers, F2 transfer, F3 documents of a dossier, F5 loans."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from archive import catalogue
from archive.catalogue_tables import DossierRow, FondsRow
from custody.entries_register import DossierLent, DossierReturned
from desk.forms.subject import About
from desk.office import Office
from desk.papers import (
    Content,
    box_papers,
    content_of,
    entries_of,
    in_order,
    paper_words,
    people_named,
    period_of,
    retention_of,
)


def list_of_dossiers(session: Session, office: Office, about: About) -> dict[str, Any]:
    """F1: the dossiers of a fonds."""
    t, contents = paper_words(), _of_fonds(session, about.fonds)
    rows = [
        {
            "code": each.number,
            "title": each.title,
            "maintenance": retention_of([each.retention], t),
            "maker": each.fact("maker"),
            "note": each.fact("note"),
        }
        for each in contents
    ]
    body = _fonds(session, about.fonds).body or office.settings.office_name
    return {"office": body, "year": period_of(contents), "rows": rows, "dossiers": len(rows)}


def transfer_list(session: Session, office: Office, about: About) -> dict[str, Any]:
    """F2: the dossiers of a fonds, or of packages, with their times and leaves."""
    t = paper_words()
    if about.packages:
        papers = box_papers(session, about.packages)
        contents = [each for paper in papers for each in paper.contents]
        fonds = "; ".join(dict.fromkeys(paper.fonds_named for paper in papers if paper.fonds))
    else:
        found = _fonds(session, about.fonds)
        contents, fonds = _of_fonds(session, about.fonds), f"{found.code} – {found.name}"
    rows = [
        {
            "code": each.number,
            "title": each.title,
            "dates": each.fact("period") or period_of([each]),
            "maintenance": retention_of([each.retention], t),
            "leaves": _leaves_and_pages(each),
            "note": each.fact("note") or (t("Label: box {number}", number=each.box) if each.box else ""),
        }
        for each in contents
    ]
    lists = sorted({each.fact("catalogue") for each in contents if each.fact("catalogue")})
    return {
        "fonds": fonds,
        "list_number": ", ".join(lists),
        "giver": office.settings.office_name,
        "rows": rows,
        "dossiers": len(rows),
        "leaves": sum(each.leaves for each in contents),
    }


def documents_of_dossier(session: Session, _office: Office, about: About) -> dict[str, Any]:
    """F3: the documents inside one dossier."""
    row = catalogue.dossier(session, about.dossier)
    each = content_of(row)
    rows = [
        {
            "code": item.number,
            "date": _day(item.issued),
            "subject": item.subject,
            "issuer": item.author,
            "leaf": str(item.facts.get("leaf", "")),
            "note": str(item.facts.get("note", "")),
        }
        for item in catalogue.items(session, row.code)
    ]
    values = {"dossier": each.code, "title": each.title, "rows": rows, "leaves": each.leaves}
    # A list that nobody keyed in is one to be written by hand, not one of no documents.
    return {**values, "items": len(rows)} if rows else values


def loans(session: Session, _office: Office, about: About) -> dict[str, Any]:
    """F5: every loan, and when it came back."""
    t, rows, away = paper_words(), list[dict[str, Any]](), dict[str, dict[str, Any]]()
    listed = [
        (entry, stamp)
        for _, entry, stamp in entries_of(session, (DossierLent.KIND, DossierReturned.KIND))
        if not about.fonds or str(getattr(entry, "dossier", "")).startswith(f"{about.fonds.upper()}.")
    ]
    people = people_named(session, {entry.receiver for entry, _ in listed if isinstance(entry, DossierLent)})
    for entry, stamp in listed:
        if isinstance(entry, DossierLent):
            borrower = people[entry.receiver]
            row = {
                "taken": t.day(stamp.at),
                "borrower": borrower.name,
                "unit": borrower.post,
                "code": entry.dossier,
                "leaves": entry.counted,
                "authoriser": entry.permission,
            }
            rows.append(row)
            away[entry.dossier] = row
        elif isinstance(entry, DossierReturned) and (row := away.pop(entry.dossier, {})):
            row["returned"] = t.day(stamp.at)
    return {"rows": rows}


def _fonds(session: Session, code: str) -> FondsRow:
    row = session.get(FondsRow, code.strip().upper())
    if row is None:
        raise catalogue.CatalogueError("fonds-unknown", fonds=code)
    return row


def _of_fonds(session: Session, code: str) -> list[Content]:
    chosen = select(DossierRow).where(col(DossierRow.fonds) == _fonds(session, code).code)
    contents = (content_of(row) for row in session.execute(chosen).scalars())
    return sorted(contents, key=lambda each: in_order(each.number))


def _leaves_and_pages(each: Content) -> str:
    pages = each.fact("pages")
    return f"{each.leaves}/{pages}" if pages else str(each.leaves or "")


def _day(text: str) -> str:
    """Return YYYY-MM-DD, or less of it, as DD/MM/YYYY."""
    parts: Iterable[str] = reversed(text.split("-"))
    return "/".join(parts)
