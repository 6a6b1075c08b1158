"""The board as it stood at a moment: what had ended by then is counted, what was open then is replayed from the log.

Nothing is estimated. A case that ended before the moment, and has not come back since, stands as it ended; of every
other one its entries up to the moment say state, holder and deadline.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, func, select

from adapters.boards.folding import FILES, Boards, files_told
from adapters.boards.looking import District, look
from adapters.boards.tables import cases
from adapters.boards.telling import held_to
from adapters.store.errors import explained
from adapters.store.tables import events
from domain.case import Case
from domain.states import State

AT_ONCE = 400  # case files read together


@dataclass(frozen=True, slots=True)
class Stood:
    """How many cases of a street were open, overdue and ended; of a department that led them, without the ended."""

    code: str
    open: int
    overdue: int
    ended: int


@dataclass(frozen=True, slots=True)
class Then:
    """The district as it stood."""

    at: datetime
    position: int
    phases: dict[str, int]
    open: int
    overdue: int
    streets: tuple[Stood, ...]
    departments: tuple[Stood, ...]


def replayed(boards: Boards, district: District, at: datetime) -> Then:
    """The district at a moment."""
    position = position_at(boards.log, at)
    ended, phases = _settled(boards.engine, at, position)
    standing, late = Counter[str](), Counter[str]()
    for case in _unsettled(boards, at, position):
        phases[case.state.phase] += 1
        codes = _codes(case) if case.state.is_open else ()
        standing.update(codes)
        late.update(codes if _is_late(case, at) else ())
        ended[case.place.street] += int(not case.state.is_open)  # a street of open cases only is known by its nought
    return Then(
        at=at,
        position=position,
        phases={str(phase): n for phase, n in phases.items()},
        open=standing[district.code],
        overdue=late[district.code],
        streets=_stood(_streets(district, ended), standing, late, ended),
        departments=_stood(district.departments, standing, late, Counter()),
    )


def position_at(log: Engine, at: datetime) -> int:
    """The last position of the log that was recorded by a moment; 0 where nothing was. Moments never go back along it."""
    low, high = 0, look(log, select(func.coalesce(func.max(events.c.position), 0)))[0][0]
    while low < high:
        middle = (low + high + 1) // 2
        found = select(events.c.position, events.c.recorded_at).where(events.c.position <= middle)
        row = look(log, found.order_by(events.c.position.desc()).limit(1))
        if row and row[0].recorded_at > at:
            high = row[0].position - 1
        else:
            low = middle
    return low


def _settled(engine: Engine, at: datetime, position: int) -> tuple[Counter[str], Counter[str]]:
    """What had ended, and has not come back since: by street, and by phase."""
    by = (cases.c.street, cases.c.phase)
    was = (cases.c.open.is_(False), cases.c.ended_at <= at, cases.c.first <= position)
    streets, phases = Counter[str](), Counter[str]()
    for row in look(engine, select(*by, func.count().label("n")).where(*was).group_by(*by)):
        streets[row.street] += row.n
        phases[row.phase] += row.n
    return streets, phases


def _unsettled(boards: Boards, at: datetime, position: int) -> Iterator[Case]:
    """Every other case that was there, as it stood."""
    there = cases.c.first + 0 <= position  # as an expression, so that SQLite takes the index of the few, not of all
    ids: list[UUID] = []
    for which in ((cases.c.open.is_(True),), (cases.c.open.is_(False), cases.c.ended_at > at)):
        wanted = select(cases.c.case).where(*which, there)
        ids += [row.case for row in look(boards.engine, wanted)]
    for begin in range(0, len(ids), AT_ONCE):
        with explained(), boards.log.connect() as connection:
            rows = connection.execute(FILES, {"streams": ids[begin : begin + AT_ONCE], "new": position}).all()
        yield from (told.case for told in files_told(rows) if told.case is not None)


def _streets(district: District, known: Iterable[str]) -> tuple[str, ...]:
    """Those of today, then those that earlier editions had."""
    return (*district.streets, *sorted({*known} - {*district.streets, ""}))


def _codes(case: Case) -> tuple[str, ...]:
    """Who counts an open case: its district, its street, and the department that leads it."""
    lead = case.lead.unit if case.lead and not case.lead.own and case.state in LED else ""
    return tuple(filter(None, (case.place.district, case.place.street, lead)))


LED = frozenset({State.ASSIGNED, State.IN_PROGRESS, State.SUSPENDED, State.DISPUTED})


def _is_late(case: Case, at: datetime) -> bool:
    held = held_to(case)
    return held is not None and held.due < at


def _stood(codes: tuple[str, ...], *figures: Counter[str]) -> tuple[Stood, ...]:
    return tuple(Stood(code, *(figure[code] for figure in figures)) for code in codes)
