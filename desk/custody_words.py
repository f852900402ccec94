"""The words for the states of packages, in both languages through the catalogue."""

from __future__ import annotations

from desk.words import Words


def state_in_words(state: str, t: Words) -> str:
    """Return the word for a state; an unknown one as it is."""
    words = {
        "draft": t("being packed"),
        "packed": t("packed, not sealed"),
        "sealed": t("sealed"),
        "in-transit": t("on its way"),
        "opened": t("opened"),
        "emptied": t("emptied"),
        "suspect": t("in doubt"),
        "missing": t("missing"),
        "lost": t("lost"),
        "handed-out": t("handed out"),
        "void": t("void"),
    }
    return words.get(state, state)
