"""Public identifiers: time-ordered, so that an index on them grows at its end."""

from __future__ import annotations

import uuid_utils


def new_public_id() -> str:
    """Return a new UUIDv7 (RFC 9562) as 36 characters of lower-case text."""
    return str(uuid_utils.uuid7())
