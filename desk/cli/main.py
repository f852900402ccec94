"""The command `luutru`: reads the command line, runs one command, and turns every failure into words.

Nothing that goes wrong reaches the person as a stack trace. What the program did not expect is written to
log/errors.log in the home, and the sentence names that file.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from desk.cli.asked import Asked, make_streams_safe
from desk.cli.exits import Exit
from desk.cli.spoken import SpokenGroup, language_in, usage_problem
from desk.faults import note_error
from desk.messages import Explained, explain, explain_error
from desk.release import VERSION
from desk.words import language_of


@click.group(
    cls=SpokenGroup,
    help="Archive station: scans dropped in a folder are kept, read, and found by their Vietnamese text.",
)
@click.version_option(
    VERSION, "--version", prog_name="luutru", message="%(prog)s %(version)s", help="Show the version."
)
def luutru() -> None:
    """Hold the commands; see desk/cli/station.py, holdings.py, scans.py, backups.py and checks.py."""


def run() -> NoReturn:
    """Run the command line of this process; the entry point of the `luutru` program."""
    make_streams_safe()
    # SIGTERM ends a command the way Ctrl-C does, so that `with` blocks give back what they hold.
    signal.signal(signal.SIGTERM, _as_interrupt)
    code = answer(sys.argv[1:], os.environ)
    _flush()
    raise SystemExit(code)


def answer(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run one command line and return its exit code; every failure is explained on standard error."""
    from desk.cli import commands

    asked, out = Asked(environment, lang=language_in(arguments)), sys.stdout
    try:
        result = commands.all_of(luutru).main(list(arguments), prog_name="luutru", standalone_mode=False, obj=asked)
        return int(result or Exit.OK)
    except click.exceptions.NoArgsIsHelpError as shown:
        asked.note(shown.message)
        return Exit.USAGE
    except click.exceptions.Exit as left:
        return left.exit_code
    except BrokenPipeError:
        return _leave_pipe()
    except SystemExit:
        # Click ends a command whose pipe is closed, and says so by what it puts in the place of standard output.
        if sys.stdout is not out:
            return _leave_pipe()
        raise
    except (Exception, KeyboardInterrupt) as error:
        explained = explained_failure(error, asked)
        asked.note(str(explained))
        return explained.exit


def _leave_pipe() -> Exit:
    """End quietly: the reader of a pipe had enough (| head), which is no failure, and there is nobody to tell."""
    sys.stdout = sys.__stdout__ or sys.stdout
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return Exit.OK


def explained_failure(error: BaseException, asked: Asked) -> Explained:
    """Return the words for anything a command can fail with."""
    lang = language_of(asked.environment, asked.lang)
    if isinstance(error, KeyboardInterrupt | click.Abort):
        return explain("interrupted", {}, lang)
    if isinstance(error, click.UsageError):
        return explain(*usage_problem(error), lang)
    assert isinstance(error, Exception)
    if (explained := explain_error(error, lang)) is not None:
        return explained
    code, facts = _system_failure(error, asked.home)
    if code == "unexpected":
        facts = {"kind": type(error).__name__, "log": note_error(asked.home, asked.environment, error)}
    return explain(code, facts, lang)


def _system_failure(error: Exception, home: Path) -> tuple[str, dict[str, object]]:
    if isinstance(error, OSError):
        where = os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else str(home)
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            return "disk-full", {"path": where}
        if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            return "home-unwritable", {"path": where, "detail": error.strerror}
        if isinstance(error, FileNotFoundError) and error.filename2 is None and not Path(where).parent.is_dir():
            return "place-for-file-missing", {"path": str(Path(where).parent)}
        if isinstance(error, NotADirectoryError | FileExistsError):
            return "home-unwritable", {"path": where, "detail": error.strerror}
    if isinstance(error, ModuleNotFoundError) and (error.name or "").split(".")[0] in {
        "archive", "scanner_inbox", "digitize", "custody", "labels", "desk",
    }:  # fmt: skip  # one line of names reads better than eight
        return "part-missing", {"part": error.name, "detail": str(error)}
    if type(error).__module__.startswith("sqlalchemy"):
        from archive.database import is_busy

        detail = str(getattr(error, "orig", None) or error).splitlines()[0][:200]
        if "malformed" in detail or "not a database" in detail:
            return "database-damaged", {"detail": detail}
        if is_busy(error):
            return "database-busy", {}
        if type(error).__name__ == "OperationalError":
            if _is_unwritable(home):
                return "home-unwritable", {"path": str(home), "detail": os.strerror(errno.EROFS)}
            return "database-unreachable", {"detail": detail}
    return "unexpected", {}


def _is_unwritable(folder: Path) -> bool:
    """Tell whether a folder stands on a file system that takes no writes; SQLite says only that it cannot open."""
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except (OSError, AttributeError):
        return False


def _as_interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
