"""People: their codes, roles and PINs, and signing in.

A PIN has four to eight digits, so what protects it is the back-off: after a few wrong ones in a row the code is not
heard for a while that doubles, and that is kept in the database, where a restart does not forget it. An attempt is
counted before its PIN is looked at, so many at once gain nothing. PINs are stored as Argon2id with 19 MiB, two passes,
one lane (OWASP Password Storage Cheat Sheet). An unknown code costs the same time and is refused with the same words.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import bindparam, delete, select, text
from sqlmodel import Session, col

from archive.database import Database, Moment
from archive.errors import ArchiveError
from archive.people_tables import PersonRow, SignInRow
from archive.refs import new_code

CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,31}")
# Who the log names for entries the station makes by itself; no person can have it or sign in with it.
STATION = "STATION"
FREE_FAILURES = 4
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=1)
FORGET_AFTER = timedelta(days=1)
_PINS = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# The hash of a PIN nobody has: checking against it makes an unknown code cost what a known one does.
_NOBODY = _PINS.hash("nobody")
_FIRST_TRY = text(
    "INSERT INTO sign_in (code, failures, tried_at) VALUES (:code, 0, :now) ON CONFLICT (code) DO NOTHING"
).bindparams(bindparam("now", type_=Moment()))
_LIKED = frozenset({"2580", "0852", "1379", "1973", "147258", "159753", "147147", "13579", "24680", "02468", "86420"})


class PersonError(ArchiveError):
    """A person cannot be added, found or changed as asked."""


class SignInError(ArchiveError):
    """A sign-in that is refused: "sign-in-refused", or "sign-in-waits" with the seconds left."""


class Role(StrEnum):
    """What a person may do and sign as; an administrator looks after people and settings, and signs nothing."""

    CLERK = "clerk"
    ARCHIVIST = "archivist"
    GUARD = "guard"
    LEADER = "leader"
    WITNESS = "witness"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Person:
    """A person of the office; `badge` is the code on the badge."""

    code: str
    name: str
    roles: frozenset[Role]
    unit: str
    badge: str = ""
    active: bool = True
    has_pin: bool = False


def add(
    session: Session, *, code: str, name: str, unit: str, roles: Collection[str], pin: str | None, now: datetime
) -> Person:
    """Add a person and return them with a new badge code.

    Raises PersonError "person-code-unusable", "person-exists", "person-incomplete", "role-unknown", "pin-unusable",
    "pin-weak".
    """
    key = read_person_code(code)
    if key is None:
        raise PersonError("person-code-unusable", person=code)
    if session.get(PersonRow, key) is not None:
        raise PersonError("person-exists", person=key)
    known = {each.value for each in Role}
    if unknown := sorted(set(roles) - known):
        raise PersonError("role-unknown", roles=unknown, known=sorted(known))
    if not name.strip() or not roles:
        raise PersonError("person-incomplete", person=key)
    row = PersonRow(
        code=key,
        name=" ".join(name.split()),
        unit=" ".join(unit.split()),
        roles=sorted(set(roles)),
        badge=_new_badge(session),
        pin_hash=hash_pin(pin, key) if pin is not None else None,
        added_at=now,
    )
    session.add(row)
    session.flush()
    return person_of(row)


def everyone(session: Session) -> list[Person]:
    """Return all people by code, those who left among them."""
    return [person_of(row) for row in session.execute(select(PersonRow).order_by(col(PersonRow.code))).scalars()]


def find(session: Session, code: str) -> Person:
    """Return one person by code or by badge; PersonError "person-unknown"."""
    return person_of(_row(session, code))


def change(session: Session, code: str, *, name: str, unit: str, roles: Collection[str]) -> Person:
    """Give a person another name, unit or roles; PersonError "person-unknown", "person-incomplete", "role-unknown"."""
    row = _row(session, code)
    known = {each.value for each in Role}
    if unknown := sorted(set(roles) - known):
        raise PersonError("role-unknown", roles=unknown, known=sorted(known))
    if not name.strip() or not roles:
        raise PersonError("person-incomplete", person=row.code)
    row.name, row.unit, row.roles = " ".join(name.split()), " ".join(unit.split()), sorted(set(roles))
    session.add(row)
    session.flush()
    return person_of(row)


def administrators(session: Session) -> list[str]:
    """Return the codes of the administrators who can sign in; their rows are held until the transaction ends."""
    able = (col(PersonRow.active), col(PersonRow.pin_hash).is_not(None))
    rows = session.execute(select(PersonRow).where(*able).with_for_update()).scalars()
    return sorted(row.code for row in rows if Role.ADMINISTRATOR.value in row.roles)


def set_pin(session: Session, code: str, pin: str) -> None:
    """Give a person a new PIN and forget the wrong ones; PersonError "pin-unusable", "pin-weak", "person-unknown"."""
    row = _row(session, code)
    row.pin_hash = hash_pin(pin, row.code)
    session.add(row)
    session.execute(delete(SignInRow).where(col(SignInRow.code) == row.code))


def retire(session: Session, code: str, now: datetime) -> None:
    """Let a person sign no more; the row stays, because old entries name it."""
    row = _row(session, code)
    row.active, row.pin_hash, row.retired_at = False, None, row.retired_at or now
    session.add(row)


def authenticate(database: Database, code: str, pin: str, now: datetime) -> Person:
    """Return the person whose code and PIN these are.

    It commits the attempt by itself, so that a caller's rollback cannot give a guesser another try; call it before
    opening the transaction that needs the signature. Raises SignInError "sign-in-refused" (wrong PIN, unknown or
    retired code: not told apart) or "sign-in-waits" with `seconds`.
    """
    key = read_person_code(code) or ""
    with database.outside() as session:
        row = _count_attempt(session, key, now)
    fits = _pin_fits(row.pin_hash if row is not None and row.active else None, pin)
    if row is None or not fits:
        raise SignInError("sign-in-refused", person=code)
    with database.outside() as session:
        session.execute(delete(SignInRow).where(col(SignInRow.code) == key))
    return person_of(row)


def wait_after(failures: int) -> timedelta:
    """Return how long a code is not heard after that many wrong PINs in a row."""
    if failures <= FREE_FAILURES:
        return timedelta()
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(failures - FREE_FAILURES - 1, 16)))


def hash_pin(pin: str, code: str) -> str:
    """Return the Argon2id string of a new PIN; PersonError "pin-unusable" (not 4–8 digits) or "pin-weak"."""
    if not re.fullmatch(r"[0-9]{4,8}", pin):
        raise PersonError("pin-unusable")
    if is_weak(pin, code):
        raise PersonError("pin-weak")
    return _PINS.hash(pin)


def is_weak(pin: str, code: str = "") -> bool:
    """Tell whether a PIN is among the first that anybody would try: runs, repeats, years, dates, one's own code."""
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(pin)}
    half = len(pin) // 2
    repeats = any(len(pin) % size == 0 and pin == pin[:size] * (len(pin) // size) for size in range(1, half + 1))
    is_year = len(pin) == 4 and 1930 <= int(pin) <= 2039
    is_date = len(pin) == 8 and "01" <= pin[:2] <= "31" and "01" <= pin[2:4] <= "12" and pin[4:6] in {"19", "20"}
    digits = re.sub(r"\D", "", code)
    own = len(digits) >= 3 and (pin.strip("0") == digits.strip("0") or (len(digits) >= 4 and pin in digits))
    return steps in ({1}, {9}) or repeats or is_year or is_date or own or pin in _LIKED


def read_person_code(text: str) -> str | None:
    """Return a person's code as it is stored (upper case), None where the text can be none, or is the station's own."""
    key = text.strip().upper()
    return key if CODE.fullmatch(key) and key != STATION else None


def _count_attempt(session: Session, key: str, now: datetime) -> PersonRow | None:
    """Count an attempt as failed until it is known better; SignInError "sign-in-waits" while the code is not heard."""
    # The row must stand before it is locked, or two first attempts at one moment would both be the first.
    session.execute(_FIRST_TRY, {"code": key, "now": now})
    tried = session.execute(select(SignInRow).where(col(SignInRow.code) == key).with_for_update()).scalar_one()
    if tried.wait_until is not None and now < tried.wait_until:
        raise SignInError("sign-in-waits", person=key, seconds=(tried.wait_until - now).total_seconds())
    tried.failures += 1
    tried.tried_at, tried.wait_until = now, now + wait_after(tried.failures)
    session.add(tried)
    # Codes that belong to nobody would pile up for ever under a guesser.
    known = select(col(PersonRow.code))
    old = (col(SignInRow.tried_at) < now - FORGET_AFTER, col(SignInRow.code).not_in(known))
    session.execute(delete(SignInRow).where(*old))
    return session.get(PersonRow, key)


def _pin_fits(stored: str | None, pin: str) -> bool:
    try:
        _PINS.verify(stored or _NOBODY, pin)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def _row(session: Session, code: str) -> PersonRow:
    key = code.strip().upper()
    wanted = (col(PersonRow.code) == key) | (col(PersonRow.badge) == key)
    row = session.execute(select(PersonRow).where(wanted)).scalars().first()
    if row is None:
        raise PersonError("person-unknown", person=code)
    found: PersonRow = row
    return found


def _new_badge(session: Session) -> str:
    while True:
        badge = new_code()
        if session.execute(select(col(PersonRow.code)).where(col(PersonRow.badge) == badge)).first() is None:
            return badge


def person_of(row: PersonRow) -> Person:
    """Return a row as a person."""
    roles = frozenset(Role(each) for each in row.roles)
    return Person(row.code, row.name, roles, row.unit, row.badge, row.active, row.pin_hash is not None)
