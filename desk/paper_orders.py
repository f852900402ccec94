"""Paper that is ordered from a page by name: labels, strips, box fronts, covers, minutes; each as the bytes of a PDF.

    order(office, "7K3M9QXZ2", "front", by="NV01")   -> Paper("front-7K3M9QXZ2.pdf", b"%PDF-…")

What is printed is counted and numbered as everything that is printed (desk/printing.py).
"""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from archive.errors import ArchiveError
from custody.holdings import LIVE, Package
from desk import labelling_facts
from desk.custodial import local_now
from desk.forms import filling, model
from desk.forms.subject import About
from desk.office import Office
from desk.papers import day_on_paper, paper_words
from desk.printing import Press, print_covers, print_form, print_labels
from labels.geometry import Printer
from labels.stocks import find_stock

DPI = 600
# Paper by name → the stock it is printed on.
STOCKS: Mapping[str, str] = {"label": "L7160", "front": "box-front", "strip": "strip"}
DOSSIER_LABELS, COVERS = "dossier-labels", "covers"
SEALED_ONLY = (*STOCKS, "F9")
# Minutes that tell of something which must have happened to the package first.
AFTER: Mapping[str, frozenset[str]] = {
    "F10": frozenset({"package-opened"}),
    "F4": frozenset({"package-dispatched", "package-handed-out"}),
    "F14": frozenset({"package-dispatched"}),
}
FORMS = ("F9", "F10", "F4", "F14", "F2")


@dataclass(frozen=True)
class Paper:
    """A PDF and the name it is saved under."""

    name: str
    pdf: bytes


def offered(box: Package, kinds: Collection[str], is_filled: bool) -> list[str]:
    """Return which papers can be printed of a package now; `kinds` are those of the entries about it."""
    found = list(SEALED_ONLY) if box.seals and box.manifest and box.state in LIVE else []
    found += [name for name, needed in AFTER.items() if needed & set(kinds)]
    return found + (["F2", COVERS, DOSSIER_LABELS] if is_filled else [])


def order(office: Office, code: str, paper: str, by: str) -> Paper:
    """Print a paper about a package; ArchiveError "paper-unknown", and what printing it raises."""
    if paper in STOCKS:
        sheet = find_stock(STOCKS[paper])
        with office.database.reading() as session:
            filled = labelling_facts.box_labels(session, [code], sheet, office.settings.office_name)
        target = io.BytesIO()
        print_labels(office, filled, sheet, press(office, by), target)
        return Paper(f"{paper}-{code}.pdf", target.getvalue())
    if paper == DOSSIER_LABELS:
        sheet, target = find_stock("L7651"), io.BytesIO()
        with office.database.reading() as session:
            filled = labelling_facts.dossier_labels(session, (), [code])
        print_labels(office, filled, sheet, press(office, by), target)
        return Paper(f"{paper}-{code}.pdf", target.getvalue())
    if paper == COVERS:
        return Paper(f"{paper}-{code}.pdf", covers(office, (), [code], by))
    if paper not in FORMS:
        raise ArchiveError("paper-unknown", paper=paper)
    return Paper(f"{paper}-{code}.pdf", form(office, paper, About((code,)), by))


def cover(office: Office, dossier: str, by: str) -> Paper:
    """Print the cover sheet of one dossier."""
    return Paper("cover.pdf", covers(office, [dossier], (), by))


def covers(office: Office, dossiers: Collection[str], packages: Collection[str], by: str) -> bytes:
    """Print the cover sheets of dossiers named, and of those in packages."""
    target = io.BytesIO()
    with office.database.reading() as session:
        made = labelling_facts.dossier_covers(session, tuple(dossiers), tuple(packages), cover_steps())
    print_covers(office, made, press(office, by), target)
    return target.getvalue()


def form(office: Office, code: str, about: About, by: str) -> bytes:
    """Print a record filled from custody and the register."""
    settings = office.settings
    printed = print_form(
        office,
        model.load(code, settings.home / "forms"),
        filling.values_of(office, code, about),
        about=about.words(),
        by=by,
        heading=(settings.office_name, settings.office_parent),
        place_and_date=place_and_date(office) if settings.office_city else "",
    )
    return printed.pdf


def press(office: Office, by: str) -> Press:
    """Return how a page prints: at full size, for a printer of offices."""
    return Press(Printer(DPI, 0.0, 0.0), office.settings.label_host, by)


def place_and_date(office: Office) -> str:
    """Return the place and date at the head of a record: "Hà Nội, ngày 17 tháng 6 năm 2025"."""
    return f"{office.settings.office_city}, ngày {day_on_paper(local_now(office))}"


def cover_steps() -> tuple[str, ...]:
    """Return what to do with a cover sheet, as it stands on it."""
    t = paper_words()
    return (
        t("Lay this sheet on top of what it begins, the codes facing the same side as the pages."),
        t("Scan the whole stack in one go and leave this sheet in it."),
        t("What follows belongs to it until the next cover sheet."),
    )
