"""The web server of the station page; its listeners are sent away first, so that it stops within a second."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable

import uvicorn

from archive import sessions
from archive.errors import SettingsError
from desk import certifying
from desk.office import Office
from desk.parts import is_loopback
from desk.web.app import create_app
from desk.web.room import Room

GRACE_SECONDS = 1
RENEWAL_LOOK_SECONDS = 30.0


class StationServer(uvicorn.Server):
    """A server that ends the news before it waits for connections to end."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Send the listeners away, then stop as any server does."""
        room: Room = self.config.app.state.room  # type: ignore[union-attr]  # `make_server` hands in the application
        room.news.close()
        await super().shutdown(sockets)


def make_server(office: Office, *, secured: bool = False) -> StationServer:
    """Return the server of an office, not started yet, over HTTPS where `secured`.

    Raises SettingsError "host-not-loopback" before people sign in, CertificateError "certificate-broken".
    """
    settings = office.settings
    if not is_loopback(settings.host) and not people_sign_in(office):
        raise SettingsError("host-not-loopback", host=settings.host)
    held = certifying.tend(settings, office.clock.now()) if secured else None
    return StationServer(
        uvicorn.Config(
            create_app(office),
            host=settings.host,
            port=settings.https_port if secured else settings.port,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            ssl_certfile=str(held.leaf) if held else None,
            ssl_keyfile=str(held.key) if held else None,
            ssl_context_factory=_modern if held else None,
        )
    )


def _modern(_config: uvicorn.Config, make: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    """Return the context that uvicorn makes, without what no phone of today needs."""
    context = make()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def follow_renewal(
    server: StationServer, held: certifying.Held, stop: threading.Event, pause: float = RENEWAL_LOOK_SECONDS
) -> None:
    """Take a renewed certificate for new connections, as soon as the tick has written one; runs until `stop` is set."""
    # What was written while the server started counts as well, so the first look always takes what stands.
    known: tuple[int, int] | None = None
    while not stop.wait(pause):
        try:
            if (found := _stamp(held)) == known or server.config.ssl is None:
                continue
            server.config.ssl.load_cert_chain(held.leaf, held.key)
        except (OSError, ssl.SSLError):
            continue  # the key is written before its certificate; the next look finds both
        known = found


def _stamp(held: certifying.Held) -> tuple[int, int]:
    return held.leaf.stat().st_mtime_ns, held.key.stat().st_mtime_ns


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
