"""The single-file verifier knows nothing of ours, runs anywhere, and finds what was done to a bundle."""

from __future__ import annotations

import ast
import base64
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive import schema
from archive.database import Database, open_database
from custody import checkpoint, exporting, ledger, merkle, notes, signing, witness
from custody.checkpoint import Checkpoint
from custody.errors import CustodyError
from custody.signing import Keys
from desk import verifier
from desk.bundling import verifier_program
from tests.custody.damage import ORIGIN, body_of, forge, log_of_forty

PROGRAM = verifier_program()


def write_bundle(database: Database, keys: Keys, place: Path, folder: Path) -> exporting.Exported:
    """Export the log with the verifier beside it."""
    held = [each.note for each in witness.held_heads(place)]
    with database.reading() as session:
        return exporting.export(session, keys, folder, held, {"verify.py": PROGRAM, "README.txt": "Đọc tôi\n"})


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a sound log: database, keys, second place, and the bundle with two proofs."""
    home = tmp_path_factory.mktemp("sound")
    with log_of_forty(home) as (database, keys, place):
        write_bundle(database, keys, place, home / "bundle")
        with database.reading() as session:
            proofs = exporting.proofs_of(session, (0, 12, 39), keys)
        (home / "bundle" / "proofs").mkdir()
        for seq, text in proofs.items():
            (home / "bundle" / "proofs" / f"{seq}.tlog-proof").write_text(text, encoding="utf-8")
    return home


@pytest.fixture
def bundle(sound: Path, tmp_path: Path) -> Path:
    """Give a copy of the sound bundle to damage."""
    return Path(shutil.copytree(sound / "bundle", tmp_path / "bundle"))


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the bundle's own verify.py in an isolated Python that stands elsewhere; return its exit code and words."""
    done = subprocess.run(
        [sys.executable, "-I", str(folder / "verify.py"), *arguments],
        cwd="/",
        capture_output=True,
        timeout=60,
        env={"PATH": ""},
    )
    assert done.stderr == b"", done.stderr.decode()
    return done.returncode, done.stdout.decode("utf-8")


def lines_of(folder: Path) -> list[bytes]:
    """Return the lines of the bundle's entries."""
    return (folder / "entries.jsonl").read_bytes().splitlines(keepends=True)


def test_the_verifier_takes_nothing_of_ours_and_is_grammar_of_python_3_9() -> None:
    """It imports the standard library and cryptography alone."""
    tree = ast.parse(PROGRAM.decode(), feature_version=(3, 9))
    names = {each.name for node in ast.walk(tree) if isinstance(node, ast.Import) for each in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} - set(sys.stdlib_module_names) == {"cryptography"}


def test_a_sound_bundle_holds_the_exact_log_and_is_called_sound_in_both_languages(sound: Path, bundle: Path) -> None:
    """Bytes as stored, every head, keys and name; exit 0, with the short form a printed sheet carries."""
    assert lines_of(bundle) == [body_of(number) + b"\n" for number in range(40)]
    assert sorted(path.name for path in (bundle / "heads").iterdir()) == [
        "head-000000000010.txt", "head-000000000025.txt", "head-000000000040.txt",
    ]  # fmt: skip  # a list of names
    note = (bundle / "heads" / "head-000000000040.txt").read_text(encoding="utf-8")
    head = checkpoint.read(note, signing.read_known(sound / "keys"), ORIGIN)
    code, told = run(bundle)
    assert code == 0, told
    assert "ĐẠT: 40 dòng nhật ký" in told
    assert "SOUND: 40 entries" in told
    assert head.short() in told
    assert run(bundle, str(bundle), "--head", head.short())[0] == 0
    code, told = run(bundle, str(bundle), "--head", "0" * 16)
    assert (code, "head-not-the-printed" in told) == (1, True)


def test_a_proof_stands_alone_with_the_public_key(bundle: Path) -> None:
    """One entry is shown with its words; under another key, or with another entry in it, it is refused."""
    one = bundle / "proofs" / "12.tlog-proof"
    code, told = run(bundle, str(one))
    assert code == 0, told
    assert body_of(12).decode() in told
    text = one.read_text(encoding="utf-8")
    other = base64.b64encode(body_of(13)).decode()
    one.write_text(text.replace(base64.b64encode(body_of(12)).decode(), other), encoding="utf-8")
    code, told = run(bundle)
    assert (code, "proof-wrong" in told, "12.tlog-proof" in told) == (1, True, True), told
    (bundle / "foreign.txt").write_text(f"{notes.new_key(ORIGIN).verifier}\n", encoding="utf-8")
    code, told = run(bundle, str(one), "--keys", str(bundle / "foreign.txt"))
    assert (code, "head-foreign-key" in told) == (1, True), told


def change_lines(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Path], None]:
    """Return the damage that rewrites the list of lines."""
    return lambda folder: (folder / "entries.jsonl").write_bytes(b"".join(change(lines_of(folder)))) and None


def forge_head(folder: Path) -> None:
    """Change the size in a signed head."""
    path = folder / "heads" / "head-000000000025.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("\n25\n", "\n24\n"), encoding="utf-8")


def add_foreign_head(folder: Path) -> None:
    """Add a head of a key nobody knows."""
    note = checkpoint.sign(Checkpoint(ORIGIN, 40, bytes(32)), (notes.new_key(ORIGIN),))
    (folder / "heads" / "head-000000000041.txt").write_text(note, encoding="utf-8")


def rewrite_all(folder: Path) -> None:
    """Change an entry and make leaves.bin agree."""
    lines = lines_of(folder)
    lines[17] = lines[17].replace(b"test", b"tost")
    (folder / "entries.jsonl").write_bytes(b"".join(lines))
    (folder / "leaves.bin").write_bytes(b"".join(merkle.leaf_hash(line[:-1]) for line in lines))


CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "byte": (change_lines(lambda all_: [line.replace(b":17,", b":71,") for line in all_]), "entry-changed: dòng 17 "),
    "spacing": (change_lines(lambda all_: [*all_[:17], b" " + all_[17], *all_[18:]]), "entry-not-canonical: dòng 17 "),
    "removed": (change_lines(lambda all_: [*all_[:17], *all_[18:]]), "entry-removed: dòng 17 "),
    "cut": (change_lines(lambda all_: all_[:33]), "entries-missing: dòng 33 "),
    "swapped": (change_lines(lambda all_: [*all_[:17], all_[18], all_[17], *all_[19:]]), "entries-swapped: dòng 17 "),
    "inserted": (change_lines(lambda all_: [*all_[:17], body_of(99) + b"\n", *all_[17:]]), "entry-inserted: dòng 17 "),
    "appended": (change_lines(lambda all_: [*all_, body_of(40) + b"\n"]), "entries-unsigned: dòng 40 "),
    "leaves too": (rewrite_all, "root-differs: dòng 10 đến dòng 24"),
    "forged head": (forge_head, "head-forged: head-000000000025.txt"),
    "foreign head": (add_foreign_head, "head-foreign-key: head-000000000041.txt"),
    "leaves": (lambda folder: (folder / "leaves.bin").write_bytes(bytes(32 * 40)) and None, "leaves-damaged"),
}  # fmt: skip  # one table


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_damage_is_named_with_the_first_bad_entry(name: str, bundle: Path) -> None:
    """Exit 1, and the first finding names what was done and to which entry."""
    damage, expected = CHANGES[name]
    damage(bundle)
    code, told = run(bundle)
    assert code == 1, told
    assert "KHÔNG ĐẠT" in told
    assert "NOT SOUND" in told
    assert told.splitlines()[0].strip().startswith(expected), told


def test_two_heads_of_one_size_are_a_fork(sound: Path, bundle: Path) -> None:
    """Both are genuine, which is the worst that can be said of a log."""
    keys = signing.open_keys(sound / "keys", ORIGIN)
    note = checkpoint.sign(Checkpoint(ORIGIN, 25, bytes(32)), keys.signers)
    (bundle / "heads" / "head-000000000025-2.txt").write_text(note, encoding="utf-8")
    code, told = run(bundle)
    assert (code, "heads-fork" in told) == (1, True), told


@pytest.mark.parametrize("name", ["origin.txt", "keys.txt", "entries.jsonl"])
def test_what_is_no_bundle_is_not_judged(name: str, bundle: Path) -> None:
    """A missing file ends with 2 and its name, neither sound nor unsound."""
    (bundle / name).unlink()
    code, told = run(bundle)
    assert (code, name in told, "NOT CHECKED" in told) == (2, True, True), told


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 1 << 30), mask=st.integers(1, 255), also_leaves=st.booleans())
def test_any_changed_byte_of_the_entries_is_found(bundle: Path, at: int, mask: int, also_leaves: bool) -> None:
    """Whatever byte changes to whatever other, also where leaves.bin was made to agree."""
    path, before, leaves = bundle / "entries.jsonl", (bundle / "entries.jsonl").read_bytes(), bundle / "leaves.bin"
    hashes, data = leaves.read_bytes(), bytearray(before)
    data[at % len(data)] ^= mask
    path.write_bytes(data)
    if also_leaves:
        leaves.write_bytes(b"".join(merkle.leaf_hash(line) for line in bytes(data).split(b"\n")))
    try:
        assert verifier.main([str(bundle)]) == 1
    finally:
        path.write_bytes(before)
        leaves.write_bytes(hashes)


def test_what_stands_behind_the_newest_head_is_left_out_and_counted(tmp_path: Path) -> None:
    """A bundle holds only what is signed; its size and head are told; a used folder is refused."""
    with log_of_forty(tmp_path) as (database, keys, place):
        with database.atomic() as session:
            ledger.append(session, [body_of(number) for number in (40, 41)])
        with database.reading() as session, pytest.raises(CustodyError) as early:
            exporting.proofs_of(session, [41], keys)
        assert early.value.code == "entry-not-signed-yet"
        done = write_bundle(database, keys, place, tmp_path / "bundle")
        assert (done.entries, done.unsigned, done.head.size, done.heads) == (40, 2, 40, 3)
        assert done.size == (tmp_path / "bundle" / "entries.jsonl").stat().st_size
        with pytest.raises(CustodyError) as used:
            write_bundle(database, keys, place, tmp_path / "bundle")
        assert used.value.code == "export-folder-not-empty"


def test_a_log_that_was_never_signed_is_not_exported(tmp_path: Path) -> None:
    """Without a head nothing could be checked."""
    database = open_database(f"sqlite:///{tmp_path / 'log.sqlite3'}")
    schema.upgrade(database)
    keys = signing.open_keys(tmp_path / "keys", ORIGIN)
    with pytest.raises(CustodyError) as refused:
        write_bundle(database, keys, tmp_path / "heads", tmp_path / "bundle")
    database.close()
    assert refused.value.code == "head-missing"


def test_a_damaged_log_is_exported_as_evidence_and_its_verifier_says_what_is_wrong(tmp_path: Path) -> None:
    """A foreign newest head and a changed entry do not stop the export; both are named afterwards."""
    with log_of_forty(tmp_path) as (database, keys, place):
        statements = [
            "UPDATE ledger_entry SET body = body('other') WHERE seq = 12",
            "INSERT INTO ledger_checkpoint VALUES (41, foreign_note(41), 'asked')",
        ]
        forge(tmp_path / "log.sqlite3", {"sql": statements}, keys)
        assert write_bundle(database, keys, place, tmp_path / "bundle").entries == 40
    code, told = run(tmp_path / "bundle")
    assert (code, "entry-changed: dòng 12 " in told, "head-foreign-key" in told) == (1, True, True), told
