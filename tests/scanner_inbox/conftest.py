"""The inbox of a fresh office."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desk.office import Office
from tests.scanner_inbox.inboxes import Inbox, inbox_of


@pytest.fixture
def inbox(office: Office) -> Iterator[Inbox]:
    """Give an inbox that the test sweeps by hand."""
    with inbox_of(office) as opened:
        yield opened
