"""What a grid (or a community) sees: its open cases by traffic light, what to verify, what came back to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, and_, func, or_, select

from adapters.boards.definitions import chosen
from adapters.boards.facts import FACTS
from adapters.boards.lights import GREEN, RED, YELLOW, light_of
from adapters.boards.register import CaseLine, count, lines
from adapters.boards.spots import inside
from adapters.boards.tables import cases
from adapters.store.errors import explained
from domain.places import Place
from domain.states import State

REPEATS_WITHIN = timedelta(days=30)
REPEATS_FROM = 2
(ON_THE_SPOT,) = chosen(["on_the_spot"])


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same category in the same place, again and again."""

    place: str
    category: str
    count: int


@dataclass(frozen=True, slots=True)
class GridBoard:
    """The board of one grid or community at a moment; a share without a denominator is None."""

    place: str
    lights: dict[str, int]
    mine: tuple[CaseLine, ...]
    to_verify: tuple[CaseLine, ...]
    sent_down: tuple[CaseLine, ...]
    returned: tuple[CaseLine, ...]
    elsewhere: tuple[CaseLine, ...]
    repeats: tuple[Repeat, ...]
    on_the_spot: int
    ended: int

    @property
    def share_on_the_spot(self) -> float | None:
        """Of the cases that ended, the share handled by the grid or community itself."""
        return self.on_the_spot / self.ended if self.ended else None


def board(engine: Engine, place: Place, now: datetime) -> GridBoard:
    """The board of a grid or community."""
    here = inside(place)
    mine = and_(cases.c.accountable == place.code, cases.c.open.is_(True))
    return GridBoard(
        place=place.code,
        lights=_lights(engine, mine, now),
        mine=lines(engine, now, mine),
        to_verify=lines(engine, now, here, cases.c.open.is_(True), cases.c.state == State.RESOLVED.value),
        sent_down=lines(engine, now, mine, cases.c.sent_down.is_(True)),
        returned=lines(engine, now, mine, or_(cases.c.rework > 0, cases.c.reopened > 0)),
        elsewhere=lines(engine, now, here, cases.c.open.is_(True), cases.c.accountable != place.code),
        repeats=_repeats(engine, here, now),
        on_the_spot=count(engine, here, *(FACTS[fact].holds(now) for fact in (*ON_THE_SPOT.of, *ON_THE_SPOT.counts))),
        ended=count(engine, here, *(FACTS[fact].holds(now) for fact in ON_THE_SPOT.of)),
    )


def _lights(engine: Engine, mine: ColumnElement[bool], now: datetime) -> dict[str, int]:
    shown = light_of(now)
    with explained(), engine.connect() as connection:
        found = {row[0]: row[1] for row in connection.execute(select(shown, func.count()).where(mine).group_by(shown))}
    return {name: found.get(name, 0) for name in (GREEN, YELLOW, RED)}


def _repeats(engine: Engine, here: ColumnElement[bool], now: datetime) -> tuple[Repeat, ...]:
    """The same category in the same smallest place within 30 days."""
    where = (here, cases.c.logged_at.between(now - REPEATS_WITHIN, now))
    place = func.coalesce(func.nullif(cases.c.grid, ""), cases.c.community)
    found = select(place, cases.c.category, func.count()).where(*where).group_by(place, cases.c.category)
    with explained(), engine.connect() as connection:
        order = (func.count().desc(), place, cases.c.category)
        rows = connection.execute(found.having(func.count() >= REPEATS_FROM).order_by(*order)).all()
    return tuple(Repeat(*row) for row in rows)
