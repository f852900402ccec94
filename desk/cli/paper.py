"""What every printing command shares: the options of the printer, a file that is there only when whole, the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from archive.errors import ArchiveError
from archive.settings import FILE, Settings
from desk.cli.asked import Asked
from desk.cli.exits import Exit
from desk.cli.spoken import mark

if TYPE_CHECKING:
    from desk.printing import Press

OUTPUT = mark("The PDF to write; an existing file is never replaced.")
DPI = mark("Dots per inch of the printer; modules of codes become whole dots.")
OFFSET = mark("How far to move the print, in mm to the right and down (see --calibrate); negative is left and up.")
ADDRESS = mark("The host name inside codes, for phone cameras; otherwise the setting label_host.")
BY = mark("Who prints: a person's code, kept with the number.")
output = click.option(
    "--output", "-o", "--out", "output", required=True, metavar="FILE", type=click.Path(path_type=Path), help=OUTPUT
)
printed_by = click.option("--by", default="", metavar="CODE", help=BY)


def pressed(run: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options of the printer."""
    run = printed_by(run)
    run = click.option("--address", metavar="NAME", help=ADDRESS)(run)
    run = click.option("--offset", type=(float, float), metavar="X Y", default=(0.0, 0.0), help=OFFSET)(run)
    run = click.option("--dpi", type=click.Choice(["203", "300", "600"]), default="600", help=DPI)(run)
    return output(run)


def press_of(asked: Asked, how: Mapping[str, Any]) -> Press:
    """Return how to print, from the options of `pressed`."""
    from desk.printing import Press
    from labels.geometry import Printer

    settings = asked.settings() if is_station(asked) else Settings(asked.home)
    host = how["address"] or settings.label_host
    return Press(Printer(int(how["dpi"]), *how["offset"]), host, how["by"])


def is_station(asked: Asked) -> bool:
    """Tell whether the home is that of a station."""
    return (asked.home / FILE).is_file()


class new_file:  # noqa: N801  # reads as what it is in a `with`
    """A new file that is there only when it is whole."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> BinaryIO:
        try:
            self._file = self._path.open("xb")
        except FileExistsError:
            raise ArchiveError("target-exists", path=str(self._path)) from None
        except FileNotFoundError:
            raise ArchiveError("path-missing", path=str(self._path.parent)) from None
        return self._file

    def __exit__(self, kind: object, *_rest: object) -> None:
        self._file.close()
        if kind is not None:
            self._path.unlink()


def tell(asked: Asked, as_json: bool, path: Path, drawn: dict[str, object]) -> Exit:
    """Say what was written, and on which labels some text did not fit."""
    from archive.refs import show_code

    t, cut = asked.t, drawn["cut"]
    if as_json:
        asked.say_json({**drawn, "path": str(path.absolute())})
        return Exit.OK
    asked.say(t("Written: {path} ({pages} pages). Print it at 100 %, never fitted to the page.", path=path, **drawn))
    if isinstance(cut, list) and cut:
        shown = [show_code(code) for code in cut[:10]]
        asked.note(
            t(
                "On {count} labels some text did not fit and is shortened, for example: {codes}",
                count=len(cut),
                codes=shown,
            )
        )
    return Exit.OK
