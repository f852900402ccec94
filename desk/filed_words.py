"""Words about what is filed under dossiers: parts of scans, and how far dossiers are digitized."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from archive.parts import show_range
from desk.messages import explain
from desk.words import Words

if TYPE_CHECKING:
    from desk.digitizing import Progress, Share


def part_lines(parts: Iterable[Mapping[str, Any]], t: Words) -> Iterator[str]:
    """Yield one line for each part: its pages, its dossier and how it came there, or why a person must look."""
    ways = {"cover": t("by its cover sheet"), "name": t("by the file name")}
    for each in parts:
        pages = show_range(each["first_page"], each["last_page"])
        if each["dossier"] is None:
            facts = {"code": each["code"].removeprefix("?"), "pages": pages}
            told = explain(str(each["reason"]), facts, t.lang)
            yield t("Pages {pages}: {what}", pages=pages, what=told.what) + f" {told.next}"
        else:
            how = ways.get(each["how"]) or t("by {person}", person=each["by"])
            yield t("Pages {pages}: dossier {dossier}, {how}", pages=pages, dossier=each["dossier"], how=how)


def progress_lines(each: Progress, t: Words) -> Iterator[str]:
    """Yield the line of one dossier, green or red, and below it what differs."""
    sign = "✓" if each.is_digitized else "✗" if each.differences else "–"
    told = t(
        "{dossier}: {state}; leaves {leaves}, pages {pages} (blank {blanks})",
        dossier=each.dossier,
        state=state_in_words(each.state, t),
        leaves=each.leaves,
        pages=each.pages,
        blanks=each.blanks,
    )
    yield f"{sign} {told}"
    if each.went >= 0:
        back = each.came if each.came >= 0 else None
        yield "    " + t("Leaves counted out {out}, back {back}", out=each.went, back=back)
    if each.checked_by:
        yield "    " + t(
            "Checked by {checker}, approved by {approver}",
            checker=each.checked_by,
            approver=each.approved_by or None,
        )
    if each.reason:
        yield "    " + t("Accepted because: {reason}", reason=each.reason)
    for finding in each.differences:
        yield "    " + explain(finding.code, finding.facts, t.lang).what


def share_line(share: Share, t: Words) -> str:
    """Return the one line a box is asked for: how many of its dossiers are digitized."""
    return t("{digitized} of {dossiers} dossiers digitized", digitized=share.digitized, dossiers=share.dossiers)


def state_in_words(state: str, t: Words) -> str:
    """Return a state of digitization as people say it."""
    words = {
        "none": t("no scan yet"),
        "scanned": t("scanned, not read yet"),
        "read": t("read"),
        "checked": t("checked"),
        "approved": t("approved"),
    }
    return words[state]
