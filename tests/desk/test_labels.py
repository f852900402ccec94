"""The commands that print labels and cover sheets: what they write is read back from the paper's picture."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from archive.refs import Kind, new_code, show_code
from desk.cli.exits import Exit
from labels.read import cover_on, read_codes
from tests.desk.test_cli import run
from tests.labels.raster import rasterise, words_on


def write_csv(folder: Path, codes: list[str]) -> Path:
    """Write a list of labels as a spreadsheet program does: with a byte order mark and a column of its own."""
    path = folder / "danh sách.csv"
    lines = [
        f"{show_code(code).lower()},UBND phường,Hộp số {number},A-{number}" for number, code in enumerate(codes, 1)
    ]
    path.write_text("\n".join(["code,heading,title,Số niêm phong", *lines]), encoding="utf-8-sig")
    return path


def test_a_list_becomes_sheets_that_read_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each code of the list is on the paper twice, with its words, and the answer counts them."""
    codes = [new_code() for _ in range(23)]
    out = tmp_path / "nhãn.pdf"
    assert run("label", write_csv(tmp_path, codes), "-o", out, "--start", "2", "--kind", "dossier", "--json") == Exit.OK
    told = json.loads(capsys.readouterr().out)
    assert (told["labels"], told["pages"], told["cut"]) == (23, 2, [])
    read = [mark.ref for page in rasterise(out.read_bytes(), 300) for mark in read_codes(page)]
    assert sorted(ref.code for ref in read) == sorted(codes * 2)
    assert {ref.kind for ref in read} == {Kind.DOSSIER}
    assert "A-20" in {word for word, _box in words_on(out.read_bytes())}


def test_wrong_codes_are_named_all_at_once_and_nothing_is_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped, a missing and a doubled code each name their line; no half a sheet is left."""
    good = new_code()
    wrong = good[:-1] + ("0" if good[-1] != "0" else "1")
    path, out = tmp_path / "list.json", tmp_path / "out.pdf"
    path.write_text(json.dumps([{"code": good}, {"code": wrong}, {"title": "?"}, {"code": good}]), encoding="utf-8")
    assert run("label", path, "-o", out) == Exit.USAGE
    told = capsys.readouterr().err
    assert all(each in told for each in (f"2: {wrong}", "3: –", f"4: {good}"))
    assert not out.exists()


@pytest.mark.parametrize(
    ("content", "words", "code"),
    [
        ("[]", [], "nothing to print"),
        ("[1]", [], "cannot be read"),
        ("[{", [], "cannot be read"),
        ("code\n000000000,1", [], "cannot be read"),
        ("code\n000000000", ["--stock", "L9999"], "No label sheet"),
        ("code\n000000000", ["--start", "22"], "no label number 22"),
        ("code\n000000000", ["--address", "x" * 120], "too long"),
    ],
)
def test_what_cannot_be_printed_is_refused_in_words(
    content: str, words: list[str], code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each refusal is a sentence, and leaves no file behind."""
    path, out = tmp_path / "list", tmp_path / "out.pdf"
    path.write_text(content, encoding="utf-8")
    assert run("label", path, "-o", out, *words) == Exit.USAGE
    assert code in capsys.readouterr().err
    assert not out.exists()


def test_a_file_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    """Paper that was printed yesterday can be printed again."""
    path, out = write_csv(tmp_path, [new_code()]), tmp_path / "out.pdf"
    out.write_bytes(b"yesterday")
    assert run("label", path, "-o", out) == Exit.USAGE
    assert out.read_bytes() == b"yesterday"


def test_blank_covers_carry_new_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each sheet has a code of its own in two corners, and the answer names it."""
    out = tmp_path / "bìa.pdf"
    assert run("cover", "--blank", "3", "-o", out, "--json", lang="vi") == Exit.OK
    codes = json.loads(capsys.readouterr().out)["codes"]
    assert len(set(codes)) == 3
    for code, page in zip(codes, rasterise(out.read_bytes(), 200), strict=True):
        found = cover_on(read_codes(page), *page.size)
        assert found is not None
        assert (found[0].kind, found[0].code, found[1]) == (Kind.SEPARATOR, code, 0)
    assert "bìa" in {word for word, _box in words_on(out.read_bytes())}


def test_a_printer_can_be_measured(tmp_path: Path) -> None:
    """The calibration page needs no list; without either there is nothing to do."""
    out = tmp_path / "calibration.pdf"
    assert run("label", "--calibrate", "--stock", "L7651", "--dpi", "203", "-o", out) == Exit.OK
    assert len(read_codes(rasterise(out.read_bytes(), 203, mono=True)[0])) >= 5
    assert run("label", "-o", tmp_path / "other.pdf") == Exit.USAGE
    assert run("cover", "-o", tmp_path / "other.pdf") == Exit.USAGE
