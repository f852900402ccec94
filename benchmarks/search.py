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
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import event, insert, text
from sqlmodel import Session

from archive import index, parts, scans, schema, search
from archive.clock import HandClock
from archive.database import Database, open_database
from archive.search import Query
from archive.tables import Page, Scan
from benchmarks.machine import keep_results, print_table
from tests.archive.registered import register

_SPACED = (
    "b c ch d đ g gh gi h k kh l m n ng nh ph qu r s t th tr v x",
    "a à á ạ an àn áng anh ánh ao áo ay ây ê ề ệ ên iêu inh ình o ó ong ồng ơ ờ u ư ương ường uyền uyết y",
    "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi",
    "Văn Thị Đức Minh Ngọc Quang",
)
ONSETS, RIMES, FAMILY, MIDDLE = (each.split() for each in _SPACED)
PAGES_A_SCAN, BATCH = 20, 1000


def make_words(count: int) -> list[str]:
    """Return a vocabulary, the frequent words first."""
    chance = random.Random(1)
    syllables = [onset + rime for onset in ONSETS for rime in RIMES]
    return [" ".join(chance.sample(syllables, 2)) for _ in range(count)]


def make_pages(count: int) -> Iterator[str]:
    """Yield page texts of about 400 words, 1 800 characters; each holds one misread word that stands nowhere else."""
    chance, words = random.Random(2), make_words(20_000)
    # Drawn once; each page is nine stretches of it, so that making pages costs less than indexing them.
    stream = chance.choices(words, [1 / (rank + 5) for rank in range(len(words))], k=1_000_000)
    for number in range(count):
        name = f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(words).split()[0].title()}"
        head = f"Quyết định số {number % 9000 + 1}/QĐ-UBND về {name}, số căn cước {79 * 10**9 + number * 7:012d} "
        misread = chance.choice(words).replace(" ", "") + make_letters(number)
        stretches = (" ".join(stream[at : at + 21]) for at in [chance.randrange(999_000) for _ in range(9)])
        yield head + misread + " và\n" + "\n".join(stretches)


def make_letters(number: int) -> str:
    """Return a number written in letters."""
    return chr(97 + number % 26) + (make_letters(number // 26) if number >= 26 else "")


def fill(database: Database, count: int) -> tuple[float, int]:
    """Store and index pages; returns pages per CPU second of this process and the size of their text in bytes."""
    clock, size, spent = HandClock(), 0, 0.0
    if database.is_sqlite:
        event.listen(database.engine, "connect", lambda opened, _record: opened.execute("PRAGMA synchronous = OFF"))
        database.engine.dispose()
    texts = make_pages(count)
    more = {"source": "ocr", "reasons": [], "wants_eyes": False, "rotation": 0, "skew": 0, "engine": "", "seconds": 0}
    for start in range(0, count, BATCH):
        made = list(enumerate(islice(texts, min(BATCH, count - start)), start))
        began = time.process_time()
        with database.atomic() as session:
            rows = []
            for number, words in made:
                if number % PAGES_A_SCAN == 0:
                    clock.sleep(60)
                    scan = store_scan(session, number // PAGES_A_SCAN, clock.now())
                size += len(words.encode())
                row = {"id": number + 1, "scan_id": scan.id, "number": number % PAGES_A_SCAN + 1, "text": words}
                rows.append({**row, "width": 1, "height": 1, "dpi": 200, "read_at": clock.now(), **more})
            session.execute(insert(Page), rows)
            index.put_many(session, [(number + 1, words) for number, words in made])
        spent += time.process_time() - began
        if start % 50_000 == 0:
            print(f"{start + len(made)} pages, {spent:.0f} CPU seconds", flush=True)
    began = time.process_time()
    index.tidy(database)
    print(f"tidied in {time.process_time() - began:.0f} CPU seconds", flush=True)
    return count / (time.process_time() - began + spent), size


def store_scan(session: Session, number: int, now: datetime) -> Scan:
    """Store one scan; each second hundred belongs to a dossier of its own."""
    scan = scans.receive(
        session, sha256=f"{number:064x}", size=1, kind="pdf", name="x.pdf", station=f"may{number % 7}", now=now
    )
    if number % 100 == 0:
        register(session, [f"HS.{number}"])
        parts.attach(session, scan, f"HS.{number}", None, "NV01", now)
    return scan


def make_questions(count: int, each: int) -> dict[str, list[Query]]:
    """Return questions by kind."""
    chance, words = random.Random(3), make_words(20_000)

    def some(make: Callable[[], Query]) -> list[Query]:
        return [make() for _ in range(each)]

    def name() -> str:
        return f"{chance.choice(FAMILY)} {chance.choice(MIDDLE)} {chance.choice(words).split()[0]}"

    def code() -> str:
        return f"{chance.randrange(1, 9001)}/QĐ-UBND"

    def person() -> str:
        return f"{79 * 10**9 + chance.randrange(count) * 7:012d}"

    def syllable() -> str:
        return chance.choice(words[:30]).split()[0]

    later = HandClock().now() + timedelta(minutes=count / PAGES_A_SCAN / 2)
    dossiers = [f"HS.{number}" for number in range(0, count // PAGES_A_SCAN, 100)]
    return {
        "names": some(lambda: Query(f'"{name()}"')),
        "codes": some(lambda: Query(code())),
        "citizen numbers": some(lambda: Query(person())),
        "part of a number": some(lambda: Query(person()[2:9])),
        "short part of a number": some(lambda: Query(person()[3:8])),
        "names without quotes": some(lambda: Query(name())),
        "common words": some(lambda: Query(chance.choice(words[:50]))),
        "rare words": some(lambda: Query(chance.choice(words[5000:]))),
        "phrases": some(lambda: Query(f'"{chance.choice(words)}"')),
        "while typing": some(lambda: Query(f"quyết định {chance.choice(words)[:2]}", prefix=True)),
        "first letter": some(lambda: Query(chance.choice(words)[:1], prefix=True)),
        "a slip": some(lambda: Query(chance.choice(words).replace(" ", "") + "zq")),
        "one station": some(lambda: Query(chance.choice(words[:500]), station="may3")),
        "since a day": some(lambda: Query(chance.choice(words[:500]), since=later)),
        "a few hours": some(lambda: Query(syllable(), since=later, until=later + timedelta(hours=2))),
        "a dossier": some(lambda: Query(syllable(), dossier=chance.choice(dossiers))),
        "no such dossier": some(lambda: Query(syllable(), dossier="HS.x")),
        "one common syllable": some(lambda: Query(chance.choice(["và", "quyết", "số"]))),
        "common phrase": some(lambda: Query(chance.choice(['"quyết định"', '"số căn cước"', f'"{syllable()} và"']))),
        "phrase of common syllables": some(lambda: Query(f'"{syllable()} {syllable()}"')),
        "forty words": some(lambda: Query(" ".join(syllable() for _ in range(40)))),
        "a common word but one": some(lambda: Query(f"quyết -{syllable()}")),
        "last results": some(lambda: Query(chance.choice(words[:50]), offset=9_980)),
    }


def ask(database: Database, kinds: dict[str, list[Query]]) -> list[list[object]]:
    """Ask everything and return a row for each kind: median, p99 and longest in milliseconds, hits.

    Of the time by the clock a busy machine takes its part; the CPU time is that of this process alone, so on
    PostgreSQL it tells nothing of the server.
    """
    rows: list[list[object]] = []
    for kind, questions in kinds.items():
        took: list[float] = []
        worked: list[float] = []
        hits = 0
        for question in questions:
            began, idle = time.perf_counter(), time.thread_time()
            with database.reading() as session:
                hits += search.search(session, question).total
            took.append((time.perf_counter() - began) * 1000)
            worked.append((time.thread_time() - idle) * 1000)
        took, worked = sorted(took), sorted(worked)
        last = -1 - len(took) // 100
        rows.append([kind, took[len(took) // 2], took[last], worked[last], took[-1], hits / len(questions)])
    return rows


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=100_000)
    options.add_argument("--questions", type=int, default=100, help="of each kind")
    options.add_argument("--home", type=Path, help="keep the made-up archive here and use it again")
    options.add_argument("--out", type=Path)
    options.add_argument("--database", help="an empty database on PostgreSQL instead (postgresql://…)")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        home = asked.home or Path(scratch)
        home.mkdir(parents=True, exist_ok=True)
        path = home / f"search-{asked.pages}.sqlite3"
        database = open_database(asked.database or f"sqlite:///{path}")
        schema.upgrade(database)
        built: dict[str, float] = {}
        with database.reading() as session:
            held = session.execute(text("SELECT count(*) FROM page")).scalar_one()
        if held != asked.pages:
            rate, size = fill(database, asked.pages)
            built = {"pages_per_cpu_second": rate, "text_mb": size / 1e6, "database_mb": measure(database, path) / 1e6}
            built["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(", ".join(f"{name.replace('_', ' ')} {value:.0f}" for name, value in built.items()), flush=True)
        rows = ask(database, make_questions(asked.pages, asked.questions))
        print_table(["kind", "median ms", "p99 ms", "p99 CPU ms", "longest ms", "hits"], rows)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{asked.pages} pages; peak memory {memory:.0f} MB")
        results = {"built": built, "rows": rows, "memory_mb": memory}
        name = f"search-{'postgresql-' if asked.database else ''}{asked.pages}"
        print("kept in", keep_results(name, results, asked.out))
        database.close()


def measure(database: Database, path: Path) -> int:
    """Return the size of the database in bytes."""
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.stat().st_size
    with database.reading() as session:
        return int(session.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


if __name__ == "__main__":
    main()
