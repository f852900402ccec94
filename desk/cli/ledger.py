"""Commands about the custody log: check, checkpoint, log, proof, paper."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.holdings import as_json
from desk.cli.progress import progress
from desk.cli.spoken import SpokenCommand, SpokenGroup, mark
from desk.messages import explain

if TYPE_CHECKING:
    from custody import checking


@click.group(cls=SpokenGroup, help=mark("The custody log: check it, sign its head, prove an entry."))
def ledger() -> None:
    """Hold the commands about the custody log."""


@ledger.command(
    cls=SpokenCommand, help=mark("Check the whole log; name the first bad entry and the last one proven good.")
)
@as_json
@click.pass_obj
def check(asked: Asked, as_json: bool) -> Exit:
    """Collect every finding; the exit code tells whether there is one."""
    from desk import ledgering, stamping

    t = asked.t
    with asked.office(distrusting=False) as office, progress(asked, t("Checking the log"), None) as advance:
        report = ledgering.check(office, advance)
        stamped, wrong = stamping.check(office)
    found = [
        {"code": each.code, "entry": each.entry, "proven": each.proven, "facts": dict(each.facts)}
        for each in (*report.findings, *wrong)
    ]
    if as_json:
        asked.say_json(
            {"size": report.size, "root": report.root.hex(), "proven": report.proven, "sound": not found}
            | {"findings": found, "losses": [asdict(each) for each in report.losses]}
            | {"cosigned": asdict(report.cosigned) if report.cosigned else None}
            | {"stamped": asdict(stamped) if stamped else None}
        )
        return Exit.FINDINGS if found else Exit.OK
    asked.say(t.n("{number} entry checked.", "{number} entries checked.", report.size))
    for each in (*report.findings, *wrong):
        facts = {"entry": each.entry, "proven": each.proven, **each.facts}
        asked.say("✗ " + str(explain(each.code, facts, t.lang)).replace("\n", "\n    "))
    if not found:
        asked.say(t("The log is sound."))
    _tell_losses(asked, report)
    if stamped is not None:
        asked.say(t("The head of {size} entries was time-stamped {moment}.", size=stamped.size, moment=stamped.at))
    if report.proven >= 0:
        asked.say(t("Entries up to {proven} are proven by a signed head.", proven=report.proven))
    elif report.size:
        asked.say(t("No head is signed yet. Sign one with: luutru ledger checkpoint"))
    return Exit.FINDINGS if found else Exit.OK


def _tell_losses(asked: Asked, report: checking.Report) -> None:
    """Say what the office lost and accepted, and who else signed."""
    t = asked.t
    for each in report.losses:
        facts = {"first": each.first, "last": each.last, "entry": each.entry, "decision": each.decision, "at": each.at}
        who = ", ".join(each.by)
        asked.say(
            t(
                "Lost: entries {first} to {last}, accepted in entry {entry} by {who} ({decision}, {at}).",
                who=who,
                **facts,
            )
        )
    if report.cosigned is not None:
        names = ", ".join(f"{name} ({datetime.fromtimestamp(at, UTC).isoformat()})" for name, at in report.cosigned.by)
        asked.say(t("The first {size} entries are cosigned by: {names}", size=report.cosigned.size, names=names))


@ledger.command(cls=SpokenCommand, help=mark("Sign the log as it stands and copy the head to the second place."))
@as_json
@click.pass_obj
def checkpoint(asked: Asked, as_json: bool) -> Exit:
    """Print the signed head and the key it is checked with."""
    from desk import ledgering

    t = asked.t
    with asked.office() as office:
        head, note, _copied = ledgering.sign_head(office)
        key = str(ledgering.open_keys(office.settings).known[0])
        place = office.settings.heads_folder
    if as_json:
        asked.say_json(
            {"origin": head.origin, "size": head.size, "root": head.root.hex(), "short": head.short()}
            | {"note": note, "key": key, "second_place": place}
        )
        return Exit.OK
    asked.say(note)
    asked.say(t("Head: {short} at {size}", short=head.short(), size=head.size))
    asked.say(t("Key for whoever checks it: {key}", key=key))
    asked.say(t("Second place: {path}", path=place))
    return Exit.OK


@ledger.command(cls=SpokenCommand, name="log", help=mark("List entries."))
@click.option("--start", type=click.IntRange(0), default=0, help=mark("Begin at this entry."))
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, help=mark("At most so many entries."))
@as_json
@click.pass_obj
def log_(asked: Asked, start: int, limit: int, as_json: bool) -> Exit:
    """Print number and body of each entry, as recorded."""
    from custody import ledger as entries

    with asked.office(distrusting=False) as office, office.database.reading() as session:
        found = list(entries.read(session, start, start + limit))
    if as_json:
        asked.say_json([{"seq": each.seq, "leaf": each.leaf.hex(), "body": json.loads(each.body)} for each in found])
        return Exit.OK
    if not found and not start:
        asked.say(asked.t("The log holds no entries yet."))
    for each in found:
        asked.say(f"{each.seq}\t{each.body.decode('utf-8', 'backslashreplace')}")
    return Exit.OK


@ledger.command(cls=SpokenCommand, help=mark("Write the proof of one entry, or of all entries of a package."))
@click.argument("entry", type=click.IntRange(0), metavar="ENTRY", required=False)
@click.option("--package", metavar="CODE", help=mark("Every entry about this package; --out names a folder."))
@click.option(
    "--out",
    "-o",
    "--output",
    "out",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=mark("Write to this file instead of the screen."),
)
@click.pass_obj
def proof(asked: Asked, entry: int | None, package: str | None, out: Path | None) -> Exit:
    """Print a tlog-proof under the newest signed head, or write one file for each entry of a package."""
    from archive.durable import write_whole
    from desk import ledgering

    t = asked.t
    if (entry is None) == (package is None) or (package is not None and out is None):
        raise click.UsageError(t("Name one entry, or --package CODE with --out FOLDER."))
    with asked.office() as office:
        if package is not None and out is not None:
            paths = ledgering.prove_package(office, package, out.absolute())
            asked.say(t.n("{number} proof written: {path}", "{number} proofs written: {path}", len(paths), path=out))
            return Exit.OK
        text = ledgering.prove(office, int(entry or 0))
    if out is None:
        asked.say(text.removesuffix("\n"))
    else:
        write_whole(out.absolute(), text.encode())
        asked.say(t("Written: {path}", path=out))
    return Exit.OK


@ledger.command(
    cls=SpokenCommand, help=mark("Write the whole log as a folder that anyone can check with one Python file.")
)
@click.argument("folder", type=click.Path(path_type=Path), metavar="FOLDER")
@as_json
@click.pass_obj
def export(asked: Asked, folder: Path, as_json: bool) -> Exit:
    """Sign a head, write the bundle, and say what to keep apart from it."""
    from desk import ledgering

    t = asked.t
    lines = [
        t("The custody log of this station, to be checked without the station's program."),
        t("Needed: Python 3.9 or newer with the package cryptography. Run: python3 verify.py"),
        t("Compare the short head it prints with the one on paper: a bundle can be whole and still be a forged one."),
    ]
    with asked.office() as office:
        made = ledgering.export(office, folder.absolute(), "\n".join(lines) + "\n")
    facts = {"entries": made.entries, "size": made.head.size, "short": made.head.short(), "heads": made.heads}
    if as_json:
        asked.say_json({"folder": made.folder, **facts})
        return Exit.OK
    asked.say(t("Written: {path}", path=folder))
    asked.say(t("Head: {short} at {size}", **facts))
    for line in lines[1:]:
        asked.say(line)
    return Exit.OK


@ledger.command(
    cls=SpokenCommand, help=mark("Show the head for the foot of a paper, or compare one from an old paper.")
)
@click.option("--code", metavar="CODE", help=mark("The 16 characters on the paper."))
@click.option("--size", type=click.IntRange(0), metavar="NUMBER", help=mark("The number of entries on the paper."))
@as_json
@click.pass_obj
def paper(asked: Asked, code: str | None, size: int | None, as_json: bool) -> Exit:
    """Print, or compare, the sixteen hex digits and the number of entries."""
    from desk import ledgering

    t = asked.t
    if (code is None) != (size is None):
        raise click.UsageError(t("To compare an old paper, give both --code and --size."))
    with asked.office(distrusting=False) as office, office.database.reading() as session:
        origin = ledgering.open_keys(office.settings).origin
        head = ledgering.head_of(session, origin, size)
    wanted = "".join((code or "").split()).lower()
    agrees = code is None or wanted == head.short()
    if as_json:
        asked.say_json({"origin": origin, "size": head.size, "short": head.short(), "agrees": agrees})
    elif not agrees:
        asked.note(
            str(explain("paper-head-differs", {"size": head.size, "paper": wanted, "found": head.short()}, t.lang))
        )
    else:
        asked.say(t("Log: {origin}", origin=origin))
        asked.say(t("Head: {short} at {size}", short=head.short(), size=head.size))
        asked.say(t("Root: {root}", root=head.root.hex()))
        if code is not None:
            asked.say(t("The paper agrees with the log."))
    return Exit.OK if agrees else Exit.FINDINGS
