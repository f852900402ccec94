"""A log of forty entries with three heads, and a forger who owns the database file."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pysqlite3

from archive import schema
from archive.database import Database, open_database
from custody import checkpoint, cosignature, ledger, merkle, notes, signing, witness
from custody.canonical import encode
from custody.checkpoint import Checkpoint
from custody.ledger_tables import CheckpointRow
from custody.signing import Keys
from tests.custody.office_day import Day

ORIGIN = "luutru/phuong-01"
HEADS = (10, 25, 40)
ATTACHMENT = "ab" * 32


def body_of(number: int) -> bytes:
    """Return the entry with that number; the twelfth names an attachment."""
    more = {"attachments": [ATTACHMENT]} if number == 12 else {}
    return encode({"kind": "opened", "number": number, "why": "test", **more})


@contextlib.contextmanager
def log_of_forty(home: Path) -> Iterator[tuple[Database, Keys, Path]]:
    """Give a database with forty entries, its keys, and the second place with the heads."""
    database = open_database(f"sqlite:///{home / 'log.sqlite3'}")
    schema.upgrade(database)
    keys = signing.open_keys(home / "keys", ORIGIN)
    for end in HEADS:
        with database.atomic() as session:
            start = ledger.size(session)
            ledger.append(session, [body_of(number) for number in range(start, end)])
            signing.sign_head(session, keys, "asked")
    with database.reading() as session:
        witness.copy_heads(session, home / "heads")
    yield database, keys, home / "heads"
    database.close()


@contextlib.contextmanager
def log_of_an_office(home: Path) -> Iterator[tuple[Database, Keys, Path]]:
    """Give a database with the log and the state of a real day: a box packed, sealed and opened, heads at two sizes."""
    database = open_database(f"sqlite:///{home / 'log.sqlite3'}")
    schema.upgrade(database)
    keys, day = signing.open_keys(home / "keys", ORIGIN), Day(database)
    day.sealed_box()
    with database.atomic() as session:
        signing.sign_head(session, keys, "asked")
    day.open_box()
    with database.atomic() as session:
        signing.sign_head(session, keys, "asked")
    with database.reading() as session:
        witness.copy_heads(session, home / "heads")
    yield database, keys, home / "heads"
    database.close()


def append_from_phone(database: Database, numbers: list[int]) -> None:
    """Append entries of one phone that carry its own numbers."""
    entries = [encode({"kind": "point-scanned", "device": "phone-1", "device_seq": number}) for number in numbers]
    with database.atomic() as session:
        ledger.append(session, entries)


def append(database: Database, told: list[dict[str, Any]], keys: Keys | None) -> None:
    """Append entries as a foreign program might; where there are keys, sign a head over them, which ours may refuse."""
    with database.atomic() as session:
        ledger.append(session, [encode(each) for each in told])
        if keys is not None:
            head = Checkpoint(ORIGIN, size := ledger.size(session), ledger.root(session))
            session.add(CheckpointRow(size=size, note=checkpoint.sign(head, keys.signers), reason="asked"))


def forge(path: Path, damage: dict[str, Any], keys: Keys) -> None:
    """Change the database file as its owner can: triggers off, statements, hashes made anew, triggers on again."""
    connection = pysqlite3.connect(str(path), isolation_level=None)
    connection.create_function("body", 1, lambda why: encode({"kind": "opened", "number": 0, "why": why}))
    connection.create_function("leaf", 1, merkle.leaf_hash)
    connection.create_function("foreign_note", 1, lambda size: _note(size, (notes.new_key(ORIGIN),)))
    stranger = notes.new_key("luutru/phuong-02/witness", notes.COSIGNATURE)
    connection.create_function("neighbour_key", 0, lambda: str(stranger.verifier))
    connection.create_function("neighbour_line", 1, lambda text: cosignature.cosign(text, stranger, 1767574800))
    connection.create_function("forked_note", 1, lambda size: _note(size, keys.signers))
    triggers = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
    kept = set(damage.get("keep", ()))
    for name in triggers.keys() - kept:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in damage["sql"]:
        connection.execute(statement)
    if damage.get("rehash"):
        _hash_anew(connection)
    for name, sql in triggers.items():
        if name != damage.get("drop") and name not in kept:
            connection.execute(sql)
    connection.close()


def _note(size: int, signers: tuple[notes.SignerKey, ...]) -> str:
    return checkpoint.sign(Checkpoint(ORIGIN, size, merkle.leaf_hash(b"another root")), signers)


def _hash_anew(connection: Any) -> None:
    connection.execute("UPDATE ledger_entry SET leaf = leaf(body)")
    connection.execute("DELETE FROM ledger_node")
    leaves = [row[0] for row in connection.execute("SELECT leaf FROM ledger_entry ORDER BY seq")]
    nodes: dict[tuple[int, int], bytes] = {}
    for seq, leaf in enumerate(leaves):
        for level, index, hashed in merkle.grow(seq, leaf, lambda *at: nodes[at]):
            nodes[level, index] = hashed
    rows = [(level, index, hashed) for (level, index), hashed in nodes.items() if level]
    connection.executemany("INSERT INTO ledger_node VALUES (?, ?, ?)", rows)
