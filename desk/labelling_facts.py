"""Labels and cover sheets filled from custody and register: boxes, seal strips, places, badges, dossiers.

How much stands on a label depends on its stock: a box front has every line of the office's box label, a small label
the four by which a box is found, a seal strip what binds the strip to the seal and to the contents.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from archive import catalogue, people, places
from archive.numbers import Print
from archive.people import Person
from archive.places import Place
from archive.refs import Kind, show_code
from custody.errors import CustodyError
from custody.holdings import LIVE, SEALED, Package
from custody.projections import Projections
from desk.papers import (
    BoxPaper,
    Content,
    box_papers,
    content_of,
    contents_of,
    in_order,
    paper_words,
    period_of,
    retention_of,
)
from labels.cover import Cover
from labels.label import Label, Rows
from labels.stocks import Stock

STRIP, BOX_FRONT = "strip", "box-front"
# A cell of at least this (mm) has room for every line.
ROOMY = (95.0, 130.0)
DIGEST_SHOWN = 8


@dataclass(frozen=True)
class Filled:
    """A label to draw and what its printing is recorded as."""

    label: Label
    print: Print

    def numbered(self, ordinal: int) -> Label:
        """Return the label, marked where it was printed before."""
        if ordinal < 2:
            return self.label
        t = paper_words()
        again = t("Label: reprint {number}", number=ordinal - 1)
        return replace(self.label, foot=f"{self.label.foot} · {again}" if self.label.foot else again)


def sealed_codes(session: Session) -> list[str]:
    """Return the codes of all packages that are sealed."""
    return [each.code for each in _packages(session) if each.state == SEALED]


def codes_at(session: Session, place: str) -> list[str]:
    """Return the codes of the sealed packages at a place (path or code) or inside it; PlaceError "place-unknown"."""
    path = places.find(session, place).path
    found = [each for each in _packages(session) if each.state == SEALED and each.place]
    return [each.code for each in found if each.place == path or each.place.startswith(f"{path}/")]


def box_labels(
    session: Session, codes: Sequence[str], stock: Stock, office: str, *, sort: bool = False
) -> list[Filled]:
    """Return the labels of packages, `office` at their head; with `sort` in the order of their dossiers.

    Raises CustodyError "package-unknown" or "label-of-unsealed": a label states a seal, two people and a digest.
    """
    papers = box_papers(session, codes)
    unsealed = [
        each.box for each in papers if not each.box.seals or not each.box.manifest or each.box.state not in LIVE
    ]
    if unsealed:
        raise CustodyError(
            "label-of-unsealed", packages=[each.code for each in unsealed], states=[each.state for each in unsealed]
        )
    return [_box_label(each, stock, office) for each in (sorted(papers, key=_shelf_order) if sort else papers)]


def place_labels(session: Session, place: str, *, inside: bool) -> list[Filled]:
    """Return the label of a place, or with `inside` of every place in it as well; PlaceError "place-unknown"."""
    found = places.find(session, place)
    chosen = places.inside(session, found.path) if inside else [found]
    return [Filled(_place_label(each), Print(Kind.PLACE, each.code, each.path, "label")) for each in chosen]


def badge_labels(session: Session, codes: Sequence[str], office: str) -> list[Filled]:
    """Return the badges of people, of all who are active where none is named; PersonError "person-unknown"."""
    chosen = [people.find(session, each) for each in codes] or [
        each for each in people.everyone(session) if each.active
    ]
    return [Filled(_badge_label(each, office), Print(Kind.BADGE, each.badge, each.code, "badge")) for each in chosen]


def dossier_covers(
    session: Session, codes: Sequence[str], packages: Sequence[str], steps: tuple[str, ...]
) -> list[Cover]:
    """Return a cover for each dossier named or in a package; CatalogueError or CustodyError for unknown ones."""
    return [_cover(each, steps) for each in _chosen(session, codes, packages) if each.label]


def dossier_labels(session: Session, codes: Sequence[str], packages: Sequence[str]) -> list[Filled]:
    """Return the labels of dossiers named, and of those in packages; raises as `dossier_covers` does."""
    return [_dossier_label(each) for each in _chosen(session, codes, packages) if each.label]


def _chosen(session: Session, codes: Sequence[str], packages: Sequence[str]) -> list[Content]:
    """Return dossiers by code or label and those in packages, each once, with the leaves that custody counted."""
    named = [content_of(catalogue.dossier(session, each)) for each in codes]
    held = Projections(session).dossiers([each.code for each in named])
    counted = contents_of(session, list(held.values()))
    named = [counted.get(each.code, each) for each in named]
    named += [each for paper in box_papers(session, packages) for each in paper.contents]
    return list({each.code: each for each in named}.values())


def _dossier_label(each: Content) -> Filled:
    t = paper_words()
    rows = (
        (t("Label: title"), each.title),
        (t("Label: dates"), period_of([each])),
        (t("Label: keep"), retention_of([each.retention], t)),
    )
    label = Label(Kind.DOSSIER, each.label, "", each.code, _filled(rows))
    return Filled(label, Print(Kind.DOSSIER, each.label, each.code, "label"))


def _shelf_order(paper: BoxPaper) -> tuple[list[str], list[tuple[int, int | str]]]:
    return [code for code, _ in paper.fonds], in_order(paper.span[0])


def _packages(session: Session) -> list[Package]:
    return list(Projections(session).every(Package))


def _box_label(paper: BoxPaper, stock: Stock, office: str) -> Filled:
    t, box = paper_words(), paper.box
    title = (
        t("Label: box {number}", number=paper.number) if paper.number else t("Label: fonds {code}", code=_codes(paper))
    )
    if stock.name == STRIP:
        label = _strip(paper, title, office)
    else:
        is_roomy = stock.cell[0] >= ROOMY[0] and stock.cell[1] >= ROOMY[1]
        rows = _rows(paper) if is_roomy else _short_rows(paper)
        label = Label(Kind.BOX, box.code, office, title, rows)
    kind = stock.name if stock.name in (STRIP, BOX_FRONT) else "label"
    return Filled(
        label, Print(Kind.BOX, box.code, box.code, f"{kind} {' '.join(box.seals)} {box.manifest[:DIGEST_SHOWN]}")
    )


def _codes(paper: BoxPaper) -> str:
    return ", ".join(code for code, _ in paper.fonds) or show_code(paper.box.code)


def _rows(paper: BoxPaper) -> Rows:
    """Every line of a box label (F8)."""
    t, (first, last) = paper_words(), paper.span
    return _filled(
        (
            (t("Label: fonds"), paper.fonds_named),
            (t("Label: from dossier"), first),
            (t("Label: to dossier"), last),
            (t("Label: dates"), paper.dates()),
            (t("Label: keep"), paper.retention(t)),
            (t("Label: contents"), _counts(paper)),
            (t("Label: seal number"), ", ".join(paper.box.seals)),
            (t("Label: sealed on"), t.day(paper.sealed_at) if paper.sealed_at else ""),
            (t("Label: sealed by"), "; ".join(each.name for each in paper.sealers)),
            (t("Label: manifest"), paper.box.manifest[:DIGEST_SHOWN]),
        )
    )


def _short_rows(paper: BoxPaper) -> Rows:
    """What a box is found and counted by, for labels without room for more."""
    t, (first, last) = paper_words(), paper.span
    return _filled(
        (
            (t("Label: dossiers"), first if first == last else f"{first} → {last}"),
            (t("Label: dates"), paper.dates()),
            (t("Label: contents"), _counts(paper)),
            (t("Label: seal"), f"{', '.join(paper.box.seals)} · {paper.box.manifest[:DIGEST_SHOWN]}"),
        )
    )


def _strip(paper: BoxPaper, title: str, office: str) -> Label:
    """A seal strip: what binds it to the seal and to the contents, and lines for those who sign over its edge."""
    t = paper_words()
    sealed = t.day(paper.sealed_at) if paper.sealed_at else ""
    rows = _filled(
        (
            (t("Label: seal"), f"{', '.join(paper.box.seals)} · {sealed}"),
            (t("Label: contents"), _counts(paper)),
            (t("Label: manifest"), paper.box.manifest[:DIGEST_SHOWN]),
        )
    )
    names = list(dict.fromkeys([*(each.name for each in paper.sealers[:2]), paper.custodian.name]))
    signatures = tuple([*names, t("Label: witness")][:3])
    return Label(Kind.BOX, paper.box.code, office, title, rows, signatures=signatures)


def _counts(paper: BoxPaper) -> str:
    t = paper_words()
    dossiers = t.n("Label: {number} dossier", "Label: {number} dossiers", paper.dossiers)
    return f"{dossiers}, {t.n('Label: {number} leaf', 'Label: {number} leaves', paper.leaves)}"


def _place_label(place: Place) -> Label:
    t, (above, _, name) = paper_words(), place.path.rpartition("/")
    kind = t(place.kind.value).capitalize()
    title = name if name.casefold().startswith(kind.casefold()) else f"{kind} {name}"
    return Label(
        Kind.PLACE, place.code, " · ".join(above.split("/")) if above else "", title, ((t("Label: path"), place.path),)
    )


def _badge_label(person: Person, office: str) -> Label:
    t = paper_words()
    roles = ", ".join(t(each) for each in sorted(person.roles))
    rows = (
        (t("Label: code"), person.code),
        (t("Label: unit"), person.unit),
        (t("Label: role"), roles[:1].upper() + roles[1:]),
    )
    return Label(Kind.BADGE, person.badge, office, person.name, _filled(rows))


def _cover(each: Content, steps: tuple[str, ...]) -> Cover:
    t = paper_words()
    rows = _filled(
        (
            (t("Label: number"), each.number),
            (t("Label: fonds"), each.fonds),
            (t("Label: dates"), period_of([each])),
            (t("Label: keep"), retention_of([each.retention], t)),
            (t("Label: leaves"), t.number(each.leaves) if each.leaves else ""),
            (t("Label: box"), each.box),
        )
    )
    return Cover(Kind.DOSSIER, each.label, each.code, each.title or each.code, rows, steps)


def _filled(rows: Rows) -> Rows:
    return tuple((name, value) for name, value in rows if value)
