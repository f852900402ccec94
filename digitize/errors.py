"""Why a file or a page could not be read: a code and facts, never a sentence."""

from __future__ import annotations


class ReadingError(Exception):
    """A file or page nobody can go on from.

    `code` is kebab-case and stable; `facts` holds the numbers and bounds a sentence needs.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts: dict[str, object] = facts

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in sorted(self.facts.items()))
        return f"{self.code} ({told})" if told else self.code


class FileError(ReadingError):
    """The whole file cannot be read: foreign, encrypted, broken or over a limit."""


class PageError(ReadingError):
    """One page cannot be read; its neighbours can."""


class EngineError(ReadingError):
    """The reading engine is missing, lacks a language, or died."""
