"""The composition root: the only file that knows every part and hands each what it needs.

An Office is an opened station: its settings, database, vault and clock. Commands, pages and the station's processes
all begin here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archive import durable, schema, settings
from archive.clock import Clock, MachineClock
from archive.database import Database, open_database
from archive.errors import SettingsError
from archive.settings import Settings
from archive.vault import FolderVault, Vault


@dataclass(frozen=True)
class Office:
    """An opened station."""

    settings: Settings
    database: Database
    vault: Vault
    clock: Clock

    def close(self) -> None:
        """Give the database's connections back."""
        self.database.close()


def prepare(home: Path, environment: Mapping[str, str]) -> Settings:
    """Create a home with its settings file and folders; what stands there already is left as it is."""
    durable.make_folder(home)
    if not (home / settings.FILE).exists():
        durable.write_whole(home / settings.FILE, settings.template().encode())
    loaded = settings.load(home, environment)
    for folder in (loaded.inbox_folder, loaded.done_folder, loaded.aside_folder, loaded.derived_folder):
        durable.make_folder(folder)
    vault = open_vault(loaded)
    if isinstance(vault, FolderVault):
        vault.prepare()
    return loaded


def open_office(home: Path, environment: Mapping[str, str], clock: Clock | None = None) -> Office:
    """Open a prepared home and bring its database up to this release.

    Raises SettingsError "home-missing" where `prepare` was never run, and whatever the parts refuse.
    """
    if not (home / settings.FILE).exists():
        raise SettingsError("home-missing", path=str(home))
    loaded = settings.load(home, environment)
    database = open_database(loaded.database_url)
    schema.upgrade(database)
    return Office(loaded, database, open_vault(loaded), clock or MachineClock())


def open_vault(loaded: Settings) -> Vault:
    """Return the vault that the settings name."""
    return FolderVault(Path(loaded.vault_place).absolute())
