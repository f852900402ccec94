"""What breaks an invariant of custody."""

from __future__ import annotations

from collections.abc import Mapping

from desk.message import Message

INVARIANTS: Mapping[str, Message] = {
    "aside-without-reason": Message(
        "{count} files are set aside without a reason.", "", "Look at the set-aside folder."
    ),
    "code-given-twice": Message(
        "Codes or numbers were given twice: {count}", "", "Check the log with: luutru ledger check"
    ),
    "contents-not-as-manifest": Message(
        "What is recorded in package {package} is not what its manifest says.",
        "",
        "Call the archivist: this must be cleared up on paper before anybody touches it.",
    ),
    "custody-chain-broken": Message(
        "Somebody gave package {package} away who did not hold it.",
        "",
        "Call the archivist: this must be cleared up on paper before anybody touches it.",
    ),
    "destroyed-without-right": Message(
        "Dossier {dossier} was destroyed without a decision, or under a hold.",
        "",
        "Call the archivist: this must be cleared up on paper before anybody touches it.",
    ),
    "dossier-in-no-package": Message(
        "Dossier {dossier} is said to be in package {package}, which is gone or unknown.",
        "",
        "Call the archivist: this must be cleared up on paper before anybody touches it.",
    ),
    "dossier-without-place": Message(
        "Dossier {dossier} has no place.",
        "",
        "Call the archivist: this must be cleared up on paper before anybody touches it.",
    ),
    "dossiers-unaccounted": Message(
        "{registered} dossiers ({leaves} leaves) were registered, {accounted} ({accounted_leaves}) are accounted for.",
        "",
        "Check the log with: luutru ledger check",
    ),
    "projection-differs": Message(
        "{key} ({table}) is not what the entries say: {members} should be {expected}, not {found}.",
        "",
        "The state was changed from outside; keep a copy of the home folder and ask for help.",
    ),
    "files-unaccounted": Message(
        "{entered} files came in; {scans} scans + {duplicates} duplicates + {aside} set aside do not add up.",
        "",
        "Look with: luutru status",
    ),
    "label-not-as-manifest": Message(
        "The label of package {package} does not show the digest of its manifest.", "", "Print and stick a new label."
    ),
    "lent-without-permission": Message(
        "Dossier {dossier} is lent without a written permission.",
        "",
        "Call the archivist: this must be cleared up on paper before anybody touches it.",
    ),
    "opened-without-authority": Message(
        "Package {package} is open without a decision.",
        "",
        "Call the archivist: this must be cleared up on paper before anybody touches it.",
    ),
    "package-without-custodian": Message(
        "Nobody answers for package {package}.",
        "",
        "Call the archivist: this must be cleared up on paper before anybody touches it.",
    ),
    "pages-not-as-leaves": Message(
        "Dossier {dossier}: {pages} pages scanned (blank: {blanks}), {leaves} leaves on record.",
        "Leaves that can have given those pages: {span}",
        "Compare paper and scan; scan what is missing or correct the record.",
    ),
    "roll-does-not-add-up": Message(
        "Roll {roll}: {unused} unused and {used} used do not make {size}.",
        "",
        "Check the log with: luutru ledger check",
    ),
    "scan-fixity-failed": Message(
        "Scan {scan} no longer has its SHA-256.", "", "Put it back from a backup, then run: luutru fixity"
    ),
    "scan-fixity-overdue": Message("Scan {scan} was not re-read on schedule.", "", "Run: luutru fixity"),
    "seal-not-on-package": Message(
        "Seal {number} counts as applied, but is not on package {package}.",
        "",
        "Call the archivist: this must be cleared up on paper before anybody touches it.",
    ),
    "sealed-by-too-few": Message(
        "Package {package} was sealed by fewer than two people.",
        "",
        "Call the archivist: this must be cleared up on paper before anybody touches it.",
    ),
    "sealed-without-manifest": Message(
        "Package {package} is sealed without a manifest.",
        "",
        "Call the archivist: this must be cleared up on paper before anybody touches it.",
    ),
    "sealed-without-seal": Message(
        "Package {package} counts as sealed but has no seal that is in force.",
        "",
        "Call the archivist: this must be cleared up on paper before anybody touches it.",
    ),
}
