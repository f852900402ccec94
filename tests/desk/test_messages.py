"""Every code that any part can raise has its words, in both languages, and unknown codes are named honestly."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

from desk import catalogues
from desk.cli.exits import MEANING, Exit
from desk.messages import MESSAGES, explain, write_slip
from desk.words import PLACEHOLDER, Bytes, language_of, translator, visible

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("archive", "scanner_inbox", "digitize", "custody", "desk")
# Values that carry a code as their first argument.
CARRIERS = {"Refused", "Arriving", "Reason", "Difference"}
# Functions that take the code after the thing it is about.
LATE_CARRIERS = {"Outcome", "_vanish", "_keep_in_inbox"}


def codes_in_sources() -> dict[str, str]:
    """Collect every code written as a constant where errors, verdicts and reasons are made, with its place."""
    found: dict[str, str] = {}
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            if path.name in catalogues.ALONE:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                for each in places_of_codes(node, room):
                    for leaf in leaves(each):
                        if isinstance(leaf, ast.Constant) and isinstance(leaf.value, str) and is_code(leaf.value):
                            found.setdefault(leaf.value, f"{path.relative_to(ROOT)}:{leaf.lineno}")
    return found


def places_of_codes(node: ast.AST, room: str) -> list[ast.AST]:
    """Return the parts of one statement that hold a code: arguments of carriers, `reason=`, `state.trouble =`."""
    if isinstance(node, ast.Assign):
        named = [each.attr for each in node.targets if isinstance(each, ast.Attribute)]
        return [node.value] if "trouble" in named else []
    if not isinstance(node, ast.Call):
        return []
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    places: list[ast.AST] = [each.value for each in node.keywords if each.arg == "reason"]
    if name.endswith("Error") or name in CARRIERS or (name == "Finding" and room == "desk"):
        places += node.args[:1]
    if name in LATE_CARRIERS:
        places += [each for each in node.args[1:] if not isinstance(each, ast.Dict)]
    return places


def leaves(node: ast.AST) -> list[ast.AST]:
    """Return what an argument may be: itself, or both sides of a choice."""
    return [node.body, node.orelse] if isinstance(node, ast.IfExp) else [node]


def is_code(text: str) -> bool:
    """Tell a code (kebab-case) from other text."""
    return bool(text) and set(text) <= set(string.ascii_lowercase + string.digits + "-")


def test_every_code_of_every_package_has_words() -> None:
    """A code nobody can explain would reach a clerk as a riddle."""
    missing = {code: place for code, place in codes_in_sources().items() if code not in MESSAGES}
    assert not missing


def test_the_catalogues_are_complete_and_hold_nothing_stale() -> None:
    """Both languages say everything that is said anywhere, with the same placeholders, and nothing else."""
    assert catalogues.findings() == []


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_every_message_speaks_both_languages(code: str, lang: str) -> None:
    """Each message is a full sentence whose facts are filled in, even when a fact is missing."""
    explained = explain(code, {}, lang)
    assert explained.what
    assert not PLACEHOLDER.search(str(explained).replace("{…}", ""))


def test_vietnamese_is_not_english() -> None:
    """A message that is the same in both languages was not translated."""
    same = [code for code in MESSAGES if explain(code, {}, "vi").what == explain(code, {}, "en").what]
    assert same == []


def test_an_unknown_code_is_named_with_its_facts() -> None:
    """What this release has no words for is said honestly, not hidden."""
    told = str(explain("never-heard-of", {"path": "/a/b", "count": 3}, "en"))
    assert "never-heard-of" in told
    assert "/a/b" in told


def test_a_failed_page_gives_the_reason_of_its_failure() -> None:
    """A page that failed says why, not only that it did."""
    told = explain("failed", {"code": "page-timeout", "seconds": 60, "step": "read"}, "en")
    assert "too long" in told.why


def test_hostile_facts_cannot_steer_the_terminal() -> None:
    """Escape sequences, newlines and direction marks in a file name are shown, not obeyed."""
    told = explain("path-missing", {"path": "a\x1b[2Jb\nc\u202egpj.exe"}, "en").what
    assert "\x1b" not in told
    assert "\n" not in told
    assert "\u202e" not in told
    assert visible("hoa\u0301") == "hoá"


def test_sizes_numbers_and_times_follow_the_language() -> None:
    """Vietnamese writes a decimal comma and groups with points; ports and process numbers are not grouped."""
    vi, en = translator("vi"), translator("en")
    assert vi.value("count", 1234567) == "1.234.567"
    assert en.value("count", 1234567) == "1,234,567"
    assert vi.value("port", 8000) == "8000"
    assert vi.value("size", Bytes(1_500_000)) == "1,5 MB"


def test_a_slip_says_it_in_both_languages() -> None:
    """A slip beside a set-aside file is read by whoever finds it."""
    slip = write_slip("pdf-encrypted", {}, "đơn xin.pdf")
    assert "khóa bằng mật khẩu" in slip
    assert "locked with a password" in slip
    assert "pdf-encrypted" in slip


def test_the_language_comes_from_the_option_then_the_environment() -> None:
    """--lang wins, then LC_ALL, then LANG; POSIX names no language, so Vietnamese stays."""
    assert language_of({"LANG": "en_US.UTF-8"}) == "en"
    assert language_of({"LANG": "en_US.UTF-8", "LC_ALL": "vi_VN.UTF-8"}) == "vi"
    assert language_of({"LANG": "en_US.UTF-8"}, "vi") == "vi"
    assert language_of({"LC_ALL": "C.UTF-8"}) == "vi"


def test_every_exit_code_has_its_meaning() -> None:
    """The documented list and the enum are the same."""
    assert set(MEANING) == set(Exit)
