"""The walls of the pages: which host names are answered, who may change something, and what browsers are told.

Threats: a page elsewhere that lets its own name point to 127.0.0.1 and then reads the station (DNS rebinding), a page
elsewhere that posts a form here (CSRF), and text of a scan or a file name that a browser takes for markup or script.
Accepted: until an administrator is made, everybody who has an account on this machine can open the pages. The address
where other offices send the heads of their logs is open to all who reach it: what comes is signed, and answers tell no
secrets.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.parts import is_loopback

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",  # data: for the marks that Pico draws in its style sheet
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: browsers then send `Origin: null` with our own forms.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

# Where a program without a token signs in. No form of a browser can send JSON, and every browser names its Origin.
SIGN_IN = "/api/v1/tokens"

Refuse = Callable[[Request, str, dict[str, object]], Response]


def is_known_host(header: str, bound: str, named: str = "") -> bool:
    """Tell whether a Host header may be answered by a server bound to `bound`.

    Bound to loopback only its own names are; elsewhere any address is, since an address cannot be rebound, the name it
    is bound to, and the name that stands in the office's codes.
    """
    try:
        host = urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return False
    if host in LOOPBACK_NAMES:
        return True
    if is_loopback(bound):
        return False
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(host) and host in {bound.lower(), named.lower()}
    return True


def is_from_here(headers: dict[str, str]) -> bool:
    """Tell whether an unsafe request came from one of our own pages: its Origin names the host it was sent to."""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site") == "same-origin"
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.netloc.lower() == headers.get("host", "").lower()


def is_by_token(headers: dict[str, str]) -> bool:
    """Tell whether a program with a token of its own asks: no browser sends one by itself, nor without an Origin."""
    is_browser = "origin" in headers or "sec-fetch-site" in headers
    return not is_browser and headers.get("authorization", "").lower().startswith("bearer ")


def is_sign_in(path: str, headers: dict[str, str]) -> bool:
    """Tell whether a program without a token asks for one: it sends JSON, and nothing that only browsers send."""
    is_browser = "origin" in headers or "sec-fetch-site" in headers or "cookie" in headers
    return path == SIGN_IN and not is_browser and headers.get("content-type", "").startswith("application/json")


class Guard:
    """Middleware: refuses foreign hosts and foreign forms, and sets the headers of every answer."""

    def __init__(
        self, app: ASGIApp, *, bound: str, refuse: Refuse, open_paths: frozenset[str] = frozenset(), named: str = "",
    ) -> None:  # fmt: skip  # one wall
        self.app = app
        self.open_paths = open_paths
        self.bound, self.named = bound, named
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it before any route sees it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                protect(MutableHeaders(scope=message))
            await send(message)

        request = Request(scope)
        headers = dict(request.headers.items())
        hosts = request.headers.getlist("host")
        if request.url.path in self.open_paths:
            await self.app(scope, receive, send_guarded)
            return
        if len(hosts) != 1 or not is_known_host(hosts[0], self.bound, self.named):
            answer = self.refuse(request, "host-refused", {"host": ", ".join(hosts)})
        elif (
            request.method not in SAFE_METHODS
            and not is_from_here(headers)
            and not is_by_token(headers)
            and not is_sign_in(request.url.path, headers)
        ):
            answer = self.refuse(request, "origin-refused", {"origin": headers.get("origin", "")})
        else:
            await self.app(scope, receive, send_guarded)
            return
        await answer(scope, receive, send_guarded)


def protect(headers: MutableHeaders) -> None:
    """Set the headers that every answer carries; what a page set itself stays, and nothing is cached unless it says."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers.setdefault("Cache-Control", "no-store")
