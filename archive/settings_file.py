"""Writing one setting into `luutru.toml`, with every comment and every other line kept.

A file is written only when what it would then say is the old values with that one changed, and the settings as a
whole still hold; so a slip is refused before anything is touched, and a file that somebody laid out in a way this
writer does not know is left alone.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeGuard

from archive import durable
from archive.errors import SettingsError
from archive.settings import FILE, Settings, check_values, explained, template

Value = str | int | float


def read_values(home: Path) -> dict[str, object]:
    """Return what stands in a home's settings file; SettingsError "settings-broken"."""
    path = home / FILE
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError("settings-broken", path=str(path), detail=str(error)) from error


def typed(key: str, text: str) -> Value:
    """Return what was typed as the type of the setting; SettingsError "setting-unknown" or "setting-wrong"."""
    known: dict[str, Value] = {name: value for name, value, _ in explained(Settings(home=Path())) if _is_value(value)}
    if key not in known:
        raise SettingsError("setting-unknown", key=key, path=FILE)
    wanted = type(known[key])
    told = text.strip()
    if wanted is str:
        return told
    try:
        value = float(told.replace(",", ".")) if wanted is float else int(told)
    except ValueError:
        raise SettingsError("setting-wrong", key=key, value=text, wanted=wanted.__name__) from None
    if value != value or value in (float("inf"), float("-inf")):
        raise SettingsError("setting-wrong", key=key, value=text, wanted=wanted.__name__)
    return value


def write_values(home: Path, changes: Mapping[str, Value]) -> Settings:
    """Write settings and return them all as they hold from now on in the file.

    Raises SettingsError "setting-unknown", "setting-wrong", "folders-overlap", "folder-inside-code",
    "settings-broken", or "settings-layout" where the file is laid out so that a line cannot be changed safely.
    """
    with _alone(home):
        before = read_values(home)
        after = {**before, **changes}
        settings = check_values(home, after)
        path = home / FILE
        text = path.read_text(encoding="utf-8") if path.exists() else template()
        for key, value in changes.items():
            text = with_key(text, key, value)
        try:
            is_right = tomllib.loads(text) == after
        except tomllib.TOMLDecodeError:
            is_right = False
        if not is_right:
            raise SettingsError("settings-layout", path=str(path), keys=sorted(changes))
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        durable.write_whole(path, text.encode(), mode)
        return settings


def with_key(text: str, key: str, value: Value) -> str:
    """Return the text of a settings file with one key set: on its own line, else on its commented line, else below."""
    # JSON leaves DEL as it is; TOML does not allow it.
    line = f"{key} = {json.dumps(value, ensure_ascii=False)}".replace("\x7f", "\\u007f")
    newline = "\r\n" if "\r\n" in text else "\n"
    for pattern in (rf"^[ \t]*{key}[ \t]*=.*$", rf"^#[ \t]*{key}[ \t]*=.*$"):
        found = re.search(pattern, text.replace("\r\n", "\n"), re.MULTILINE)
        if found is not None:
            plain = text.replace("\r\n", "\n")
            old = found[0]
            note = _remark(old) if not old.startswith("#") else ""
            return (plain[: found.start()] + line + note + plain[found.end() :]).replace("\n", newline)
    plain = text.replace("\r\n", "\n")
    joined = plain if not plain or plain.endswith("\n") else plain + "\n"
    return f"{joined}{line}\n".replace("\n", newline)


def _remark(line: str) -> str:
    """Return the remark behind a value, which stays; what stands in quotes is no remark."""
    found = re.fullmatch(r"""\s*\w+\s*=\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^"'#]*?)(\s*#.*)?""", line)
    return (found[1] or "") if found else ""


def _is_value(value: object) -> TypeGuard[Value]:
    return isinstance(value, str | int | float)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the home for the length of a `with` block, so that of two writers the second sees what the first wrote."""
    folder = os.open(home, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
