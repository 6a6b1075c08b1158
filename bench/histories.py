"""Every row that the boards' cases ever had, as the past keeps them.

The cases live through the demo's month, each shifted by up to two years, under fresh ids and in four times as many places
and departments. Kept are the rows that they had after every entry, in volumes, as the past is folded. Of some cases rows
are made; the databases themselves repeat them, each time a little later in the log.
"""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import Table

from adapters.boards.tables import cases
from adapters.past.folding import LEAST
from adapters.past.spans import Span, Spans, Standing, standing
from adapters.past.tables import FOREVER, SETTLED
from bench.invented import SEED, files_of_the_month, law
from bench.look import OLD, RECENT, SHARES, fresh_id, moved
from domain.case import evolve
from domain.entries import Entry

NOW = datetime.now(UTC)
BEGINS = NOW - timedelta(days=OLD + 40)
A_DAY = 86_400  # seconds
OPEN = 0.1  # of the cases
COPIES = 20  # of each case that rows are made of
PER_CASE = 12  # entries, on average


class Life(NamedTuple):
    """What every entry of a case file did to its rows."""

    moments: list[datetime]
    spans: list[Span]
    ended: bool


class Log(NamedTuple):
    """How long the log is; between any two of its entries there is room for one of every case."""

    cases: int

    @property
    def made(self) -> int:
        """Of how many cases rows are made."""
        return self.cases // COPIES

    @property
    def entries(self) -> int:
        """The last position."""
        return self.cases * PER_CASE * self.cases

    def position(self, at: datetime) -> int:
        """Where in the log a moment is: as many entries every day."""
        return max(1, round((at - BEGINS) / (NOW - BEGINS) * self.cases * PER_CASE)) * self.cases


class Volumes(NamedTuple):
    """Where each volume of the past begins, the first at the log's first position."""

    begins: list[int]

    def of(self, position: int) -> int:
        """In which a position lies."""
        return bisect_right(self.begins, position)


def volumes_of(log: Log) -> Volumes:
    """As they are folded: each has as many entries as cases are open when it begins, and no fewer than the least."""
    every = list(_copies(log))
    came = sorted(copy.positions[0] for copy in every)
    gone = sorted(
        copy.positions[-1] for copy in every if len(copy.positions) == len(copy.life.moments) and copy.life.ended
    )
    begins = [1]
    while begins[-1] <= log.entries:
        opened = bisect_right(came, begins[-1]) - bisect_right(gone, begins[-1])
        begins.append(begins[-1] + max(LEAST, opened * COPIES) * log.cases)
    return Volumes(begins)


def rows(table: Table, log: Log, volumes: Volumes, *, now: bool) -> Iterator[list[Any]]:
    """Rows of one table, for every case: of `now`, or all that ever stood, carried forward as they were."""
    for one in _copies(log):
        for span in one.life.spans:
            since, until = one.stood(span)
            if span.table is not table or since >= until or (now and until != FOREVER):
                continue
            values = [one.value(column.name, span) for column in table.c]
            kept = (
                [volume, since, until, *values] for volume in _volumes(span, since, min(until, log.entries), volumes)
            )
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
        opened = dice.random() < OPEN
        life = dice.choice(lives(ended=not opened))
        back = timedelta(seconds=dice.randrange((RECENT if opened else OLD) * A_DAY))
        length = dice.randrange(1, max(len(life.moments), 2)) if opened else len(life.moments)
        place = dice.choices(range(len(SHARES)), SHARES)[0]
        yield Copy(n, life, back, place, [log.position(moment - back) + n for moment in life.moments[:length]])


def _volumes(span: Span, since: int, until: int, volumes: Volumes) -> Iterator[int]:
    """In which volumes a row lies: what is open, in each that it stood in."""
    if span.kept(1)["volume"] == SETTLED:
        yield SETTLED
        return
    yield from range(volumes.of(since), volumes.of(max(since, until - 1)) + 1)


@cache
def lives(*, ended: bool) -> list[Life]:
    """Those of the month; only those that `ended`, or all."""
    every = (_lived(file) for file in files_of_the_month())
    return [life for life in every if life.ended or not ended]


def _lived(file: list[Entry]) -> Life:
    case, before, found = None, Standing(), Spans()
    given = {file[0].case: {"number": "", "first": 0}}
    for n, entry in enumerate(file, 1):
        case = evolve(case, entry)
        after = standing(case, given)
        found.go_on(before, after, n)
        before = after
    ended = case is not None and not case.state.is_open
    return Life([entry.recorded_at for entry in file], list(found.begun), ended)
