"""The rows of the index that both engines share; all of them are made again from the pages by archive.reindex."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Text, text
from sqlmodel import Field, SQLModel

_BIG = BigInteger().with_variant(Integer, "sqlite")
# Ranges over the first letters need the order of code points, whatever language the server sorts by.
_PLAIN = Text().with_variant(Text(collation="C"), "postgresql")


# More than one page of those that are counted; the 64th pages count for 64 (archive/index.py).
MET_AGAIN = "seen > 64"


class CodeRow(SQLModel, table=True):
    """A code that stands on some page, once for each folded form."""

    __tablename__ = "code"

    id: int | None = Field(default=None, sa_column=Column(_BIG, primary_key=True))
    folded: str = Field(sa_column=Column(_PLAIN, nullable=False, unique=True))
    kind: str = Field(max_length=16)
    shown: str = Field(sa_type=Text)


class PageCode(SQLModel, table=True):
    """A page on which a code stands."""

    __tablename__ = "page_code"

    code_id: int = Field(sa_column=Column(_BIG, ForeignKey("code.id"), primary_key=True))
    page_id: int = Field(sa_column=Column(_BIG, primary_key=True))

    __table_args__ = (Index("page_code_page", "page_id"), {"sqlite_with_rowid": False})


class WordRow(SQLModel, table=True):
    """A word that stands on some page; `seen` estimates on how many, `backward` is `folded` read from its end."""

    __tablename__ = "word"

    term: str = Field(sa_column=Column(_PLAIN, primary_key=True))
    folded: str = Field(sa_column=Column(_PLAIN, nullable=False, index=True))
    backward: str = Field(sa_column=Column(_PLAIN, nullable=False, index=True))
    seen: int = Field(default=0, sa_column=Column(_BIG, nullable=False))

    # A large archive holds a word misread once for each page, and few others: those that were met again are found
    # without walking through the rest.
    __table_args__ = (
        Index("word_known", "folded", sqlite_where=text(MET_AGAIN), postgresql_where=text(MET_AGAIN)),
        Index("word_known_backward", "backward", sqlite_where=text(MET_AGAIN), postgresql_where=text(MET_AGAIN)),
        {"sqlite_with_rowid": False},
    )


class IndexState(SQLModel, table=True):
    """What is known of the index itself: the normalizer's version, how far a rebuild has come."""

    __tablename__ = "index_state"

    key: str = Field(primary_key=True, max_length=32)
    value: str = Field(sa_type=Text)
