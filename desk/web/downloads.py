"""Files made for one answer: sent as a download and taken away when they are sent."""

from __future__ import annotations

import shutil
from pathlib import Path

from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from desk.web.files import SANDBOX, attachment


def send(path: Path, name: str, media_type: str) -> Response:
    """Send a file that stands alone in a folder of its own; the folder goes when it is sent."""
    headers = {"Content-Disposition": attachment(name), **SANDBOX}
    clear = BackgroundTask(shutil.rmtree, path.parent, ignore_errors=True)
    return FileResponse(path, media_type=media_type, headers=headers, background=clear)
