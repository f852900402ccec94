"""The deadline nobody named: the end of today's work, and after it none."""

from __future__ import annotations

from datetime import datetime

import pytest

from archive.clock import HandClock
from custody.errors import CustodyError
from desk import custodial
from desk.messages import explain
from desk.office import Office


def test_the_end_of_work_is_the_deadline_until_it_is_past(office: Office, clock: HandClock) -> None:
    """At four it is five o'clock; at five and later a moment must be named, and the refusal shows how."""
    clock.moment = datetime.fromisoformat("2026-01-05T16:00:00").astimezone()
    assert custodial.until(office, "")[:19] == "2026-01-05T17:00:00"
    clock.moment = datetime.fromisoformat("2026-01-05T17:00:00").astimezone()
    with pytest.raises(CustodyError) as refused:
        custodial.until(office, "")
    assert refused.value.code == "working-day-over"
    for lang in ("vi", "en"):
        assert "--until 2026-01-06T17:00" in str(explain(refused.value.code, refused.value.facts, lang))
    assert custodial.until(office, "2026-01-05T21:30")[:16] == "2026-01-05T21:30"
