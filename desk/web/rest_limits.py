"""How much a program may send at once: a wall that counts bytes as they come, before anybody keeps them."""

from __future__ import annotations

from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PREFIX = "/api/v1/"
SCANS = "/api/v1/scans"
# Six photos as base64 and what is said beside them.
LARGEST_BODY = 64 << 20
LARGEST_SCAN = 2 << 30
Refuse = Callable[[Request, str, dict[str, object]], Response]


class Limit:
    """Middleware: refuses bodies that are too large, those that say so at once and the others as they come."""

    def __init__(self, app: ASGIApp, *, refuse: Refuse) -> None:
        self.app = app
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, its body bounded."""
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        most = LARGEST_SCAN if scope["path"] == SCANS else LARGEST_BODY
        told = request.headers.get("content-length", "")
        if told.isdigit() and int(told) > most:
            await self.refuse(request, "body-too-large", {"limit_bytes": most})(scope, receive, send)
            return
        come = 0

        async def bounded() -> Message:
            nonlocal come
            message = await receive()
            come += len(message.get("body", b""))
            if come > most:
                raise HTTPException(413)
            return message

        await self.app(scope, bounded, send)
