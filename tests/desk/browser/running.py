"""A station page that really serves, on a free port of this computer, for a real browser."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from desk.office import Office
from desk.web.serving import StationServer, make_server

CHROMIUM: dict[str, Any] = {
    "executable_path": "/usr/bin/chromium",
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ],
}


@contextlib.contextmanager
def serving(office: Office) -> Iterator[tuple[str, StationServer]]:
    """Serve an office; gives its address and its server, and stops it in the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = make_server(replace(office, settings=replace(office.settings, port=port)))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    for _ in range(200):
        if server.started:
            break
        time.sleep(0.05)
    assert server.started
    try:
        yield f"http://127.0.0.1:{port}", server
    finally:
        server.should_exit = True
        thread.join(10)


@contextlib.contextmanager
def running(office: Office) -> Iterator[str]:
    """Serve an office and give its address alone."""
    with serving(office) as (address, _server):
        yield address
