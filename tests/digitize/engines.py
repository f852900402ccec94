"""Engines that misbehave in one named way, for tests: shell scripts that stand in for Tesseract."""

from __future__ import annotations

import stat
from pathlib import Path

_HEADER = "level\\tpage_num\\tblock_num\\tpar_num\\tline_num\\tword_num\\tleft\\ttop\\twidth"
_HEADER += "\\theight\\tconf\\ttext\\n"
_HEAD = '#!/bin/sh\nif [ "$1" = --version ]; then echo "tesseract 5.9.9"; exit 0; fi\n'


def make_engine(folder: Path, body: str) -> str:
    """Write an engine that runs `body`: $1 is the list of pictures, $2 the base of the results."""
    program = folder / "engine.sh"
    program.write_text(_HEAD + body, encoding="utf-8")
    program.chmod(stat.S_IRWXU)
    return str(program)


def make_silent_engine(folder: Path) -> str:
    """Make an engine that starts, ends well and finds nothing."""
    return make_engine(folder, f'printf "{_HEADER}" > "$2.tsv"\n')


def make_picky_engine(folder: Path, page: int, fault: str) -> str:
    """Make an engine that does `fault` when it is handed page `page`, and finds nothing on other pages."""
    return make_engine(folder, f'if grep -q "/{page}-" "$1"; then {fault}; fi\nprintf "{_HEADER}" > "$2.tsv"\n')


def make_language_folder(folder: Path) -> str:
    """Make a folder that claims to hold Vietnamese language data."""
    folder.mkdir(exist_ok=True)
    (folder / "vie.traineddata").write_bytes(b"not really")
    return str(folder)
