"""Places on paper: boxes in millimetres from the top left corner, and the dots of a printer."""

from __future__ import annotations

from dataclasses import dataclass

MM_PER_INCH, POINTS_PER_INCH = 25.4, 72.0
MM_PER_POINT = MM_PER_INCH / POINTS_PER_INCH
# Less than a hair: floating point alone may differ by this much (mm).
HAIR = 1e-6


@dataclass(frozen=True)
class Box:
    """A rectangle in millimetres; `left` and `top` grow to the right and down."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def shrunk(self, margin: float) -> Box:
        """Return the box with `margin` mm taken off each side."""
        return Box(self.left + margin, self.top + margin, self.width - 2 * margin, self.height - 2 * margin)

    def holds(self, other: Box) -> bool:
        """Tell whether `other` lies wholly inside."""
        return (
            self.left - HAIR <= other.left
            and self.top - HAIR <= other.top
            and other.right <= self.right + HAIR
            and other.bottom <= self.bottom + HAIR
        )

    def meets(self, other: Box) -> bool:
        """Tell whether the two share more than an edge."""
        return (
            self.left + HAIR < other.right
            and other.left + HAIR < self.right
            and self.top + HAIR < other.bottom
            and other.top + HAIR < self.bottom
        )


@dataclass(frozen=True)
class Printer:
    """A printer's dots per inch, and how far its print lies from where it should, in mm (see the calibration page).

    `right` and `down` move everything that is printed; both may be negative.
    """

    dpi: int = 600
    right: float = 0.0
    down: float = 0.0

    @property
    def dot(self) -> float:
        """The side of one dot in mm."""
        return MM_PER_INCH / self.dpi

    def snap(self, length: float) -> float:
        """Return the whole number of dots next to `length`, in mm."""
        return round(length / self.dot) * self.dot
