"""Cases counted by place and by lead, for lists of boards."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from adapters.boards import register
from api.pages.reading import Reading

PLACES = ("street", "community", "grid")


@dataclass(frozen=True)
class Counts:
    """Open cases, and all, by code."""

    open: Mapping[str, int]
    all: Mapping[str, int]


def counted(v: Reading, *columns: str, opened: bool = False) -> Mapping[str, Counter[str]]:
    """The district's cases by each of these columns, in one look: by column, then by code."""
    found = {column: Counter[str]() for column in columns}
    for codes, n in register.counts(v.parts.boards.engine, v.law.code, *columns, opened=opened).items():
        for column, code in zip(columns, codes, strict=True):
            found[column][code] += n
    return found


def by_place_and_lead(v: Reading, *, every: bool) -> tuple[Counts, Counts]:
    """By place, and by lead; those that have ended are read only where `every` case is shown, of streets and leads."""
    opened = counted(v, *PLACES, "lead", opened=True)
    ever = counted(v, "street", "lead") if every else {"street": Counter(), "lead": Counter()}
    places = {code: n for column in PLACES for code, n in opened[column].items()}
    return Counts(Counter(places), ever["street"]), Counts(opened["lead"], ever["lead"])
