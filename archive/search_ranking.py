"""What relevance may cost: which of the asked words are ranked by.

bm25 weighs a word by the number of pages it stands on, and FTS5 finds that number by walking through all of them,
for each word asked and each filter, however few pages fit in the end.
A word on more than half of the pages has no weight in bm25 anyway. So where the walk would be long, only the rarest
words are ranked by, as many as the walk has room for.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlmodel import Session, col

from archive.index_tables import WordRow
from archive.search_filter import Filter
from archive.search_query import Clause
from archive.tables import Page

# Entries of the index that ranking may walk through.
LONGEST_WALK = 60_000
# Pages on which a code is taken to stand.
OF_A_CODE = 100


def choose_clauses(session: Session, asked: Sequence[Clause], bounds: Filter) -> tuple[list[Clause], bool]:
    """Return the conditions to rank by, and whether they are all there are, so that the filter may be asked with them.

    Empty when every word is too common to tell pages apart.
    """
    pages = session.execute(select(func.max(col(Page.id)))).scalar_one() or 0
    words = {word for clause in asked for option in clause.options for word in option}
    seen = _count_pages(session, words, pages)
    costs = [(sum(seen[word] for option in clause.options for word in option), clause) for clause in asked]
    filters = pages * sum(len(group) for group in bounds.marks())
    if sum(cost for cost, _ in costs) + filters <= LONGEST_WALK:
        return list(asked), True
    chosen: list[Clause] = []
    walk = 0
    for cost, clause in sorted(costs, key=lambda each: each[0]):
        walk += cost
        if walk > LONGEST_WALK:
            break
        if not clause.absent:
            chosen.append(clause)
    return chosen, False


def _count_pages(session: Session, words: set[str], pages: int) -> dict[str, int]:
    """On about how many pages each word stands: what was noted of it, whatever its accents."""
    query = select(col(WordRow.folded), func.sum(col(WordRow.seen))).where(col(WordRow.folded).in_(sorted(words)))
    noted = {folded: min(int(count), pages) for folded, count in session.execute(query.group_by(col(WordRow.folded)))}
    # Codes and long numbers are rare; short numbers and single letters are not noted and may stand anywhere.
    return {word: noted.get(word, OF_A_CODE if len(word) > 4 else pages) for word in words}
