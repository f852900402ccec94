"""What nobody can go on from: an error is a code and facts, never a sentence.

The sentences for people, in Vietnamese and English, stand in desk/messages.py under the same code.
"""

from __future__ import annotations


class ArchiveError(Exception):
    """A refusal or a failure of the floor.

    `code` is kebab-case and stable; `facts` are the values its sentence names (paths as text, counts as int).
    """

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(f"{code} {facts}" if facts else code)


class SettingsError(ArchiveError):
    """A setting that cannot be used: unknown key, wrong type, or folders that overlap."""


class DatabaseError(ArchiveError):
    """The database cannot be opened, is too old, or stands where it must not."""


class VaultError(ArchiveError):
    """The vault refused or lost bytes: not writable, full, missing or changed."""


class LeaseLostError(ArchiveError):
    """A worker's hold on a scan has passed to another; whatever it still wanted to write is refused."""
