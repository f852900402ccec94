"""Papers an administrator prints from a page: badges, labels of places, the calibration page; drawn in memory."""

from __future__ import annotations

import io
from collections.abc import Sequence

from archive.settings import Settings, offset_of
from desk import labelling_facts
from desk.office import Office
from desk.printing import Press, print_labels
from desk.words import Words
from labels.calibration import draw_calibration
from labels.geometry import Printer
from labels.stocks import STOCKS, find_stock


def press_of(settings: Settings, by: str) -> Press:
    """Return the printer as it was calibrated, and who prints."""
    return Press(Printer(settings.printer_dpi, *offset_of(settings)), settings.label_host, by)


def badges(office: Office, by: str, codes: Sequence[str]) -> bytes:
    """Return the badges of people as a PDF, of all who are active where none is named, and count each print."""
    with office.database.reading() as session:
        filled = labelling_facts.badge_labels(session, codes, office.settings.office_name)
    target = io.BytesIO()
    print_labels(office, filled, find_stock("badge"), press_of(office.settings, by), target)
    return target.getvalue()


def place_labels(office: Office, by: str, place: str, *, inside: bool, stock: str = "place") -> bytes:
    """Return the label of a place, or of everything in it, as a PDF, and count each print."""
    with office.database.reading() as session:
        filled = labelling_facts.place_labels(session, place, inside=inside)
    target = io.BytesIO()
    print_labels(office, filled, find_stock(stock), press_of(office.settings, by), target)
    return target.getvalue()


def calibration(settings: Settings, t: Words) -> bytes:
    """Return the page that shows how far the printer is off, on the stock of the settings."""
    target = io.BytesIO()
    press = press_of(settings, "")
    draw_calibration(find_stock(settings.label_stock), press.printer, press.host, calibration_steps(t), target)
    return target.getvalue()


def calibration_steps(t: Words) -> tuple[str, ...]:
    """Return what to do with the calibration page, in one language."""
    return (
        t("Print at 100 %, never fitted to the page."),
        t("Lay a ruler along the scales: 100 must be exactly 100 mm. If not, the print was scaled."),
        t(
            "Measure from the edges of the paper to both zero lines: each must be 10 mm. "
            "What is missing is the --offset."
        ),
        t("Lay the page on a label sheet against the light: the corner marks must lie on the corners of the labels."),
        t("Read the codes with a phone: the smallest one that is read tells how fine this printer prints."),
    )


STOCK_NAMES: tuple[str, ...] = tuple(STOCKS)
