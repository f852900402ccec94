"""The moves of a dossier, as one table. `dossier-moved` has a row for each place it can go `to`."""

from __future__ import annotations

from collections.abc import Mapping

from custody.holdings import (
    AT_STATION,
    DESTROYED,
    FOUND,
    IN_PACKAGE,
    IN_REVIEW,
    MISSING,
    ON_LOAN,
    ON_SHELF,
    REGISTERED,
    TRANSFERRED,
)
from custody.moves import ARCHIVIST, CLERK, INSPECTOR, LEADER, Move, by

_ANY = by()
_KEEPER = by(ARCHIVIST, CLERK)
_HERE = frozenset({REGISTERED, ON_SHELF, IN_PACKAGE, AT_STATION, FOUND})
_KNOWN = _HERE | {ON_LOAN, MISSING, IN_REVIEW}

TABLE: tuple[Move, ...] = (
    Move("dossiers-registered", frozenset(), "", (_KEEPER,), ("register-part",)),
    Move("dossier-amended", _KNOWN, "", (_KEEPER, _ANY), ("not-frozen", "corrects", "leaves")),
    Move("dossier-moved/shelf", _HERE | {IN_REVIEW}, ON_SHELF, (_KEEPER,), ("not-frozen", "where", "leaves-as-record")),
    Move(
        "dossier-moved/package",
        _HERE,
        IN_PACKAGE,
        (_KEEPER,),
        ("not-frozen", "into-open-package", "leaves-as-record"),
    ),
    Move(
        "dossier-moved/station",
        frozenset({ON_SHELF, IN_PACKAGE}),
        AT_STATION,
        (_KEEPER, _ANY),
        ("not-frozen", "out-of-opened", "where", "deadline-ahead", "leaves-as-record"),
    ),
    Move(
        "dossier-moved/review",
        frozenset({ON_SHELF}),
        IN_REVIEW,
        (by(ARCHIVIST), by(LEADER)),
        ("where", "leaves-as-record"),
    ),
    Move(
        "dossier-moved/destroyed",
        frozenset({IN_REVIEW}),
        DESTROYED,
        (by(LEADER), by(ARCHIVIST)),
        ("where", "decision", "no-hold", "leaves-as-record"),
    ),
    Move(
        "dossier-moved/receiver",
        frozenset({ON_SHELF}),
        TRANSFERRED,
        (by(ARCHIVIST), by(LEADER)),
        ("where", "decision", "no-hold", "leaves-as-record"),
    ),
    Move(
        "dossier-lent",
        frozenset({ON_SHELF, IN_PACKAGE}),
        ON_LOAN,
        (by(ARCHIVIST), by(party="receiver")),
        ("not-frozen", "out-of-opened", "permission", "deadline-ahead", "leaves-as-record"),
    ),
    Move("dossier-returned", frozenset({ON_LOAN}), ON_SHELF, (_KEEPER, _ANY), ("where", "leaves-as-record")),
    Move("dossier-missing", _KNOWN - {MISSING}, MISSING, (_ANY,), ("not-frozen", "incident")),
    Move("dossier-found", frozenset({MISSING}), FOUND, (_ANY, by(ARCHIVIST)), ("where", "leaves-found")),
    Move("hold-set", _KNOWN, "", (by(LEADER, INSPECTOR),), ("hold-new",)),
    Move("hold-lifted", _KNOWN, "", (by(LEADER, INSPECTOR), _ANY), ("hold-stands", "decision")),
)
MOVES: Mapping[str, Move] = {each.kind: each for each in TABLE}
# Ends: nothing leads out of these.
GONE = frozenset({DESTROYED, TRANSFERRED})
