"""Commands that prepare and run a station: init, serve, and each of its processes alone."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from desk import faults
from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.spoken import SpokenCommand, mark
from desk.cli.stopping import stop_on_signals
from desk.messages import explain

if TYPE_CHECKING:
    from desk.office import Office


@click.command(cls=SpokenCommand, help=mark("Prepare a station: its folder, settings and database. Safe to repeat."))
@click.pass_obj
def init(asked: Asked) -> Exit:
    """Create what is missing and say where scans go."""
    from desk.office import prepare

    t = asked.t
    new = not (asked.home / "luutru.toml").exists()
    settings = prepare(asked.home, asked.variables)
    with asked.office():
        pass
    asked.say(
        t("A new station stands in {home}", home=asked.home)
        if new
        else t("The station in {home} is ready", home=asked.home)
    )
    asked.say(t("Scanners write to: {inbox}", inbox=settings.inbox_folder))
    asked.say(t("Start it with: luutru serve"))
    return Exit.OK


@click.command(
    cls=SpokenCommand,
    help=mark("Run the whole station: page, watcher, reading workers and minute tick. Ctrl-C stops it."),
)
@click.option("--port", type=click.IntRange(1, 65535), help=mark("Port of the station page; otherwise the setting."))
@click.option("--workers", type=click.IntRange(1, 64), help=mark("Number of reading workers; otherwise the setting."))
@click.pass_obj
def serve(asked: Asked, port: int | None, workers: int | None) -> Exit:
    """Prepare the home where needed, then supervise until asked to stop."""
    from desk import supervisor
    from desk.beating import beating
    from desk.logbook import Logbook
    from desk.office import prepare
    from desk.parts import is_secured, parts_of

    if port is not None:
        asked.overrides["port"] = str(port)
    if workers is not None:
        asked.overrides["workers"] = str(workers)
    settings = prepare(asked.home, asked.variables)
    # Settings given as options reach the parts the way every setting can: through the environment.
    os.environ.update({name: value for name, value in asked.variables.items() if name.startswith("LUUTRU_")})
    stop = stop_on_signals()
    with (
        supervisor.only_one(asked.home, settings.port),
        supervisor.open_socket(settings.host, settings.port, beyond=people_sign_in(asked)) as page,
        (
            supervisor.open_socket(settings.host, settings.https_port, beyond=True)
            if is_secured(settings)
            else contextlib.nullcontext()
        ) as secured,
    ):
        logbook = Logbook(asked.home)

        def tell(code: str, facts: Mapping[str, object]) -> None:
            logbook.write("supervisor", f"{code} {dict(facts)}")
            if code == "part-died":
                faults.note(asked.home, asked.environment, "part-died-lately", facts)
            asked.note(explain(code, facts, asked.t.lang).what)

        with asked.office() as office:
            parts = parts_of(settings, asked.t.lang)
            station = supervisor.Supervisor(parts, logbook, page, tell, settings.home, secured)
            station.stopping = stop
            greet(asked, office, page, settings.port, secured)
            with beating(office, "supervisor", lambda: {"parts": station.state()}):
                station.run()
        logbook.close()
    asked.note(asked.t("The station has stopped. Files dropped in the inbox meanwhile wait for its next start."))
    return Exit.OK


def people_sign_in(asked: Asked) -> bool:
    """Tell whether this station has an administrator, so that its pages may leave this computer."""
    from archive import sessions

    with asked.office() as office, office.database.reading() as session:
        return sessions.has_administrator(session)


def greet(asked: Asked, office: Office, page: socket.socket, port: int, secured: socket.socket | None = None) -> None:
    """Print where the page is, how the first administrator is made, where scans go, and how to stop."""
    from archive import sessions

    t, settings = asked.t, asked.settings()
    host = page.getsockname()[0]
    address = f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
    asked.say(t("Station page:  {address}", address=address))
    if secured is not None:
        from desk.addresses import reached_at, shown

        for each in reached_at(host)[:3]:
            safe = f"https://{shown(each)}:{secured.getsockname()[1]}/"
            asked.say(t("  For phones:   {address} (certificate: {ca})", address=safe, ca=f"{address}ca"))
    with office.database.atomic() as session:
        link = "" if sessions.has_administrator(session) else sessions.make_link(session, office.clock.now())
    if link:
        asked.say(t("  It opens on this computer only, because nobody has to sign in yet."))
        asked.say(t("  Make the first administrator here, within a day: {address}", address=f"{address}setup/{link}"))
    asked.say(t("Drop scans in: {inbox}", inbox=settings.inbox_folder))
    asked.say(t("  A folder inside it names a scanner or station; files directly in it are taken as well."))
    asked.say(t("Log:           {log}", log=asked.home / "log" / "station.log"))
    asked.say(t("Stop with Ctrl-C."))


@click.command(cls=SpokenCommand, hidden=True, help=mark("Run the station page alone."))
@click.option("--fd", type=int, hidden=True, help=mark("An open socket to listen on."))
@click.option("--https", "secured", is_flag=True, hidden=True, help=mark("Over HTTPS, on the port for it."))
@click.pass_obj
def web(asked: Asked, fd: int | None, secured: bool) -> Exit:
    """Serve the pages until asked to stop."""
    from desk import certifying
    from desk.beating import beating
    from desk.supervisor import follow_parent, open_socket
    from desk.web.serving import follow_renewal, make_server

    # The server takes the signals for itself while it runs and repeats them afterwards; then they mean nothing more.
    # One that came before it began is kept by the event, so that a station stopped while it starts does stop.
    stop = stop_on_signals()
    follow_parent(asked.environment)
    with asked.office() as office:
        host, port = office.settings.host, office.settings.https_port if secured else office.settings.port
        listening = (
            socket.socket(fileno=fd) if fd is not None else open_socket(host, port, beyond=people_sign_in(asked))
        )
        server = make_server(office, secured=secured)

        def heed() -> None:
            stop.wait()
            server.should_exit = True

        threading.Thread(target=heed, name="stop", daemon=True).start()
        if secured:
            renewal = (server, certifying.look(office.settings), stop)
            threading.Thread(target=follow_renewal, args=renewal, name="renewal", daemon=True).start()
        with listening, beating(office, "web-https" if secured else "web"):
            server.run(sockets=[listening])
    return Exit.OK


@click.command(cls=SpokenCommand, help=mark("Watch the inbox and take in what is finished, until stopped."))
@click.pass_obj
def watch(asked: Asked) -> Exit:
    """Run the watcher alone."""
    from desk import running
    from desk.supervisor import follow_parent

    stop = stop_on_signals()
    follow_parent(asked.environment)
    with asked.office() as office:
        running.watch(office, stop)
    return Exit.OK


@click.command(cls=SpokenCommand, help=mark("Read scans that wait, page by page, until stopped."))
@click.option("--name", default="reader", metavar="NAME", help=mark("The worker's name in status and logs."))
@click.option("--once", is_flag=True, help=mark("Stop when nothing waits."))
@click.pass_obj
def read(asked: Asked, name: str, once: bool) -> Exit:
    """Run one reading worker alone."""
    from desk import running
    from desk.supervisor import follow_parent

    stop = stop_on_signals()
    follow_parent(asked.environment)
    with asked.office() as office:
        running.read(office, stop, name, once=once)
    return Exit.INTERRUPTED if once and stop.is_set() else Exit.OK


@click.command(cls=SpokenCommand, help=mark("Do what is due each minute (fixity, leftovers), until stopped."))
@click.option("--once", is_flag=True, help=mark("Do what is due now, then stop."))
@click.pass_obj
def tick(asked: Asked, once: bool) -> Exit:
    """Run the minute tick alone."""
    from desk import running
    from desk.supervisor import follow_parent

    stop = stop_on_signals() if not once else threading.Event()
    follow_parent(asked.environment)
    with asked.office() as office:
        running.tick(office, stop, once=once)
    return Exit.OK
