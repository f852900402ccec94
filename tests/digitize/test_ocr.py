"""The engine as a hostile tool: it may be missing, crash, hang or eat memory."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from digitize.errors import EngineError, PageError
from digitize.ocr import Engine, EngineLimits, engine_facts, find_engine, read_pictures
from tests.digitize.engines import make_engine, make_language_folder, make_silent_engine


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """Give a picture of nothing."""
    path = tmp_path / "1-0.tif"
    Image.new("L", (300, 200), "white").save(path, "TIFF", dpi=(200, 200))
    return path


def _engine(program: str, folder: Path) -> Engine:
    return Engine(program, "5.9.9", make_language_folder(folder / "languages"), ("vie",))


def test_the_engine_is_found_with_vietnamese() -> None:
    """Doctor is told path, version, folder and languages."""
    facts = engine_facts()
    assert facts["found"] is True
    assert "vie" in facts["languages"]  # type: ignore[operator] # facts are of any type


def test_a_missing_engine_has_a_code() -> None:
    """A path that is no program is told, with what was tried."""
    facts = engine_facts(path="/no/such/tesseract")
    assert facts == {"found": False, "code": "engine-missing", "tried": ["/no/such/tesseract"]}


def test_a_missing_language_has_a_code(tmp_path: Path) -> None:
    """An engine without Vietnamese is no engine for us."""
    program = make_silent_engine(tmp_path)
    with pytest.raises(EngineError) as caught:
        find_engine(program, str(tmp_path), "vie")
    assert caught.value.code == "language-missing"


def test_an_engine_that_hangs_is_ended(picture: Path, tmp_path: Path) -> None:
    """The page's seconds are kept, and told."""
    program = make_engine(tmp_path, "exec sleep 60\n")
    with pytest.raises(PageError) as caught:
        read_pictures([picture], _engine(program, tmp_path), "vie", EngineLimits(seconds=0.5))
    assert caught.value.code == "page-timeout"
    assert caught.value.facts["seconds"] == 0.5


def test_an_engine_that_dies_is_a_failed_page(picture: Path, tmp_path: Path) -> None:
    """A crash is told with its status, and nothing is raised through."""
    program = make_engine(tmp_path, "kill -SEGV $$\n")
    with pytest.raises(PageError) as caught:
        read_pictures([picture], _engine(program, tmp_path), "vie", EngineLimits(memory=0))
    assert caught.value.code == "engine-crash"


def test_an_engine_without_a_result_is_a_failed_page(picture: Path, tmp_path: Path) -> None:
    """Ending well without a result is a failure too."""
    program = make_engine(tmp_path, "exit 0\n")
    with pytest.raises(PageError) as caught:
        read_pictures([picture], _engine(program, tmp_path), "vie", EngineLimits())
    assert caught.value.code == "engine-crash"


def test_the_memory_of_the_engine_is_bounded(picture: Path) -> None:
    """With too little room for its model the real engine fails by itself and only its page fails."""
    with pytest.raises(PageError) as caught:
        read_pictures([picture], find_engine(), "vie", EngineLimits(memory=24 * 1024**2))
    assert caught.value.code in {"page-memory", "engine-crash"}


def test_several_pictures_come_back_in_order(tmp_path: Path) -> None:
    """Words land on the page they were read from, even when a page between is empty."""
    body = (
        'printf "h\\n" > "$2.tsv"\n'
        'printf "5\\t1\\t1\\t1\\t1\\t1\\t10\\t20\\t30\\t40\\t91.5\\tmột\\n" >> "$2.tsv"\n'
        'printf "5\\t3\\t1\\t1\\t1\\t1\\t10\\t20\\t30\\t40\\t88\\tÐa\\n" >> "$2.tsv"\n'
        'printf "5\\t9\\t1\\t1\\t1\\t1\\t1\\t1\\t1\\t1\\t88\\tstray\\n5\\tbroken\\n" >> "$2.tsv"\n'
    )
    paths = [tmp_path / f"{n}-0.tif" for n in (1, 2, 3)]
    read = read_pictures(paths, _engine(make_engine(tmp_path, body), tmp_path), "vie", EngineLimits())
    assert [[w.text for w in page] for page in read] == [["một"], [], ["Đa"]]
    assert read[0][0].box == (10, 20, 30, 40)
