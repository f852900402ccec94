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
# Who guards, and who counts, checks and reports with a phone in the hand.
GUARDS: Permit = frozenset({GUARD, LEADER})
HANDS: Permit = frozenset({GUARD, LEADER, CLERK, ARCHIVIST})
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
    ("GET", "/guard"): HANDS,
    ("GET", "/guard/start"): GUARDS,
    ("POST", "/guard/start"): GUARDS,
    ("GET", "/guard/leave"): GUARDS,
    ("POST", "/guard/leave"): GUARDS,
    ("GET", "/guard/boxes"): GUARDS,
    ("GET", "/guard/seal"): HANDS,
    ("POST", "/guard/seal"): HANDS,
    ("GET", "/guard/handover"): GUARDS,
    ("POST", "/guard/handover"): GUARDS,
    ("GET", "/guard/handover/{relief}"): GUARDS,
    ("POST", "/guard/handover/{relief}/scan"): GUARDS,
    ("POST", "/guard/handover/{relief}/count"): GUARDS,
    ("POST", "/guard/handover/{relief}/close"): GUARDS,
    ("POST", "/guard/handover/{relief}/refuse"): GUARDS,
    ("POST", "/guard/handover/{relief}/void"): GUARDS,
    ("GET", "/guard/rounds"): GUARDS,
    ("POST", "/guard/rounds/start"): GUARDS,
    ("GET", "/guard/rounds/{code}"): GUARDS,
    ("POST", "/guard/rounds/{code}/scan"): GUARDS,
    ("POST", "/guard/rounds/{code}/end"): GUARDS,
    ("GET", "/guard/stocktakes"): HANDS,
    ("GET", "/guard/stocktakes/{number}"): HANDS,
    ("POST", "/guard/stocktakes/{number}"): HANDS,
    ("GET", "/guard/visitors"): HANDS,
    ("GET", "/guard/visitors/in"): HANDS,
    ("POST", "/guard/visitors/in"): HANDS,
    ("POST", "/guard/visitors/out"): HANDS,
    ("GET", "/guard/keys"): HANDS,
    ("POST", "/guard/keys/take"): HANDS,
    ("POST", "/guard/keys/return"): HANDS,
    ("GET", "/guard/incidents"): HANDS,
    ("GET", "/guard/incidents/new"): HANDS,
    ("POST", "/guard/incidents/new"): HANDS,
    ("GET", "/guard/alarms"): HANDS,
    ("POST", "/guard/alarms/{number}/acknowledge"): HANDS,
    ("GET", "/guard/code"): HANDS,
    ("GET", "/guard/resolve"): HANDS,
    ("POST", "/guard/read"): HANDS,
    ("GET", "/guard/offline"): HANDS,
    ("GET", "/guard/sw.js"): EVERYBODY,
    ("GET", "/guard/manifest.webmanifest"): EVERYBODY,
    ("POST", "/phone/device"): HANDS,
    ("POST", "/phone/notes"): HANDS,
    # The addresses in our QR codes: whoever finds a box reads what to do with it, and nothing about it.
    ("GET", "/B/{code}"): EVERYBODY,
    ("GET", "/D/{code}"): EVERYBODY,
    ("GET", "/S/{code}"): EVERYBODY,
    ("GET", "/P/{code}"): EVERYBODY,
    ("GET", "/L/{code}"): EVERYBODY,
    ("GET", "/R/{code}"): EVERYBODY,
    ("GET", "/G/{code}"): EVERYBODY,
}


def permit_of(method: str, path: str) -> Permit:
    """Return who may open an address, given as its route writes it; nobody where it has no line."""
    return PERMITS.get(("GET" if method == "HEAD" else method, path), frozenset())
