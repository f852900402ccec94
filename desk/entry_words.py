"""The words for kinds of entries and for states of dossiers, in both languages through the catalogue."""

from __future__ import annotations

from desk.words import Words


def kind_in_words(kind: str, t: Words, to: str = "") -> str:
    """Return what an entry of a kind did; `to` is where a moved dossier went. An unknown kind as it is."""
    words = {
        "package-drafted": t("was begun"),
        "package-packed": t("was packed after two counts"),
        "package-sealed": t("sealed"),
        "package-relabelled": t("was labelled anew"),
        "package-placed": t("was moved"),
        "package-checked": t("seals checked"),
        "package-dispatched": t("was sent"),
        "package-received": t("was received"),
        "package-refused": t("refused, back at the sender"),
        "package-opened": t("was opened"),
        "package-resealed": t("sealed again"),
        "package-emptied": t("emptied"),
        "package-suspected": t("reported as doubtful"),
        "package-cleared": t("cleared of doubt"),
        "package-missed": t("reported missing"),
        "package-found": t("was found"),
        "package-lost": t("declared lost"),
        "package-handed-out": t("handed out"),
        "package-voided": t("was given up"),
        "dossiers-registered": t("was registered"),
        "dossier-amended": t("leaves corrected"),
        "dossier-moved": t("was moved"),
        "dossier-moved/shelf": t("put on a shelf"),
        "dossier-moved/package": t("put into a package"),
        "dossier-moved/station": t("signed out to a station"),
        "dossier-moved/review": t("put up for review"),
        "dossier-moved/destroyed": t("was destroyed"),
        "dossier-moved/receiver": t("was transferred"),
        "dossier-lent": t("was lent"),
        "dossier-returned": t("returned from loan"),
        "dossier-found": t("was found"),
        "dossier-missing": t("reported missing"),
        "hold-set": t("hold set"),
        "hold-lifted": t("hold lifted"),
        "scans-filed": t("scan filed by hand"),
        "scans-unfiled": t("scan taken away by hand"),
        "scans-reviewed": t("scans reviewed"),
        **_duty_in_words(t),
        **_log_in_words(t),
    }
    return words.get(f"{kind}/{to}" if to else kind, kind)


def _duty_in_words(t: Words) -> dict[str, str]:
    return {
        "shift-planned": t("duty plan published"),
        "shift-started": t("took up the post"),
        "shift-left": t("left the post"),
        "relief-count": t("counted blind at the hand-over"),
        "handed-over": t("shift handed over"),
        "round-planned": t("plan of rounds published"),
        "round-plan-stopped": t("plan of rounds stopped"),
        "round-started": t("round begun"),
        "point-scanned": t("point of the round scanned"),
        "round-ended": t("round ended"),
        "round-missed": t("round missed"),
        "visitor-in": t("visitor came in"),
        "visitor-out": t("visitor left"),
        "key-taken": t("key taken"),
        "key-returned": t("key returned"),
        "incident-opened": t("incident reported"),
        "incident-closed": t("incident closed"),
        "paper-entry": t("paper record keyed in"),
        "stocktake-opened": t("stocktake opened"),
        "stocktake-counted": t("counted in a stocktake"),
        "stocktake-closed": t("stocktake closed"),
        "roll-issued": t("roll of seals issued"),
        "seal-spoiled": t("seal spoiled"),
    }


def _log_in_words(t: Words) -> dict[str, str]:
    return {
        "log-opened": t("log begun"),
        "log-checkpointed": t("signed head announced"),
        "log-clock-warning": t("clock was wrong"),
        "log-corrected": t("earlier entry corrected"),
        "log-holdings-digest": t("scans of the day pinned"),
        "log-key-rotated": t("new signing key"),
        "log-loss-accepted": t("loss of entries accepted"),
        "log-verified": t("whole log checked"),
    }


def dossier_state_in_words(state: str, t: Words) -> str:
    """Return the word for a state of a dossier; an unknown one as it is."""
    words = {
        "registered": t("registered, not placed yet"),
        "on-shelf": t("on a shelf"),
        "in-package": t("in a package"),
        "at-station": t("at a station"),
        "on-loan": t("on loan"),
        "found": t("found, not placed yet"),
        "unregistered": t("found, not registered"),
        "missing": t("missing"),
        "in-review": t("under review"),
        "destroyed": t("destroyed for good"),
        "transferred": t("transferred for good"),
    }
    return words.get(state, state)
