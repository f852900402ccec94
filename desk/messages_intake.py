"""What intake can find."""
from __future__ import annotations
from collections.abc import Mapping
from desk.message import Message
INTAKE: Mapping[str, Message] = {}
