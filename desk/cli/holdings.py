"""Commands about what the archive holds: ingest, status, search, reindex, fixity."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.progress import progress
from desk.cli.spoken import SpokenCommand, mark
from desk.filed_words import share_line
from desk.messages import explain
from desk.words import plain

as_json = click.option("--json", "as_json", is_flag=True, help=mark("Answer as JSON with stable keys."))


@click.command(cls=SpokenCommand, help=mark("Show how the station stands; files seen must equal files accounted for."))
@as_json
@click.pass_obj
def status(asked: Asked, as_json: bool) -> Exit:
    """Print the balance line, the scans by state, what is digitized of each fonds, and the processes."""
    from desk.digitizing import by_fonds
    from desk.standing import stand

    with asked.office() as office:
        state, shares = stand(office), by_fonds(office)
    state["digitized"] = [{"fonds": fonds, **asdict(each)} for fonds, each in shares.items()]
    if as_json:
        asked.say_json(state)
        return Exit.OK if state["balanced"] else Exit.FINDINGS
    t = asked.t
    asked.say(balance_line(asked, state))
    for difference in state["differences"]:
        facts = {"examples": (), **difference}
        asked.say("  " + str(explain(str(difference["code"]), facts, t.lang).what))
    scans: dict[str, int] = state["scans"]
    asked.say(
        t(
            "Scans: {read} read, {reading} being read, {received} waiting to be read, {unreadable} for a person",
            **scans,
        )
    )
    asked.say(
        t(
            "Pages: {pages} read, {eyes} a person should look at",
            pages=state["pages_read"],
            eyes=state["pages_for_eyes"],
        )
    )
    for fonds, share in shares.items():
        asked.say(f"{fonds}: {share_line(share, t)}")
    asked.say(
        t("The station runs: {address}", address=state["address"])
        if state["running"]
        else t("The station does not run. Start it with: luutru serve")
    )
    for sign in state["processes"]:
        facts = {"name": sign["component"], "pid": sign["pid"], "moment": sign["beat_at"]}
        if sign["silent"]:
            asked.say("  " + t("{name} (process {pid}) is silent since {moment}", **facts))
        else:
            asked.say("  " + t("{name} (process {pid}) is alive, last sign {moment}", **facts))
    return Exit.OK if state["balanced"] else Exit.FINDINGS


def balance_line(asked: Asked, state: dict[str, Any]) -> str:
    """Return the one line that says whether any file was lost."""
    t = asked.t
    facts = {name: state[name] for name in ("seen", "stored", "duplicate", "set_aside", "waiting", "vanished")}
    line = t(
        "Files: {seen} seen = {stored} stored + {duplicate} duplicate + {set_aside} set aside + {waiting} waiting"
        " + {vanished} vanished",
        **facts,
    )
    return f"{line}. {t('It balances.') if state['balanced'] else t('IT DOES NOT BALANCE.')}"


def _refuse_empty(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> tuple[Path, ...]:
    # An unset variable in a script ("$SCANS") must not take in the whole folder it happens to run in.
    if not all(value.strip() for value in values):
        raise click.MissingParameter(ctx=ctx, param=param)
    return tuple(map(Path, values))


@click.command(cls=SpokenCommand, help=mark("Take files or folders in by hand; the sources stay where they are."))
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", callback=_refuse_empty)
@click.option("--station", default="ingest", metavar="NAME", help=mark("The station the files are filed under."))
@click.option("--wait", is_flag=True, help=mark("Wait until what was taken in is read."))
@click.option("--timeout", type=click.FloatRange(0), metavar="SECONDS", help=mark("With --wait: wait at most so long."))
@as_json
@click.pass_obj
def ingest(
    asked: Asked, paths: tuple[Path, ...], station: str, wait: bool, timeout: float | None, as_json: bool
) -> Exit:
    """Run the same steps as the inbox on given paths; set-aside files make the exit code non-zero."""
    from desk import upkeep

    t = asked.t
    left = 0
    with asked.office() as office:
        with progress(asked, t("Taking in"), None) as advance:
            results = upkeep.ingest(office, [path.absolute() for path in paths], station, advance)
        if wait:
            with progress(asked, t("Reading"), None) as advance:
                left = upkeep.wait_until_read(office, (each.sha256 for each in results), advance, timeout)
    states = ("stored", "duplicate", "set_aside", "waiting", "vanished")
    counts = {state: sum(1 for each in results if each.state == state) for state in states}
    if as_json:
        asked.say_json({**counts, "unread": left, "files": [asdict(each) for each in results]})
    else:
        asked.say(t("{stored} stored, {duplicate} duplicate, {set_aside} set aside", **counts))
        for each in results:
            if each.state in ("set_aside", "waiting"):
                asked.say(f"  {plain(each.path)}: {explain(each.code, each.facts, t.lang)}")
    upkeep.raise_unread_back(results)
    if left:
        asked.note(str(explain("unfinished", {"waiting": left}, t.lang)))
        return Exit.UNFINISHED
    return Exit.SET_ASIDE if counts["set_aside"] or counts["waiting"] else Exit.OK


@click.command(cls=SpokenCommand, help=mark('Find pages by words, "phrases", codes or numbers; marks may be left out.'))
@click.argument("query", nargs=-1, required=True, metavar="QUERY")
@click.option("--station", metavar="NAME", help=mark("Only scans of this station."))
@click.option("--dossier", metavar="CODE", help=mark("Only pages of this dossier."))
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help=mark("Only scans that arrived on this day or later."))
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help=mark("Only scans that arrived on this day or before."))
@click.option("--limit", type=click.IntRange(1, 1000), default=20, help=mark("At most so many hits."))
@click.option("--offset", type=click.IntRange(0), default=0, help=mark("Leave out so many hits first."))
@as_json
@click.pass_obj
def search(
    asked: Asked,
    query: tuple[str, ...],
    station: str | None,
    dossier: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    offset: int,
    as_json: bool,
) -> Exit:
    """Print hits with their snippets, the best first."""
    from archive import search as index
    from desk import finding

    wanted = index.Query(
        text=" ".join(query),
        station=station,
        dossier=dossier,
        since=finding.start_of(since.date()) if since else None,
        until=finding.end_of(until.date()) if until else None,
        limit=limit,
        offset=offset,
    )
    with asked.office() as office, office.database.reading() as session:
        results = index.search(session, wanted)
    if as_json:
        asked.say_json(finding.as_json(results))
        return Exit.OK
    for line in finding.lines(results, asked.t):
        asked.say(line)
    return Exit.OK


@click.command(cls=SpokenCommand, help=mark("Build the search index anew from the stored pages, or check it."))
@click.option("--check", is_flag=True, help=mark("Only compare the index with the pages."))
@as_json
@click.pass_obj
def reindex(asked: Asked, check: bool, as_json: bool) -> Exit:
    """Rebuild, with progress, or list what differs."""
    from desk import upkeep

    t = asked.t
    with asked.office() as office:
        if check:
            findings = upkeep.check_index(office)
        else:
            with progress(asked, t("Indexing pages"), None) as advance:
                upkeep.rebuild_index(office, advance)
            findings = []
    if as_json:
        asked.say_json({"findings": findings})
    elif findings:
        for each in findings:
            asked.say(explain(str(each["code"]), each, t.lang).what)
    else:
        asked.say(t("The index agrees with the pages."))
    return Exit.FINDINGS if findings else Exit.OK


@click.command(cls=SpokenCommand, help=mark("Read stored scans again and compare them with their SHA-256."))
@click.option("--due", is_flag=True, help=mark("Only those whose turn it is by the setting fixity_days."))
@as_json
@click.pass_obj
def fixity(asked: Asked, due: bool, as_json: bool) -> Exit:
    """Re-hash the vault and list what is missing, changed or unknown."""
    from desk import upkeep

    t = asked.t
    with asked.office() as office, progress(asked, t("Comparing stored scans"), None) as advance:
        checked, findings = upkeep.compare_stored(office, advance, due_only=due)
    if as_json:
        asked.say_json({"checked": checked, "findings": findings})
    else:
        asked.say(t.n("{number} stored scan compared.", "{number} stored scans compared.", checked))
        for each in findings:
            asked.say("  " + str(explain(str(each["code"]), each["facts"], t.lang)))
    return Exit.STORAGE if any(each["serious"] for each in findings) else Exit.OK
