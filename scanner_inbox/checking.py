"""The process that examines files: bounded memory, one question a line, one answer a line.

It reads `{"path": …}` from standard input and answers `{"is": "whole"|"arriving"|"refused", …}`. A file that makes it
hang or die takes only this process with it (see walls.Checker).
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from pathlib import Path

import pi_heif
from PIL import Image, ImageFile

from scanner_inbox.verdict import Arriving, Limits, Refused, Whole
from scanner_inbox.whole import examine


def answer(path: Path, limits: Limits) -> dict[str, object]:
    """Return the verdict on one file as plain JSON values."""
    try:
        verdict = examine(path, limits)
    except MemoryError:
        verdict = Refused("needs-too-much-memory")
    except OSError as error:
        verdict = Arriving("unreadable", {"detail": error.strerror or ""})
    if isinstance(verdict, Whole):
        return {"is": "whole", "kind": verdict.kind, "pages": verdict.pages}
    return {
        "is": "arriving" if isinstance(verdict, Arriving) else "refused",
        "code": verdict.code,
        "facts": verdict.facts,
    }


def main() -> None:
    """Answer questions until standard input ends; the arguments are memory (MB), bytes, pages, pixels and seconds."""
    memory, file_bytes, pages, pixels, seconds = (int(each) for each in sys.argv[1:6])
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (memory << 20, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    pi_heif.register_heif_opener()
    Image.MAX_IMAGE_PIXELS = None  # whole.py reads the size first and has a limit of its own
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    for line in sys.stdin:
        # Unhandled, the alarm ends the process even inside a decoder: a watcher that was killed meanwhile cannot.
        signal.alarm(seconds + 5)
        reply = answer(Path(json.loads(line)["path"]), Limits(file_bytes, pages, pixels))
        signal.alarm(0)
        sys.stdout.write(json.dumps(reply) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
