"""Figures counted: one look at the rows for any number of them, by any columns, over any cases."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Engine, func, select

from adapters.boards.definitions import Cohort, Rate
from adapters.boards.facts import BITS, asked
from adapters.boards.looking import just_after, look
from adapters.boards.shares import EMPTY, PRECISION, Cell, Share

Key = tuple[Any, ...]
Tally = list[Any]  # of each figure one after the other, the numbers of CELL: whole cases, or weights
Counted = Mapping[Key, Mapping[str, Cell]]
CELL = ("weighed_in", "weighed_out", "of_in", "of_out", "counted", "unknown")
OF_PLACES, OF_DEPARTMENTS = "out_of_place", "out_of_lead"  # by which of them a case is left out of whose score


@dataclass(frozen=True, slots=True)
class Span:
    """Which cases a figure is of: those whose logging, or closing, lies in [since, until)."""

    since: datetime | None = None
    until: datetime | None = None
    cohort: Cohort = Cohort.LOGGED

    def conditions(self, now: datetime) -> Iterator[ColumnElement[bool]]:
        """The same as conditions on the table of cases; without an end, up to `now`."""
        instant = self.cohort.instant
        if self.cohort is Cohort.CLOSED or self.since:
            yield instant.is_not(None) if self.since is None else instant >= self.since
        if self.since or self.until:
            yield instant < (self.until or just_after(now))


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose cases, and by which fact some are left out of whose score: of a place and what is below it, or of the lead."""

    cases: ColumnElement[bool]
    left_out: str

    @classmethod
    def places(cls, where: ColumnElement[bool]) -> "Whose":
        """As a street or the district is scored."""
        return cls(where, OF_PLACES)

    @classmethod
    def departments(cls, where: ColumnElement[bool]) -> "Whose":
        """As departments are."""
        return cls(where, OF_DEPARTMENTS)


class Alike(NamedTuple):
    """So many cases of one unit that are alike in all that is asked; of each, its facts as bits."""

    unit: Key
    facts: int
    n: int

    def of(self, *parts: int) -> "Alike":
        """The same by some parts of the unit; by none: of all units as one."""
        return Alike(tuple([self.unit[part] for part in parts]), self.facts, self.n)


def counted(
    engine: Engine, figures: Sequence[Rate], whose: Whose, span: Span, now: datetime, *by: ColumnElement[Any]
) -> Counted:
    """Each figure of each unit; `by` are the columns that tell units apart, none: all together."""
    return tallied(figures, alike(engine, figures, whose.cases, span, now, *by), whose.left_out)


def alike(
    engine: Engine,
    figures: Sequence[Rate],
    which: ColumnElement[bool],
    span: Span,
    now: datetime,
    *by: ColumnElement[Any],
) -> Iterator[Alike]:
    """What these figures ask of cases, in one look; `by` as above."""
    names = {OF_PLACES, OF_DEPARTMENTS}.union(*(figure.facts for figure in figures))
    units = [column.label(f"by_{n}") for n, column in enumerate(by)]
    each = select(*units, asked(names, now).label("so")).where(which, *span.conditions(now)).subquery()
    for row in look(engine, select(*each.c, func.count().label("n")).group_by(*each.c)):
        yield Alike(tuple(row[: len(by)]), row.so, row.n)


def tallied(figures: Sequence[Rate], some: Iterable[Alike], left_out: str) -> Counted:
    """Each figure of each unit, from cases that are alike; `left_out` is the fact that takes them out of the score."""
    tallies = defaultdict[Key, Tally](lambda: [0] * len(CELL) * len(figures))
    adds = cache(lambda facts: tuple(_adds(figures, facts, left_out)))  # a few hundred ways to be, however many units
    for unit, facts, n in some:
        tally = tallies[unit]
        for place, number in adds(facts):
            tally[place] += number * n
    return {unit: dict(_cells(figures, tally)) for unit, tally in tallies.items()}


def _adds(figures: Sequence[Rate], facts: int, left_out: str) -> Iterator[tuple[int, float]]:
    """What a case adds to each figure, and where in a tally."""
    so = {name: bool(facts & bit) for name, bit in BITS.items()}
    for n, figure in enumerate(figures):
        yield from ((n * len(CELL) + CELL.index(what), number) for what, number in _counts(figure, so, left_out))


def _counts(figure: Rate, so: Mapping[str, bool], left_out: str) -> Iterator[tuple[str, float]]:
    if figure.unknown and all(so[fact] for fact in figure.unknown):
        yield "unknown", 1
    elif all(so[fact] for fact in figure.of):
        layer = "out" if so[left_out] else "in"
        yield f"of_{layer}", 1
        yield f"weighed_{layer}", sum(weight for fact, weight in figure.counts.items() if so[fact])
        if not so[left_out]:
            yield "counted", any(so[fact] for fact in figure.counts)


def _cells(figures: Sequence[Rate], tally: Tally) -> Iterator[tuple[str, Cell]]:
    for n, figure in enumerate(figures):
        yield figure.name, _cell(*tally[n * len(CELL) : (n + 1) * len(CELL)])


def _cell(weighed: float, out: float, within: int, without: int, counted: int, unknown: int) -> Cell:
    share = Share(_exact(weighed), within)
    whole = Share(_exact(weighed + out), within + without) if without else share
    return Cell(share, whole, counted, without, unknown)


def _exact(n: float) -> float:
    return round(n, PRECISION)


def one_of(found: Counted, key: Key, name: str) -> Cell:
    """A cell; an empty one where nothing was counted."""
    return found.get(key, {}).get(name, EMPTY)
