"""Every setting of a station, in one frozen object: defaults, then `luutru.toml` in its home, then LUUTRU_* variables.

A home is one folder that holds everything: settings, database, vault, inbox, done and set-aside files.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from archive.errors import SettingsError

FILE = "luutru.toml"
HANOI = "Asia/Ho_Chi_Minh"
DPIS = frozenset({203, 300, 600})
# A printer that is off by more than this (mm) is not to be calibrated but mended.
FARTHEST_OFFSET = 30.0


def _key(default: Any, sentence: str) -> Any:
    return field(default=default, metadata={"sentence": sentence})


@dataclass(frozen=True)
class Settings:
    """The settings of one station; every key carries the sentence that explains it."""

    home: Path
    database: str = _key("", "Database URL; empty means the SQLite file archive.sqlite3 in the home folder.")
    vault: str = _key("", "Where originals are kept: a folder, or s3://bucket/prefix; empty means vault/ in the home.")
    inbox: str = _key("", "The folder scanners write to; empty means scanner_inbox/ in the home folder.")
    done: str = _key("", "Where inbox files go once they are stored; empty means done/ in the home folder.")
    set_aside: str = _key("", "Where files go that need a person; empty means set_aside/ in the home folder.")
    heads: str = _key(
        "", "Second place for the custody log's signed heads, best on another disk; empty means heads/ in the home."
    )
    after_intake: str = _key("move", "What happens to an inbox file that is stored: move (to done) or delete.")
    delete_after_hours: float = _key(
        24.0, "With after_intake = delete: hours a stored file waits before it is removed."
    )
    stable_seconds: float = _key(5.0, "A file counts as finished when nothing about it changed for this long.")
    give_up_minutes: float = _key(30.0, "A file that is still not whole after this long is set aside with the reason.")
    sweep_seconds: float = _key(
        60.0, "How often the inbox is compared with the database, whatever the file events say."
    )
    share_sweep_seconds: float = _key(
        7.0, "The same where the inbox is on a network share, which sends no file events."
    )
    max_file_mb: int = _key(2048, "A file larger than this is set aside.")
    max_pages: int = _key(5000, "A file with more pages than this is set aside.")
    max_page_megapixels: int = _key(200, "A page with more pixels than this is not read but shown to a person.")
    language: str = _key("vie", "Tesseract language(s) of the paper.")
    read_dpi: int = _key(200, "Colour pages above 220 dpi are read at this resolution.")
    engine: str = _key("", "Path of the tesseract program; empty means the best one found.")
    page_seconds: float = _key(180.0, "A page that takes longer to read is given to a person.")
    page_memory_mb: int = _key(1500, "A reading worker may use this much memory.")
    workers: int = _key(0, "Reading workers on this machine; 0 means one for each processor.")
    lease_seconds: float = _key(60.0, "A worker that is silent for this long loses its scan to another.")
    doorbell: str = _key("", "How workers hear of new scans: empty for polling, procrastinate on PostgreSQL.")
    host: str = _key("127.0.0.1", "Address the station page listens on; only loopback until people can sign in.")
    port: int = _key(8000, "Port of the station page.")
    https: str = _key(
        "auto", "Whether the page is served over HTTPS too, for phones: auto (once it leaves this computer), on or off."
    )
    https_port: int = _key(8443, "Port of the station page over HTTPS.")
    label_host: str = _key(
        "luutru.local", "Host name inside the codes of labels, covers and forms; old codes stay valid when it changes."
    )
    label_stock: str = _key("L7160", "Label sheet that stands first where labels are printed.")
    printer_dpi: int = _key(600, "Dots per inch of the label printer: 203, 300 or 600.")
    printer_offset: str = _key(
        "0 0", "How far the printer is moved, in mm to the right and down, from the calibration page."
    )
    office_name: str = _key("", "Name of this office, at the top of printed records and labels.")
    finder_note: str = _key(
        "",
        "What somebody who finds a box of ours reads after scanning its label: whom to call, where to bring it.",
    )
    office_parent: str = _key("", "Name of the body above this office, over its name on printed records.")
    box_metres: float = _key(
        0.0, "Shelf metres one box takes up, for hand-over minutes (a box of the standard 0.125); 0: written by hand."
    )
    office_city: str = _key("", "Place named before the date on printed records, such as Hà Nội.")
    lang: str = _key("vi", "Language of pages and messages where nobody chose one: vi or en.")
    zone: str = _key("Asia/Ho_Chi_Minh", "Time zone of the office: watches and shifts are at times on its clocks.")
    shift_grace_minutes: float = _key(
        10.0, "A planned guard who has not begun this long after the time is reported absent."
    )
    longest_duty_hours: float = _key(14.0, "A guard who is on duty for longer than this is reported.")
    keep_free_mb: int = _key(500, "Intake stops, and says so, when the vault's disk has less room than this.")
    witness: str = _key(
        "off", "Whether the page signs the heads that other offices' logs send to /witness/add-checkpoint: off or on."
    )
    timestamp_url: str = _key(
        "", "Address of an RFC 3161 authority that stamps each head of the custody log; empty means none."
    )
    timestamp_root: str = _key("", "PEM file with the root certificates of that authority.")
    fixity_days: int = _key(90, "Every stored scan is re-read and compared at least this often.")
    alarm_urls: str = _key(
        "",
        "Who is told of alarms: Apprise addresses, each after its role, separated by spaces: guard=… archivist=… "
        "leader=… administrator=… all=…; empty means the page alone.",
    )
    alarm_ladder: str = _key(
        "guard 0, archivist 10, leader 30, administrator 60",
        "After how many minutes without an answer each role hears of an alarm.",
    )
    device_silent_minutes: int = _key(30, "A phone that still holds entries may be silent for this long.")
    inbox_stuck_minutes: int = _key(60, "A file may wait in the inbox for this long before an alarm is raised.")
    backup_days: int = _key(7, "An alarm is raised when the last backup is older than this; 0 asks for none.")

    @property
    def database_url(self) -> str:
        """The database to open."""
        return self.database or f"sqlite:///{self.home / 'archive.sqlite3'}"

    @property
    def vault_place(self) -> str:
        """A folder's path or an s3:// URL."""
        return self.vault or str(self.home / "vault")

    @property
    def inbox_folder(self) -> Path:
        """The inbox."""
        return self._folder(self.inbox, "scanner_inbox")

    @property
    def done_folder(self) -> Path:
        """Where stored inbox files go."""
        return self._folder(self.done, "done")

    @property
    def aside_folder(self) -> Path:
        """Where files go that need a person."""
        return self._folder(self.set_aside, "set_aside")

    @property
    def heads_folder(self) -> Path:
        """Where copies of the custody log's signed heads lie."""
        return self._folder(self.heads, "heads")

    @property
    def derived_folder(self) -> Path:
        """Searchable PDFs and thumbnails: all of it can be made again."""
        return self.home / "derived"

    @property
    def worker_count(self) -> int:
        """How many reading workers to run."""
        return self.workers or os.cpu_count() or 1

    def _folder(self, value: str, default: str) -> Path:
        return (self.home / (value or default)).absolute()


def default_home(environment: Mapping[str, str]) -> Path:
    """Return LUUTRU_HOME, or luutru-data in the user's own folder: never where a checkout would be called luutru."""
    return Path(environment.get("LUUTRU_HOME") or Path(environment.get("HOME", ".")) / "luutru-data").absolute()


def load(home: Path, environment: Mapping[str, str]) -> Settings:
    """Read the settings of a home; raises SettingsError "settings-broken", "setting-unknown", "setting-wrong"."""
    values: dict[str, object] = {}
    path = home / FILE
    if path.exists():
        try:
            values = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise SettingsError("settings-broken", path=str(path), detail=str(error)) from error
    known = {each.name: each for each in fields(Settings) if each.name != "home"}
    for name in known:
        if (variable := environment.get(f"LUUTRU_{name.upper()}")) is not None:
            values[name] = variable
    return check_values(home, values)


def check_values(home: Path, values: Mapping[str, object]) -> Settings:
    """Return the settings that these values make; SettingsError "setting-unknown", "setting-wrong" and as `check`."""
    known = {each.name: each for each in fields(Settings) if each.name != "home"}
    typed: dict[str, object] = {}
    for name, value in values.items():
        if name not in known:
            raise SettingsError("setting-unknown", key=name, path=str(home / FILE))
        typed[name] = _typed(name, value, known[name].default)
    return check(replace(Settings(home=home.absolute()), **typed))  # type: ignore[arg-type]  # typed above


def check(settings: Settings) -> Settings:
    """Refuse folders that overlap or stand inside the program, and values out of range; return the settings."""
    if settings.after_intake not in {"move", "delete"}:
        raise SettingsError("setting-wrong", key="after_intake", value=settings.after_intake, wanted="move | delete")
    if settings.witness not in {"off", "on"}:
        raise SettingsError("setting-wrong", key="witness", value=settings.witness, wanted="off | on")
    if settings.lang not in {"vi", "en"}:
        raise SettingsError("setting-wrong", key="lang", value=settings.lang, wanted="vi | en")
    if settings.https not in {"auto", "on", "off"}:
        raise SettingsError("setting-wrong", key="https", value=settings.https, wanted="auto | on | off")
    if settings.printer_dpi not in DPIS:
        raise SettingsError("setting-wrong", key="printer_dpi", value=settings.printer_dpi, wanted="203 | 300 | 600")
    offset_of(settings)
    zone_of(settings)
    for each in fields(settings):
        value = getattr(settings, each.name)
        if isinstance(value, int | float) and value < 0:
            raise SettingsError("setting-wrong", key=each.name, value=value, wanted="0 or more")
    code = Path(__file__).resolve().parent.parent
    places = {
        "inbox": settings.inbox_folder,
        "done": settings.done_folder,
        "set_aside": settings.aside_folder,
        "derived": settings.derived_folder,
        "heads": settings.heads_folder,
    }
    if "://" not in settings.vault_place:
        places["vault"] = Path(settings.vault_place).absolute()
    real = {name: Path(os.path.realpath(place)) for name, place in places.items()}
    for name, place in real.items():
        if place == code or code in place.parents or place in code.parents:
            raise SettingsError("folder-inside-code", key=name, path=str(place))
        if place in Path(os.path.realpath(settings.home)).parents or place == Path(os.path.realpath(settings.home)):
            raise SettingsError("folders-overlap", first=name, second="home", path=str(place))
        for other, elsewhere in real.items():
            if name < other and (place == elsewhere or place in elsewhere.parents or elsewhere in place.parents):
                raise SettingsError("folders-overlap", first=name, second=other, path=str(place))
    return settings


def offset_of(settings: Settings) -> tuple[float, float]:
    """Return how far the printer is moved (mm to the right, mm down); SettingsError "setting-wrong"."""
    try:
        right, down = (float(each.replace(",", ".")) for each in settings.printer_offset.split())
    except ValueError:
        right = down = float("inf")
    if not (abs(right) <= FARTHEST_OFFSET and abs(down) <= FARTHEST_OFFSET):
        raise SettingsError("setting-wrong", key="printer_offset", value=settings.printer_offset, wanted="0.0 0.0")
    return right, down


def zone_of(settings: Settings) -> tzinfo:
    """Return the office's time zone; SettingsError "setting-wrong"."""
    try:
        return ZoneInfo(settings.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        if settings.zone == HANOI:
            # A machine without the zone database: here the clocks have not changed since 1975.
            return timezone(timedelta(hours=7), "+07")
    raise SettingsError("setting-wrong", key="zone", value=settings.zone, wanted=HANOI)


def explained(settings: Settings) -> list[tuple[str, object, str]]:
    """List (key, value, sentence) for every setting, in order."""
    return [
        (each.name, _shown(each.name, getattr(settings, each.name)), str(each.metadata["sentence"]))
        for each in fields(settings)
        if each.name != "home"
    ]


def _shown(name: str, value: object) -> object:
    """Return a value as it may be printed: an address to send alarms to holds passwords."""
    if name != "alarm_urls":
        return value
    return " ".join(re.sub(r"(://).*", r"\1…", each) for each in str(value).split())


def template() -> str:
    """Return a settings file in which every key stands commented out with its default and its sentence."""
    lines = ["# Settings of this station. Remove the # before a line to change it.", ""]
    for name, value, sentence in explained(Settings(home=Path())):
        shown = f'"{value}"' if isinstance(value, str) else value
        lines += [f"# {sentence}", f"# {name} = {shown}", ""]
    return "\n".join(lines)


def _typed(name: str, value: object, default: object) -> object:
    wanted = type(default)
    try:
        if isinstance(value, bool) or (isinstance(value, str) and wanted is not str and not value.strip()):
            raise ValueError
        if wanted is str and not isinstance(value, str):
            raise ValueError
        return wanted(value)  # type: ignore[call-arg]  # str, int or float
    except (TypeError, ValueError):
        raise SettingsError("setting-wrong", key=name, value=value, wanted=wanted.__name__) from None
