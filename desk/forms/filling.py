"""From facts to the values of a form: what each record is about, and the function that gathers its values.

    values_of(office, "F9", About(packages=("7K3M9QXZ2",)))   -> {"package": "7K3 M9Q XZ2", "dossiers": 20, …}

A record of guarding takes its values from whoever keeps those facts, by the functions of `filling_duty`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from desk.forms import filling_lists, filling_packages, filling_transit
from desk.forms.model import FormError
from desk.forms.subject import About
from desk.office import Office

Fill = Callable[[Session, Office, About], dict[str, Any]]


@dataclass(frozen=True)
class Filling:
    """How a form is filled: from which facts, and by what."""

    needs: tuple[str, ...]
    fill: Fill


# What a form is about must be one of `needs`: names of members of About.
FILLINGS: Mapping[str, Filling] = {
    "F1": Filling(("fonds",), filling_lists.list_of_dossiers),
    "F2": Filling(("fonds", "packages"), filling_lists.transfer_list),
    "F3": Filling(("dossier",), filling_lists.documents_of_dossier),
    "F4": Filling(("packages",), filling_transit.handing_over),
    "F5": Filling(("fonds", "all"), filling_lists.loans),
    "F8": Filling(("packages",), filling_packages.box_label),
    "F9": Filling(("packages",), filling_packages.sealing),
    "F10": Filling(("packages",), filling_packages.opening),
    "F14": Filling(("packages",), filling_transit.waybill),
}


# The values that name those who sign, in the order of the signatures of our wording.
SIGNED_BY: Mapping[str, tuple[str, ...]] = {
    "F4": ("giver", "receiver"),
    "F9": ("sealer", "second"),
    "F10": ("authoriser", "archivist", "witness"),
    "F14": ("giver", "escort"),
    "F16": ("finder",),
}


def values_of(office: Office, code: str, about: About) -> dict[str, Any]:
    """Return the values of a form about something.

    Raises FormError "form-not-filled-from" where the form is about something else, "form-by-values" where it is about
    guarding, "form-package-state" where what it tells of has not happened to the package, and what the facts raise that
    are unknown.
    """
    filling = FILLINGS.get(code)
    if filling is None:
        raise FormError("form-by-values", form=code)
    if (given := about.given()) not in filling.needs:
        raise FormError("form-not-filled-from", form=code, given=given, wanted=options_of(filling))
    with office.database.reading() as session:
        return filling.fill(session, office, about)


def options_of(filling: Filling) -> list[str]:
    """Return how the command line names what a form is about: "--package"."""
    return ["--package" if each == "packages" else f"--{each}" for each in filling.needs]


def names_of(code: str, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return who signs a form, in the order it lists them, as far as its values name them."""
    return tuple(str(values.get(key, "")).partition(" (")[0] for key in SIGNED_BY.get(code, ()))
