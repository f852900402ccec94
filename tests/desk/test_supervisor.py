"""The supervisor: restarts what dies, stops in time, takes its children with it, and refuses a second station."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from desk.cli.exits import Exit
from desk.logbook import Logbook
from desk.parts import FIRST_DELAY, HEALTHY_SECONDS, LONGEST_DELAY, Part, delay_before_restart
from desk.supervisor import GRACE_SECONDS, StationError, Supervisor, only_one, open_socket, read_holder

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENT = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); time.sleep(60)"
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
)
PARENT = (
    "import subprocess, sys, time; "
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); time.sleep(60)"
)


def part(name: str, code: str) -> Part:
    """Return a part that runs a line of Python."""
    return Part(name, (sys.executable, "-c", code))


def wait_for(question: Callable[[], bool], seconds: float = 15.0) -> None:
    """Wait until a question is answered with yes; fail the test when it never is."""
    deadline = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    """Tell whether a process runs and is not only waiting to be buried."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


class Running:
    """A supervisor in a thread, with what it told."""

    def __init__(self, home: Path, *parts: Part) -> None:
        self.told: list[tuple[str, Mapping[str, object]]] = []
        self.logbook = Logbook(home)
        self.supervisor = Supervisor(parts, self.logbook, None, lambda code, facts: self.told.append((code, facts)))
        self.thread = threading.Thread(target=self.supervisor.run, daemon=True)

    def pid(self, place: int = 0) -> int:
        """Return the process of a part, 0 while it has none."""
        process = self.supervisor.children[place].process
        return process.pid if process is not None and process.poll() is None else 0


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Give a function that starts a supervisor over parts; it is stopped at the end."""
    started: list[Running] = []

    def begin(*parts: Part) -> Running:
        running = Running(tmp_path, *parts)
        running.thread.start()
        started.append(running)
        return running

    yield begin
    for each in started:
        each.supervisor.stopping.set()
        each.thread.join(15)
        each.logbook.close()


def test_a_part_that_is_killed_is_started_again(start: Callable[..., Running]) -> None:
    """A kill -9 of any part costs half a second, not the station."""
    running = start(part("patient", PATIENT))
    wait_for(lambda: running.pid() > 0)
    first = running.pid()
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: running.pid() not in (0, first))
    assert running.told[0][0] == "part-died"
    assert running.told[0][1]["part"] == "patient"


def test_readers_leave_the_processor_to_whoever_waits_for_a_page(start: Callable[..., Running]) -> None:
    """A part that steps back runs at a lower priority than the station, the others at its own."""
    own = os.getpriority(os.PRIO_PROCESS, 0)
    running = start(Part("reader", (sys.executable, "-c", PATIENT), steps_back=3), part("page", PATIENT))
    wait_for(lambda: running.pid(0) > 0 and running.pid(1) > 0)
    wait_for(lambda: os.getpriority(os.PRIO_PROCESS, running.pid(0)) == min(19, own + 3))
    assert os.getpriority(os.PRIO_PROCESS, running.pid(1)) == own


def test_helpers_of_a_dead_part_do_not_go_on(start: Callable[..., Running]) -> None:
    """A reading engine whose worker died would fight the next worker for the processor."""
    running = start(part("parent", PARENT))
    wait_for(lambda: running.pid() > 0)
    first = running.pid()
    children = Path(f"/proc/{first}/task/{first}/children")
    wait_for(lambda: children.exists() and bool(children.read_text().split()))
    helper = int(children.read_text().split()[0])
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: not is_alive(helper))


def test_a_part_that_ignores_the_request_is_ended(start: Callable[..., Running]) -> None:
    """Stopping ends for certain: who does not go after the grace is made to."""
    running = start(part("stubborn", STUBBORN))
    wait_for(lambda: "deaf" in running.logbook.path.read_text())
    pid = running.pid()
    running.supervisor.stopping.set()
    running.thread.join(15)
    assert not is_alive(pid)
    assert ("part-killed", {"part": "stubborn"}) in running.told


def test_the_grace_leaves_half_of_the_promised_five_seconds_for_everything_else() -> None:
    """On a loaded machine the rest of the end took nearly two seconds: a grace of 3.5 broke the promise."""
    assert GRACE_SECONDS * 2 <= 5


def test_lines_of_the_parts_stand_in_the_log_with_their_names(start: Callable[..., Running]) -> None:
    """One file tells what every process said; percent signs and broken bytes are kept readable."""
    running = start(
        part(
            "speaker",
            "import sys, time; sys.stdout.buffer.write(b'100% \\xff done\\n'); sys.stdout.flush(); time.sleep(60)",
        )
    )
    wait_for(lambda: "done" in running.logbook.path.read_text(encoding="utf-8"))
    assert "speaker 100% \\xff done" in running.logbook.path.read_text(encoding="utf-8")


def test_the_pause_before_a_restart_doubles_and_is_bounded() -> None:
    """A part that dies at once does not burn the processor, and is never given up."""
    delay, seen = 0.0, []
    for _ in range(20):
        delay = delay_before_restart(0.1, delay)
        seen.append(delay)
    assert seen[0] == FIRST_DELAY
    assert seen == sorted(seen)
    assert seen[-1] == LONGEST_DELAY
    assert delay_before_restart(HEALTHY_SECONDS, LONGEST_DELAY) == FIRST_DELAY


def test_a_second_station_on_the_same_home_is_refused(tmp_path: Path) -> None:
    """The refusal names the process that holds the home; after it ends the home is free again."""
    assert read_holder(tmp_path) is None
    with only_one(tmp_path, 8000):
        with pytest.raises(StationError) as refused, only_one(tmp_path, 8001):
            pass
        assert refused.value.code == "already-serving"
        assert refused.value.facts["pid"] == os.getpid()
        assert read_holder(tmp_path) == {"pid": os.getpid(), "port": 8000}
    assert read_holder(tmp_path) is None


def test_a_used_port_and_an_open_address_are_refused() -> None:
    """Nothing is started behind a port that others hold, and nothing listens beyond this computer."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(StationError) as refused:
            open_socket("127.0.0.1", other.getsockname()[1])
    assert refused.value.code == "port-in-use"
    for host in ("0.0.0.0", "192.168.1.10", "::"):
        with pytest.raises(StationError) as refused:
            open_socket(host, 8000)
        assert refused.value.code == "host-not-loopback"


def free_port() -> int:
    """Return a port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processes_of(home: Path) -> list[int]:
    """Return the processes whose command line names this home."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if os.fsencode(home) in words and is_alive(int(entry.name)):
                found.append(int(entry.name))
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_station_takes_all_its_processes_with_it(tmp_path: Path, number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM end with 0 and leave nobody behind; even kill -9 of the supervisor leaves nobody."""
    home = tmp_path / "station"
    command = [sys.executable, "-m", "desk", "serve", "--home", str(home), "--port", str(free_port()), "--workers", "1"]
    with (tmp_path / "said").open("wb") as said:
        station = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=said, start_new_session=True)
    try:
        wait_for(lambda: len(processes_of(home)) >= 5, 40)
        time.sleep(1)
        station.send_signal(number)
        code = station.wait(15)
        assert code == (-signal.SIGKILL if number == signal.SIGKILL else Exit.OK)
        wait_for(lambda: not processes_of(home), 40)
    finally:
        for pid in [*processes_of(home), *([station.pid] if station.poll() is None else [])]:
            os.kill(pid, signal.SIGKILL)
