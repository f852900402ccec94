"""Proofs and the whole log as single files to carry away: made in a folder of their own, which the caller removes."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from custody import exporting
from desk import ledgering
from desk.bundling import verifier_program
from desk.cli.spoken import mark
from desk.office import Office
from desk.words import LANGUAGES, translator

NAME = "bundle.zip"
# What a bundle says of itself; `luutru ledger export` says the same.
LEAFLET = (
    mark("The custody log of this station, to be checked without the station's program."),
    mark("Needed: Python 3.9 or newer with the package cryptography. Run: python3 verify.py"),
    mark("Compare the short head it prints with the one on paper: a bundle can be whole and still be a forged one."),
)


def pack_log(office: Office) -> Path:
    """Sign a head and return a zip of the whole log with the program that checks it."""
    with _room() as (folder, target):
        ledgering.export(office, folder / "luutru-log", leaflet())
        return _zip(folder, target)


def pack_package(office: Office, code: str) -> Path:
    """Sign a head and return a zip of the proof of each entry of a package; CustodyError "package-unknown"."""
    with _room() as (folder, target):
        place = folder / f"{code}-proofs"
        ledgering.prove_package(office, code, place)
        keys = ledgering.open_keys(office.settings)
        (place / exporting.KEYS).write_text("".join(f"{key}\n" for key in keys.known), encoding="utf-8")
        (place / exporting.ORIGIN).write_text(f"{keys.origin}\n", encoding="utf-8")
        (place / exporting.VERIFIER).write_bytes(verifier_program())
        (place / exporting.README).write_text(leaflet("*.tlog-proof"), encoding="utf-8")
        return _zip(folder, target)


def leaflet(files: str = "") -> str:
    """Return what a bundle says of itself, Vietnamese first; `files` are named to the program."""
    parts = []
    for lang in LANGUAGES:
        t = translator(lang)
        parts.append("\n".join(t(each) for each in LEAFLET).replace("verify.py", f"verify.py {files}".strip()))
    return "\n\n".join(parts) + "\n"


@contextlib.contextmanager
def _room() -> Iterator[tuple[Path, Path]]:
    """Give a folder to fill and a file for its zip; what was filled goes at once, all of it where it fails."""
    whole = Path(tempfile.mkdtemp(prefix="luutru-"))
    try:
        yield whole / "filled", whole / NAME
    except BaseException:
        shutil.rmtree(whole, ignore_errors=True)
        raise
    shutil.rmtree(whole / "filled", ignore_errors=True)


def _zip(folder: Path, target: Path) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as bundle:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                bundle.write(path, path.relative_to(folder))
    return target
