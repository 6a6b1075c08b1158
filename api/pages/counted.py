"""Cases counted by place and by lead, for lists of boards."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.boards import register
from api.pages.reading import Reading
from domain.states import State


@dataclass(frozen=True)
class Counts:
    """Open cases, and all, by code."""

    open: Mapping[str, int]
    all: Mapping[str, int]

    @classmethod
    def of(cls, v: Reading, *columns: str) -> "Counts":
        """Counted by each of these columns."""
        opened: Counter[str] = Counter()
        every: Counter[str] = Counter()
        reach = register.Reach(place=v.law.code)
        for (*codes, state), n in register.counts(v.parts.boards.engine, reach, *columns, "state").items():
            for code in codes:
                every[code] += n
                opened[code] += n * State(state).is_open
        return cls(opened, every)
