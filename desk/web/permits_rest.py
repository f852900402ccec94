"""Who may ask what over REST: each address opens to exactly those to whom the page of the same act does.

A line names the page; where there is none, it names who. No line takes the mark of an unset station over: a program
always signs in.
"""

from __future__ import annotations

from collections.abc import Mapping

Permit = frozenset[str]
Lines = Mapping[tuple[str, str], Permit]
PREFIX = "/api/v1"
# Address of the interface → page whose permit it has; the method is the same unless a line says otherwise.
GETS: Mapping[str, str] = {
    "/status": "/api/status",
    "/search": "/api/search",
    "/packages": "/packages",
    "/packages/{code}": "/packages/{code}",
    "/packages/{code}/history": "/packages/{code}",
    "/packages/{code}/at": "/packages/{code}",
    "/dossiers": "/dossiers",
    "/dossiers/{code:path}": "/dossiers/{code:path}",
    "/dossiers/{code:path}/history": "/dossiers/{code:path}",
    "/fonds": "/dossiers",
    "/posts": "/guard",
    "/handovers/{code}": "/guard/handover/{relief}",
    "/rounds": "/rounds",
    "/rounds/due": "/guard/rounds",
    "/rounds/{code}": "/guard/rounds/{code}",
    "/stocktakes": "/guard/stocktakes",
    "/stocktakes/{code}": "/guard/stocktakes/{number}",
    "/visits": "/guard/visitors",
    "/keys": "/guard/keys",
    "/incidents": "/incidents",
    "/incidents/{code}": "/incidents/{code}",
    "/alarms": "/alarms",
    "/log": "/log",
    "/log/heads": "/log/heads",
    "/log/{seq}": "/log/{seq}",
    "/log/{seq}/proof": "/log/{seq}/proof",
    "/verification": "/board",
    "/cover": "/board",
    "/scans/by-content/{sha256}": "/scan/{public_id}",
    "/scans/{public_id}": "/scan/{public_id}",
    "/scans/{public_id}/text": "/scan/{public_id}/text",
    "/scans/{public_id}/pdf": "/scan/{public_id}/pdf",
    "/scans/{public_id}/original": "/scan/{public_id}/original",
    "/people": "/people",
    "/places": "/packages/places",
}
POSTS: Mapping[str, str] = {
    "/packages": "/packages/new",
    "/packages/{code}/dossiers": "/packages/{code}/add",
    "/packages/{code}/count": "/packages/{code}/count",
    "/packages/{code}/count/withdraw": "/packages/{code}/count/withdraw",
    "/packages/{code}/papers/{paper}": "/packages/{code}/papers/{paper}",
    "/dossiers/{code:path}/cover": "/dossiers/{code:path}/cover",
    "/fonds": "/register/fonds",
    "/register/import": "/register/import/write",
    "/posts/{code}/start": "/guard/start",
    "/posts/{code}/leave": "/guard/leave",
    "/posts/{code}/replace": "/openings",
    "/handovers": "/guard/handover",
    "/handovers/{code}/scan": "/guard/handover/{relief}/scan",
    "/handovers/{code}/count": "/guard/handover/{relief}/count",
    "/handovers/{code}/close": "/guard/handover/{relief}/close",
    "/handovers/{code}/refuse": "/guard/handover/{relief}/refuse",
    "/handovers/{code}/void": "/guard/handover/{relief}/void",
    "/rounds/{code}/start": "/guard/rounds/start",
    "/rounds/{code}/scan": "/guard/rounds/{code}/scan",
    "/rounds/{code}/end": "/guard/rounds/{code}/end",
    "/stocktakes": "/stocktakes",
    "/stocktakes/{code}/count": "/guard/stocktakes/{number}",
    "/stocktakes/{code}/close": "/stocktakes/{code}/close",
    "/visits": "/guard/visitors/in",
    "/visits/{code}/leave": "/guard/visitors/out",
    "/keys/{code}/take": "/guard/keys/take",
    "/keys/{code}/return": "/guard/keys/return",
    "/incidents": "/guard/incidents/new",
    "/incidents/{code}/close": "/incidents/{code}/close",
    "/alarms/{number}/acknowledge": "/alarms/{number}/acknowledge",
    "/alarms/{number}/quiet": "/alarms/{number}/quiet",
    "/log/heads": "/log/heads",
    "/verification": "/board/judge",
    "/scans": "/register/import",
}
OPEN_TO_ALL = (("GET", "/openapi.json"), ("GET", "/docs"), ("GET", "/problems/{code}"), ("POST", "/tokens"))
OWN = (("GET", "/me"), ("DELETE", "/tokens/current"))


def lines(pages: Lines, everybody: Permit, people: Permit) -> dict[tuple[str, str], Permit]:
    """Return the lines of the interface for programs, from those of the pages."""
    found = {("GET", PREFIX + path): pages["GET", page] & people for path, page in GETS.items()}
    found |= {("POST", PREFIX + path): pages["POST", page] & people for path, page in POSTS.items()}
    acts = {
        (method, path)
        for method, path in pages
        if method == "POST" and path.startswith(("/packages/{code}/", "/dossiers/{code:path}/do/"))
    }
    for method, path in acts - {("POST", page) for page in POSTS.values()}:
        found[method, PREFIX + path] = pages[method, path] & people
    found |= {(method, PREFIX + path): everybody for method, path in OPEN_TO_ALL}
    return found | {(method, PREFIX + path): people for method, path in OWN}
