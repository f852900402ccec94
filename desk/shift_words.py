"""What can differ in a hand-over, in words."""

from __future__ import annotations

from collections.abc import Mapping

from desk.cli.spoken import mark

DIFFERENCES: Mapping[str, str] = {
    "missing": mark("not found"),
    "unknown": mark("no such package"),
    "unexpected": mark("belongs elsewhere"),
    "found": mark("was reported missing"),
    "wrong-place": mark("at another place"),
    "seal-damaged": mark("seal damaged"),
    "seal-broken": mark("seal broken"),
    "seal-missing": mark("seal gone"),
}
# Why nobody answers for a post without guards.
NOBODY = mark("nobody: none was planned, and the last guard was relieved or there was none")
