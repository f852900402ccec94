"""Entries about dossiers: registered, moved, lent, missing, found, held."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

# Code, leaves, SHA-256 (hex) of the canonical record of its description.
Registered = tuple[str, int, str]


@dataclass(frozen=True)
class DossiersRegistered:
    """A part of an imported register, at most 500 dossiers."""

    KIND: ClassVar[str] = "dossiers-registered"
    register: str
    fonds: str
    dossiers: tuple[Registered, ...]


@dataclass(frozen=True)
class DossierAmended:
    """The number of leaves on record was wrong; `corrects` is the entry that said so."""

    KIND: ClassVar[str] = "dossier-amended"
    dossier: str
    corrects: int
    leaves: int
    reason: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class DossiersMoved:
    """Dossiers went `to` a shelf, package, station, review, receiver or destruction; `where` names it.

    `counted` are their leaves, counted at the move; a difference from the record needs an incident.
    """

    KIND: ClassVar[str] = "dossier-moved"
    dossiers: tuple[str, ...]
    to: str
    where: str
    counted: int
    deadline: str = ""
    decision: str = ""
    incident: str = ""


@dataclass(frozen=True)
class DossierLent:
    """A dossier was lent under a written permission, to be back before the deadline."""

    KIND: ClassVar[str] = "dossier-lent"
    dossier: str
    receiver: str
    permission: str
    deadline: str
    counted: int
    incident: str = ""


@dataclass(frozen=True)
class DossierReturned:
    """A lent dossier came back to a shelf."""

    KIND: ClassVar[str] = "dossier-returned"
    dossier: str
    where: str
    counted: int
    incident: str = ""


@dataclass(frozen=True)
class DossierFound:
    """A missing dossier was found, or paper that nobody had registered."""

    KIND: ClassVar[str] = "dossier-found"
    dossier: str
    where: str
    counted: int
    incident: str = ""
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class DossierMissing:
    """A dossier is not where it should be."""

    KIND: ClassVar[str] = "dossier-missing"
    dossier: str
    incident: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class HoldSet:
    """A dossier must not be destroyed while this hold stands."""

    KIND: ClassVar[str] = "hold-set"
    dossier: str
    hold: str
    reason: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class HoldLifted:
    """A hold was lifted by decision."""

    KIND: ClassVar[str] = "hold-lifted"
    dossier: str
    hold: str
    decision: str


REGISTER_KINDS = (
    DossiersRegistered,
    DossierAmended,
    DossiersMoved,
    DossierLent,
    DossierReturned,
    DossierFound,
    DossierMissing,
    HoldSet,
    HoldLifted,
)
