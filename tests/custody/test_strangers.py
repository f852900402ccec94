"""What we write is checked by programs nobody here wrote: Go's packages for its module log, and an RFC 8785 library."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custody import ledger, notes, signing
from custody.canonical import LARGEST, decode, encode
from tests.custody.damage import HEADS, body_of, log_of_forty

PROGRAM = Path(__file__).with_name("stranger.go.txt")
NAMES = st.text(st.characters(max_codepoint=127), max_size=12)
TEXTS = st.text(max_size=12).map(lambda text: unicodedata.normalize("NFC", text))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the Go program, built against the packages that the Go tools carry with them."""
    if shutil.which("go") is None:
        pytest.skip("no Go: install golang-go to have its note and tlog packages check the log")
    root = subprocess.run(["go", "env", "GOROOT"], capture_output=True, text=True, check=True).stdout.strip()
    carried = Path(root) / "src" / "cmd" / "vendor" / "golang.org" / "x"
    if not (carried / "mod" / "sumdb" / "tlog").is_dir():
        pytest.skip("this Go carries no golang.org/x/mod/sumdb")
    home = tmp_path_factory.mktemp("go")
    (home / "src" / "golang.org").mkdir(parents=True)
    (home / "src" / "golang.org" / "x").symlink_to(carried)
    (home / "stranger.go").write_text(PROGRAM.read_text(encoding="utf-8"), encoding="utf-8")
    environment = {
        **os.environ,
        "GO111MODULE": "off",
        "GOPATH": str(home),
        "GOCACHE": str(home / "cache"),
        "GOFLAGS": "",
    }
    done = subprocess.run(
        ["go", "build", "-o", str(home / "stranger"), str(home / "stranger.go")],
        env=environment,
        cwd=home,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return home / "stranger"


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Give a log as the stranger is told of it: key, heads, bodies, every inclusion and consistency proof."""
    with log_of_forty(tmp_path_factory.mktemp("log")) as (database, keys, _), database.reading() as session:
        inclusion = [
            {"First": seq, "Size": size, "Path": _texts(ledger.prove_inclusion(session, seq, size))}
            for size in HEADS
            for seq in range(size)
        ]
        consistent = [
            {"First": old, "Size": new, "Path": _texts(ledger.prove_consistency(session, old, new))}
            for old in HEADS
            for new in HEADS
            if old <= new
        ]
        return {
            "Key": str(keys.known[0]),
            "Heads": [note for _, note in signing.all_notes(session)],
            "Bodies": [base64.b64encode(body_of(number)).decode() for number in range(40)],
            "Inclusion": inclusion,
            "Consistent": consistent,
        }


def _texts(path: tuple[bytes, ...]) -> list[str]:
    return [base64.b64encode(each).decode() for each in path]


def ask(stranger: Path, told: dict[str, Any]) -> tuple[int, list[str]]:
    """Return the program's exit code and lines."""
    done = subprocess.run([str(stranger)], input=json.dumps(told), capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout.splitlines()


def test_go_accepts_our_heads_roots_and_proofs_and_we_its_note(stranger: Path, told: dict[str, Any]) -> None:
    """75 inclusion proofs, 6 consistency proofs and 3 heads; and a note that Go signed opens here."""
    code, lines = ask(stranger, told)
    assert code == 0, lines
    assert lines[0] == "CHECKED 3 75 6"
    opened = notes.open_note(base64.b64decode(lines[2]).decode(), [notes.parse_verifier(lines[1])])
    assert opened.text == "signed by a stranger\n"


@pytest.mark.parametrize("part", ["Heads", "Bodies", "Inclusion", "Consistent", "Key"])
def test_go_refuses_each_part_that_is_changed(stranger: Path, told: dict[str, Any], part: str) -> None:
    """The program above really looks at every part."""
    other = {
        "Heads": [note.replace("\n25\n", "\n24\n") for note in told["Heads"]],
        "Bodies": [*told["Bodies"][:7], told["Bodies"][8], *told["Bodies"][8:]],
        "Inclusion": [{**told["Inclusion"][50], "First": 3}],
        "Consistent": [{**told["Consistent"][1], "Path": told["Consistent"][2]["Path"]}],
        "Key": str(notes.new_key("luutru/phuong-01").verifier),
    }
    code, lines = ask(stranger, {**told, part: other[part]})
    assert code == 1, lines
    assert lines[0].startswith("REFUSED: ")


# The tables of all characters are built at the first draw, which may take longer than Hypothesis thinks right.
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_canonical_bytes_are_those_of_an_rfc_8785_library(value: dict[str, Any]) -> None:
    """Whatever values an entry may hold, the library writes the same bytes, and reading gives them back."""
    body = encode(value)
    assert body == rfc8785.dumps(value)
    assert decode(body) == value
