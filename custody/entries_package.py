"""Entries about packages: what was done, as facts; who signed and when stands in the stamp.

`giver` and `receiver` are the old and the new custodian. `read` are the seal numbers found on the package, `applied`
those put on it. A count is (dossiers, leaves). Moments are RFC 3339 text. `reason` is a short code or the SHA-256 of
a text among the `attachments`, so that the text can be erased by law without breaking the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

Count = tuple[int, int]


@dataclass(frozen=True)
class PackageDrafted:
    """A package was begun; `receiver` is its first custodian."""

    KIND: ClassVar[str] = "package-drafted"
    package: str
    receiver: str
    place: str = ""
    store: str = ""


@dataclass(frozen=True)
class PackagePacked:
    """The contents are complete; two people counted them, the second without knowing the first count."""

    KIND: ClassVar[str] = "package-packed"
    package: str
    first_count: Count
    second_count: Count
    retention: tuple[str, ...] = ()
    reason: str = ""
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackageSealed:
    """The package was sealed; from here its contents are frozen under `manifest` (SHA-256, hex)."""

    KIND: ClassVar[str] = "package-sealed"
    package: str
    giver: str
    receiver: str
    applied: tuple[str, ...]
    place: str
    store: str
    manifest: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackageRelabelled:
    """A new label was put on; `label` is the manifest digest printed on it."""

    KIND: ClassVar[str] = "package-relabelled"
    package: str
    label: str
    reason: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackagePlaced:
    """A sealed package was moved, and handed on where giver and receiver differ."""

    KIND: ClassVar[str] = "package-placed"
    package: str
    giver: str
    receiver: str
    place: str
    store: str
    finding: str
    read: tuple[str, ...]


@dataclass(frozen=True)
class PackageChecked:
    """A seal check: intact, damaged, broken or missing."""

    KIND: ClassVar[str] = "package-checked"
    package: str
    finding: str
    read: tuple[str, ...]
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackageDispatched:
    """A sealed package left with an escort (`receiver`), to arrive before the deadline."""

    KIND: ClassVar[str] = "package-dispatched"
    package: str
    giver: str
    receiver: str
    destination: str
    deadline: str
    finding: str
    read: tuple[str, ...]


@dataclass(frozen=True)
class PackageReceived:
    """A package arrived; its seal numbers were entered again without being shown."""

    KIND: ClassVar[str] = "package-received"
    package: str
    giver: str
    receiver: str
    place: str
    store: str
    finding: str
    read: tuple[str, ...]
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackageRefused:
    """A package was not accepted and came back to the one who sent it (`receiver`)."""

    KIND: ClassVar[str] = "package-refused"
    package: str
    giver: str
    receiver: str
    reason: str
    finding: str
    read: tuple[str, ...]
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackageOpened:
    """A sealed package was opened under a decision, to be closed again before the deadline."""

    KIND: ClassVar[str] = "package-opened"
    package: str
    giver: str
    receiver: str
    decision: str
    reason: str
    finding: str
    read: tuple[str, ...]
    deadline: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackageResealed:
    """An opened package was counted again and sealed with a new number."""

    KIND: ClassVar[str] = "package-resealed"
    package: str
    giver: str
    receiver: str
    applied: tuple[str, ...]
    place: str
    store: str
    manifest: str
    first_count: Count
    second_count: Count
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackageEmptied:
    """An opened package holds nothing any more and is done with; its code stays used."""

    KIND: ClassVar[str] = "package-emptied"
    package: str
    reason: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackageSuspected:
    """Somebody found reason to doubt a package."""

    KIND: ClassVar[str] = "package-suspected"
    package: str
    finding: str
    incident: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackageCleared:
    """A team of three counted a doubted package; it is sealed (`outcome` "sealed") or stays open ("opened")."""

    KIND: ClassVar[str] = "package-cleared"
    package: str
    giver: str
    receiver: str
    outcome: str
    first_count: Count
    second_count: Count
    applied: tuple[str, ...] = ()
    manifest: str = ""
    place: str = ""
    store: str = ""
    decision: str = ""
    deadline: str = ""
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackageMissed:
    """A package is not where it should be; its last custodian and place stay as they were."""

    KIND: ClassVar[str] = "package-missed"
    package: str
    incident: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackageFound:
    """A missing package was found, its seals as they were (`outcome` "sealed") or in doubt ("suspect")."""

    KIND: ClassVar[str] = "package-found"
    package: str
    giver: str
    receiver: str
    outcome: str
    place: str
    store: str
    finding: str
    read: tuple[str, ...]
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackageLost:
    """A council declared a missing package lost."""

    KIND: ClassVar[str] = "package-lost"
    package: str
    decision: str
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackageHandedOut:
    """A sealed package left this archive for good."""

    KIND: ClassVar[str] = "package-handed-out"
    package: str
    giver: str
    receiver: str
    destination: str
    finding: str
    read: tuple[str, ...]
    attachments: tuple[str, ...] = ()


@dataclass(frozen=True)
class PackageVoided:
    """A draft was given up before it was packed; its code stays used."""

    KIND: ClassVar[str] = "package-voided"
    package: str
    reason: str
    attachments: tuple[str, ...] = ()


PACKAGE_KINDS = (
    PackageDrafted,
    PackagePacked,
    PackageSealed,
    PackageRelabelled,
    PackagePlaced,
    PackageChecked,
    PackageDispatched,
    PackageReceived,
    PackageRefused,
    PackageOpened,
    PackageResealed,
    PackageEmptied,
    PackageSuspected,
    PackageCleared,
    PackageMissed,
    PackageFound,
    PackageLost,
    PackageHandedOut,
    PackageVoided,
)
