"""One transaction around several: what would commit by itself commits with everything else, or not at all.

A request that is done once and answered many times (desk/web/once.py) must keep its answer in the transaction that
does it. The calls in between open their own `atomic()`; over a Joined database those become savepoints of one outer
transaction, which begins with the first of them and takes `first` into it.

    joined = Joined(database.engine, begin)
    with joined.whole():
        ...                                   # any calls that take a Database
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection
from sqlmodel import Session

from archive.database import Database

Begin = Callable[[Session], None]


@dataclass(frozen=True)
class Joined(Database):
    """A database whose transactions are parts of one; for one request in one thread.

    `begin` runs first inside the outer transaction; what it raises ends that transaction without a trace.
    """

    begin: Begin = lambda _session: None
    _stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    _open: list[Connection] = field(default_factory=list)

    @contextlib.contextmanager
    def whole(self) -> Iterator[None]:
        """Hold the outer transaction: it commits when the block ends well and is rolled back otherwise."""
        with self._stack:
            try:
                yield
            finally:
                self._open.clear()

    @property
    def has_begun(self) -> bool:
        """Whether anything was written by now."""
        return bool(self._open)

    @contextlib.contextmanager
    def atomic(self) -> Iterator[Session]:
        """Open a savepoint of the outer transaction, which begins here if it has not."""
        if not self._open:
            connection = self._stack.enter_context(self._writing.connect())
            self._stack.enter_context(connection.begin())
            with _part(connection) as session:
                self.begin(session)
            self._open.append(connection)
        with _part(self._open[0]) as session:
            yield session
            session.flush()

    @contextlib.contextmanager
    def outside(self) -> Iterator[Session]:
        """Open a transaction of its own where nothing was written yet, else a savepoint."""
        with self.atomic() if self._open else super().atomic() as session:
            yield session

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """Read what the outer transaction wrote by now, or as ever where it has not begun."""
        if not self._open:
            with super().reading() as session:
                yield session
            return
        with Session(bind=self._open[0], expire_on_commit=False, join_transaction_mode="rollback_only") as session:
            yield session


@contextlib.contextmanager
def _part(connection: Connection) -> Iterator[Session]:
    with (
        connection.begin_nested(),
        Session(bind=connection, expire_on_commit=False, join_transaction_mode="rollback_only") as session,
    ):
        yield session
        session.flush()
