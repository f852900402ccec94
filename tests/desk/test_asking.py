"""What a person is asked for and does not give, and what refusals say, is told in words; hours are the office's."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from archive.clock import keep_zone
from desk.cli.pins import PinsError, ask_unseen, read_pins
from desk.forms.filling_packages import REASONS
from desk.messages import explain


@pytest.fixture
def machine_zone() -> Iterator[None]:
    """Give the process its zone back."""
    before = os.environ.get("TZ")
    yield
    os.environ.pop("TZ", None)
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.filterwarnings("error")
def test_a_pin_that_nobody_is_there_to_type_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """No terminal and no file: the refusal names the person, and no warning of a library is shown."""

    def closed(_question: str) -> str:
        raise EOFError

    monkeypatch.setattr("click.termui.hidden_prompt_func", closed)
    with pytest.raises(PinsError) as refused:
        ask_unseen("PIN", "pin-not-given", person="NV01")
    assert refused.value.code == "pin-not-given"
    assert "NV01" in explain(refused.value.code, refused.value.facts, "vi").what


def test_a_file_of_pins_in_utf_16_is_read_and_one_of_other_bytes_is_named_by_its_line(tmp_path: Path) -> None:
    """Editors of Windows save both."""
    wide, broken = tmp_path / "wide", tmp_path / "broken"
    wide.write_bytes("NV01=4711\r\n".encode("utf-16"))
    broken.write_bytes(b"NV01=4711\nNV02=\xff\xfe\n")
    assert read_pins(wide) == {"NV01": "4711"}
    with pytest.raises(PinsError) as refused:
        read_pins(broken)
    assert refused.value.facts["line"] == 2


def test_refusals_put_no_code_of_the_program_before_people() -> None:
    """Retentions, differences and roles are told in words."""
    mixed = explain("retention-mixed", {"package": "X", "classes": ["10", "permanent"]}, "vi").what
    differs = explain("difference-without-incident", {"package": "X", "difference": "missing"}, "vi").what
    signers = explain("signers-not-entitled", {"signers": ["A"], "wanted": ["leader", "*"]}, "vi").what
    assert "Vĩnh viễn; 10 năm" in mixed
    assert "permanent" not in mixed
    assert "không tìm thấy" in differs
    assert "lãnh đạo, một người khác" in signers


@pytest.mark.usefixtures("machine_zone")
@pytest.mark.parametrize(
    "zone", [ZoneInfo("Asia/Ho_Chi_Minh"), timezone(timedelta(hours=7)), timezone(-timedelta(hours=3, minutes=30))]
)
def test_local_time_is_that_of_the_office_in_whatever_zone_the_machine_stands(zone: tzinfo) -> None:
    """A named zone, an offset, and one with half an hour west of Greenwich."""
    moment = datetime(2026, 11, 25, 9, tzinfo=UTC)
    keep_zone(zone)
    assert moment.astimezone().utcoffset() == moment.astimezone(zone).utcoffset()


def test_minutes_of_an_opening_to_digitize_say_so_in_vietnamese() -> None:
    """The short reason of the guide is no word for a signed paper."""
    assert REASONS["digitize"] == "số hóa hồ sơ, tài liệu"
