"""Which release this is."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path


def find_version() -> str:
    """Return the version the package was installed with, or that of the checkout it runs from."""
    try:
        return metadata.version("luutru")
    except metadata.PackageNotFoundError:
        described = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
        return str(described["project"]["version"])


VERSION = find_version()
