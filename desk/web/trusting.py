"""The page /ca: how a phone comes to trust this station, so that its camera works in the page."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from desk import certifying
from desk.addresses import reached_at, shown
from desk.certifying import CertificateError
from desk.parts import is_loopback, is_secured
from desk.web.room import InRoom, Room
from desk.web.squares import draw_square

router = APIRouter(include_in_schema=False)
CERTIFICATE = "application/x-x509-ca-cert"


@router.get("/ca")
def show_certificate(request: Request, room: InRoom) -> Response:
    """Show the certificate to install, its QR code, and the steps for each phone."""
    settings = room.office.settings
    try:
        held = certifying.look(settings)
    except CertificateError:
        held = None
    return room.showing.page(
        request,
        "ca.html",
        held=held,
        is_secured=is_secured(settings),
        is_alone=is_loopback(settings.host),
        addresses=addresses_of(room, secured=False),
        secured=addresses_of(room, secured=True),
    )


@router.get("/CA")
def go_to_certificate() -> Response:
    """Answer the address as it stands in the QR code, whose alphabet has no small letters."""
    return RedirectResponse("/ca", 303)


@router.get("/ca/luutru.crt")
def send_certificate(room: InRoom) -> Response:
    """Send the certificate as phones take it."""
    told = certifying.root_for_phones(room.office.settings)
    return Response(told, media_type=CERTIFICATE, headers={"Content-Disposition": 'attachment; filename="luutru.crt"'})


@router.get("/ca/qr.svg")
def send_square(room: InRoom) -> Response:
    """Send the QR code that leads a phone to this page."""
    address = (addresses_of(room, secured=False) or [f"http://{room.office.settings.label_host}/"])[0]
    return Response(draw_square(f"{address}ca".upper()), media_type="image/svg+xml")


def addresses_of(room: Room, *, secured: bool) -> list[str]:
    """Return the addresses of the station's page in the office's network, over HTTPS where `secured`."""
    settings = room.office.settings
    scheme, port = ("https", settings.https_port) if secured else ("http", settings.port)
    found = reached_at(settings.host)
    outside = [each for each in found if not each.is_loopback] or found
    return [f"{scheme}://{shown(each)}:{port}/" for each in outside]
