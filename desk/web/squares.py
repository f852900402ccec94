"""QR codes inside pages: drawn as SVG by the station itself, since no page asks another host for anything."""

from __future__ import annotations

from labels.qr import QUIET, Grade, encode


def draw_square(payload: str) -> bytes:
    """Return the QR code of an alphanumeric payload (capital letters) as an SVG of black modules on white."""
    matrix = encode(payload, Grade.M)
    runs = "".join(f"M{column + QUIET} {row + QUIET}h{length}v1h-{length}z" for row, column, length in matrix.runs)
    span = matrix.span
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {span} {span}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{span}v{span}H0z"/><path d="{runs}"/></svg>'
    ).encode()
