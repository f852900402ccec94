"""What programs are answered about stocktakes, visits, keys and incidents, each field described."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

Entry = Field(description="The last entry about it.")


class Told(BaseModel):
    """An answer, taken from the value of custody of the same fields."""

    model_config = ConfigDict(from_attributes=True)


class StocktakeOut(Told):
    """A stocktake."""

    code: str = Field(description="Its number.")
    state: str = Field(description="open, or how it ended.")
    places: list[str] = Field(description="Places it is over.")
    expected: int = Field(description="Packages on record there as it was opened.")
    found: int = Field(description="Packages counted where they belong.")
    opened_at: str = Field(description="When it was opened.")
    opened_by: str = Field(description="Who opened it.")
    closed_at: str = Field(description="When it ended, empty while it is open.")
    reason: str = Field(description="Why it was abandoned, empty where it was not.")
    entry: int = Entry


class VisitOut(Told):
    """A visit."""

    number: str = Field(description="Its number.")
    state: str = Field(description="inside or left.")
    visitor: str = Field(description="Code of the visitor.")
    host: str = Field(description="Who answers for them inside.")
    purpose: str = Field(description="What for.")
    place: str = Field(description="Where they go.")
    came_at: str = Field(description="When they came.")
    left_at: str = Field(description="When they left, empty while they are inside.")
    entry: int = Entry


class KeyOutside(Told):
    """A key that is out, or came back."""

    code: str = Field(description="Its code.")
    state: str = Field(description="out or home.")
    holder: str = Field(description="Who has it.")
    since: str = Field(description="Since when.")
    deadline: str = Field(description="By when it is due back.")
    entry: int = Entry


class IncidentOut(Told):
    """An incident."""

    number: str = Field(description="Its number.")
    state: str = Field(description="open or closed.")
    about: str = Field(description="What it is about.")
    severity: str = Field(description="How grave.")
    opened_at: str = Field(description="When it was opened.")
    opened_by: str = Field(description="Who found it.")
    closed_at: str = Field(description="When it was closed, empty while it is open.")
    closed_by: str = Field(description="Who closed it.")
    outcome: str = Field(description="What it came to.")
    entry: int = Entry
