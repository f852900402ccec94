"""I1–I20: if these hold, no document is lost. Each is a function from facts to what breaks it.

    for verdict in judge(Facts(state, now)):
        verdict.number, verdict.outcome, verdict.findings, verdict.evidence

A verdict is "holds", "breached", "answered" where all that was found has its answer, or "no-facts" where nothing was
handed in to judge by: that is never called green.
Those about guards and stocktakes (I5, I11, I12, I13) take their findings from whoever keeps those facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from custody import invariants_paper as paper
from custody.errors import Finding
from custody.scanned import Scanned
from custody.state import State

HOLDS, BREACHED, ANSWERED, NO_FACTS = "holds", "breached", "answered", "no-facts"
# What each invariant is called where people see it; the words stand in the catalogue under these codes.
NAMES: Mapping[int, str] = {
    1: "conservation",
    2: "one-place",
    3: "one-custodian",
    4: "unbroken-chain",
    5: "guard-cover",
    6: "seal-numbers",
    7: "sealed-whole",
    8: "opened-by-authority",
    9: "contents-frozen",
    10: "deadlines",
    11: "hand-overs",
    12: "stocktakes",
    13: "rounds",
    14: "ledger",
    15: "device-streams",
    16: "codes-once",
    17: "intake-complete",
    18: "fixity",
    19: "pages-as-leaves",
    20: "destruction-and-loans",
}
DEVICE_CODES = frozenset({"device-gap"})


@dataclass(frozen=True)
class Intake:
    """What became of the files that entered the inbox, as counts; `without_reason` are set aside and unexplained."""

    entered: int
    scans: int
    duplicates: int
    aside: int
    without_reason: int = 0


@dataclass(frozen=True)
class Fixity:
    """What the schedule of re-reading scans found: how many there are, and the names of those that fail or are late."""

    scans: int
    failed: tuple[str, ...] = ()
    overdue: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """All that is judged; None where there is nothing to judge by.

    `ledger` is what the check of the log found, `pages` what was scanned by dossier, `duty` the findings about
    guards, stocktakes, numbers on paper and the scans pinned in the log, by the number of their invariant.
    """

    state: State
    now: datetime
    ledger: Sequence[Finding] | None = None
    intake: Intake | None = None
    fixity: Fixity | None = None
    pages: Mapping[str, Scanned] | None = None
    duty: Mapping[int, Sequence[Finding]] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """One invariant judged: what breaks it, and how much was looked at."""

    number: int
    outcome: str
    findings: tuple[Finding, ...] = ()
    evidence: Mapping[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the kebab-case name of the invariant."""
        return NAMES[self.number]


Judgement = Callable[[Facts], Iterator[Finding] | None]


def judge(facts: Facts) -> list[Verdict]:
    """Judge all twenty, in order."""
    return [_judge_one(number, facts) for number in NAMES]


def _judge_one(number: int, facts: Facts) -> Verdict:
    judged = RULES[number](facts) if number in RULES else _duty(number, facts)
    if judged is None:
        return Verdict(number, NO_FACTS)
    findings = tuple(judged)
    return Verdict(number, _outcome(findings), findings, _evidence(number, facts))


def _outcome(findings: Sequence[Finding]) -> str:
    if any(not each.answered for each in findings):
        return BREACHED
    return ANSWERED if findings else HOLDS


def _evidence(number: int, facts: Facts) -> Mapping[str, int]:
    """Return how much was looked at."""
    state = facts.state
    if number == 1:
        totals = state.totals()
        return {"dossiers": totals.dossiers, "leaves": totals.leaves}
    if number in {2, 20}:
        return {"dossiers": len(state.all_dossiers())}
    if number in {3, 4, 7, 8, 9}:
        return {"packages": len(state.packages())}
    if number == 6:
        return {"rolls": len(state.all_rolls()), "seals": sum(each.size for each in state.all_rolls())}
    if number in {10, 16}:
        return {"packages": len(state.packages()), "dossiers": len(state.all_dossiers())}
    if number == 17 and facts.intake:
        return {"files": facts.intake.entered}
    if number == 18 and facts.fixity:
        return {"scans": facts.fixity.scans}
    if number == 19 and facts.pages is not None:
        return {"dossiers": len(facts.pages), "pages": sum(each.pages for each in facts.pages.values())}
    return {}


def _duty(number: int, facts: Facts) -> Iterator[Finding] | None:
    return iter(facts.duty[number]) if number in facts.duty else None


def _ledger(facts: Facts) -> Iterator[Finding] | None:
    """I14: the log is contiguous and only added to, its root is signed, each head continues the one before."""
    if facts.ledger is None:
        return None
    return (each for each in facts.ledger if each.code not in DEVICE_CODES)


def _devices(facts: Facts) -> Iterator[Finding] | None:
    """I15: no phone's own numbers have a gap; none lost an entry, and none holds any in silence."""
    if facts.ledger is None:
        return None
    gaps = [each for each in facts.ledger if each.code in DEVICE_CODES]
    return iter([*gaps, *facts.duty.get(15, ())])


def _intake(facts: Facts) -> Iterator[Finding] | None:
    """I17: files in = scans + duplicates + set aside, and each set aside has its reason."""
    return None if facts.intake is None else _count_intake(facts.intake)


def _count_intake(seen: Intake) -> Iterator[Finding]:
    if seen.entered != seen.scans + seen.duplicates + seen.aside:
        yield Finding(
            "files-unaccounted",
            facts={"entered": seen.entered, "scans": seen.scans, "duplicates": seen.duplicates, "aside": seen.aside},
        )
    if seen.without_reason:
        yield Finding("aside-without-reason", facts={"count": seen.without_reason})


def _fixity(facts: Facts) -> Iterator[Finding] | None:
    """I18: every scan still has its SHA-256, looked at on schedule; those of the last night are those in the log."""
    seen = facts.fixity
    if seen is None:
        return None
    failed = [Finding("scan-fixity-failed", facts={"scan": each}) for each in seen.failed]
    late = (Finding("scan-fixity-overdue", facts={"scan": each}) for each in seen.overdue)
    return iter([*failed, *late, *facts.duty.get(18, ())])


def _pages(facts: Facts) -> Iterator[Finding] | None:
    """I19: a dossier's leaves are as its scanned pages and the counts on the way to a station and back say."""
    return None if facts.pages is None else paper.pages_as_leaves(facts.state, facts.pages)


RULES: Mapping[int, Judgement] = {
    1: lambda facts: paper.conservation(facts.state),
    2: lambda facts: paper.one_place(facts.state),
    3: lambda facts: paper.one_custodian(facts.state),
    4: lambda facts: paper.unbroken_chain(facts.state),
    6: lambda facts: paper.seal_numbers(facts.state),
    7: lambda facts: paper.sealed_whole(facts.state),
    8: lambda facts: paper.opened_by_authority(facts.state, facts.now),
    9: lambda facts: paper.contents_frozen(facts.state),
    10: lambda facts: paper.deadlines(facts.state, facts.now),
    14: _ledger,
    15: _devices,
    16: lambda facts: chain(paper.codes_once(facts.state), facts.duty.get(16, ())),
    17: _intake,
    18: _fixity,
    19: _pages,
    20: lambda facts: paper.destruction_and_loans(facts.state),
}
