"""A store with its boards, a casework that writes, and workers: in this process, or as one of their own."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select

from adapters.boards import Boards
from adapters.boards.tables import timers
from adapters.clockwork import Clockwork
from adapters.clockwork.working import LEASE
from adapters.store.engine import engine_at
from adapters.store.migrate import migrate
from adapters.store.writer import Writer
from domain import commands as c
from domain.actors import Actor, Role
from domain.entries import Entry
from domain.states import Source
from tests.district import DISTRICT, GRID, WORKING_WEEK, district
from workflow.casework import Casework, Order

HOTLINE = Actor("hotline-1", Role.HOTLINE, DISTRICT)
WORKER = Actor("worker-1", Role.GRID_WORKER, GRID)


@dataclass
class Town:
    """`log` and `boards` are addresses; on PostgreSQL they are the same."""

    log: str
    boards_url: str

    def __post_init__(self) -> None:
        """Open everything."""
        migrate(engine_at(self.log))
        law = district()
        env = {"PERSISTENCE_MODULE": "adapters.store", "WHISTLE_DATABASE_URL": self.log}
        self.casework = Casework(env, edition=lambda _: law, current=lambda: law, seal=lambda _, command: command)
        self.boards = Boards(Writer(engine_at(self.boards_url)), engine_at(self.log), WORKING_WEEK.tz, lambda _: law)

    def clockwork(self, **more: object) -> Clockwork:
        """A worker."""
        return Clockwork(self.boards, self.casework, **{"lease": LEASE, **more})  # type: ignore[arg-type]  # a lease

    def logged(self, at: datetime, count: int = 1) -> list[UUID]:
        """New cases of a grid, on the boards."""
        cases = [uuid4() for _ in range(count)]
        for case in cases:
            log = c.LogCase(category="0101", place=GRID, source=Source.PATROL)
            self.casework.open_case(case, Order(command=log, actor=WORKER, now=at, id=uuid4()))
        self.boards.catch_up()
        return cases

    def told(self, case: UUID) -> list[str]:
        """What happened to a case, in a word each."""
        return [type(entry.event).__name__ for entry in self.casework.file(case)]

    def entries(self) -> list[Entry]:
        """Everything that is in the log."""
        found = self.casework.recorder.select_notifications(start=None, limit=1_000_000)
        return [self.casework.mapper.to_domain_event(one) for one in found]  # type: ignore[misc]  # they are entries

    def due(self, now: datetime) -> int:
        """How many cases are due."""
        wanted = select(func.count()).select_from(timers).where(timers.c.wakes_at <= now)
        with self.boards.engine.connect() as connection:
            return connection.scalar(wanted) or 0
