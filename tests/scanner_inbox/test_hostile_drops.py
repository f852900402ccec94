"""Every real scan and every hostile file, dropped as it is: each ends stored or set aside, in bounded time."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive import arrivals
from archive.durable import hash_file
from tests.scanner_inbox.inboxes import Inbox

SLOW_REASONS = {"check-timeout", "check-crashed"}


@pytest.mark.data
@pytest.mark.parametrize("folder", ["hostile", "scans", "pages", "qr-photos"])
def test_every_file_of_the_world_is_stored_or_set_aside(inbox: Inbox, data_folder: Path, folder: str) -> None:
    """After the waiting time no file waits, the balance holds, and each byte is in the vault or set aside."""
    sources = [path for path in sorted((data_folder / folder).rglob("*")) if path.is_file()]
    for number, path in enumerate(sources):
        target = inbox.folder / folder / f"{number:04} {path.name}"
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(path, target)
    inbox.settle()
    inbox.clock.sleep(31 * 60)
    inbox.sweeper.sweep()
    balance = inbox.balance()
    assert balance.balanced
    assert balance.seen == len(sources) == balance.stored + balance.duplicate + balance.set_aside
    assert SLOW_REASONS.isdisjoint(row.reason for row in inbox.arrivals())
    kept = set(inbox.office.vault.names())
    aside = {hash_file(path)[0] for path in inbox.office.settings.aside_folder.rglob("*") if path.is_file()}
    assert all(hash_file(path)[0] in kept | aside for path in sources)
    if folder in ("scans", "pages"):
        refused = [row for row in inbox.arrivals() if row.state == arrivals.SET_ASIDE]
        assert all(row.name.endswith((".txt", ".tsv", ".json", ".rst", ".md", ".docx")) for row in refused)
