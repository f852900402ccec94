"""What a person filled into a form: texts, lists of codes, and photos as files for the length of an act."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile

MOST_PHOTOS = 12
_APART = re.compile(r"[\s,;]+")
# Never shown again, whatever is shown again.
SECRETS = frozenset({"pin", "own_pin", "dossiers", "leaves_counted"})


async def form_of(request: Request) -> FormData:
    """Read the form of a request; routes then run beside the server's loop and may take their time."""
    return await request.form(max_files=MOST_PHOTOS + 1)


Filled = Annotated[FormData, Depends(form_of)]


def text_of(form: FormData, name: str) -> str:
    """Return one field, trimmed; "" where it is missing."""
    told = form.get(name, "")
    return told.strip() if isinstance(told, str) else ""


def number_of(form: FormData, name: str) -> int | None:
    """Return a whole number, None where the field is empty or none."""
    told = text_of(form, name)
    return int(told) if told.isascii() and told.isdigit() and len(told) <= 9 else None


def numbers_of(form: FormData, name: str) -> tuple[str, ...]:
    """Return what stands in a field, apart by spaces, commas or lines: seal numbers."""
    return tuple(each for each in _APART.split(text_of(form, name)) if each)


def lines_of(form: FormData, name: str) -> list[str]:
    """Return a field line by line."""
    return text_of(form, name).splitlines()


class Typed(dict[str, str]):
    """What was typed, by field; a field that nobody filled is empty."""

    def __missing__(self, _name: str) -> str:
        return ""


def kept(form: FormData | None, **given: str) -> Typed:
    """Return what was typed, to be shown again beside a refusal, else what is given; never a PIN or a count."""
    if form is None:
        return Typed(given)
    texts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    return Typed({name: value for name, value in texts.items() if name not in SECRETS})


@contextmanager
def photos_of(form: FormData, name: str = "photo") -> Iterator[list[Path]]:
    """Give the uploaded photos as files, for the length of a `with` block."""
    sent = [each for each in form.getlist(name) if isinstance(each, UploadFile) and each.filename]
    with tempfile.TemporaryDirectory(prefix="luutru-") as folder:
        paths = []
        for number, each in enumerate(sent):
            path = Path(folder) / f"{number:02}"
            with path.open("wb") as target:
                shutil.copyfileobj(each.file, target)
            paths.append(path)
        yield paths
