"""Any moment again: each board as of random instants, against the same board now, over the same cases.

The cases live through the demo's month, each shifted by up to two years, under fresh ids and in four times as many places
and departments. Kept are the rows that they had after every entry, in volumes, as the past is folded. Of some cases rows
are made; the databases themselves repeat them, each time a little later in the log.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import Engine, Table, text

from adapters.boards import department, district, grid, register, street
from adapters.boards.register import Reach
from adapters.boards.tables import cases
from adapters.boards.tables import metadata as live
from adapters.past.asking import asked_of
from adapters.past.spans import Span, Spans, standing
from adapters.past.tables import FOREVER, KEPT, SETTLED, metadata
from adapters.store.engine import engine_at, reading
from adapters.store.migrate import create
from bench.ground import Ground
from bench.invented import SEED, files_of_the_month, law
from bench.look import OLD, RECENT, SHARES, codes_of, fresh_id, moved
from bench.measure import Found, Measure, each_took
from bench.pour import multiply, pour, without_indexes
from bench.sizes import Sizes
from domain.case import evolve
from domain.entries import Entry
from domain.places import Place, Rung

MOST = 100.0  # milliseconds
NOW = datetime.now(UTC)
BEGINS = NOW - timedelta(days=OLD + 40)
A_YEAR = timedelta(days=365)
A_DAY = 86_400  # seconds
OPEN = 0.1  # of the cases
COPIES = 20  # of each case that rows are made of
PER_CASE = 12  # entries, on average
POSITIONS = ("first", "stood_from", "stood_until")


class Life(NamedTuple):
    """What every entry of a case file did to its rows."""

    moments: list[datetime]
    spans: list[Span]


class Log(NamedTuple):
    """How long the log is, and how its entries fall to volumes; between any two there is room for one of every case."""

    cases: int

    @property
    def made(self) -> int:
        """Of how many cases rows are made."""
        return self.cases // COPIES

    @property
    def entries(self) -> int:
        """The last position."""
        return self.cases * PER_CASE * self.cases

    @property
    def volume(self) -> int:
        """How long a volume is."""
        return max(self.cases // 10, 1) * self.cases

    def position(self, at: datetime) -> int:
        """Where in the log a moment is: as many entries every day."""
        return max(1, round((at - BEGINS) / (NOW - BEGINS) * self.cases * PER_CASE)) * self.cases

    def volume_of(self, position: int) -> int:
        """Which volume that is in."""
        return (position - 1) // self.volume + 1


def measures(ground: Ground, sizes: Sizes) -> Iterator[Found]:
    """Each board, on each engine."""
    log = Log(sizes.past_cases)
    for engine in ground.engines:
        store = engine_at(ground.url(engine))
        create(store, live)
        create(store, metadata)
        with without_indexes(store, (*KEPT, *KEPT.values())):
            for table, kept in KEPT.items():
                for into, now in ((table, True), (kept, False)):
                    pour(store, into, rows(table, log, now=now))
                    multiply(store, into, COPIES, log.made, POSITIONS, FOREVER)
        _counted(store)
        yield from _looks(engine, store, log, sizes)
        store.dispose()


def _counted(store: Engine) -> None:
    """The databases know of their rows what they do in use: the past's are counted with each volume, SQLite counts no others."""
    with store.begin() as connection:
        if store.dialect.name == "sqlite":
            connection.execute(text("DELETE FROM sqlite_stat1"))
        for kept in KEPT.values():
            connection.execute(text(f"ANALYZE {kept.name}"))


def _looks(engine: str, store: Engine, log: Log, sizes: Sizes) -> Iterator[Found]:
    dice, reader = Random(SEED), reading(store)

    def then(look: Callable[[Engine, datetime], object]) -> None:
        at = NOW - A_YEAR * dice.random()
        position = log.position(at)
        look(asked_of(reader, position, log.volume_of(position)), at)

    for name, look in _boards().items():
        of_now = each_took(lambda look=look: look(reader, NOW), sizes.looks)  # type: ignore[misc]  # at once
        took = each_took(lambda look=look: then(look), sizes.looks)  # type: ignore[misc]  # at once
        what, against = f"{name}, {sizes.past_cases:,} cases", "the same board now"
        yield Measure("then", engine, f"{what} p50", took.p50, of_now.p50, "ms", against, most=MOST)
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


# --- the rows


def rows(table: Table, log: Log, *, now: bool) -> Iterator[list[Any]]:
    """Rows of one table, for every case: of `now`, or all that ever stood, carried forward as they were."""
    for one in _copies(log):
        for span in one.life.spans:
            since, until = one.stood(span)
            if span.table is not table or since >= until or (now and until != FOREVER):
                continue
            values = [one.value(column.name, span) for column in table.c]
            kept = ([*values, volume, since, until] for volume in _volumes(span, since, until, log))
            yield from [values] if now else kept


class Copy(NamedTuple):
    """A case: whose life it leads, how much earlier, where, and at which positions its entries are."""

    number: int
    life: Life
    back: timedelta
    place: int
    positions: list[int]

    def stood(self, span: Span) -> tuple[int, int]:
        """From when until when a row stood; what it has not come to yet is for ever away."""
        since, until = (
            self.positions[n - 1] if n <= len(self.positions) else FOREVER for n in (span.since, span.until)
        )
        return since, until

    def value(self, name: str, span: Span) -> Any:  # noqa: ANN401 - any column's
        """What stands in a column."""
        known = {"case": fresh_id(self.number), "first": self.positions[0], "district": span.row.get("district")}
        if span.table is cases:
            known["number"] = f"{law().code}-{self.number:08d}"
        return known[name] if name in known else moved(name, span.row[name], self.back, self.place)


def _copies(log: Log) -> Iterator[Copy]:
    """Every case; of those that are open, nobody knows yet how they go on."""
    dice = Random(SEED)
    for n in range(1, log.made + 1):
        life, opened = dice.choice(lives()), dice.random() < OPEN
        back = timedelta(seconds=dice.randrange((RECENT if opened else OLD) * A_DAY))
        length = dice.randrange(1, max(len(life.moments), 2)) if opened else len(life.moments)
        place = dice.choices(range(len(SHARES)), SHARES)[0]
        yield Copy(n, life, back, place, [log.position(moment - back) + n for moment in life.moments[:length]])


def _volumes(span: Span, since: int, until: int, log: Log) -> Iterator[int]:
    """In which volumes a row lies: what is open, in each that it stood in."""
    if span.kept(1)["volume"] == SETTLED:
        yield SETTLED
        return
    last = min(until, log.entries)
    yield from range(log.volume_of(since), log.volume_of(max(since, last - 1)) + 1)


@cache
def lives() -> list[Life]:
    """Those of the month."""
    return [_lived(file) for file in files_of_the_month()]


def _lived(file: list[Entry]) -> Life:
    case, before, found = None, {}, Spans()
    given = {file[0].case: {"number": "", "first": 0}}
    for n, entry in enumerate(file, 1):
        case = evolve(case, entry)
        after = standing(case, given)
        found.go_on(before, after, n)
        before = after
    return Life([entry.recorded_at for entry in file], list(found.begun))
