"""The command that shows how far dossiers are digitized; part of `luutru dossier`."""

from __future__ import annotations

import click

from desk.cli.asked import Asked
from desk.cli.dossiers import dossier
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.spoken import SpokenCommand, mark
from desk.filed_words import progress_lines, share_line


@dossier.command(
    cls=SpokenCommand,
    help=mark("Show how far dossiers are digitized: leaves out = pages read = leaves back, and who checked."),
)
@click.argument("dossiers", nargs=-1, metavar="[DOSSIER…]")
@click.option("--package", metavar="CODE", help=mark("The dossiers of this package, those at a station among them."))
@click.option("--fonds", metavar="CODE", help=mark("The dossiers of this fonds."))
@click.option(
    "--state",
    type=click.Choice(["none", "scanned", "read", "checked", "approved"]),
    help=mark("Only those in this state."),
)
@click.option("--open", "only_open", is_flag=True, help=mark("Only those that are not digitized yet or differ."))
@as_json
@click.pass_obj
def digitized(
    asked: Asked,
    dossiers: tuple[str, ...],
    package: str | None,
    fonds: str | None,
    state: str | None,
    only_open: bool,
    as_json: bool,
) -> Exit:
    """Print one line for each dossier and the sum; without any choice, the sum of each fonds."""
    from desk import digitizing

    t = asked.t
    if sum(map(bool, (dossiers, package, fonds))) > 1:
        raise click.UsageError(t("Name dossiers, or a package, or a fonds: only one of them."))
    with asked.office() as office:
        if not (dossiers or package or fonds):
            shares = digitizing.by_fonds(office)
            if as_json:
                asked.say_json({"fonds": [{"fonds": code, **vars(each)} for code, each in shares.items()]})
            for code, one in () if as_json else shares.items():
                asked.say(f"{code}: {share_line(one, t)}")
            return Exit.OK
        if package:
            found = digitizing.of_package(office, package)
        else:
            found = digitizing.of_fonds(office, fonds) if fonds else digitizing.of_dossiers(office, dossiers)
    share = digitizing.share_of(found)
    shown = [each for each in found if state in (None, each.state) and not (only_open and each.is_digitized)]
    if as_json:
        asked.say_json({**vars(share), "list": [each.as_json() for each in shown]})
        return Exit.OK
    for each in shown:
        for line in progress_lines(each, t):
            asked.say(line)
    asked.say(share_line(share, t))
    return Exit.OK
