"""Bringing a list of documents into the register: look first, then write all of it in one transaction."""

from __future__ import annotations

from archive import items
from archive.errors import ArchiveError
from archive.item_reading import ItemReading, read_items, under
from archive.items import ItemPlan
from archive.register_reading import Fault
from desk import dossiers
from desk.office import Office


class ItemsError(ArchiveError):
    """A list of documents that cannot be placed."""


def look(
    office: Office, raw: bytes, dossier: str | None, fonds: str | None, sheet: str | None = None
) -> tuple[ItemReading, ItemPlan]:
    """Read a list of documents and compare it with the register.

    Raises ListError, CatalogueError "dossier-unknown", and ItemsError "item-dossier-missing" where neither the list
    nor the caller names a dossier.
    """
    reading = read_items(raw, sheet)
    if not reading.names_dossiers:
        if dossier is None:
            raise ItemsError("item-dossier-missing")
        with office.database.reading() as session:
            (code,) = dossiers.resolve(session, [dossier])
        reading = under(reading, code)
    with office.database.reading() as session:
        return reading, items.plan(session, reading, fonds)


def faults_of(reading: ItemReading, planned: ItemPlan) -> list[Fault]:
    """Return everything that is wrong, by row."""
    return sorted((*reading.faults, *planned.faults), key=lambda each: (each.row, each.column))


def write(office: Office, reading: ItemReading, fonds: str | None, name: str) -> dict[str, str]:
    """Write the good rows of a list that was looked at; what changed since is planned anew."""
    with office.database.atomic() as session:
        planned = items.plan(session, reading, fonds)
        return items.store(session, planned, name=name, sha256=reading.sha256, now=office.clock.now())
