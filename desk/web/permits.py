"""Who may open what: one line for every address, read by the gate before any route runs and by its tests.

An address that stands in no line is open to nobody. OPEN marks what a station without an administrator shows to
whoever sits at its own computer; as soon as there is one, everybody signs in.
"""

from __future__ import annotations

from collections.abc import Mapping

from archive.people import Role
from desk.web import permits_rest

Permit = frozenset[str]
OPEN = "open"
# Whoever comes, signed in or not.
EVERYBODY: Permit = frozenset({"everybody"})
PEOPLE: Permit = frozenset(each.value for each in Role)
CLERK, ARCHIVIST, GUARD, LEADER, WITNESS, INSPECTOR, ADMINISTRATOR = (
    Role.CLERK.value,
    Role.ARCHIVIST.value,
    Role.GUARD.value,
    Role.LEADER.value,
    Role.WITNESS.value,
    Role.INSPECTOR.value,
    Role.ADMINISTRATOR.value,
)
# Guards keep boxes; what stands in the documents is not theirs to read.
READERS: Permit = frozenset({OPEN, CLERK, ARCHIVIST, LEADER, INSPECTOR})
ADMINISTRATORS: Permit = frozenset({ADMINISTRATOR})
# Whoever may give roles and PINs is looked at by those whose work is looking.
AUDITORS: Permit = frozenset({ADMINISTRATOR, LEADER, INSPECTOR})
KEEPERS: Permit = frozenset({OPEN, CLERK, ARCHIVIST})
# Who sees where boxes are: everybody who may have to do with one. Their titles only READERS see.
WATCHERS: Permit = READERS | {GUARD, WITNESS}
HANDS: Permit = frozenset({CLERK, ARCHIVIST})
# Whoever may have to sign for a box; what exactly each may sign, the tables of custody say.
SIGNERS: Permit = HANDS | {GUARD, LEADER, WITNESS}
# Act of a package → who may begin it: one of those who sign it, as custody/package.py has them.
BOX_ACTS: Mapping[str, Permit] = {
    "add": HANDS,
    "count": SIGNERS,
    "pack": SIGNERS,
    "seal": SIGNERS,
    "check": SIGNERS,
    "move": SIGNERS,
    "send": SIGNERS,
    "receive": SIGNERS,
    "refuse": SIGNERS,
    "open": SIGNERS,
    "reseal": SIGNERS,
    "empty": frozenset({ARCHIVIST, LEADER}),
    "clear": SIGNERS,
    "keep-open": SIGNERS,
    "find": SIGNERS,
    "find-doubtful": SIGNERS,
    "lose": frozenset({LEADER}),
    "relabel": HANDS,
    "hand-out": SIGNERS,
    "void": frozenset({CLERK}),
    "suspect": SIGNERS,
    "miss": SIGNERS,
}
# The same for dossiers, as custody/dossier.py has them.
DOSSIER_ACTS: Mapping[str, Permit] = {
    "shelve": HANDS,
    "station": SIGNERS,
    "back": HANDS,
    "lend": SIGNERS,
    "return": SIGNERS,
    "amend": SIGNERS,
    "miss": SIGNERS,
    "find": SIGNERS,
}
# Who watches over the whole: the board, the log, what happened when.
OVERSEERS: Permit = frozenset({ARCHIVIST, LEADER, INSPECTOR, ADMINISTRATOR})
DECIDERS: Permit = frozenset({ARCHIVIST, LEADER})
# Who guards, and who counts, checks and reports with a phone in the hand.
GUARDS: Permit = frozenset({GUARD, LEADER})
CARRIERS: Permit = frozenset({GUARD, LEADER, CLERK, ARCHIVIST})
PAGES: Mapping[tuple[str, str], Permit] = {
    ("GET", "/"): READERS | {ADMINISTRATOR},
    ("GET", "/events"): PEOPLE | {OPEN},
    ("POST", "/language"): EVERYBODY,
    ("GET", "/arrivals"): READERS | {ADMINISTRATOR},
    ("GET", "/aside"): READERS | {ADMINISTRATOR},
    ("POST", "/aside/{public_id}/retry"): KEEPERS,
    ("POST", "/scan/{public_id}/retry"): KEEPERS,
    ("GET", "/review"): READERS,
    ("GET", "/review/{public_id}/{number}"): READERS - {OPEN},
    ("POST", "/review/{public_id}/{number}"): HANDS,
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
    ("GET", "/office"): ADMINISTRATORS,
    ("GET", "/people"): ADMINISTRATORS,
    ("POST", "/people"): ADMINISTRATORS,
    ("POST", "/people/badges"): ADMINISTRATORS,
    ("GET", "/people/{code}"): ADMINISTRATORS,
    ("POST", "/people/{code}/change"): ADMINISTRATORS,
    ("POST", "/people/{code}/pin"): ADMINISTRATORS,
    ("POST", "/people/{code}/retire"): ADMINISTRATORS,
    ("POST", "/people/{code}/sign-out"): ADMINISTRATORS,
    ("GET", "/places"): ADMINISTRATORS,
    ("POST", "/places"): ADMINISTRATORS,
    ("POST", "/places/ranges"): ADMINISTRATORS,
    ("POST", "/places/labels"): ADMINISTRATORS,
    ("GET", "/posts"): ADMINISTRATORS,
    ("POST", "/posts"): ADMINISTRATORS,
    ("POST", "/posts/{code}/watches"): ADMINISTRATORS,
    ("POST", "/posts/{code}/retire"): ADMINISTRATORS,
    ("GET", "/settings"): ADMINISTRATORS,
    ("POST", "/settings"): ADMINISTRATORS,
    ("POST", "/settings/restart"): ADMINISTRATORS,
    ("POST", "/settings/calibration"): ADMINISTRATORS,
    ("GET", "/acts"): AUDITORS,
    ("GET", "/devices"): AUDITORS,
    ("GET", "/setup-steps"): ADMINISTRATORS,
    ("GET", "/setup-steps/{step}"): ADMINISTRATORS,
    ("POST", "/setup-steps/{step}/skip"): ADMINISTRATORS,
    ("POST", "/setup-steps/office"): ADMINISTRATORS,
    ("POST", "/setup-steps/fonds"): ADMINISTRATORS,
    ("POST", "/setup-steps/printer"): ADMINISTRATORS,
    ("POST", "/setup-steps/heads"): ADMINISTRATORS,
    ("POST", "/setup-steps/phones"): ADMINISTRATORS,
    # A phone that does not trust the station yet cannot sign in safely; what stands there is public.
    ("GET", "/ca"): EVERYBODY,
    ("GET", "/CA"): EVERYBODY,
    ("GET", "/ca/luutru.crt"): EVERYBODY,
    ("GET", "/ca/qr.svg"): EVERYBODY,
    ("GET", "/packages"): WATCHERS,
    ("GET", "/packages/places"): WATCHERS,
    ("GET", "/packages/new"): frozenset({CLERK}),
    ("POST", "/packages/new"): frozenset({CLERK}),
    ("GET", "/packages/{code}"): WATCHERS,
    ("POST", "/packages/{code}/papers/{paper}"): HANDS,
    ("POST", "/packages/{code}/count/withdraw"): SIGNERS,
    **{(method, f"/packages/{{code}}/{act}"): who for act, who in BOX_ACTS.items() for method in ("GET", "POST")},
    ("GET", "/entries/{number}/correct"): SIGNERS,
    ("POST", "/entries/{number}/correct"): SIGNERS,
    ("GET", "/dossiers"): READERS,
    ("GET", "/dossiers/{code:path}"): READERS,
    ("POST", "/dossiers/{code:path}/cover"): HANDS,
    **{
        (method, f"/dossiers/{{code:path}}/do/{act}"): who
        for act, who in DOSSIER_ACTS.items()
        for method in ("GET", "POST")
    },
    ("GET", "/register/import"): HANDS,
    ("POST", "/register/import"): HANDS,
    ("POST", "/register/import/write"): HANDS,
    ("POST", "/register/fonds"): HANDS,
    ("GET", "/register/template/{kind}"): READERS,
    ("GET", "/board"): OVERSEERS,
    ("POST", "/board/judge"): OVERSEERS,
    ("GET", "/alarms"): PEOPLE,
    ("GET", "/alarms/{number}"): PEOPLE,
    ("POST", "/alarms/{number}/acknowledge"): DECIDERS | {CLERK, GUARD, ADMINISTRATOR},
    ("POST", "/alarms/{number}/quiet"): DECIDERS | {ADMINISTRATOR},
    ("GET", "/ask"): OVERSEERS,
    ("POST", "/ask/proofs"): OVERSEERS,
    ("GET", "/log"): OVERSEERS,
    ("GET", "/log/heads"): OVERSEERS,
    ("POST", "/log/heads"): OVERSEERS,
    ("POST", "/log/export"): OVERSEERS,
    ("GET", "/log/{seq}"): OVERSEERS,
    ("GET", "/log/{seq}/proof"): OVERSEERS,
    ("GET", "/log/{seq}/enclosed/{sha256}"): OVERSEERS,
    ("GET", "/openings"): OVERSEERS,
    ("POST", "/openings"): DECIDERS,
    ("GET", "/incidents"): OVERSEERS,
    ("GET", "/incidents/{code}"): OVERSEERS,
    ("POST", "/incidents/{code}/close"): DECIDERS,
    ("GET", "/stocktakes"): OVERSEERS,
    ("POST", "/stocktakes"): DECIDERS,
    ("GET", "/stocktakes/{code}"): OVERSEERS,
    ("POST", "/stocktakes/{code}/close"): DECIDERS,
    ("GET", "/rounds"): OVERSEERS,
    ("GET", "/rounds/{code}"): OVERSEERS,
    ("GET", "/round-plans"): OVERSEERS,
    ("POST", "/round-plans"): DECIDERS,
    ("POST", "/round-plans/{code}/stop"): DECIDERS,
    ("GET", "/rosters"): OVERSEERS,
    ("GET", "/rosters/{code}"): OVERSEERS,
    ("POST", "/rosters/{code}/plan"): DECIDERS,
    ("POST", "/rosters/{code}/drop"): DECIDERS,
    ("POST", "/rosters/{code}/day"): DECIDERS,
    ("POST", "/rosters/{code}/publish"): frozenset({LEADER}),
    ("POST", "/holidays"): DECIDERS,
    ("POST", "/holidays/fill"): DECIDERS,
    ("POST", "/holidays/drop"): DECIDERS,
    ("GET", "/guard"): CARRIERS,
    ("GET", "/guard/start"): GUARDS,
    ("POST", "/guard/start"): GUARDS,
    ("GET", "/guard/leave"): GUARDS,
    ("POST", "/guard/leave"): GUARDS,
    ("GET", "/guard/boxes"): GUARDS,
    ("GET", "/guard/seal"): CARRIERS,
    ("POST", "/guard/seal"): CARRIERS,
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
    ("GET", "/guard/stocktakes"): CARRIERS,
    ("GET", "/guard/stocktakes/{number}"): CARRIERS,
    ("POST", "/guard/stocktakes/{number}"): CARRIERS,
    ("GET", "/guard/visitors"): CARRIERS,
    ("GET", "/guard/visitors/in"): CARRIERS,
    ("POST", "/guard/visitors/in"): CARRIERS,
    ("POST", "/guard/visitors/out"): CARRIERS,
    ("GET", "/guard/keys"): CARRIERS,
    ("POST", "/guard/keys/take"): CARRIERS,
    ("POST", "/guard/keys/return"): CARRIERS,
    ("GET", "/guard/incidents"): CARRIERS,
    ("GET", "/guard/incidents/new"): CARRIERS,
    ("POST", "/guard/incidents/new"): CARRIERS,
    ("GET", "/guard/alarms"): CARRIERS,
    ("POST", "/guard/alarms/{number}/acknowledge"): CARRIERS,
    ("GET", "/guard/code"): CARRIERS,
    ("GET", "/guard/resolve"): CARRIERS,
    ("POST", "/guard/read"): CARRIERS,
    ("GET", "/guard/offline"): CARRIERS,
    ("GET", "/guard/sw.js"): EVERYBODY,
    ("GET", "/guard/manifest.webmanifest"): EVERYBODY,
    ("POST", "/phone/device"): CARRIERS,
    ("POST", "/phone/notes"): CARRIERS,
    # The addresses in our QR codes: whoever finds a box reads what to do with it, and nothing about it.
    ("GET", "/B/{code}"): EVERYBODY,
    ("GET", "/D/{code}"): EVERYBODY,
    ("GET", "/S/{code}"): EVERYBODY,
    ("GET", "/P/{code}"): EVERYBODY,
    ("GET", "/L/{code}"): EVERYBODY,
    ("GET", "/R/{code}"): EVERYBODY,
    ("GET", "/G/{code}"): EVERYBODY,
}

# Programs: each address opens to whom its page does; the lines stand in permits_rest.py.
PERMITS: Mapping[tuple[str, str], Permit] = {**PAGES, **permits_rest.lines(PAGES, EVERYBODY, PEOPLE)}


def permit_of(method: str, path: str) -> Permit:
    """Return who may open an address, given as its route writes it; nobody where it has no line."""
    return PERMITS.get(("GET" if method == "HEAD" else method, path), frozenset())
