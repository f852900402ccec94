"""Files of others are exactly the ones that were looked at."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
ROW = re.compile(r"^\| (\S+\.(?:js|css)) \| .* \| ([0-9a-f]{64}) \|$", re.MULTILINE)


def test_vendored_files_have_the_listed_hashes() -> None:
    """Each minified file is in the list, with its SHA-256."""
    listed = dict(ROW.findall((ROOT / "desk/web/VENDORED.md").read_text(encoding="utf-8")))
    found = {
        str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in ("desk", "tests")
        for path in (ROOT / folder).rglob("*.min.*")
    }
    assert found == listed
