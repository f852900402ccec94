"""Both engines, and entries to put into them."""

from __future__ import annotations

from tests.archive.conftest import database, database_url

__all__ = ["database", "database_url"]
