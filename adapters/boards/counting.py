"""Figures counted: one look at the rows for any number of them, by any columns, over any cases."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, reduce
from operator import add
from typing import Any

from sqlalchemy import ColumnElement, Engine, case, func, select

from adapters.boards.definitions import Cohort, Rate
from adapters.boards.facts import FACTS
from adapters.boards.looking import look
from adapters.boards.shares import EMPTY, PRECISION, Cell, Share
from adapters.boards.tables import cases

Key = tuple[Any, ...]
Counted = Mapping[Key, Mapping[str, Cell]]
LEFT_OUT = ""  # beside the names of facts


@dataclass(frozen=True, slots=True)
class Span:
    """Which cases a figure is of: those whose logging, or closing, lies in [since, until)."""

    since: datetime | None = None
    until: datetime | None = None
    cohort: Cohort = Cohort.LOGGED

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """The same as conditions on the table of cases."""
        if self.cohort is Cohort.CLOSED or self.since:
            yield self.cohort.instant.is_not(None) if self.since is None else self.cohort.instant >= self.since
        if self.until:
            yield self.cohort.instant < self.until


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose cases, and out of whose score some are left: of a place and what is below it, or of the lead."""

    cases: ColumnElement[bool]
    left_out: ColumnElement[Any]

    @classmethod
    def places(cls, where: ColumnElement[bool]) -> "Whose":
        """As a street or the district is scored."""
        return cls(where, cases.c.excluded_place)

    @classmethod
    def departments(cls, where: ColumnElement[bool]) -> "Whose":
        """As departments are."""
        return cls(where, cases.c.excluded_lead)


def counted(
    engine: Engine, figures: Sequence[Rate], whose: Whose, span: Span, now: datetime, *by: ColumnElement[Any]
) -> Counted:
    """Each figure of each unit; `by` are the columns that tell units apart, none: all together."""
    bits = Bits(tuple(sorted({fact for figure in figures for fact in figure.facts})))
    tallies: defaultdict[Key, Counter[tuple[str, str]]] = defaultdict(Counter)
    each = cache(lambda so: tuple(_adds(figures, bits.read(so))))  # a few hundred ways to be, however many units
    for row in look(engine, _grouped(bits.asked(whose, now), whose, span, by)):
        tally = tallies[tuple(row[: len(by)])]
        for what, number in each(row.so):
            tally[what] += number * row.n
    return {key: {one.name: _cell(one.name, tally) for one in figures} for key, tally in tallies.items()}


@dataclass(frozen=True, slots=True)
class Bits:
    """What is asked of each case: its answers are the bits of one number, which a database groups far faster than columns."""

    facts: tuple[str, ...]

    def asked(self, whose: Whose, now: datetime) -> ColumnElement[int]:
        """A bit for each fact, and the last for being left out."""
        conditions = [*(FACTS[name].holds(now) for name in self.facts), whose.left_out.is_(True)]
        return reduce(add, (case((so, 1 << n), else_=0) for n, so in enumerate(conditions)))

    def read(self, bits: int) -> Mapping[str, bool]:
        """The answers of a number."""
        return {name: bool(bits >> n & 1) for n, name in enumerate((*self.facts, LEFT_OUT))}


def _grouped(bits: ColumnElement[int], whose: Whose, span: Span, by: Sequence[ColumnElement[Any]]) -> Any:  # noqa: ANN401 - a statement
    """How many cases of each unit are alike in all that is asked."""
    units = [column.label(f"by_{n}") for n, column in enumerate(by)]
    each = select(*units, bits.label("so")).where(whose.cases, *span.conditions()).subquery()
    return select(*each.c, func.count().label("n")).group_by(*each.c)


def _adds(figures: Sequence[Rate], so: Mapping[str, bool]) -> Iterator[tuple[tuple[str, str], float]]:
    """What a case adds to each figure."""
    for figure in figures:
        yield from (((figure.name, what), number) for what, number in _counts(figure, so))


def _counts(figure: Rate, so: Mapping[str, bool]) -> Iterator[tuple[str, float]]:
    if figure.unknown and all(so[fact] for fact in figure.unknown):
        yield "unknown", 1
    elif all(so[fact] for fact in figure.of):
        layer = "out" if so[LEFT_OUT] else "in"
        yield f"of_{layer}", 1
        yield f"weighed_{layer}", sum(weight for fact, weight in figure.counts.items() if so[fact])
        yield f"counted_{layer}", any(so[fact] for fact in figure.counts)


def _cell(name: str, tally: Counter[tuple[str, str]]) -> Cell:
    said = {what: tally[name, what] for what in ("of_in", "of_out", "counted_in", "unknown")}
    weighed, out = tally[name, "weighed_in"], tally[name, "weighed_out"]
    share = Share(_exact(weighed), said["of_in"])
    whole = Share(_exact(weighed + out), said["of_in"] + said["of_out"])
    return Cell(share, whole, said["counted_in"], said["of_out"], said["unknown"])


def _exact(n: float) -> float:
    return round(n, PRECISION)


def one_of(found: Counted, key: Key, name: str) -> Cell:
    """A cell; an empty one where nothing was counted."""
    return found.get(key, {}).get(name, EMPTY)
