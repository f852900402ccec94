"""The list of all commands, in the order of a station's day."""

from __future__ import annotations

import click

from desk.cli import (
    alarms,
    backups,
    checks,
    custody,
    custody_moves,
    forms,
    holdings,
    labels,
    ledger,
    people,
    register,
    scans,
    station,
)

COMMANDS: tuple[click.Command, ...] = (
    station.init,
    station.serve,
    station.watch,
    station.read,
    station.tick,
    station.web,
    holdings.ingest,
    holdings.status,
    holdings.search,
    scans.scan,
    holdings.reindex,
    holdings.fixity,
    *register.COMMANDS,
    *people.COMMANDS,
    backups.backup,
    backups.restore,
    custody_moves.seal,
    custody.package,
    custody.verify,
    *labels.COMMANDS,
    ledger.ledger,
    *alarms.COMMANDS,
    forms.form,
    *register.COMMANDS,
    *people.COMMANDS,
    checks.doctor,
    checks.settings,
)


def all_of(root: click.Group) -> click.Group:
    """Add every command to `root`, once, and return it."""
    for command in COMMANDS:
        root.add_command(command)
    return root
