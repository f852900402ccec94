"""The list of all commands, in the order of a station's day."""

from __future__ import annotations

import click

from desk.cli import (  # noqa: F401  # some only add commands to a group
    alarms,
    backups,
    checks,
    corrections,
    counting,
    cover,
    covers,
    custody,
    custody_ends,
    custody_moves,
    digitized,
    dossier_loans,
    dossier_moves,
    dossiers,
    entering,
    filing,
    forms,
    gate,
    holdings,
    incidents,
    items,
    labels,
    ledger,
    ledger_keys,  # adds its commands to the group
    ledger_witness,  # the same
    people,
    playing,
    posts,
    register,
    reliefs,
    resolves,
    review,
    roster,
    rounds,
    shifts,
    station,
    stock_records,
    stocktakes,
    tracing,
)

# The order of a package's life; what is not named stands behind.
PACKAGE_ORDER = (
    "new", "add", "count", "pack", "seal", "check", "move", "send", "receive", "open", "reseal", "empty", "report",
    "find", "clear", "relabel", "hand-out", "lose", "void", "show", "history", "list",
)  # fmt: skip  # one list

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
    filing.GROUP,
    *review.COMMANDS,
    holdings.reindex,
    holdings.fixity,
    *register.COMMANDS,
    *people.COMMANDS,
    backups.backup,
    backups.restore,
    custody_moves.seal,
    dossiers.dossier,
    custody.package,
    custody.verify,
    *posts.COMMANDS,
    *roster.COMMANDS,
    *shifts.COMMANDS,
    *reliefs.COMMANDS,
    *labels.COMMANDS,
    *covers.COMMANDS,
    *resolves.COMMANDS,
    *cover.COMMANDS,
    *stocktakes.COMMANDS,
    *gate.COMMANDS,
    *rounds.COMMANDS,
    *incidents.COMMANDS,
    ledger.ledger,
    *alarms.COMMANDS,
    forms.form,
    *register.COMMANDS,
    *people.COMMANDS,
    *playing.COMMANDS,
    checks.doctor,
    checks.settings,
)


# Registers its commands in the group of people.
assert entering.link.name == "link"


def all_of(root: click.Group) -> click.Group:
    """Add every command to `root`, once, and return it."""
    for command in COMMANDS:
        root.add_command(command)
    known = custody.package.commands
    custody.package.commands = {name: known[name] for name in (*PACKAGE_ORDER, *known) if name in known}
    return root
