"""Calling back, seen as a whole: who is to be called now and who later, whom nobody reached, what is not solved, by street."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, and_, case, func, not_, or_, select

from adapters.boards.calls import REST, rests
from adapters.boards.counting import Counted, Span, Whose, counted, one_of
from adapters.boards.definitions import USUAL, chosen
from adapters.boards.looking import look
from adapters.boards.register import LONGEST, CaseLine, line
from adapters.boards.shares import Share
from adapters.boards.spots import inside
from adapters.boards.tables import cases
from domain.places import Place
from domain.states import State

RATED_WITHIN = timedelta(days=30)  # of the cases that were logged so lately the figures are
RATES = chosen(("response", "resolution"), USUAL)
MOST_URGENT = (cases.c.due.asc().nulls_last(), cases.c.first)
ORDERS: Mapping[str, tuple[ColumnElement[Any], ...]] = {
    "due": MOST_URGENT,
    "unsolved": (cases.c.called_at, cases.c.first),
    "used_up": (cases.c.called_at, cases.c.first),
    "later": (cases.c.called_at, cases.c.first),
    "answered_today": (cases.c.called_at.desc(), cases.c.first),
}
KINDS = tuple(ORDERS)  # in order of need


@dataclass(frozen=True, slots=True)
class Callback:
    """A case whose reporter waits or has answered: how often they were tried, and from when on again."""

    case: CaseLine
    attempts: int
    called_at: datetime | None
    again_at: datetime | None


@dataclass(frozen=True, slots=True)
class OfStreet:
    """The call-backs of one street: how many of each kind; and two figures of those logged within 30 days."""

    street: str
    due: int
    later: int
    used_up: int
    unsolved: int
    answered_today: int
    response: Share
    resolution: Share


@dataclass(frozen=True, slots=True)
class Callbacks:
    """The call-backs of a street or a district at a moment; each list cut where it is long, the figures never."""

    place: str
    most: int  # attempts that the city makes
    due: tuple[Callback, ...]
    later: tuple[Callback, ...]
    used_up: tuple[Callback, ...]
    unsolved: tuple[Callback, ...]
    answered_today: tuple[Callback, ...]
    streets: tuple[OfStreet, ...]

    def count(self, kind: str) -> int:
        """How many there are of a kind, however long its list."""
        return sum(getattr(street, kind) for street in self.streets)


def callbacks(engine: Engine, place: Place, most: int, now: datetime, midnight: datetime) -> Callbacks:
    """The call-backs of a place; a reporter is tried `most` times, the day began at `midnight`."""
    kinds, here = _kinds(most, now, midnight), and_(inside(place), _of_today(midnight))
    lists = {kind: _listed(engine, and_(here, kinds[kind]), order, now) for kind, order in ORDERS.items()}
    return Callbacks(place.code, most, **lists, streets=_by_street(engine, place, kinds, here, now))


def _kinds(most: int, now: datetime, midnight: datetime) -> dict[str, ColumnElement[bool]]:
    """Of which kind a case is: at most one of the first four."""
    verified = and_(cases.c.open.is_(True), cases.c.state == State.VERIFIED.value, cases.c.waits.is_(True))
    unreached = and_(verified, or_(cases.c.contacted.is_(None), cases.c.contacted.is_(False)))
    left = cases.c.attempts < most
    return {
        "due": and_(unreached, left, not_(rests(now))),
        "later": and_(unreached, left, rests(now)),
        "used_up": and_(unreached, cases.c.attempts > 0, not_(left)),
        "unsolved": and_(verified, cases.c.contacted.is_(True), cases.c.solved.is_(False)),
        "answered_today": and_(cases.c.contacted.is_(True), cases.c.called_at >= midnight),
    }


def _of_today(midnight: datetime) -> ColumnElement[bool]:
    """What is open, or was until today: by two indexes, and not through all that ever ended."""
    return or_(cases.c.open.is_(True), cases.c.ended_at >= midnight)


def _listed(
    engine: Engine, which: ColumnElement[bool], order: tuple[ColumnElement[Any], ...], now: datetime
) -> tuple[Callback, ...]:
    rows = look(engine, select(cases).where(which).order_by(*order).limit(LONGEST))
    return tuple(Callback(line(row, now), row.attempts, row.called_at, _again(row.called_at)) for row in rows)


def _again(called_at: datetime | None) -> datetime | None:
    return called_at + REST if called_at else None


def _by_street(
    engine: Engine, place: Place, kinds: Mapping[str, ColumnElement[bool]], here: ColumnElement[bool], now: datetime
) -> tuple[OfStreet, ...]:
    """Every street that has any."""
    counts = {row.street: row for row in look(engine, _counted(here, **kinds))}
    lately = Span(now - RATED_WITHIN, now)
    rated = counted(engine, RATES, Whose.places(inside(place)), lately, now, cases.c.street)
    called = {street for (street,) in rated if rated[street,]["response"].share.denominator}
    return tuple(_of_street(street, counts.get(street), rated) for street in sorted({*counts, *called}))


def _counted(where: ColumnElement[bool], **kinds: ColumnElement[bool]) -> Any:  # noqa: ANN401 - a question with a column for each kind
    sums = [func.sum(case((which, 1), else_=0)).label(kind) for kind, which in kinds.items()]
    return select(cases.c.street, *sums).where(where, or_(*kinds.values())).group_by(cases.c.street)


def _of_street(street: str, row: Any, rated: Counted) -> OfStreet:  # noqa: ANN401 - a row
    counts = {kind: getattr(row, kind, 0) for kind in KINDS}
    response, resolution = (one_of(rated, (street,), rate.name).share for rate in RATES)
    return OfStreet(street, **counts, response=response, resolution=resolution)
