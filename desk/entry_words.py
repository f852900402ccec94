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
        "package-opened": t("opened"),
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
    }
    return words.get(f"{kind}/{to}" if to else kind, kind)


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
