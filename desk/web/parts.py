"""What the pages ask of the other rooms of the house, in one place."""

from __future__ import annotations

from archive.arrivals import Balance
from archive.search import Hit, Query, Results, matching_words, search
from desk.intaking import try_again
from desk.office import Office
from desk.standing import balance_of

__all__ = ["Balance", "Hit", "Query", "Results", "balance", "matching_words", "retry_aside", "search"]


def balance(office: Office) -> Balance:
    """Count every file ever seen, from the database and the folders."""
    return balance_of(office)


def retry_aside(office: Office, public_id: str) -> None:
    """Put a set-aside file back into the inbox."""
    try_again(office, public_id)
