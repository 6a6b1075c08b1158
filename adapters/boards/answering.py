"""A figure as it is asked for: of whose cases, by what, of which period; each unit's number, and their trend over months."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Engine, case

from adapters.boards.counting import Key, Span, counted
from adapters.boards.definitions import Cohort, Rate, Time
from adapters.boards.dimensions import By, Of, columns_of, whose
from adapters.boards.lasting import Lasted, lasted
from adapters.boards.shares import EMPTY, SHOWN_FROM, Cell
from domain.periods import Month
from domain.taxonomy import Taxonomy

MONTHS = 12  # of a trend
Number = Cell | Lasted


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to know of figures."""

    of: Of
    span: Span
    taxonomy: Taxonomy
    by: By | None = None


def answered(engine: Engine, figure: Rate | Time, question: Question, now: datetime) -> Mapping[str, Number]:
    """The number of each unit that has any; of "" where all are one."""
    columns = tuple(columns_of(figure, question.by, question.taxonomy))
    found = _numbers(engine, figure, question, now, *columns)
    return {str(key[0]) if key else "": number for key, number in found.items()}


def together(engine: Engine, figure: Rate | Time, question: Question, now: datetime) -> Number:
    """The number of all cases as one, whatever tells units apart."""
    none = Lasted() if isinstance(figure, Time) else EMPTY
    return _numbers(engine, figure, replace(question, by=None), now).get((), none)


def _numbers(
    engine: Engine, figure: Rate | Time, question: Question, now: datetime, *by: ColumnElement[Any]
) -> Mapping[Key, Number]:
    of = whose(figure, question.of, question.by)
    if isinstance(figure, Time):
        return lasted(engine, figure, of, question.span, now, *by)
    return {key: cells[figure.name] for key, cells in counted(engine, [figure], of, question.span, now, *by).items()}


def every(engine: Engine, figures: Sequence[Rate], question: Question, now: datetime) -> Mapping[str, Cell]:
    """Many rates of the same cases: one look for all that go by the same column of departments."""
    found: dict[str, Cell] = {}
    for column in {figure.department for figure in figures}:
        alike = [figure for figure in figures if figure.department == column]
        of = whose(alike[0], question.of, question.by)
        cells = counted(engine, alike, of, question.span, now).get((), {})
        found |= {figure.name: cells.get(figure.name, EMPTY) for figure in alike}
    return found


@dataclass(frozen=True, slots=True)
class Point:
    """A month of a trend."""

    month: Month
    number: Number


def trend(
    engine: Engine, figure: Rate | Time, question: Question, now: datetime, last: Month, zone: ZoneInfo
) -> tuple[Point, ...]:
    """The twelve months up to one, of all cases as one, in one look."""
    months = [last.shifted(-n) for n in reversed(range(MONTHS))]
    whole = replace(question.span, since=months[0].begin(zone), until=last.end(zone))
    number = _number_of(months, whole.cohort, zone)
    found = _numbers(engine, figure, replace(question, span=whole, by=None), now, number)
    none = Lasted() if isinstance(figure, Time) else EMPTY
    return tuple(Point(month, found.get((n,), none)) for n, month in enumerate(months))


def _number_of(months: Sequence[Month], cohort: Cohort, zone: ZoneInfo) -> ColumnElement[int]:
    ends = [(cohort.instant < month.end(zone), n) for n, month in enumerate(months[:-1])]
    return case(*ends, else_=len(months) - 1)


def league(found: Mapping[str, Number], figure: Rate | Time) -> Iterator[tuple[str, Number, int | None]]:
    """Units in their order, each with its rank; None where too little was counted, or no order would be fair."""
    rank = 0
    for code, number in sorted(found.items(), key=lambda one: (*_order(one[1], figure), one[0])):
        fair = figure.more is not None and _order(number, figure)[0] == 0
        rank += fair
        yield code, number, rank if fair else None


def _order(number: Number, figure: Rate | Time) -> tuple[int, float, int]:
    """First those with enough cases, the best of them first; then the others, the most cases first."""
    many, value = _counted(number)
    if value is None or figure.more is None:
        return 1, 0.0, -many
    return 0, -value if figure.more else value, -many


def _counted(number: Number) -> tuple[int, float | None]:
    """How many were counted, and what they are compared by, where that is enough."""
    if isinstance(number, Lasted):
        return number.n, number.median if number.n >= SHOWN_FROM else None
    return number.share.denominator, number.share.shown
