"""One supervisor over the processes of a station: starts them, restarts what dies, and stops all of it in time.

Each part runs in a session of its own, so Ctrl-C reaches the supervisor alone, which then asks every part to stop
(SIGTERM), waits a grace, and ends what is left with its helpers (SIGKILL to the group). A part is restarted for as
long as the station runs; the pause before that doubles up to half a minute while it keeps dying early. If the
supervisor itself is killed, Linux tells the parts (PR_SET_PDEATHSIG) and they stop in good order.

The page's socket is opened here and handed to the page's process: a used port is known before anything starts, and a
restart of the page never loses the port.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from archive.errors import ArchiveError
from desk.logbook import Logbook
from desk.parts import Part, delay_before_restart, folder_of_program

LOCK = "serve.lock"
# A page leaves this in the home when its administrator wants every part to begin again.
RESTART_WANTED = "restart.wanted"
# Half of the five seconds in which everything has to be over: on a machine with ten others at work the signals, the
# last lines of the log and the end of the interpreter took 1.9 s more.
GRACE_SECONDS = 2.5
LOOK_SECONDS = 0.2
PARENT = "LUUTRU_SUPERVISOR_PID"
PR_SET_PDEATHSIG = 1
LOOPBACK = {"localhost", "::1"}

Tell = Callable[[str, Mapping[str, object]], None]


class StationError(ArchiveError):
    """The station cannot start: it runs already, or its port cannot be had."""


@contextlib.contextmanager
def only_one(home: Path, port: int) -> Iterator[None]:
    """Hold the home's lock for the length of a `with` block; StationError "already-serving" when another holds it."""
    path = home / LOCK
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = read_holder(home) or {}
            raise StationError("already-serving", home=str(home), pid=holder.get("pid", "?")) from None
        lock.truncate(0)
        lock.write(json.dumps({"pid": os.getpid(), "port": port}))
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)


def read_holder(home: Path) -> dict[str, object] | None:
    """Return what the running station wrote into its lock ({"pid", "port"}), None when none runs."""
    try:
        with (home / LOCK).open(encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                held = json.loads(lock.read() or "{}")
                return held if isinstance(held, dict) else {}
    except (OSError, ValueError):
        return None
    return None


def open_socket(host: str, port: int, *, beyond: bool = False) -> socket.socket:
    """Listen on an address, `beyond` this computer only where people must sign in.

    Raises StationError "host-not-loopback", "port-in-use" or "port-refused".
    """
    if not beyond and host not in LOOPBACK and not host.startswith("127."):
        raise StationError("host-not-loopback", host=host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    other = port + 1 if 1023 < port < 65535 else 8001
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        if isinstance(error, PermissionError):
            raise StationError("port-refused", host=host, port=port, other=str(other), detail=error.strerror) from error
        raise StationError("port-in-use", host=host, port=port, other=str(other)) from error
    except OverflowError as error:
        listening.close()
        raise StationError("port-refused", host=host, port=port, other="8001", detail=str(error)) from error
    return listening


def step_back(pid: int, steps: int) -> None:
    """Let a process, and what it starts from now on, leave the processor to others."""
    if steps:
        # A process that is gone already, or a machine without priorities, changes nothing.
        with contextlib.suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, pid, min(19, os.getpriority(os.PRIO_PROCESS, 0) + steps))


class Child:
    """One part with its present process, and when it is next to be started."""

    def __init__(self, part: Part) -> None:
        self.part = part
        self.process: subprocess.Popen[bytes] | None = None
        self.started = 0.0
        self.due = 0.0
        self.delay = 0.0
        self.restarts = 0

    def is_running(self) -> bool:
        """Tell whether its process lives."""
        return self.process is not None and self.process.poll() is None

    def signal_group(self, number: int) -> None:
        """Send a signal to the process and every helper it started."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, number)


class Supervisor:
    """Keeps the parts of one station running until it is asked to stop."""

    def __init__(
        self,
        parts: Sequence[Part],
        logbook: Logbook,
        listening: socket.socket | None,
        tell: Tell,
        home: Path | None = None,
        secured: socket.socket | None = None,
    ) -> None:
        self.home = home
        self.secured = secured
        self.children = [Child(part) for part in parts]
        self.logbook = logbook
        self.listening = listening
        self.tell = tell
        self.stopping = threading.Event()

    def run(self) -> None:
        """Start everything and keep it running until `stopping` is set; then stop everything."""
        began = time.monotonic()
        for child in self.children:
            child.due = began + child.part.after_seconds
        try:
            while not self.stopping.is_set():
                self.heed_restart()
                self.look()
                self.stopping.wait(LOOK_SECONDS)
        finally:
            self.stop()

    def heed_restart(self) -> None:
        """Where a page asked for it, stop every part in good order; each is started again at once."""
        if self.home is None or not (self.home / RESTART_WANTED).exists():
            return
        (self.home / RESTART_WANTED).unlink(missing_ok=True)
        self.tell("station-begins-again", {})
        self.stop()
        for child in self.children:
            child.process, child.due, child.delay = None, 0.0, 0.0

    def look(self) -> None:
        """Notice what died and start what is due."""
        # Durations only, never a date: a monotonic clock is not moved by anybody.
        now = time.monotonic()
        for child in self.children:
            if child.is_running():
                continue
            if child.process is not None:
                self._note_death(child, now)
            if now >= child.due:
                self._start(child, now)

    def stop(self) -> None:
        """Ask every part to stop, wait the grace, then end what is left."""
        for child in self.children:
            if child.is_running() and child.process is not None:
                child.process.terminate()
        deadline = time.monotonic() + GRACE_SECONDS
        for child in self.children:
            if child.process is None:
                continue
            try:
                child.process.wait(max(0.05, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.tell("part-killed", {"part": child.part.name})
            child.signal_group(signal.SIGKILL)
            child.process.wait()

    def state(self) -> dict[str, object]:
        """Return name → {"pid", "restarts"} of every part, for the supervisor's own sign of life."""
        return {
            child.part.name: {"pid": child.process.pid if child.process else None, "restarts": child.restarts}
            for child in self.children
        }

    def _start(self, child: Child, now: float) -> None:
        command = list(child.part.command)
        inherited: tuple[int, ...] = ()
        listening = self.secured if child.part.is_secured else self.listening
        if child.part.hands_socket and listening is not None:
            inherited = (listening.fileno(),)
            command += ["--fd", str(listening.fileno())]
        child.process = subprocess.Popen(
            command,
            cwd=folder_of_program(),
            env={**os.environ, PARENT: str(os.getpid()), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=inherited,
            start_new_session=True,
        )
        step_back(child.process.pid, child.part.steps_back)
        child.started = now
        assert child.process.stdout is not None
        self.logbook.follow(child.part.name, child.process.stdout)

    def _note_death(self, child: Child, now: float) -> None:
        assert child.process is not None
        # Helpers of a dead part (a reading engine in the middle of a page) must not go on without it.
        child.signal_group(signal.SIGKILL)
        lived = now - child.started
        child.delay = delay_before_restart(lived, child.delay)
        child.due = now + child.delay
        child.restarts += 1
        self.tell(
            "part-died",
            {"part": child.part.name, "exit": child.process.returncode, "delay_seconds": child.delay},
        )
        child.process = None


def follow_parent(environment: Mapping[str, str]) -> None:
    """Ask Linux to send this process SIGTERM when its supervisor dies; elsewhere, or without one, do nothing."""
    parent = environment.get(PARENT, "")
    if not parent.isdigit() or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    # It may have died before the request was made; then nobody would ever tell.
    if os.getppid() != int(parent):
        os.kill(os.getpid(), signal.SIGTERM)
