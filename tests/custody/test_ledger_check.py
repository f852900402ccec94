"""Every way to tamper with the log is found by its name, with the first bad entry and the last one proven good.

Each case is a folder under fixtures/ named by the code it must be found under: damage.json tells what the forger
does, expected.json what the check must say.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from custody import checking, witness
from custody.errors import CustodyError
from custody.projections import Replay
from tests.custody.damage import ATTACHMENT, ORIGIN, append, append_from_phone, forge, log_of_an_office, log_of_forty

FIXTURES = Path(__file__).parent / "fixtures"
CASES = sorted(path.parent.relative_to(FIXTURES).as_posix() for path in FIXTURES.rglob("damage.json"))
# The codes the check promises; one that has no folder would be untested.
PROMISED = {
    "entry-changed", "entry-removed", "entry-inserted", "entries-swapped", "entry-replaced", "entry-kind-differs",
    "tree-damaged", "tail-rewritten", "database-rolled-back", "trigger-missing", "attachment-missing",
    "attachment-changed", "device-gap", "head-foreign-key", "heads-fork", "cosignature-forged", "projection-differs",
    "head-broken", "head-old-key", "lost-head-missing", "neighbour-holds-longer-head", "neighbour-contradicts",
    "entry-unreadable",
}  # fmt: skip  # one list of names


def run_check(home: Path, damage: dict[str, object] | None) -> checking.Report:
    """Make the log, let the forger work, and check it."""
    is_office = bool(damage and damage.get("office"))
    with (log_of_an_office if is_office else log_of_forty)(home) as (database, keys, place):
        if damage and "device" in damage:
            append_from_phone(database, damage["device"])  # type: ignore[arg-type]  # a list of numbers
        if damage and "append" in damage:
            append(database, damage["append"], keys if damage.get("sign") else None)  # type: ignore[arg-type]
        if damage:
            forge(home / "log.sqlite3", damage, keys)
        state = str(damage.get("attachment", "")) if damage else ""
        with database.reading() as session:
            return checking.check(
                session,
                keys.known,
                ORIGIN,
                [held.note for held in witness.held_heads(place)],
                attachments=lambda sha256: state if sha256 == ATTACHMENT else "missing",
                replay=Replay() if is_office else None,
                lost=(),
            )


def test_a_sound_log_has_no_finding_and_is_proven_to_its_end(tmp_path: Path) -> None:
    """Nothing is found where nothing was done."""
    report = run_check(tmp_path, None)
    assert report.findings == ()
    assert (report.size, report.proven) == (40, 39)


def test_every_promised_code_has_a_case() -> None:
    """The list in the module's docstring, the promise, the documentation and the folders are one."""
    assert {case.split("/")[0] for case in CASES} == PROMISED
    assert set(re.findall(r"[a-z]+(?:-[a-z]+)+", (checking.__doc__ or "").partition("Codes:")[2])) == PROMISED
    told = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")
    assert {each for each in PROMISED if f"`{each}`" not in told} == set()


@pytest.mark.parametrize("case", CASES)
def test_tampering_is_named_with_its_first_bad_entry(case: str, tmp_path: Path) -> None:
    """The finding the folder is named after comes out, about the entry it must be about."""
    damage = json.loads((FIXTURES / case / "damage.json").read_text(encoding="utf-8"))
    expected = json.loads((FIXTURES / case / "expected.json").read_text(encoding="utf-8"))
    report = run_check(tmp_path, damage)
    found = [each for each in report.findings if each.code == expected["code"]]
    assert [(each.entry, each.proven) for each in found] == [(expected["entry"], expected["proven"])], report


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seq=st.integers(0, 39), at=st.integers(0, 200), bit=st.integers(0, 7))
def test_any_flipped_bit_of_any_entry_is_found(
    tmp_path_factory: pytest.TempPathFactory, seq: int, at: int, bit: int
) -> None:
    """Whatever bit of whatever body changes, that entry is named."""
    report = run_check(
        tmp_path_factory.mktemp("log"),
        {
            "sql": [
                "UPDATE ledger_entry SET body = CAST(substr(body, 1, n) || char(unicode(substr(body, n + 1, 1)) ^ b)"
                f" || substr(body, n + 2) AS BLOB) FROM (SELECT {at} % length(body) AS n, {1 << bit} AS b"
                f" FROM ledger_entry WHERE seq = {seq}) WHERE seq = {seq}".replace("^", "+")
            ]
        },
    )
    assert [each.entry for each in report.findings if each.code == "entry-changed"] == [seq]
    assert report.proven == seq - 1


@pytest.mark.parametrize(
    ("case", "code"), [("database-rolled-back", "ledger-behind-head"), ("tail-rewritten", "ledger-differs-from-head")]
)
def test_a_start_with_another_database_is_refused(case: str, code: str, tmp_path: Path) -> None:
    """The second place contradicts it, and the error names the file that does."""
    damage = json.loads((FIXTURES / case / "damage.json").read_text(encoding="utf-8"))
    with log_of_forty(tmp_path) as (database, keys, place):
        with database.reading() as session:
            witness.compare(session, place, keys.known, ORIGIN)
        forge(tmp_path / "log.sqlite3", damage, keys)
        with database.reading() as session, pytest.raises(CustodyError) as refused:
            witness.compare(session, place, keys.known, ORIGIN)
    assert refused.value.code == code
    assert str(refused.value.facts["path"]).endswith("head-000000000040.txt")


def test_a_head_missing_from_the_second_place_after_a_crash_is_copied_again(tmp_path: Path) -> None:
    """The one difference that is repaired."""
    with log_of_forty(tmp_path) as (database, keys, place):
        (place / "head-000000000040.txt").unlink()
        with database.reading() as session:
            witness.compare(session, place, keys.known, ORIGIN)
            assert witness.copy_heads(session, place) == 1
            assert witness.copy_heads(session, place) == 0
        assert [held.size for held in witness.held_heads(place)] == [10, 25, 40]


def test_what_the_check_cannot_see_is_known(tmp_path: Path) -> None:
    """Database and second place both put back to the same older state look sound: paper and neighbours are for that."""
    damage = {
        "sql": ["DELETE FROM ledger_entry WHERE seq >= 25", "DELETE FROM ledger_checkpoint WHERE size > 25"],
        "rehash": True,
    }
    with log_of_forty(tmp_path) as (database, keys, place):
        forge(tmp_path / "log.sqlite3", damage, keys)
        (place / "head-000000000040.txt").unlink()
        with database.reading() as session:
            held = [each.note for each in witness.held_heads(place)]
            report = checking.check(session, keys.known, ORIGIN, held)
    assert report.findings == ()
    assert report.size == 25


@pytest.mark.parametrize("body", ["7", "[]", '{"kind":7,"attachments":3}', "[" * 5000])
def test_an_entry_that_is_no_entry_is_a_finding_and_no_crash(body: str, tmp_path: Path) -> None:
    """Whatever stands in the column, the check goes on to its end."""
    report = run_check(tmp_path, {"sql": [f"UPDATE ledger_entry SET body = CAST('{body}' AS BLOB) WHERE seq = 12"]})
    assert ("entry-changed", 12) in {(each.code, each.entry) for each in report.findings}
