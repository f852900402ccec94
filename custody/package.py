"""The moves of a package, as one table: code, documentation and tests are made from it.

A package is never deleted; LOST, EMPTIED, HANDED_OUT and VOID are ends, and the code stays used.
"""

from __future__ import annotations

from collections.abc import Mapping

from custody.holdings import (
    DRAFT,
    EMPTIED,
    HANDED_OUT,
    IN_TRANSIT,
    LIVE,
    LOST,
    MISSING,
    OPENED,
    PACKED,
    SEALED,
    SUSPECT,
    VOID,
)
from custody.moves import ARCHIVIST, CLERK, LEADER, Move, by

_ANY = by()
_ONLY = frozenset

TABLE: tuple[Move, ...] = (
    Move("package-drafted", _ONLY(), DRAFT, (by(CLERK, party="receiver"),), ("code-new",)),
    Move(
        "package-packed",
        _ONLY({DRAFT}),
        PACKED,
        (by(CLERK), _ANY),
        ("contents", "counts-equal", "counts-as-registered", "one-retention"),
    ),
    Move(
        "package-sealed",
        _ONLY({PACKED}),
        SEALED,
        (by(ARCHIVIST, CLERK), _ANY),
        ("custodian-gives", "receiver-signs", "new-seals", "place", "manifest"),
        other=True,
    ),
    Move("package-relabelled", _ONLY({SEALED}), "", (by(ARCHIVIST, CLERK),), ("label-as-manifest", "reason")),
    Move(
        "package-placed",
        _ONLY({SEALED}),
        "",
        (by(party="giver"), by(party="receiver")),
        ("custodian-gives", "alone-inside-store", "seals-intact", "place"),
        alone=True,
    ),
    Move(
        "package-checked",
        _ONLY({SEALED}),
        "",
        (_ANY,),
        ("seals-as-found",),
        by_fact="finding",
        outcomes={"intact": SEALED, "damaged": SUSPECT, "broken": SUSPECT, "missing": SUSPECT},
    ),
    Move(
        "package-dispatched",
        _ONLY({SEALED}),
        IN_TRANSIT,
        (by(party="giver"), by(party="receiver")),
        ("custodian-gives", "seals-intact", "destination", "deadline-ahead"),
    ),
    Move(
        "package-received",
        _ONLY({IN_TRANSIT}),
        SEALED,
        (by(party="receiver"),),
        ("custodian-gives", "seals-intact", "place"),
    ),
    Move(
        "package-refused",
        _ONLY({IN_TRANSIT}),
        SEALED,
        (by(party="receiver"),),
        ("custodian-gives", "sender-takes-back", "seals-intact", "reason"),
    ),
    Move(
        "package-opened",
        _ONLY({SEALED}),
        OPENED,
        (by(LEADER), by(ARCHIVIST, party="receiver"), _ANY),
        ("custodian-gives", "decision", "reason", "seals-compared", "deadline-ahead"),
    ),
    Move(
        "package-resealed",
        _ONLY({OPENED}),
        SEALED,
        (by(ARCHIVIST, CLERK), _ANY),
        (
            "custodian-gives",
            "receiver-signs",
            "contents",
            "counts-equal",
            "counts-as-registered",
            "new-seals",
            "place",
            "manifest",
        ),
        other=True,
    ),
    Move("package-emptied", _ONLY({OPENED}), EMPTIED, (by(ARCHIVIST), by(LEADER)), ("nothing-inside", "reason")),
    Move("package-suspected", LIVE - {SUSPECT, MISSING}, SUSPECT, (_ANY,), ("incident",)),
    Move(
        "package-cleared",
        _ONLY({SUSPECT}),
        "",
        (_ANY, _ANY, _ANY),
        ("custodian-gives", "receiver-signs", "counts-equal", "counts-as-registered", "cleared-whole"),
        by_fact="outcome",
        outcomes={SEALED: SEALED, OPENED: OPENED},
    ),
    Move("package-missed", LIVE - {MISSING}, MISSING, (_ANY,), ("incident",)),
    Move(
        "package-found",
        _ONLY({MISSING}),
        "",
        (_ANY, by(ARCHIVIST)),
        ("custodian-gives", "receiver-signs", "place", "found-as-sealed"),
        by_fact="outcome",
        outcomes={SEALED: SEALED, SUSPECT: SUSPECT},
    ),
    Move("package-lost", _ONLY({MISSING}), LOST, (by(LEADER),), ("decision",)),
    Move(
        "package-handed-out",
        _ONLY({SEALED}),
        HANDED_OUT,
        (by(party="giver"), by(party="receiver")),
        ("custodian-gives", "seals-intact", "destination", "no-hold"),
    ),
    Move("package-voided", _ONLY({DRAFT}), VOID, (by(CLERK),), ("nothing-inside", "reason")),
)
MOVES: Mapping[str, Move] = {each.kind: each for each in TABLE}
# While a package is in one of these, dossiers may be put in and taken out.
OPEN = frozenset({DRAFT, OPENED})
# While it is in one of these, its contents are what its manifest says.
FROZEN = frozenset({SEALED, IN_TRANSIT})
