"""Homes that cannot be worked in are refused in words: no name given, or a place that takes no writes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.cli.exits import Exit
from desk.cli.main import answer


@pytest.fixture
def frozen(tmp_path: Path) -> Iterator[Path]:
    """Give a prepared station on a file system that takes no writes any more, or skip where none can be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode:
        pytest.skip("a file system cannot be mounted here (needs root and the right to mount)")
    try:
        assert answer(["init", "--home", str(place / "home")], {}) == Exit.OK
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        yield place / "home"
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.parametrize(("lang", "said"), [("vi", "Không ghi được vào thư mục"), ("en", "cannot be written")])
@pytest.mark.parametrize("words", [["status"], ["ingest", __file__]])
def test_a_home_that_takes_no_writes_says_so(
    frozen: Path, words: list[str], lang: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The folder is named and what the system says of it, not that some database does not open."""
    assert answer([*words, "--home", str(frozen)], {"LANG": f"{lang}.UTF-8"}) == Exit.NOT_READY
    told = capsys.readouterr().err
    assert said in told
    assert str(frozen) in told
    assert "Read-only file system" in told


@pytest.mark.parametrize("empty", ["", "  "])
def test_an_empty_home_is_refused_and_nothing_is_opened(
    empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unset variable in a script does not end in the home folder of whoever runs it."""
    monkeypatch.chdir(tmp_path)
    assert answer(["init", "--home", empty], {"LANG": "en", "HOME": str(tmp_path)}) == Exit.USAGE
    assert "--home" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
