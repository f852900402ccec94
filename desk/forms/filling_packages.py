"""Values of the records about one package: F8 box label, F9 sealing, F10 opening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlmodel import Session

from archive.refs import show_code
from archive.vault import HEX
from custody.entries import Entry, Stamp
from custody.entries_package import PackageCleared, PackageOpened, PackagePacked, PackageResealed, PackageSealed
from custody.moments import parse_moment
from desk.enclosures import text_of
from desk.forms.model import FormError
from desk.forms.subject import About
from desk.office import Office
from desk.papers import BoxPaper, box_paper, day_on_paper, history, paper_words, people_named, time_on_paper

DIGEST_SHOWN = 8

# Short reasons that the guide teaches, as minutes say them after "về việc".
REASONS = {"digitize": "số hóa hồ sơ, tài liệu"}


def box_label(session: Session, office: Office, about: About) -> dict[str, Any]:
    """F8: what stands on a box, as a sheet of its own."""
    t, paper = paper_words(), _sealed(session, "F8", about)
    first, last = paper.span
    return {
        "office": ", ".join(each for each in (office.settings.office_name, paper.box.store) if each),
        "fonds": paper.fonds_named,
        "box_number": paper.number,
        "package": show_code(paper.box.code),
        "seals": ", ".join(paper.box.seals),
        "first": first,
        "last": last,
        "dates": paper.dates(),
        "maintenance": paper.retention(t),
        "sealed": t.day(paper.sealed_at) if paper.sealed_at else "",
        "signers": "; ".join(each.name for each in paper.sealers),
        "digest": paper.box.manifest[:DIGEST_SHOWN],
        "dossiers": paper.dossiers,
        "leaves": paper.leaves,
    }


def sealing(session: Session, _office: Office, about: About) -> dict[str, Any]:
    """F9: who sealed a package, with which seals, over which contents."""
    paper = _sealed(session, "F9", about)
    sealer, second = paper.sealers[0], paper.sealers[-1]
    values = {
        "place": _placed(paper.box.place, paper.box.store),
        "sealer": sealer.name,
        "sealer_post": sealer.post,
        "second": second.name,
        "second_post": second.post,
        "package": show_code(paper.box.code),
        "fonds": paper.fonds_named,
        "location": _placed(paper.box.place, paper.box.store),
        "seals": ", ".join(paper.box.seals),
        "digest": paper.box.manifest,
        "dossiers": paper.dossiers,
        "leaves": paper.leaves,
        "rows": [
            {"code": each.number, "title": each.title, "leaves": each.leaves, "note": each.fact("note")}
            for each in paper.contents
        ],
    }
    if paper.sealed_at is not None:
        values |= {"time": time_on_paper(paper.sealed_at), "day": day_on_paper(paper.sealed_at)}
    return values


def opening(session: Session, office: Office, about: About) -> dict[str, Any]:
    """F10: under whose decision a package was last opened, how its seal was found, and the count where it is closed."""
    t, paper = paper_words(), box_paper(session, one_of(about))
    told = _Opening.of(history(session, paper.box.code, [each.KIND for each in _TOLD]))
    if told is None:
        raise FormError("form-package-state", form="F10", package=paper.box.code, state=paper.box.state)
    entry, stamp = told.entry, told.stamp
    people = people_named(session, stamp.by)
    authoriser, archivist, witness = (people[code] for code in (*stamp.by, "", "")[:3])
    due = parse_moment(entry.deadline)
    values: dict[str, Any] = {
        "decision": entry.decision,
        "reason": REASONS.get(entry.reason) or _reason(office, entry.reason),
        "time": time_on_paper(stamp.at),
        "day": day_on_paper(stamp.at),
        "place": _placed(paper.box.place, paper.box.store),
        "authoriser": _with_post(authoriser.name, authoriser.post),
        "archivist": _with_post(archivist.name, archivist.post),
        "witness": _with_post(witness.name, witness.post),
        "package": show_code(paper.box.code),
        "condition": condition_in_words(entry.finding),
        "seal_found": ", ".join(entry.read),
        "seal_recorded": ", ".join(told.seals),
        "comparison": t("Form: they agree") if sorted(entry.read) == sorted(told.seals) else t("Form: they differ"),
        "deadline": f"{time_on_paper(due)} ngày {day_on_paper(due)}",
        "expected": told.expected,
    }
    if told.counted is not None:
        values |= {
            "counted": told.counted,
            "missing": max(0, told.expected - told.counted),
            "extra": max(0, told.counted - told.expected),
        }
    return values


_TOLD = (PackagePacked, PackageSealed, PackageOpened, PackageResealed, PackageCleared)


@dataclass(frozen=True)
class _Opening:
    """The last opening of a package: the seals and dossiers recorded before it, the count after it if it was closed."""

    entry: PackageOpened
    stamp: Stamp
    seals: tuple[str, ...]
    expected: int
    counted: int | None = None

    @classmethod
    def of(cls, told: Sequence[tuple[int, Entry, Stamp]]) -> _Opening | None:
        """Read it from the entries about the package, the oldest first."""
        seals: tuple[str, ...] = ()
        count, found = 0, None
        for _, entry, stamp in told:
            if isinstance(entry, PackageOpened):
                found = cls(entry, stamp, seals, count)
            elif isinstance(entry, PackagePacked | PackageResealed | PackageCleared):
                count = entry.second_count[0]
                if found is not None and found.counted is None:
                    found = replace(found, counted=count)
            if applied := getattr(entry, "applied", ()):
                seals = applied
        return found


def _reason(office: Office, told: str) -> str:
    """Return a reason in words, "" where its text was erased."""
    said = text_of(office, told)
    return "" if said == told and HEX.fullmatch(told) else said


def condition_in_words(finding: str) -> str:
    """Return what a seal check found, as records say it."""
    t = paper_words()
    words = {
        "intact": t("Form: intact"),
        "damaged": t("Form: damaged"),
        "broken": t("Form: broken"),
        "missing": t("Form: seal missing"),
    }
    return words.get(finding, finding)


def one_of(about: About) -> str:
    """Return the one package a record is about; raises FormError "form-about-one"."""
    if len(about.packages) != 1:
        raise FormError("form-about-one", count=len(about.packages))
    return about.packages[0]


def _sealed(session: Session, form: str, about: About) -> BoxPaper:
    paper = box_paper(session, one_of(about))
    if not paper.box.seals or not paper.box.manifest or paper.sealed_at is None:
        raise FormError("form-package-state", form=form, package=paper.box.code, state=paper.box.state)
    return paper


def _placed(place: str, store: str) -> str:
    return place if not store or store in place else f"{place}, {store}"


def _with_post(name: str, post: str) -> str:
    return f"{name} ({post})" if name and post else name
