"""A desk is killed for real between every two effects of an act: there is no half of it, and the log still checks.

A forked child does the act and reports each effect by its name: every row written, every commit, every file opened,
synced, named, linked or removed. The first run lives and its names are the steps that are tried, so none is left out.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from custody import entries_package as package
from custody import ledger
from custody.entries_seals import RollIssued, SealSpoiled
from custody.manifest import digest_of
from custody.projections import Projections, fold, load
from custody.rules import Signer
from desk import custodial, ledger_acts, ledgering
from desk.office import Office, open_office, prepare
from tests.custody.office_day import BOX, CHU, LAN, MINH, STAFF, TUAN, Day
from tests.faults import dying
from tests.faults.dying import Act


@pytest.fixture(autouse=True)
def signs_by_code(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the staff of the tests sign without PINs."""
    monkeypatch.setattr(custodial, "authenticate", lambda _office, code, _pin: STAFF[code])


def names(*signers: Signer) -> list[tuple[str, str]]:
    """Return signers as commands name them."""
    return [(each.code, "") for each in signers]


def seal_box(office: Office) -> object:
    """Seal the packed box: entry, package, seal and roll change together."""

    def make(holdings: Projections) -> package.PackageSealed:
        digest = digest_of(BOX, holdings.contents(BOX))
        return package.PackageSealed(BOX, "LAN", "TUAN", ("A0001",), "G1", "K1", digest)

    return custodial.act(office, make, names(TUAN, LAN))


def spoil(office: Office) -> object:
    """Spoil a seal."""
    return custodial.act(office, lambda _: SealSpoiled("A0002", "torn"), names(LAN))


def draft(office: Office) -> object:
    """Begin another box."""
    return custodial.act(office, lambda _: package.PackageDrafted("BOX2", "LAN"), names(LAN))


def issue(office: Office) -> object:
    """Issue another roll."""
    return custodial.act(office, lambda _: RollIssued("R2", "B", 1, 9, 2), names(TUAN))


def rotate(office: Office) -> object:
    """Exchange the log's key."""
    return ledger_acts.rotate(office, names(CHU))


def accept(office: Office) -> object:
    """Accept the loss of what the second place proves."""
    return ledger_acts.accept_loss(office, "12/QĐ", names(CHU, MINH))


ACTS: dict[str, Act] = {
    each.__name__: each for each in (seal_box, spoil, draft, issue, rotate, accept)
}  # fmt: skip  # one table


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give two stations: one with a packed box and a head, and one that was put back to before its newest head."""
    room = tmp_path_factory.mktemp("homes")
    home = room / "whole"
    prepare(home, {})
    office = open_office(home, {})
    day = Day(office.database)
    day.register("P01.1", "P01.2")
    day.issue()
    day.fill("P01.1", "P01.2")
    day.pack()
    ledgering.sign_head(office)
    office.close()
    shutil.copytree(home, room / "put-back")
    later = open_office(room / "put-back", {})
    Day(later.database, day.now).write(SealSpoiled("A0003", "torn"), LAN)
    ledgering.sign_head(later)
    later.close()
    shutil.copy(home / "archive.sqlite3", room / "put-back" / "archive.sqlite3")
    return {"whole": home, "put-back": room / "put-back"}


def run(home: Path, act: Act, deadly: str = "") -> list[str]:
    """Do an act at a station; return its effects."""
    return dying.run(lambda: open_office(home, {}, distrusting=act is not accept), act, deadly)


def values_of(state: Any) -> set[str]:
    """Return every value of a state as text."""
    kinds = (package_kind for package_kind in _kinds(state))
    return {str(each) for kind in kinds for each in state.every(kind)}


def _kinds(state: Any) -> list[type]:
    return list(state._values)


@pytest.mark.parametrize("name", sorted(ACTS))
def test_a_kill_between_any_two_effects_leaves_all_of_the_act_or_nothing(
    name: str, homes: dict[str, Path], tmp_path: Path
) -> None:
    """Afterwards: entries and state agree, the log checks, the second place agrees, and the act can be done again."""
    source, act = homes["put-back" if name == "accept" else "whole"], ACTS[name]
    steps = run(Path(shutil.copytree(source, tmp_path / "lives")), act)
    assert len(steps) > 3
    assert len(set(steps)) == len(steps)
    for number, step in enumerate(steps):
        home = Path(shutil.copytree(source, tmp_path / f"dies-{number}"))
        # Told just before the engine commits: dead there, nothing was; dead at anything later, all of it was.
        committed = "commit" in run(home, act, step)[:-1]
        office = open_office(home, {}, distrusting=not (name == "accept" and not committed))
        with office.database.reading() as session:
            size = ledger.size(session)
            assert values_of(load(session)) == values_of(fold(session)), step
        report = ledgering.check(office, lambda _done, _all: None)
        codes = {each.code for each in report.findings}
        assert codes == ({"database-rolled-back"} if name == "accept" and not committed else set()), (step, report)
        if not committed:
            before = act(office)
            assert before is not None
        with office.database.reading() as session:
            grown = ledger.size(session)
        assert ledgering.check(office, lambda _done, _all: None).findings == (), step
        ledgering.compare_with_second_place(office.settings, office.database)
        office.close()
        assert grown - size == (0 if committed else 1), step
        shutil.rmtree(home)
