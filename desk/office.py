"""The composition root: the only file that knows every part and hands each what it needs.

An Office is an opened station: its settings, database, vault and clock. Commands, pages and the station's processes
all begin here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from archive import durable, schema, settings
from archive.clock import Clock, MachineClock, keep_zone
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
    open_vault(loaded, environment).prepare()
    return loaded


def open_office(
    home: Path, environment: Mapping[str, str], clock: Clock | None = None, *, distrusting: bool = True
) -> Office:
    """Open a prepared home and bring its database up to this release.

    A database whose custody log its second place contradicts is refused, unless `distrusting` is off: whoever looks
    for what is wrong must be able to look. Raises SettingsError "home-missing" where `prepare` was never run,
    CustodyError "ledger-behind-head" or "ledger-differs-from-head", and whatever the parts refuse.
    """
    from desk.ledgering import compare_with_second_place, settle

    if not (home / settings.FILE).exists():
        raise SettingsError("home-missing", path=str(home))
    loaded = settings.load(home, environment)
    # Deadlines, rounds and printed hours are those of the office, also where the machine was set up in another zone.
    keep_zone(settings.zone_of(loaded))
    database = open_database(loaded.database_url)
    schema.upgrade(database)
    settle(loaded, database)
    if distrusting:
        compare_with_second_place(loaded, database)
    return Office(loaded, database, open_vault(loaded, environment), clock or MachineClock())


def open_vault(loaded: Settings, environment: Mapping[str, str]) -> Vault:
    """Return the vault that the settings name: a folder, or a bucket at s3://bucket/prefix.

    Raises SettingsError "city-part-missing" where a bucket is named and the city's packages are not installed.
    """
    if "://" not in loaded.vault_place:
        return FolderVault(Path(loaded.vault_place).absolute())
    try:
        # Part of the city set-up: a bare PC does not have the package, and needs none.
        from archive.vault_s3 import open_s3_vault
    except ImportError:
        raise SettingsError("city-part-missing", part="obstore") from None
    return open_s3_vault(loaded.vault_place, loaded.home / "spool", environment)
