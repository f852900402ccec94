"""The tables of moves are whole: every row is of a kind that exists, can be checked, and leads somewhere known."""

from __future__ import annotations

from dataclasses import fields

import pytest

from custody import dossier, holdings, needs, needs_dossier, package
from custody.entries import KINDS
from custody.entries_package import PACKAGE_KINDS
from custody.moves import Move

PACKAGE_STATES = holdings.LIVE | {holdings.LOST, holdings.EMPTIED, holdings.HANDED_OUT, holdings.VOID}


@pytest.mark.parametrize("move", [*package.TABLE, *dossier.TABLE], ids=lambda move: move.kind)
def test_a_row_names_only_what_exists(move: Move) -> None:
    """Its kind, states, parties, facts and needs are all known, and somebody signs."""
    kind = KINDS[move.kind.partition("/")[0]]
    facts = {each.name for each in fields(kind)}
    ours = move in package.TABLE
    states = PACKAGE_STATES if ours else holdings.ACCOUNTED
    assert {*move.before, *move.outcomes.values(), *filter(None, [move.after])} <= states
    assert {each.party for each in move.signatures if each.party} <= facts
    assert not move.by_fact or move.by_fact in facts
    assert set(move.needs) - {"register-part"} <= set(needs.NEEDS if ours else needs_dossier.NEEDS)
    assert move.signatures


def test_every_kind_about_packages_has_its_row_and_every_state_but_an_end_a_way_out() -> None:
    """No kind is left without a rule, and nothing gets stuck."""
    assert set(package.MOVES) == {each.KIND for each in PACKAGE_KINDS}
    ends = {holdings.LOST, holdings.EMPTIED, holdings.HANDED_OUT, holdings.VOID}
    assert {state for move in package.TABLE for state in move.before} == PACKAGE_STATES - ends
