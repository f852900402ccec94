"""What a label cannot be made from: an error is a code and facts, never a sentence."""

from __future__ import annotations


class LabelError(Exception):
    """A label, sheet or stock that cannot be made; `code` is kebab-case, `facts` are the values its sentence names."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts = facts
        super().__init__(f"{code} {facts}" if facts else code)
