"""Scales: round figures along an axis, and five shades for figures of very different size."""

from dataclasses import dataclass
from itertools import count

ROUND = (1, 2, 5)
ROUNDER = (1, 2, 3, 4, 5, 6, 8)
SHADES = 5


def rounded_up(least: float, steps: tuple[int, ...] = ROUND) -> int:
    """The smallest round whole number that is not below `least`: one of `steps`, or ten, a hundred, … times as many."""
    every = (step * int(10**power) for power in count() for step in steps)
    return next(one for one in every if one >= least)


def ticks(most: float, about: int = 4) -> tuple[int, ...]:
    """Round whole numbers from 0 on, about so many, the last not below `most`."""
    step = rounded_up(most / about)
    steps = max(1, -int(-most // step))
    return tuple(n * step for n in range(steps + 1))


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis of a length, for figures from 0 to `most`."""

    most: float
    length: float

    @property
    def ticks(self) -> tuple[int, ...]:
        """The figures that are written along it."""
        return ticks(self.most)

    def at(self, figure: float) -> float:
        """How far along a figure stands."""
        return round(figure / self.ticks[-1] * self.length, 1)


@dataclass(frozen=True, slots=True)
class Shades:
    """Five classes of equal width that hold every figure from `least` to `most`; what is below has no shade."""

    most: int
    least: int = 1

    @property
    def width(self) -> int:
        """How many figures fall into each."""
        return rounded_up((self.most - self.least + 1) / SHADES, ROUNDER)

    def of(self, n: int) -> int:
        """The class of a figure: 1 to 5; 0 where it is below all of them."""
        return max(0, (n - self.least) // self.width + 1)

    @property
    def classes(self) -> tuple[tuple[int, str], ...]:
        """Each class that is needed, with the figures that fall into it."""
        firsts = range(self.least, self.most + 1, self.width)
        return tuple((n, _span(first, first + self.width - 1)) for n, first in enumerate(firsts, start=1))


def _span(first: int, last: int) -> str:
    return f"{first}–{last}" if last > first else str(first)
