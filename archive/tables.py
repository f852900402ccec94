"""The rows of the digital half. Rows are storage: they do not validate and hold no rules.

Truth: Scan, Arrival, Page, PageWords. Everything else here (codes, search tables) is rebuilt from them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from archive.database import Moment

# SQLite numbers rows only through INTEGER, which holds 64 bits there; PostgreSQL needs BIGINT said.
_BIG = BigInteger().with_variant(Integer, "sqlite")


def _key() -> Any:
    return Field(default=None, sa_column=Column(_BIG, primary_key=True))


def _refers_to(target: str, *, primary: bool = False, optional: bool = False) -> Any:
    column = Column(_BIG, ForeignKey(target), primary_key=primary, nullable=optional, index=optional)
    return Field(default=None, sa_column=column)


def _big() -> Any:
    return Field(default=0, sa_column=Column(_BIG, nullable=False))


def _moment(*, nullable: bool = True, index: bool = False) -> Any:
    return Field(default=None, sa_column=Column(Moment, nullable=nullable, index=index))


class Scan(SQLModel, table=True):
    """One stored digital file and how far its reading is; its bytes lie in the vault under `sha256`.

    `state`: received (waits for a worker), reading (leased until `lease_until` to the holder of `token`),
    read, unreadable (a person must look; `reason` says why). `dossier` is the one dossier that all its filed pages
    belong to, None for none or several (see ScanPart). `sought` is the number of the newest registered dossier when a
    dossier was last looked for, -1 where nothing is left to look for.
    """

    id: int | None = _key()
    public_id: str = Field(unique=True, max_length=36)
    sha256: str = Field(unique=True, max_length=64)
    size: int = _big()
    kind: str = Field(default="", max_length=16)
    name: str = Field(sa_type=Text)
    station: str = Field(index=True, max_length=255)
    arrived_at: datetime = _moment(nullable=False, index=True)
    dossier: str | None = Field(default=None, index=True, max_length=100)
    state: str = Field(default="received", max_length=16)
    attempt: int = 0
    token: str | None = Field(default=None, max_length=36)
    worker: str | None = Field(default=None, max_length=255)
    lease_until: datetime | None = _moment()
    page_count: int | None = None
    pages_done: int = 0
    signed: bool = False
    reason: str | None = Field(default=None, max_length=64)
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    read_at: datetime | None = _moment()
    layered: str | None = Field(default=None, max_length=16)
    layered_why: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    fixity_at: datetime | None = _moment()
    fixity: str | None = Field(default=None, max_length=32)
    sought: int = Field(default=0, sa_column=Column(_BIG, nullable=False, server_default="0"))

    __table_args__ = (
        Index("scan_waiting", "state", "lease_until", "id"),
        Index("scan_sought", "sought"),
        # Asked each minute, and nearly always empty.
        Index("scan_unsound", "id", sqlite_where=text("fixity <> 'sound'"), postgresql_where=text("fixity <> 'sound'")),
    )


class Arrival(SQLModel, table=True):
    """One file that was seen arriving: exactly one row for each, for ever.

    `state`: waiting, stored, duplicate, set_aside, vanished. `path` is the raw relative path under the inbox (or the
    absolute path given to `ingest`); `name` is the same as readable text. `cleared` turns true once the inbox no
    longer holds the file; `kept_path` is where it stands now (done or set-aside folder).
    """

    id: int | None = _key()
    public_id: str = Field(unique=True, max_length=36)
    origin: str = Field(default="inbox", max_length=16)
    station: str = Field(index=True, max_length=255)
    name: str = Field(sa_type=Text)
    path: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    state: str = Field(default="waiting", max_length=16)
    reason: str | None = Field(default=None, max_length=64)
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    size: int = _big()
    mtime_ns: int = _big()
    inode: int = _big()
    device: int = _big()
    first_seen: datetime = _moment(nullable=False)
    changed_at: datetime = _moment(nullable=False)
    settled_at: datetime | None = _moment(index=True)
    sha256: str | None = Field(default=None, index=True, max_length=64)
    scan_id: int | None = _refers_to("scan.id", optional=True)
    cleared: bool = False
    kept_path: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    retries: int = 0

    __table_args__ = (
        Index("arrival_state", "state", "cleared", "id"),
        Index(
            "arrival_open",
            "origin",
            "path",
            unique=True,
            sqlite_where=text("cleared = 0"),
            postgresql_where=text("NOT cleared"),
        ),
        {"sqlite_autoincrement": True},
    )


class Page(SQLModel, table=True):
    """One page as it was read; `text` is in reading order, NFC. `source`: ocr, layer, blank, cover, failed, hand.

    `cover` is the code of the cover sheet that this page is, None for every other page.
    """

    id: int | None = _key()
    scan_id: int = _refers_to("scan.id")
    number: int
    width: int
    height: int
    dpi: float
    rotation: int = 0
    skew: float = 0.0
    source: str = Field(max_length=16)
    cover: str | None = Field(default=None, max_length=100)
    text: str = Field(sa_type=Text)
    confidence: float | None = None
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    wants_eyes: bool = False
    engine: str = Field(default="", max_length=64)
    seconds: float = 0.0
    read_at: datetime = _moment(nullable=False)

    __table_args__ = (
        UniqueConstraint("scan_id", "number"),
        Index("page_wants_eyes", "wants_eyes", "id"),
    )


class PageWords(SQLModel, table=True):
    """The words of a page with boxes in stored-image pixels, packed by archive.pages.pack."""

    __tablename__ = "page_words"

    page_id: int = _refers_to("page.id", primary=True)
    words: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class PageAttempt(SQLModel, table=True):
    """How often a page was begun without an end: three times and it is left for a person."""

    __tablename__ = "page_attempt"

    scan_id: int = _refers_to("scan.id", primary=True)
    number: int = Field(primary_key=True)
    count: int = 0


class Beat(SQLModel, table=True):
    """The sign of life of one process of the station."""

    component: str = Field(primary_key=True, max_length=64)
    pid: int
    started_at: datetime = _moment(nullable=False)
    beat_at: datetime = _moment(nullable=False)
    facts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
