"""An office on the command line whose answers are read as JSON, for tests of paper."""

from __future__ import annotations

import io
import json
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from desk.cli.exits import Exit
from desk.cli.main import answer

IN_BOX = 20


class PaperDay:
    """The command line of an office with ten sealed boxes of twenty dossiers."""

    def __init__(self, room: Path) -> None:
        self.home, self.pins = room / "station", room / "pins"
        self.boxes: list[str] = []

    def do(self, *words: object, by: str = "", ends: Exit = Exit.OK) -> Any:
        """Run a command, signed by the people named, and return what it said as JSON."""
        signers = [word for code in by.split() for word in ("--signer", code)]
        pins = ["--pins", str(self.pins)] if signers else []
        line = [str(each) for each in (*words, *signers, *pins, "--json")]
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as told:
            code = answer(line, {"LANG": "en.UTF-8", "LUUTRU_HOME": str(self.home)})
        assert code == ends, (words, told.getvalue() or out.getvalue())
        said = out.getvalue().strip()
        return json.loads(said) if said.startswith(("{", "[")) else told.getvalue()

    def seal_box(self, at: int) -> str:
        """Pack and seal the dossiers of one box; return its code."""
        numbers = range(at * IN_BOX + 1, (at + 1) * IN_BOX + 1)
        count = (IN_BOX, sum(10 + n for n in numbers))
        code = str(self.do("package", "new", by="NV01")["about"])
        self.do("package", "add", code, *[f"P01.{n:03}/HS-UBND" for n in numbers], by="NV01")
        self.count(code, *count, "NV01", "NV04")
        self.do("package", "pack", code, by="NV01 NV04")
        place = ("--place", f"Kho 1/{at % 3 + 1}", "--store", "Kho 1")
        self.do("package", "seal", code, "--number", f"A{at + 1:04}", *place, by="NV02 NV01")
        return code

    def count(self, code: str, dossiers: int, leaves: int, *people: str) -> None:
        """Let each person count a box alone."""
        for person in people:
            self.do("package", "count", code, "--count", dossiers, leaves, by=person)

    def text_of(self, path: Path) -> str:
        """Return the words of a PDF, as a reader extracts them."""
        done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
        return " ".join(done.stdout.decode().split())
