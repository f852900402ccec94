"""The channels alarms are told by: addresses of Apprise from the settings, each behind the role it reaches.

    guard=tgram://TOKEN/CHAT  leader=mailto://user:password@example.org  all=json://127.0.0.1:9000/alarms

A channel is known in rows and on screens by its kind and a digest of its address, because addresses hold passwords.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass

from archive.errors import SettingsError
from archive.settings import Settings
from custody.alarms import RUNGS, Ladder, read_ladder
from custody.errors import CustodyError

ALL = "all"
ROLES = (*RUNGS, ALL)
LONGEST_ERROR = 200


@dataclass(frozen=True)
class Channel:
    """One address and the role it reaches; `name` is what may be shown of it."""

    role: str
    name: str
    url: str


def channels_of(settings: Settings) -> tuple[Channel, ...]:
    """Return the channels of the settings; raises SettingsError "alarm-urls-wrong", which never shows the address."""
    found: list[Channel] = []
    for number, word in enumerate(settings.alarm_urls.split(), 1):
        role, equals, url = word.partition("=")
        kind = url.partition("://")[0]
        if not equals or role not in ROLES or "://" not in url or not re.fullmatch(r"[a-z][a-z0-9+.-]*", kind):
            raise SettingsError("alarm-urls-wrong", number=number, roles=list(ROLES))
        found.append(Channel(role, f"{kind}-{hashlib.sha256(url.encode()).hexdigest()[:8]}", url))
    return tuple(found)


def names_for(channels: Sequence[Channel], role: str) -> list[str]:
    """Return the names of the channels that reach a role."""
    return list(dict.fromkeys(each.name for each in channels if each.role in {role, ALL}))


def ladder_of(settings: Settings) -> Ladder:
    """Return the ladder of the settings; raises SettingsError "alarm-ladder-wrong"."""
    try:
        return read_ladder(settings.alarm_ladder)
    except CustodyError as error:
        raise SettingsError(error.code, **error.facts) from error


def send(channel: Channel, title: str, body: str, *, is_failure: bool = True) -> str:
    """Send one message now; return "" when the service took it, else what is known of why not.

    It can take as long as the service keeps us waiting (seconds, by Apprise's own limits), so it is called from a
    thread of its own and never inside a transaction.
    """
    # Loading it costs most of a second, and a station that tells nobody needs none of it.
    import apprise

    service = apprise.Apprise()
    with apprise.LogCapture(level=logging.WARNING) as heard:  # type: ignore[no-untyped-call]  # not typed there
        try:
            if not service.add(channel.url):
                return "address not understood"
            kind = apprise.NotifyType.WARNING if is_failure else apprise.NotifyType.INFO
            if service.notify(body=body, title=title, notify_type=kind, body_format=apprise.NotifyFormat.TEXT):
                return ""
        except Exception as error:
            # Hundreds of services, each with errors of its own: none of them may end the sender.
            return _scrubbed(f"{type(error).__name__}: {error}", channel)
        said = heard.getvalue().strip().splitlines() if hasattr(heard, "getvalue") else []
    return _scrubbed(said[-1] if said else "not accepted", channel)


def _scrubbed(text: str, channel: Channel) -> str:
    """Take out whatever stands in the address beyond its host: tokens, names, passwords."""
    kind, _, rest = channel.url.partition("://")
    for secret in sorted(re.split(r"[/@:?&=]+", rest), key=len, reverse=True):
        if len(secret) > 3:
            text = text.replace(secret, "…")
    return " ".join(text.replace(kind + "://", "").split())[:LONGEST_ERROR]
