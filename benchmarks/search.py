"""How long questions take at many pages, by kind of question; size and speed of the index.

python -m benchmarks.search [--pages 100000] [--home FOLDER] [--out FILE]

Pages are made up: a Zipf vocabulary of Vietnamese syllable pairs, names, document numbers and citizen numbers, always
the same for the same number of pages. A home that holds as many pages already is used again. The database is filled
without syncing; asking is as in the station. To reach at a million pages: p99 below 50 ms for names, codes and
numbers, below 500 ms for anything.
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import event, insert, text

from archive import index, scans, schema, search
from archive.clock import HandClock
from archive.database import Database, open_database
from archive.search import Query
from archive.tables import Page
from benchmarks.machine import keep_results, print_table

_SPACED = (
    "b c ch d đ g gh gi h k kh l m n ng nh ph qu r s t th tr v x",
    "a à á ạ an àn áng anh ánh ao áo ay ây ê ề ệ ên iêu inh ình o ó ong ồng ơ ờ u ư ương ường uyền uyết y",
    "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi",
    "Văn Thị Đức Minh Ngọc Quang",
)
ONSETS, RIMES, FAMILY, MIDDLE = (each.split() for each in _SPACED)
PAGES_A_SCAN, BATCH, ASKED = 20, 1000, 100


def make_words(count: int) -> list[str]:
    """Return a vocabulary, the frequent words first."""
    chance = random.Random(1)
    syllables = [onset + rime for onset in ONSETS for rime in RIMES]
    return [" ".join(chance.sample(syllables, 2)) for _ in range(count)]


def make_pages(count: int) -> Iterator[str]:
    """Yield page texts of about 330 words."""
    chance, words = random.Random(2), make_words(20_000)
    weights = [1 / (rank + 5) for rank in range(len(words))]
    for number in range(count):
        name = f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(words).split()[0].title()}"
        head = f"Quyết định số {number % 9000 + 1}/QĐ-UBND về {name}, số căn cước {79 * 10**9 + number * 7:012d}\n"
        yield head + " ".join(chance.choices(words, weights, k=150))


def fill(database: Database, count: int) -> tuple[float, int]:
    """Store and index pages; returns pages per CPU second and the size of their text in bytes."""
    clock, size, began = HandClock(), 0, time.process_time()
    event.listen(database.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous = OFF"))
    database.engine.dispose()
    texts = make_pages(count)
    for start in range(0, count, BATCH):
        with database.atomic() as session:
            for number in range(start, min(start + BATCH, count)):
                scan_number = number // PAGES_A_SCAN
                if number % PAGES_A_SCAN == 0:
                    clock.sleep(60)
                    sha256 = f"{scan_number:064x}"
                    station = f"may{scan_number % 7}"
                    scan = scans.receive(
                        session, sha256=sha256, size=1, kind="pdf", name="x.pdf", station=station, now=clock.now()
                    )
                words = next(texts)
                size += len(words.encode())
                row = {"scan_id": scan.id, "number": number % PAGES_A_SCAN + 1, "width": 1, "height": 1, "dpi": 200}
                more = {"source": "ocr", "text": words, "read_at": clock.now(), "reasons": [], "wants_eyes": False}
                more |= {"rotation": 0, "skew": 0, "engine": "", "seconds": 0}
                made = session.execute(insert(Page).values(**row, **more))
                index.put(session, made.inserted_primary_key[0], words)
    return count / (time.process_time() - began), size


def make_questions(count: int) -> dict[str, list[Query]]:
    """Return questions by kind."""
    chance, words = random.Random(3), make_words(20_000)

    def some(make: object) -> list[Query]:
        return [make() for _ in range(ASKED)]  # type: ignore[operator]

    def name() -> str:
        return f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(words).split()[0]}"

    def code() -> str:
        return f"{chance.randrange(1, 9001)}/QĐ-UBND"

    def person() -> str:
        return f"{79 * 10**9 + chance.randrange(count) * 7:012d}"

    return {
        "names": some(lambda: Query(f'"{name()}"')),
        "codes": some(lambda: Query(code())),
        "citizen numbers": some(lambda: Query(person())),
        "part of a number": some(lambda: Query(person()[2:9])),
        "common words": some(lambda: Query(chance.choice(words[:50]))),
        "rare words": some(lambda: Query(chance.choice(words[5000:]))),
        "phrases": some(lambda: Query(f'"{chance.choice(words)}"')),
        "while typing": some(lambda: Query(f"quyết định {chance.choice(words)[:2]}", prefix=True)),
        "a slip": some(lambda: Query(chance.choice(words).replace(" ", "") + "q")),
        "one station": some(lambda: Query(chance.choice(words[:500]), station="may3")),
        "since a day": some(lambda: Query(chance.choice(words[:500]), since=HandClock().now() + timedelta(hours=1))),
    }


def ask(database: Database, kinds: dict[str, list[Query]]) -> list[list[object]]:
    """Ask everything and return a row for each kind: median, p99 and longest in milliseconds, hits."""
    rows: list[list[object]] = []
    for kind, questions in kinds.items():
        took, hits = [], 0
        for question in questions:
            began = time.perf_counter()
            with database.reading() as session:
                hits += search.search(session, question).total
            took.append((time.perf_counter() - began) * 1000)
        took.sort()
        rows.append([kind, took[len(took) // 2], took[-1 - len(took) // 100], took[-1], hits / len(questions)])
    return rows


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=100_000)
    options.add_argument("--home", type=Path, help="keep the made-up archive here and use it again")
    options.add_argument("--out", type=Path)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = asked.home or Path(scratch)
        home.mkdir(parents=True, exist_ok=True)
        path = home / f"search-{asked.pages}.sqlite3"
        new = not path.exists()
        database = open_database(f"sqlite:///{path}")
        schema.upgrade(database)
        if new:
            rate, size = fill(database, asked.pages)
            with database.atomic() as session:
                index.engine(session).tidy(session)
            database.close()
            sizes = f"text {size / 1e6:.0f} MB, database {path.stat().st_size / 1e6:.0f} MB"
            print(f"{rate:.0f} pages per CPU second; {sizes}")
        rows = ask(database, make_questions(asked.pages))
        print_table(["kind", "median ms", "p99 ms", "longest ms", "hits"], rows)
        with database.reading() as session:
            pages = session.execute(text("SELECT count(*) FROM page")).scalar_one()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{pages} pages; peak memory {memory:.0f} MB")
        print("kept in", keep_results(f"search-{asked.pages}", {"rows": rows, "memory_mb": memory}, asked.out))
        database.close()


if __name__ == "__main__":
    main()
