"""Looking at the boards when they are full, against reading one row by its key with the driver alone.

The rows are the demo's cases as they stood at any time of their lives, copied under fresh ids into four times as many
places and departments, some of which have far more than others; each look is at another of them.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Table

from adapters.boards import department, grid, register, street
from adapters.boards.answering import Question, answered, every, trend
from adapters.boards.counting import Span
from adapters.boards.definitions import TIMES, rates
from adapters.boards.dimensions import By, Of
from adapters.boards.folding import lookups
from adapters.boards.tables import PLACE, assignments, cases, metadata, pairs, requests, whistles
from adapters.boards.telling import assignment_rows, case_row, request_rows, whistle_rows
from adapters.store.engine import engine_at, reading
from adapters.store.migrate import create
from bench.ground import POSTGRESQL, Ground
from bench.invented import SEED, files_of_the_month, law
from bench.measure import Found, Latency, Measure, each_took
from bench.pour import pour
from bench.sizes import Sizes
from domain.case import Case, evolve
from domain.periods import Month
from domain.permissions import Reach
from domain.places import Place, Rung
from workflow.finding import pairs as pairs_in

SHARES = (4, 3, 2, 1)  # how the cases fall to the four copies of each place and department
OLD, RECENT = 700, 20  # days that a case lies back at most: closed, and open
MOST = 2.0  # milliseconds, on PostgreSQL
UNITS = {*PLACE, "accountable", "lead", "unit", "supervised"}
PARTS: dict[Table, Callable[[Case], Any]] = {
    cases: lambda case: [case_row(case)],
    assignments: assignment_rows,
    requests: request_rows,
    whistles: whistle_rows,
    pairs: lambda case: [{"pair": pair, "street": street} for pair, street in sorted(lookups(case))],
}


def measures(ground: Ground, sizes: Sizes) -> Iterator[Found]:
    """Each board, on each engine."""
    for engine in ground.engines:
        boards = engine_at(ground.url(engine))
        create(boards, metadata)
        for table in PARTS:
            pour(boards, table, rows(table, sizes))
        yield from _looks(engine, boards, sizes)
        boards.dispose()


def _looks(engine: str, boards: Engine, sizes: Sizes) -> Iterator[Found]:
    limit = _one_row(boards, sizes)
    of_boards = _boards(reading(boards))
    for name, look in (of_boards | _searches(reading(boards))).items():
        took = each_took(look, sizes.looks)
        yield Measure("look", engine, f"{name} p50", took.p50, limit.p50, "ms", "one row by its key")
        most = MOST if engine == POSTGRESQL and name in of_boards else None
        yield Measure("look", engine, f"{name} p99", took.p99, limit.p99, "ms", "one row by its key", most=most)
    for name, look in _figures(reading(boards)).items():
        took = each_took(look, max(3, sizes.looks // 10))
        yield Measure("look", engine, f"{name} p50", took.p50, limit.p50, "ms", "one row by its key")


def _boards(engine: Engine) -> dict[str, Callable[[], object]]:
    now, dice, places = datetime.now(UTC), Random(SEED), law().places
    grids, streets = (
        codes_of(place.code for place in places.below(law().code, rung)) for rung in (Rung.GRID, Rung.STREET)
    )
    departments = codes_of(law().departments)
    return {
        "grid": lambda: grid.board(engine, Place(dice.choice(grids), Rung.GRID, {}), now),
        "street": lambda: street.board(engine, dice.choice(streets), now),
        "department": lambda: department.board(engine, dice.choice(departments), now),
        "list of a street": lambda: register.page(engine, Reach("street", dice.choice(streets)), {"open": "yes"}, now),
        "list of a department": lambda: register.page(engine, Reach(unit=dice.choice(departments)), {}, now),
    }


def _searches(engine: Engine) -> dict[str, Callable[[], object]]:
    now, dice, departments = datetime.now(UTC), Random(SEED), codes_of(law().departments)
    streets = codes_of(place.code for place in law().places.below(law().code, Rung.STREET))
    names = sorted(kind.names["zh"] for kind in law().taxonomy.by_code.values())
    words = sorted({pair for name in names for pair in pairs_in(name)})

    def found(reach: Reach, some: Sequence[str]) -> object:
        return register.page(engine, reach, {"words": dice.choice(some)}, now)

    return {
        "cases of a street with a word": lambda: found(Reach("street", dice.choice(streets)), words),
        "cases of a street with a name": lambda: found(Reach("street", dice.choice(streets)), names),
        "cases of a department with a word": lambda: found(Reach(unit=dice.choice(departments)), words),
        "cases of the district with a word": lambda: found(Reach("district", copied(law().code, 0)), words),
    }


def _figures(engine: Engine) -> dict[str, Callable[[], object]]:
    """Last month's, whose cases are counted one by one: no aim but to know."""
    now, dice, kinds, zone = datetime.now(UTC), Random(SEED), rates(), law().calendar.tz
    month = Month.holding(now.date(), 1)
    last = Span(month.shifted(-1).begin(zone), month.begin(zone))
    districts = codes_of([law().code])
    streets = codes_of(place.code for place in law().places.below(law().code, Rung.STREET))

    def asked(by: By | None, span: Span = last, of: Of | None = None) -> Question:
        return Question(of or Of("district", dice.choice(districts)), span, law().taxonomy, by)

    return {
        "league by one figure": lambda: answered(engine, dice.choice(kinds), asked(By.STREET), now),
        "league of all of time": lambda: answered(engine, dice.choice(kinds), asked(By.STREET, Span()), now),
        "every rate of a street": lambda: every(engine, kinds, asked(None, of=Of("street", dice.choice(streets))), now),
        "times by department": lambda: answered(engine, dice.choice(TIMES), asked(By.DEPARTMENT), now),
        "a figure over twelve months": lambda: trend(engine, dice.choice(kinds), asked(None), now, month, zone),
    }


def codes_of(codes: Any) -> list[str]:  # noqa: ANN401 - any codes
    """Every copy of places or departments."""
    return [copied(code, copy) for code in sorted(codes) for copy in range(len(SHARES))]


def _one_row(boards: Engine, sizes: Sizes) -> Latency:
    """A case by its id, with a cursor of the driver."""
    mark = "?" if boards.dialect.name == "sqlite" else "%s"
    wanted, ids = f'SELECT * FROM board_cases WHERE "case" = {mark}', [fresh_id(n) for n in range(sizes.cases)]  # noqa: S608 - our names
    dice = Random(SEED)
    with closing(boards.raw_connection()) as connection, closing(connection.cursor()) as cursor:

        def look() -> None:
            one = dice.choice(ids)
            cursor.execute(wanted, (one.hex,))
            cursor.fetchone()

        return each_took(look, sizes.looks)


# --- the rows


def rows(table: Table, sizes: Sizes) -> Iterator[list[Any]]:
    """Rows of one table of the boards, for every case."""
    dice, copies = Random(SEED), range(len(SHARES))
    names = [column.name for column in table.c]
    for n in range(sizes.cases):
        opened = dice.random() < sizes.open_cases / sizes.cases
        template = dice.choice(told(table, opened=opened))
        back = timedelta(days=dice.randrange(RECENT if opened else OLD))
        copy = dice.choices(copies, SHARES)[0]
        numbered = {"number": f"{law().code}-{n:08d}"} if table is cases else {}
        for row in template:
            changed = {"case": fresh_id(n), "first": n + 1, **numbered}
            yield [moved(name, changed.get(name, row.get(name)), back, copy) for name in names]


def fresh_id(n: int) -> UUID:
    """Of the n-th case: spread over the key's whole range, as ids are."""
    return UUID(int=Random(n).getrandbits(128), version=4)


def moved(name: str, value: Any, back: timedelta, copy: int) -> Any:  # noqa: ANN401 - any column's
    """What stands in a column of a copy, so much earlier."""
    if isinstance(value, date):  # or a moment
        return value - back
    return copied(value, copy) if name in UNITS and value else value


def copied(code: str, copy: int) -> str:
    """One of the copies of a place or department."""
    return f"{code}-{copy}"


@cache
def told(table: Table, *, opened: bool) -> list[list[dict[str, Any]]]:
    """What the boards say in a table of cases as they stood at some time, still open or not any more."""
    return [list(PARTS[table](case)) for case in _stood() if case.state.is_open is opened]


@cache
def _stood() -> list[Case]:
    found = list[Case]()
    for file in files_of_the_month():
        case = None
        for entry in file:
            case = evolve(case, entry)
            found.append(case)
    return found
