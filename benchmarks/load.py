"""How a station answers fifty guards and ten clerks at once over loopback while it reads scans.

python -m benchmarks.load [--guards 50] [--clerks 10] [--seconds 90] [--boxes 500] [--scans 60] [--out FILE]

The station is `luutru serve` with its own processes: page, intake, one reader, tick. People come when it reads
already. Everybody signs in with a PIN during the first fifth of the time, then works: a guard does something every 5
to 15 seconds (looks at the home page, at the boxes they answer for, at alarms, resolves a code, checks a seal, which
is an entry in the log), a clerk every 3 to 9 (search, a list, one package, one dossier, and every tenth time begins a
package by REST). Requests come from one process on the same machine, so its own processor time is in what is
measured. To reach: p95 under 300 ms, no error.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import httpx
from PIL import Image, ImageDraw, ImageFont

from archive import people
from archive.people import Role
from benchmarks import guard as filling
from benchmarks.machine import keep_results, print_table
from custody.holdings import Package
from custody.projections import Projections
from desk.office import Office, open_office, prepare
from desk.standing import stand

ROOT = Path(__file__).resolve().parent.parent
PIN = "739164"
GUARD_THINKS, CLERK_THINKS = (5.0, 15.0), (3.0, 9.0)
LIMIT_MS = 300.0
FONT = ROOT / "labels" / "fonts" / "LiberationSerif-Regular.ttf"
WORDS = "quyết định giấy khai sinh hộ khẩu đất đai phường công dân chứng thực biên bản hồ sơ lưu trữ ủy ban nhân dân"


@dataclass
class Told:
    """What was measured: milliseconds by what was asked, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    # Those that began when everybody was signed in.
    settled: list[float] = field(default_factory=list)
    settles: float = 0.0


@dataclass
class User:
    """One person with a browser."""

    code: str
    client: httpx.AsyncClient
    told: Told
    chance: random.Random
    boxes: list[tuple[str, str]]

    async def ask(self, name: str, method: str, path: str, **sent: Any) -> httpx.Response | None:
        """Send one request and keep how long its whole answer took."""
        begun = time.perf_counter()
        try:
            answer = await self.client.request(method, path, **sent)
        except httpx.HTTPError as broken:
            self.told.errors.append(f"{name}: {type(broken).__name__}")
            return None
        self.told.times[name].append((time.perf_counter() - begun) * 1000)
        if begun >= self.told.settles:
            self.told.settled.append(self.told.times[name][-1])
        if answer.status_code >= 400:
            self.told.errors.append(f"{name}: {answer.status_code} {answer.text[:200]}")
        return answer

    async def sign_in(self) -> None:
        """Sign in by the form."""
        await self.ask("sign in", "POST", "/sign-in", data={"code": self.code, "pin": PIN})

    async def guard(self) -> None:
        """Do one thing a guard does."""
        box, seal = self.chance.choice(self.boxes)
        match self.chance.randrange(10):
            case 0 | 1 | 2:
                await self.ask("guard: home", "GET", "/guard")
            case 3 | 4:
                await self.ask("guard: my boxes", "GET", "/guard/boxes")
            case 5:
                await self.ask("guard: alarms", "GET", "/guard/alarms")
            case 6 | 7:
                await self.ask("guard: resolve a code", "GET", "/guard/resolve", params={"text": box})
            case _:
                found = {"codes": box, "numbers": seal, "finding": "intact"}
                await self.ask("guard: check a seal (writes)", "POST", "/guard/seal", data=found)

    async def clerk(self) -> None:
        """Do one thing a clerk does."""
        box, _seal = self.chance.choice(self.boxes)
        match self.chance.randrange(10):
            case 0 | 1 | 2:
                words = " ".join(self.chance.sample(WORDS.split(), 2))
                await self.ask("clerk: search", "GET", "/search", params={"q": words})
            case 3 | 4:
                await self.ask("clerk: station", "GET", "/")
            case 5:
                await self.ask("clerk: packages", "GET", "/packages")
            case 6 | 7:
                await self.ask("clerk: one package", "GET", f"/packages/{box}")
            case 8:
                await self.ask("clerk: dossiers", "GET", "/dossiers")
            case _:
                headers = {"Idempotency-Key": str(uuid.UUID(int=self.chance.getrandbits(128)))}
                place = {"place": "K1/G1"}
                await self.ask("clerk: begin a package (REST)", "POST", "/api/v1/packages", json=place, headers=headers)


async def live(
    user: User, act: Callable[[], Awaitable[None]], think: tuple[float, float], ramp: float, end: float
) -> None:
    """Sign in somewhere in the ramp, then act and think until the end."""
    await asyncio.sleep(user.chance.uniform(0, ramp))
    await user.sign_in()
    while True:
        await asyncio.sleep(user.chance.uniform(*think))
        if time.monotonic() >= end:
            return
        await act()


async def crowd(address: str, guards: int, clerks: int, seconds: float, boxes: list[tuple[str, str]]) -> Told:
    """Let everybody work at once and return what was measured."""
    told, end = Told(settles=time.perf_counter() + seconds / 5), time.monotonic() + seconds
    async with contextlib.AsyncExitStack() as stack:
        living = []
        for number in range(guards + clerks):
            is_guard = number < guards
            code = f"BV{number:03}" if is_guard else f"NV{number:03}"
            client = await stack.enter_async_context(
                httpx.AsyncClient(base_url=address, headers={"origin": address}, timeout=30, trust_env=False)
            )
            user = User(code, client, told, random.Random(number), boxes)
            act, think = (user.guard, GUARD_THINKS) if is_guard else (user.clerk, CLERK_THINKS)
            living.append(live(user, act, think, seconds / 5, end))
        await asyncio.gather(*living)
    return told


def fill(office: Office, guards: int, clerks: int, boxes: int) -> list[tuple[str, str]]:
    """Give an office its people and sealed boxes; return (code, seal) of those that are sealed."""
    now = datetime.now(UTC)
    with office.database.atomic() as session:
        for number in range(guards + clerks):
            code, role = (f"BV{number:03}", Role.GUARD) if number < guards else (f"NV{number:03}", Role.CLERK)
            people.add(session, code=code, name=f"Người {number}", unit="VP", roles=(role,), pin=PIN, now=now)
        people.add(session, code="QT01", name="Quản", unit="VP", roles=(Role.ADMINISTRATOR,), pin=PIN, now=now)
    filling.fill(office, boxes)
    with office.database.reading() as session:
        every = Projections(session).every(Package)
        return [(each.code, each.seals[0]) for each in every if each.state == "sealed" and each.seals]


def draw(folder: Path, count: int) -> None:
    """Put so many scanned pages into the inbox."""
    chance, font = random.Random(7), ImageFont.truetype(str(FONT), 42)
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        page = Image.new("L", (1654, 2339), 255)
        pen = ImageDraw.Draw(page)
        for line in range(40):
            pen.text((150, 150 + line * 52), " ".join(chance.choices(WORDS.split(), k=9)), 0, font=font)
        page.save(folder / f"{number:04}.png", dpi=(200, 200))


@contextlib.contextmanager
def serving(home: Path, port: int) -> Iterator[str]:
    """Run the station as people start it, until the block ends."""
    command = [sys.executable, "-m", "desk", "serve", "--home", str(home), "--port", str(port), "--workers", "1"]
    with (home / "serve.out").open("wb") as out:
        running = subprocess.Popen(
            command, cwd=ROOT, stdout=out, stderr=out, env={**os.environ, "PYTHONPATH": str(ROOT)}
        )
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(f"{address}/healthz", trust_env=False).status_code == 200:
                    break
            if time.monotonic() > deadline or running.poll() is not None:
                raise SystemExit(
                    "the station did not start: " + (home / "serve.out").read_text(errors="replace")[-500:]
                )
            time.sleep(0.2)
        yield address
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(30)


def rank(times: list[float], share: float) -> float:
    """Return the value under which a share of the times lies (nearest rank)."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def main() -> None:
    """Run the benchmark."""
    options = argparse.ArgumentParser(description=__doc__)
    for name, value in (("guards", 50), ("clerks", 10), ("seconds", 90), ("boxes", 500), ("scans", 60)):
        options.add_argument(f"--{name}", type=int, default=value)
    options.add_argument("--out", type=Path)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as name, socket.socket() as probe:
        home = Path(name) / "station"
        prepare(home, {})
        office = open_office(home, {})
        boxes = fill(office, asked.guards, asked.clerks, asked.boxes)
        draw(office.settings.inbox_folder / "may-1", asked.scans)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        with serving(home, port) as address:
            # People come to a station that runs: the first page is read before the first of them signs in.
            deadline = time.monotonic() + 60
            while not stand(office)["pages_read"] and time.monotonic() < deadline:
                time.sleep(0.5)
            before = stand(office)["pages_read"]
            told = asyncio.run(crowd(address, asked.guards, asked.clerks, asked.seconds, boxes))
            read = stand(office)["pages_read"] - before
        office.close()
    every = [each for times in told.times.values() for each in times]
    rows: list[list[object]] = []
    for what, times in [*sorted(told.times.items()), ("all after the sign-ins", told.settled), ("all", every)]:
        rows.append([what, len(times), statistics.median(times), rank(times, 0.95), max(times)])
    print_table(["asked", "times", "median ms", "p95 ms", "worst ms"], rows)
    print(
        f"{asked.guards} guards, {asked.clerks} clerks, {asked.seconds} s;"
        f" errors: {len(told.errors)}; pages read: {read}"
    )
    for error in told.errors[:10]:
        print("  ", error)
    print(
        "reached" if rank(every, 0.95) < LIMIT_MS and not told.errors else "MISSED",
        f"p95 < {LIMIT_MS:.0f} ms, no error",
    )
    kept = {"asked": vars(asked) | {"out": None}, "rows": rows, "errors": told.errors, "pages_read": read}
    print("kept in", keep_results("load", kept, asked.out))


if __name__ == "__main__":
    main()
