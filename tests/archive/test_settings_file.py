"""One setting is written and every comment stays; what would not hold is refused before the file is touched."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import settings, settings_file
from archive.errors import SettingsError

NAME = 'UBND phường "Hoàn Kiếm" \\ số 1 # cũ'


def test_a_setting_is_written_on_its_own_line_and_the_rest_stays(tmp_path: Path) -> None:
    """The commented default becomes the setting, a second time the line is changed, and no comment is lost."""
    path = tmp_path / settings.FILE
    path.write_text(settings.template(), encoding="utf-8")
    before = path.read_text(encoding="utf-8").splitlines()
    settings_file.write_values(tmp_path, {"office_name": "Một"})
    made = settings_file.write_values(tmp_path, {"office_name": NAME, "port": 9000})
    after = path.read_text(encoding="utf-8").splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [old for old, _ in changed] == ["# port = 8000", '# office_name = ""']
    assert (made.office_name, made.port) == (NAME, 9000)
    assert settings.load(tmp_path, {}).office_name == NAME


def test_a_remark_behind_a_value_stays(tmp_path: Path) -> None:
    """What somebody noted beside a setting is not theirs to lose."""
    (tmp_path / settings.FILE).write_text('port = 8001   # máy in dùng 8000\nlang = "vi"\n', encoding="utf-8")
    settings_file.write_values(tmp_path, {"port": 8002})
    told = (tmp_path / settings.FILE).read_text(encoding="utf-8")
    assert told == 'port = 8002   # máy in dùng 8000\nlang = "vi"\n'


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"port": -1}, "setting-wrong"),
        ({"inbox": "vault"}, "folders-overlap"),
        ({"printer_dpi": 301}, "setting-wrong"),
        ({"printer_offset": "99 0"}, "setting-wrong"),
        ({"https": "maybe"}, "setting-wrong"),
        ({"nothing": 1}, "setting-unknown"),
    ],
)
def test_what_would_not_hold_is_refused_and_the_file_stays(
    tmp_path: Path, changes: dict[str, object], code: str
) -> None:
    """The file is as it was, byte for byte."""
    path = tmp_path / settings.FILE
    path.write_text(settings.template(), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(SettingsError, match=code):
        settings_file.write_values(tmp_path, changes)  # type: ignore[arg-type]  # wrong on purpose
    assert path.read_bytes() == before


def test_a_file_laid_out_in_another_way_is_left_alone(tmp_path: Path) -> None:
    """A value of several lines could not be changed by its first line; the file is not guessed at."""
    path = tmp_path / settings.FILE
    path.write_text('office_name = """\nMột\nHai"""\n', encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(SettingsError, match="settings-layout"):
        settings_file.write_values(tmp_path, {"office_name": "Ba"})
    assert path.read_bytes() == before


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=40))
def test_any_text_comes_back_as_it_was_written(text: str) -> None:
    """Quotes, comment signs and control characters are values like others."""
    told = settings_file.with_key(settings.template(), "office_city", text)
    assert tomllib.loads(told) == {"office_city": text}
    assert tomllib.loads(settings_file.with_key(told, "office_city", "x")) == {"office_city": "x"}


@pytest.mark.parametrize(
    ("key", "text", "value"), [("port", " 81 ", 81), ("box_metres", "0,125", 0.125), ("lang", "en", "en")]
)
def test_what_is_typed_becomes_the_type_of_the_setting(key: str, text: str, value: object) -> None:
    """A Vietnamese decimal comma is a decimal point."""
    assert settings_file.typed(key, text) == value


@pytest.mark.parametrize(("key", "text"), [("port", "x"), ("box_metres", "nan"), ("box_metres", "inf")])
def test_what_is_no_number_is_refused(key: str, text: str) -> None:
    """A number that is none never reaches the file."""
    with pytest.raises(SettingsError, match="setting-wrong"):
        settings_file.typed(key, text)
