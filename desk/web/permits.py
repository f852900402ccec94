"""Who may open what: one line for every address, read by the gate before any route runs and by its tests.

An address that stands in no line is open to nobody. OPEN marks what a station without an administrator shows to
whoever sits at its own computer; as soon as there is one, everybody signs in.
"""

from __future__ import annotations

from collections.abc import Mapping

from archive.people import Role

Permit = frozenset[str]
OPEN = "open"
# Whoever comes, signed in or not.
EVERYBODY: Permit = frozenset({"everybody"})
PEOPLE: Permit = frozenset(each.value for each in Role)
CLERK, ARCHIVIST, GUARD, LEADER, INSPECTOR, ADMINISTRATOR = (
    Role.CLERK.value,
    Role.ARCHIVIST.value,
    Role.GUARD.value,
    Role.LEADER.value,
    Role.INSPECTOR.value,
    Role.ADMINISTRATOR.value,
)
# Guards keep boxes; what stands in the documents is not theirs to read.
READERS: Permit = frozenset({OPEN, CLERK, ARCHIVIST, LEADER, INSPECTOR})
KEEPERS: Permit = frozenset({OPEN, CLERK, ARCHIVIST})
# Who watches over the whole: the board, the log, what happened when.
WATCHERS: Permit = frozenset({ARCHIVIST, LEADER, INSPECTOR, ADMINISTRATOR})
DECIDERS: Permit = frozenset({ARCHIVIST, LEADER})
PERMITS: Mapping[tuple[str, str], Permit] = {
    ("GET", "/"): READERS | {ADMINISTRATOR},
    ("GET", "/events"): PEOPLE | {OPEN},
    ("POST", "/language"): EVERYBODY,
    ("GET", "/arrivals"): READERS | {ADMINISTRATOR},
    ("GET", "/aside"): READERS | {ADMINISTRATOR},
    ("POST", "/aside/{public_id}/retry"): KEEPERS,
    ("POST", "/scan/{public_id}/retry"): KEEPERS,
    ("GET", "/search"): READERS,
    ("GET", "/scan/{public_id}"): READERS,
    ("GET", "/scan/{public_id}/page/{number}"): READERS,
    ("GET", "/scan/{public_id}/page/{number}/words"): READERS,
    ("GET", "/scan/{public_id}/page/{number}/image/{size}"): READERS,
    ("GET", "/scan/{public_id}/original"): READERS,
    ("GET", "/scan/{public_id}/pdf"): READERS,
    ("GET", "/scan/{public_id}/text"): READERS,
    ("GET", "/static/{digest}/{name}"): EVERYBODY,
    ("GET", "/favicon.ico"): EVERYBODY,
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/api/status"): READERS | {ADMINISTRATOR},
    ("GET", "/api/search"): READERS,
    ("GET", "/api/openapi.json"): EVERYBODY,
    ("GET", "/sign-in"): EVERYBODY,
    ("POST", "/sign-in"): EVERYBODY,
    ("POST", "/sign-out"): EVERYBODY,
    ("GET", "/setup/{secret}"): EVERYBODY,
    ("POST", "/setup/{secret}"): EVERYBODY,
    # Only where the station cosigns logs of other offices; what comes is signed by those logs.
    ("POST", "/witness/add-checkpoint"): EVERYBODY,
    ("GET", "/me"): PEOPLE,
    ("POST", "/me/pin"): PEOPLE,
    ("POST", "/me/sessions/end"): PEOPLE,
    ("POST", "/me/tokens"): PEOPLE,
    ("GET", "/board"): WATCHERS,
    ("POST", "/board/judge"): WATCHERS,
    ("GET", "/alarms"): PEOPLE,
    ("GET", "/alarms/{number}"): PEOPLE,
    ("POST", "/alarms/{number}/acknowledge"): DECIDERS | {CLERK, GUARD, ADMINISTRATOR},
    ("POST", "/alarms/{number}/quiet"): DECIDERS | {ADMINISTRATOR},
    ("GET", "/ask"): WATCHERS,
    ("POST", "/ask/proofs"): WATCHERS,
    ("GET", "/log"): WATCHERS,
    ("GET", "/log/heads"): WATCHERS,
    ("POST", "/log/heads"): WATCHERS,
    ("POST", "/log/export"): WATCHERS,
    ("GET", "/log/{seq}"): WATCHERS,
    ("GET", "/log/{seq}/proof"): WATCHERS,
    ("GET", "/log/{seq}/enclosed/{sha256}"): WATCHERS,
    ("GET", "/openings"): WATCHERS,
    ("POST", "/openings"): DECIDERS,
    ("GET", "/incidents"): WATCHERS,
    ("GET", "/incidents/{code}"): WATCHERS,
    ("POST", "/incidents/{code}/close"): DECIDERS,
    ("GET", "/stocktakes"): WATCHERS,
    ("POST", "/stocktakes"): DECIDERS,
    ("GET", "/stocktakes/{code}"): WATCHERS,
    ("POST", "/stocktakes/{code}/close"): DECIDERS,
    ("GET", "/rounds"): WATCHERS,
    ("GET", "/rounds/{code}"): WATCHERS,
}


def permit_of(method: str, path: str) -> Permit:
    """Return who may open an address, given as its route writes it; nobody where it has no line."""
    return PERMITS.get(("GET" if method == "HEAD" else method, path), frozenset())
