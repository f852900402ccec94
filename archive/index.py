"""The index of page texts, written in the transaction of the page."""

from __future__ import annotations

from sqlmodel import Session


def put(session: Session, page_id: int, text: str) -> None:
    """Index the text of a page that was not indexed before."""


def drop(session: Session, page_id: int, text: str) -> None:
    """Take a page out of the index; `text` must be the text it was indexed with."""
