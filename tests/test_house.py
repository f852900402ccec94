"""The rules of the house, read from the sources: arrows, shells, sizes, names, one home for each tool."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MIDDLE = ("scanner_inbox", "digitize", "custody", "labels")
HOUSE = ("archive", *MIDDLE, "desk")
# labels takes only the grammar of codes from the floor.
LABELS_MAY_TAKE = {"archive.refs"}
# What a core file may not know: databases, web, the environment, the time, processes of the house.
WORLD = {"sqlalchemy", "sqlmodel", "fastapi", "starlette", "uvicorn", "jinja2", "alembic", "procrastinate", "obstore"}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager"}
MOST_LINES, MOST_FUNCTION_LINES = 300, 60
# Each external tool has one home; a second is allowed where the first only examines what the second reads.
TOOL_HOMES = {
    "pytesseract": {"digitize"},
    "pdf2image": {"digitize"},
    "qrcode": {"labels"},
    "watchdog": {"scanner_inbox"},
    "zxingcpp": {"labels"},
    "psutil": {"desk"},
    "rapidfuzz": {"archive"},
    "procrastinate": {"archive"},
    "obstore": {"archive"},
    "pysqlite3": {"archive", "desk"},
}
ONE_FILE = ("pytesseract", "pdf2image", "qrcode", "watchdog", "zxingcpp", "obstore")
ASKS_THE_TIME = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
}
# Public licences, vocabularies and examples may be named in code and pages; nothing is loaded from them.
HOSTS = re.compile(
    r"https?://(?!127\.0\.0\.1|localhost|\{|\[|www\.w3\.org|ns\.adobe\.com|www\.aiim\.org|purl\.org|example\.)"
)
MACHINE_PATHS = re.compile(r"/work/|/tmp/wt|/tmp/brief|/opt/pypi|/opt/wheels|/root/")


def files_of(*packages: str) -> list[Path]:
    """Return the Python files of packages."""
    return [path for package in packages for path in sorted((ROOT / package).rglob("*.py"))]


def relative(path: Path) -> str:
    """Return a path as it stands in the repository."""
    return path.relative_to(ROOT).as_posix()


def imports_of(path: Path) -> Iterator[str]:
    """Yield every module a file imports, at any depth; `from a import b` yields "a.b"."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{relative(path)}: imports are absolute"
            yield from (f"{node.module}.{each.name}" for each in node.names)


def is_shell(path: Path) -> bool:
    """Tell whether a file's docstring begins "Shell:"."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").startswith("Shell:")


def test_arrows_go_one_way() -> None:
    """The floor imports nobody, the middle packages never one another, and nobody imports the roof."""
    wrong = []
    for path in files_of(*HOUSE):
        home = path.relative_to(ROOT).parts[0]
        allowed = {home} if home == "archive" else {home, "archive"} if home in MIDDLE else set(HOUSE)
        wrong += [
            f"{relative(path)}: {name}"
            for name in imports_of(path)
            if name.split(".")[0] in HOUSE and name.split(".")[0] not in allowed
        ]
    assert wrong == []


def test_labels_takes_only_the_grammar_of_codes() -> None:
    """Labels are drawn on machines without a database."""
    taken = {name for path in files_of("labels") for name in imports_of(path) if name.split(".")[0] == "archive"}
    assert {name for name in taken if not any(name.startswith(each) for each in LABELS_MAY_TAKE)} == set()


def test_only_shells_of_the_middle_packages_touch_the_floor() -> None:
    """Core files take values and give values; what touches database and vault says so in its first word."""
    wrong = [
        f"{relative(path)}: {name}"
        for path in files_of("scanner_inbox", "digitize", "custody")
        if not is_shell(path)
        for name in imports_of(path)
        if name.split(".")[0] in {"archive", *WORLD}
    ]
    assert wrong == []


def test_core_files_import_no_shell() -> None:
    """A core file that imported a shell would be a shell."""
    shells = {relative(path).removesuffix(".py").replace("/", ".") for path in files_of(*MIDDLE) if is_shell(path)}
    wrong = [
        f"{relative(path)}: {name}"
        for path in files_of(*MIDDLE)
        if not is_shell(path) and path.name != "__init__.py"
        for name in imports_of(path)
        if name in shells or name.rsplit(".", 1)[0] in shells
    ]
    assert wrong == []


def test_core_files_do_not_read_the_environment() -> None:
    """What a core file needs to know is handed to it."""
    wrong = [
        relative(path)
        for path in files_of("scanner_inbox", "digitize", "custody")
        if not is_shell(path)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv"}
    ]
    # digitize/ocr.py hands the engine its environment; the program on PATH is found by it.
    assert [path for path in wrong if path != "digitize/ocr.py"] == []


@pytest.mark.parametrize("tool", sorted(TOOL_HOMES))
def test_each_tool_has_one_home(tool: str) -> None:
    """A tool that is known in one place can be replaced in one place."""
    users = [path for path in files_of(*HOUSE) if any(name.split(".")[0] == tool for name in imports_of(path))]
    assert {path.relative_to(ROOT).parts[0] for path in users} <= TOOL_HOMES[tool]
    if tool in ONE_FILE:
        assert len(users) <= 1, [relative(path) for path in users]


def test_only_the_clock_asks_the_time() -> None:
    """Histories can be replayed because nobody but archive/clock.py asks the machine what time it is."""
    wrong = []
    for path in files_of(*HOUSE):
        if relative(path) == "archive/clock.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                asked = getattr(node.func.value, "id", getattr(node.func.value, "attr", "")), node.func.attr
                wrong += [f"{relative(path)}:{node.lineno}"] if asked in ASKS_THE_TIME else []
    assert wrong == []


def test_files_fit_a_sitting_and_functions_a_screen() -> None:
    """Files have at most 300 lines and functions at most 60."""
    wrong = []
    for path in [*files_of(*HOUSE), *files_of("tests", "benchmarks")]:
        text = path.read_text(encoding="utf-8")
        if len(text.splitlines()) > MOST_LINES:
            wrong.append(f"{relative(path)}: {len(text.splitlines())} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                # A migration is a list of tables, frozen once released: cutting it up would not make it clearer.
                frozen = "versions" in path.parts
                if length > MOST_FUNCTION_LINES and not frozen:
                    wrong.append(f"{relative(path)}: {node.name} has {length} lines")
    assert wrong == []


def test_no_drawer_for_everything() -> None:
    """A module called utils has no subject."""
    names = [path for path in files_of(*HOUSE, "tests", "benchmarks") if path.stem in FORBIDDEN_NAMES]
    assert [relative(path) for path in names] == []


def test_the_package_list_equals_the_folders() -> None:
    """What is installed is what stands here."""
    described = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = {
        path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for package in HOUSE
        for path in (ROOT / package).rglob("__init__.py")
    }
    listed = set(described["tool"]["setuptools"]["packages"])
    # Migrations are read as files beside the package, never imported by name.
    assert {name for name in folders if not name.startswith("archive.migrations")} == {
        name for name in listed if not name.startswith("archive.migrations")
    }


def test_nothing_is_loaded_from_another_host() -> None:
    """Pages work in a building without internet: templates, scripts and styles name no other host."""
    wrong = [
        f"{relative(path)}: {found[0]}"
        for path in sorted((ROOT / "desk" / "web" / "templates").rglob("*"))
        if path.is_file()
        for found in HOSTS.finditer(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_the_repository_names_no_machine() -> None:
    """No path of a machine it was made on, and no package index, stands in a file."""
    kinds = {".py", ".md", ".toml", ".lock", ".html", ".css", ".yaml", ".yml", ".po", ".txt", ".sh", ""}
    skipped = {".git", ".venv", ".tools", ".mypy_cache", ".ruff_cache", ".hypothesis", "__pycache__", "results"}
    wrong = []
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        if skipped & set(parts) or path == Path(__file__) or not path.is_file() or path.suffix not in kinds:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        wrong += [f"{relative(path)}: {found[0]}" for found in MACHINE_PATHS.finditer(text)]
        if path.suffix == ".lock":
            wrong += [f"{relative(path)}: names an index"] if re.search(r"https?://|--index|file:", text) else []
    assert wrong == []
