"""Figures counted: one look at the rows for any number of them, by any columns, over any cases."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, and_, func, select

from adapters.boards.definitions import Cohort, Rate
from adapters.boards.facts import FACTS
from adapters.boards.looking import look
from adapters.boards.shares import EMPTY, PRECISION, Cell, Share
from adapters.boards.tables import cases

Key = tuple[Any, ...]
Counted = Mapping[Key, Mapping[str, Cell]]


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
    names = sorted({fact for figure in figures for fact in figure.facts})
    tallies: defaultdict[Key, Counter[tuple[str, str]]] = defaultdict(Counter)
    for row in look(engine, _grouped(names, whose, span, now, by)):
        tally, so = tallies[tuple(row[: len(by)])], dict(zip(names, row[len(by) :], strict=False))
        for figure in figures:
            tally.update({(figure.name, what): n for what, n in _counts(figure, so, row)})
    return {key: {one.name: _cell(one.name, tally) for one in figures} for key, tally in tallies.items()}


def _grouped(names: Sequence[str], whose: Whose, span: Span, now: datetime, by: Sequence[ColumnElement[Any]]) -> Any:  # noqa: ANN401 - a statement
    """How many cases are alike in all that is asked: so no fact is looked at twice."""
    units = [column.label(f"by_{n}") for n, column in enumerate(by)]
    facts = [FACTS[name].told(now).label(name) for name in names]
    each = select(*units, *facts, whose.left_out.label("left_out")).where(whose.cases, *span.conditions()).subquery()
    return select(*each.c, func.count().label("n")).group_by(*each.c)


def _counts(figure: Rate, so: Mapping[str, int], row: Row[Any]) -> Iterator[tuple[str, float]]:
    """What cases that are alike add to a figure."""
    if figure.unknown and all(so[fact] for fact in figure.unknown):
        yield "unknown", row.n
    elif all(so[fact] for fact in figure.of):
        weight = sum(weight for fact, weight in figure.counts.items() if so[fact])
        layer = "out" if row.left_out else "in"
        yield f"of_{layer}", row.n
        yield f"weighed_{layer}", row.n * weight
        yield f"counted_{layer}", row.n * any(so[fact] for fact in figure.counts)


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


def added(cells: Sequence[Cell]) -> Cell:
    """Several units as one."""
    return Cell(
        _added([cell.share for cell in cells]),
        _added([cell.whole for cell in cells]),
        sum(cell.counted for cell in cells),
        sum(cell.excluded for cell in cells),
        sum(cell.unknown for cell in cells),
    )


def _added(shares: Sequence[Share]) -> Share:
    return Share(_exact(sum(one.numerator for one in shares)), sum(one.denominator for one in shares))


def all_of(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Cases that meet all of these."""
    return and_(*conditions)
