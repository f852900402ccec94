"""A forked process that does one thing and is killed for real after a named effect of it.

It tells each effect by its name over a pipe: every row written, every commit, every file opened for writing, synced,
named, linked or removed. A first run that lives gives the names, so that none is left untried.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from desk.office import Office

FORK = multiprocessing.get_context("fork")
Act = Callable[[Office], object]
Opens = Callable[[], Office]


@dataclass
class Child:
    """What runs in the forked process: the act, its effects told over a pipe, and the death after the named one."""

    opens: Opens
    act: Act
    deadly: str
    pipe: Connection
    seen: dict[str, int] = field(default_factory=dict)
    begun: bool = False

    def run(self) -> None:
        """Do the act."""
        self.listen()
        office = self.opens()
        self.pipe.send("begin")
        self.seen, self.begun = {}, True
        self.act(office)
        self.reach("returned")

    def reach(self, name: str) -> None:
        """Tell of an effect, and die where it is the named one."""
        if not self.begun:
            return
        self.seen[name] = self.seen.get(name, 0) + 1
        step = name if self.seen[name] == 1 else f"{name}-{self.seen[name]}"
        self.pipe.send(step)
        if step == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)

    def listen(self) -> None:
        """Wrap everything that leaves a mark."""

        def after(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if statement.startswith(("INSERT INTO ", "UPDATE ", "DELETE FROM ")):
                verb, table = (
                    statement.split()[0].lower(),
                    statement.replace("INTO ", "").replace("FROM ", "").split()[1],
                )
                self.reach(f"{verb} {table}")

        event.listen(Engine, "after_cursor_execute", after)
        event.listen(Engine, "commit", self.note_commit)
        for owner, name in (
            (os, "fsync"), (os, "link"), (Path, "replace"), (Path, "mkdir"), (Path, "unlink"), (Path, "open"),
        ):  # fmt: skip  # pairs
            self.wrap(owner, name)

    def note_commit(self, connection: Any) -> None:
        """Tell that a writing transaction is about to be committed."""
        if connection.get_execution_options().get("luutru_writes"):
            self.reach("commit")

    def wrap(self, owner: Any, name: str) -> None:
        """Tell of each call of one function, after it."""
        original = getattr(owner, name)

        def does(*given: Any, **more: Any) -> Any:
            outcome = original(*given, **more)
            if name != "open" or any("w" in str(each) for each in given[1:2]):
                self.reach(name)
            return outcome

        setattr(owner, name, does)


def run(opens: Opens, act: Act, deadly: str = "") -> list[str]:
    """Do an act in a process of its own; return its effects. It must have died where it was told to."""
    here, there = FORK.Pipe(duplex=False)
    process = FORK.Process(target=Child(opens, act, deadly, there).run)
    process.start()
    there.close()
    told = list(_drain(here))
    process.join(60)
    assert process.exitcode == (-signal.SIGKILL if deadly else 0), told
    return told[told.index("begin") + 1 :]


def _drain(pipe: Connection) -> Iterator[str]:
    try:
        while True:
            yield pipe.recv()
    except EOFError:
        return
