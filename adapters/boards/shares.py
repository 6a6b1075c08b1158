"""A rate with all that belongs to it: numerator and denominator, and who is not in them."""

from dataclasses import dataclass

SHOWN_FROM = 10  # counted cases; below that only numerator and denominator are shown, no rate
PRECISION = 6  # digits; sums of 0.9 are not exact


@dataclass(frozen=True, slots=True)
class Share:
    """A numerator and its denominator; the rate is None where nobody could be counted."""

    numerator: float
    denominator: int

    @property
    def rate(self) -> float | None:
        """The share, never 0 for want of cases."""
        return self.numerator / self.denominator if self.denominator else None

    @property
    def shown(self) -> float | None:
        """The rate where enough was counted for one to be shown."""
        return self.rate if self.denominator >= SHOWN_FROM else None


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one unit: without the cases that were granted to be left out, with them, and what is not known."""

    share: Share
    whole: Share  # with what was left out
    counted: int  # cases behind the numerator: those that count only in part are one case each
    excluded: int  # cases of the denominator that were left out
    unknown: int  # carried-over cases of which nobody knows


NOBODY = Share(0, 0)
EMPTY = Cell(NOBODY, NOBODY, 0, 0, 0)
