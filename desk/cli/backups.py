"""Commands that keep a second copy of the whole station and bring it back: backup, restore."""

from __future__ import annotations

from pathlib import Path

import click

from archive.errors import ArchiveError
from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.progress import progress
from desk.cli.spoken import SpokenCommand, mark
from desk.messages import explain
from desk.words import plain


def _refuse_empty(ctx: click.Context, param: click.Parameter, value: str) -> Path:
    # An unset variable in a script ("$DISK") must not fill the folder it happens to run in.
    if not value.strip():
        raise click.MissingParameter(ctx=ctx, param=param)
    return Path(value).expanduser().absolute()


FOLDER = click.argument("folder", metavar="FOLDER", callback=_refuse_empty)


@click.command(
    cls=SpokenCommand,
    help=mark("Copy the whole station into a folder on another disk; a later run copies only what is new."),
)
@FOLDER
@click.option("--check", is_flag=True, help=mark("Only read the newest backup from start to end and compare it."))
@as_json
@click.pass_obj
def backup(asked: Asked, folder: Path, check: bool, as_json: bool) -> Exit:
    """Write a snapshot beside the running station, or re-read the newest one."""
    return _compare(asked, folder, as_json) if check else _write(asked, folder, as_json)


def _write(asked: Asked, folder: Path, as_json: bool) -> Exit:
    from archive.backup import back_up
    from desk.watching_station import note_backup

    t = asked.t
    with asked.office() as office, progress(asked, t("Copying originals"), None) as advance:
        now, aside = office.clock.now(), office.settings.aside_folder
        made = back_up(office.database, office.vault, asked.home, folder, now, advance, aside)
        note_backup(office, folder)
    if as_json:
        asked.say_json({"snapshot": made.folder, "originals": made.originals, "copied": made.copied})
        return Exit.OK
    asked.say(t("Backup made: {path}", path=made.folder))
    asked.say(
        t("{originals} originals, {copied} of them copied this time.", originals=made.originals, copied=made.copied)
    )
    return Exit.OK


def _compare(asked: Asked, folder: Path, as_json: bool) -> Exit:
    from archive import backup as keeping

    t = asked.t
    found = keeping.snapshots(folder)
    if not found:
        raise ArchiveError("backup-none", path=str(folder), name="")
    with progress(asked, t("Comparing the backup"), None) as advance:
        findings = keeping.check(found[-1], advance)
    if as_json:
        rows = [{"code": each.code, "path": each.path} for each in findings]
        asked.say_json({"snapshot": found[-1], "findings": rows})
    else:
        for each in findings:
            asked.say(str(explain(each.code, {"path": each.path}, t.lang)))
        if not findings:
            asked.say(t("The backup is whole: {path}", path=found[-1]))
    return Exit.STORAGE if findings else Exit.OK


@click.command(
    cls=SpokenCommand,
    help=mark("Bring a station back from a backup into an empty home; nothing that stands is overwritten."),
)
@FOLDER
@click.option("--snapshot", metavar="NAME", help=mark("The backup of this moment instead of the newest."))
@as_json
@click.pass_obj
def restore(asked: Asked, folder: Path, snapshot: str | None, as_json: bool) -> Exit:
    """Check the snapshot, copy it, load its database, and make the folders of the station."""
    from archive import backup as keeping
    from desk.office import open_vault, prepare

    t = asked.t
    with progress(asked, t("Bringing back"), None) as advance:
        count = keeping.restore(folder, asked.home, asked.variables, open_vault, snapshot, advance)
    prepare(asked.home, asked.variables)
    if as_json:
        asked.say_json({"home": asked.home, "originals": count})
        return Exit.OK
    asked.say(t.n("{number} original is back.", "{number} originals are back.", count))
    asked.say(t("The station stands in {home}. Look at it with: luutru status", home=plain(asked.home)))
    return Exit.OK
