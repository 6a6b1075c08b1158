"""Any moment again: each board and figure as of random instants, against the same now, over the same cases."""

import gc
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Engine, text

from adapters.boards import department, district, grid, register, street
from adapters.boards.answering import Question, answered, every
from adapters.boards.counting import Span as Within
from adapters.boards.definitions import TIMES, rates
from adapters.boards.dimensions import By, Of
from adapters.boards.tables import metadata as live
from adapters.past.asking import asked_of
from adapters.past.tables import FOREVER, KEPT, metadata
from adapters.store.engine import engine_at, reading
from adapters.store.migrate import create
from bench.ground import Ground
from bench.histories import COPIES, NOW, Log, Volumes, rows, volumes_of
from bench.invented import SEED, law
from bench.look import codes_of
from bench.measure import Found, Measure, each_took
from bench.pour import multiply, pour, without_indexes
from bench.sizes import Sizes
from domain.periods import Month
from domain.permissions import Reach
from domain.places import Place, Rung

MOST = 100.0  # milliseconds
A_YEAR = timedelta(days=365)
CASE_BY_CASE = ("a time by street",)  # its median: how long each took is told, no aim but to know
POSITIONS = ("stood_from", "first", "stood_until")  # first of all the one at which a row is written


def measures(ground: Ground, sizes: Sizes) -> Iterator[Found]:
    """Each board, on each engine."""
    log = Log(sizes.past_cases)
    for engine in ground.engines:
        store = engine_at(ground.url(engine))
        create(store, live)
        create(store, metadata)
        volumes = volumes_of(log)
        with without_indexes(store, (*KEPT, *KEPT.values())):
            for table, kept in KEPT.items():
                for into, now in ((table, True), (kept, False)):
                    pour(store, into, rows(table, log, volumes, now=now))
                    multiply(store, into, COPIES, log.made, POSITIONS, FOREVER)
        _counted(store)
        yield from _looks(engine, store, log, volumes, sizes)
        store.dispose()


def _counted(store: Engine) -> None:
    """The databases know of their rows what they do in use: the past's are counted with each volume, SQLite counts no others."""
    with store.begin() as connection:
        if store.dialect.name == "sqlite":
            connection.execute(text("DELETE FROM sqlite_stat1"))
        for kept in KEPT.values():
            connection.execute(text(f"ANALYZE {kept.name}"))


def _looks(engine: str, store: Engine, log: Log, volumes: Volumes, sizes: Sizes) -> Iterator[Found]:
    dice, reader = Random(SEED), reading(store)
    gc.freeze()  # as the server does

    def then(look: Callable[[Engine, datetime], object]) -> None:
        at = NOW - A_YEAR * dice.random()
        position = log.position(at)
        look(asked_of(reader, position, volumes.of(position)), at)

    for name, look in (_boards() | _figures()).items():
        of_now = each_took(lambda look=look: look(reader, NOW), sizes.looks)  # type: ignore[misc]  # at once
        took = each_took(lambda look=look: then(look), sizes.looks)  # type: ignore[misc]  # at once
        what, against = f"{name}, {sizes.past_cases:,} cases", "the same board now"
        most = None if name in CASE_BY_CASE else MOST
        yield Measure("then", engine, f"{what} p50", took.p50, of_now.p50, "ms", against, most=most)
        yield Measure("then", engine, f"{what} p99", took.p99, of_now.p99, "ms", against)


def _boards() -> dict[str, Callable[[Engine, datetime], object]]:
    dice, places = Random(SEED), law().places
    grids, streets = (codes_of(one.code for one in places.below(law().code, rung)) for rung in (Rung.GRID, Rung.STREET))
    departments = codes_of(law().departments)
    return {
        "grid": lambda engine, at: grid.board(engine, Place(dice.choice(grids), Rung.GRID, {}), at),
        "street": lambda engine, at: street.board(engine, dice.choice(streets), at),
        "department": lambda engine, at: department.board(engine, dice.choice(departments), at),
        "district": lambda engine, at: district.board(engine, law(), at, 30),
        "list of a street": lambda engine, at: register.page(engine, Reach("street", dice.choice(streets)), {}, at),
        "list of a department": lambda engine, at: register.page(engine, Reach(unit=dice.choice(departments)), {}, at),
    }


def _figures() -> dict[str, Callable[[Engine, datetime], object]]:
    """Those of the month before."""
    dice, kinds = Random(SEED), rates()

    def asked(at: datetime, by: By | None) -> Question:
        month = Month.holding(at.date(), 1).shifted(-1)
        span = Within(month.begin(law().calendar.tz), month.end(law().calendar.tz))
        return Question(Of("district", law().code), span, law().taxonomy, by)

    return {
        "a rate by street": lambda engine, at: answered(engine, dice.choice(kinds), asked(at, By.STREET), at),
        "a rate by department": lambda engine, at: answered(engine, dice.choice(kinds), asked(at, By.DEPARTMENT), at),
        "every rate of the district": lambda engine, at: every(engine, kinds, asked(at, None), at),
        CASE_BY_CASE[0]: lambda engine, at: answered(engine, dice.choice(TIMES), asked(at, By.STREET), at),
    }
