"""The web server of the station page; its listeners are sent away first, so that it stops within a second."""

from __future__ import annotations

import socket
import threading

import uvicorn

from archive import sessions
from archive.errors import SettingsError
from desk.office import Office
from desk.parts import is_loopback
from desk.web.app import create_app
from desk.web.room import Room

GRACE_SECONDS = 1


class StationServer(uvicorn.Server):
    """A server that ends the news before it waits for connections to end."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Send the listeners away, then stop as any server does."""
        room: Room = self.config.app.state.room  # type: ignore[union-attr]  # `make_server` hands in the application
        room.news.close()
        await super().shutdown(sockets)


def make_server(office: Office) -> StationServer:
    """Return the server of an office, not started yet; SettingsError "host-not-loopback" before people sign in."""
    host, port = office.settings.host, office.settings.port
    if not is_loopback(host) and not people_sign_in(office):
        raise SettingsError("host-not-loopback", host=host)
    return StationServer(
        uvicorn.Config(
            create_app(office),
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )


def people_sign_in(office: Office) -> bool:
    """Tell whether everybody must sign in, which is so from the first administrator on."""
    with office.database.reading() as session:
        return sessions.has_administrator(session)


def serve(office: Office, stop: threading.Event | None = None) -> None:
    """Serve until a signal comes or, where given, `stop` is set."""
    server = make_server(office)
    if stop is not None:
        event = stop

        def heed() -> None:
            event.wait()
            server.should_exit = True

        threading.Thread(target=heed, name="stop", daemon=True).start()
    server.run()
