"""What is overdue: by street, and by who holds it: a department, the district's dispatch, or the street itself."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from adapters.boards.looking import District
from adapters.boards.opened import Opened

BELOW = ""  # the street, or a community or grid of it


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many overdue cases of a street one holder has; the holder is a department, the district, or BELOW."""

    street: str
    holder: str
    count: int


def overdue(some: Iterable[Opened], district: District) -> tuple[Overdue, ...]:
    """Every cell that is not empty, by street and holder."""
    found: Counter[tuple[str, str]] = Counter()
    for one in some:
        above = one.holder in district.departments or one.holder == district.code
        found[one.street, one.holder if above else BELOW] += one.late
    return tuple(Overdue(*cell, n) for cell, n in sorted(found.items()) if n)
