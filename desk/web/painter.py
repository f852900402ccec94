"""The process that draws page images, so that a hostile page can neither hang nor bloat the station page.

Protocol, one line each way: in `{"path", "number", "side", "target"}`, out `{"media_type"}` after the bytes stand at
`target`, or `{"code", "facts"}`. It ends when its input ends.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import IO, Any

MEMORY_BYTES = 3 << 30


def paint(order: dict[str, Any]) -> dict[str, Any]:
    """Draw one page into a file and say what kind it is; trouble becomes a code and facts."""
    from digitize.errors import ReadingError
    from digitize.pages import render

    try:
        media_type, data = render(Path(order["path"]), order["number"], order["side"])
        Path(order["target"]).write_bytes(data)
    except ReadingError as error:
        return {"code": error.code, "facts": {key: str(value) for key, value in error.facts.items()}}
    except MemoryError:
        return {"code": "page-memory", "facts": {}}
    except Exception as error:  # whatever a decoder throws at a broken page is one answer here: it cannot be shown
        return {"code": "picture-failed", "facts": {"detail": str(error)[:200]}}
    return {"media_type": media_type}


def serve(orders: IO[str], answers: IO[str]) -> None:
    """Answer orders until there are no more."""
    for line in orders:
        answers.write(json.dumps(paint(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    # Libraries that print to standard output would break the protocol.
    answers, sys.stdout = sys.stdout, sys.stderr
    serve(sys.stdin, answers)
