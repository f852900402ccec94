"""Whatever can be due says what is wrong and what to do about it, in both languages, and is told to somebody."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from custody.alarms import LADDER, LEVELS, Alarm, waits
from desk.alarm_words import compose
from desk.messages import MESSAGES
from tests.desk.test_messages import is_code

DESK = Path(__file__).resolve().parent.parent.parent / "desk"
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def codes_of_dues() -> set[str]:
    """Return every code of the functions in which something due is made: each text with a dash that is a code."""
    found: set[str] = set()
    for path in sorted(DESK.glob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Due" and node.args:
                    told = node.args[0]
                    texts = [told] if isinstance(told, ast.Constant) else list(ast.walk(function))
                    found |= {
                        each.value
                        for each in texts
                        if isinstance(each, ast.Constant)
                        and isinstance(each.value, str)
                        and "-" in each.value
                        and is_code(each.value)
                    }
    return found


# The name of something observed, in a function that makes dues.
DUES = sorted(codes_of_dues() - {"first-tick"})


def test_the_dues_of_shifts_rounds_and_stock_are_among_them() -> None:
    """The list the other test walks is not empty by a slip."""
    wanted = {"post-uncovered-now", "relief-late", "round-late", "round-incomplete", "key-overdue", "transit-overdue"}
    assert wanted <= set(DUES)


@pytest.mark.parametrize("code", DUES)
def test_what_is_due_has_its_sentences_in_both_languages(code: str) -> None:
    """What is wrong, since when, and what to do now; without a message a guard reads a riddle at night."""
    message = MESSAGES[code]
    assert message.what
    assert message.next, f"{code} does not say what to do"
    named = {name for text in (message.what, message.why, message.next) for name in re.findall(r"{(\w+)}", text)}
    facts = {name: f"<{name}>" for name in named}
    for level in LEVELS:
        title, text = compose(Alarm(code, "<about>", level, NOW, NOW, facts, number=7), "x", "vi")
        assert "{" not in title + text
        assert "Việc cần làm ngay:" in text
        assert "To do now:" in text
        assert waits(level, LADDER) or level == "notice", "somebody is told"
