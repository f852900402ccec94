"""Who may sign: enough different people, in the right roles, within ten minutes of the entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import permutations

from custody.entries import Entry, Stamp
from custody.errors import CustodyError
from custody.moves import Move, Signature

WINDOW = timedelta(minutes=10)
MOST_SIGNERS = 6


@dataclass(frozen=True)
class Signer:
    """A person who signs: code, the role signed in, unit, and when (None: at the moment of the entry)."""

    code: str
    role: str
    unit: str
    at: datetime | None = None


def check_signers(move: Move, entry: Entry, stamp: Stamp, signers: Sequence[Signer]) -> None:
    """Refuse what the move's signatures are not covered by.

    Raises CustodyError: "signers-not-stamped", "signer-doubled", "signers-too-many", "signature-outside-window",
    "signers-too-few", "signers-not-entitled", "signers-of-one-unit".
    """
    codes = [each.code for each in signers]
    if tuple(codes) != stamp.by:
        raise CustodyError("signers-not-stamped", signers=codes, stamped=stamp.by)
    if len(set(codes)) < len(codes):
        raise CustodyError("signer-doubled", signers=codes)
    if len(codes) > MOST_SIGNERS:
        raise CustodyError("signers-too-many", count=len(codes), most=MOST_SIGNERS)
    for each in signers:
        if each.at is not None and abs(each.at - stamp.at) > WINDOW:
            raise CustodyError("signature-outside-window", signer=each.code, minutes=int(WINDOW.total_seconds() // 60))
    wanted = _wanted(move, entry)
    if len(signers) < len(wanted):
        raise CustodyError("signers-too-few", kind=entry.KIND, wanted=len(wanted), found=len(signers))
    orders = [each for each in permutations(signers, len(wanted)) if _covers(each, wanted, entry)]
    if not orders:
        raise CustodyError(
            "signers-not-entitled", kind=entry.KIND, signers=codes, wanted=[_tell(each, entry) for each in wanted]
        )
    if move.other and all((one.role, one.unit) == (two.role, two.unit) for one, two, *_ in orders):
        raise CustodyError("signers-of-one-unit", signers=codes)


def _wanted(move: Move, entry: Entry) -> tuple[Signature, ...]:
    """Return the signatures asked for; one person may stand for two parties where the move lets them be alone."""
    if not move.alone:
        return move.signatures
    by_person = {getattr(entry, each.party): each for each in reversed(move.signatures)}
    return tuple(by_person.values())


def _covers(signers: Sequence[Signer], wanted: Sequence[Signature], entry: Entry) -> bool:
    return all(
        (not asked.roles or signer.role in asked.roles)
        and (not asked.party or signer.code == getattr(entry, asked.party))
        for signer, asked in zip(signers, wanted, strict=True)
    )


def _tell(asked: Signature, entry: Entry) -> str:
    """Return a signature as text for a refusal: the roles that may give it, the person, or both; "*" is anybody."""
    roles = "/".join(sorted(asked.roles))
    if not asked.party:
        return roles or "*"
    person = str(getattr(entry, asked.party))
    return f"{person} ({roles})" if roles else person
