"""Whole commands on existing cases (load, decide, record), against the same in the library's own way over its own stores.

Both sides have as many events before and after; ours also seals, judges by the tables, and keeps the command's key.
"""

from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.util import find_spec
from queue import SimpleQueue
from uuid import UUID, uuid4

from adapters.store import DATABASE_URL
from adapters.store.engine import engine_at
from adapters.store.migrate import migrate
from adapters.store.tables import events
from bench.ground import POSTGRESQL, SLOW, SLOW_US, SQLITE, Ground, NoCompilerError, fresh
from bench.invented import files, law, sealing
from bench.measure import Absent, Found, Measure, in_turns, per_second
from bench.pour import pour
from bench.sizes import Sizes
from bench.stock import Matters, on_postgresql, on_sqlite
from domain import commands as c
from domain.actors import Actor, Role
from domain.entries import Entry
from domain.events import Plea
from domain.places import Rung
from domain.states import Grade, Source, WhistleKind
from tests.lives import Memory
from tests.postgres import Server
from workflow.casework import Casework, Order
from workflow.keyed import Keyed

THEN = datetime.now(UTC) - timedelta(hours=2)
OURS, THEIRS = 4_000, 6_000  # commands a second that cases are laid in for
AGAINST = "the library as it comes"
AIMS = {SQLITE: 3.0, POSTGRESQL: 5.0}
ANSWER = b'{"status": 201, "case": "00000000-0000-0000-0000-000000000000", "receipt": false}'


def measures(ground: Ground, sizes: Sizes) -> Iterator[Found]:
    """One client and many, on each engine, and on PostgreSQL once more on a disk that takes 2 ms longer."""
    if SQLITE in ground.engines:
        yield from _rows(SQLITE, ground.url(SQLITE), on_sqlite(ground.home()), sizes, AIMS[SQLITE])
    if POSTGRESQL not in ground.engines:
        return
    if find_spec("psycopg") is None:
        yield Absent(
            "command", POSTGRESQL, "", "the library's PostgreSQL store needs psycopg 3: pip install -e '.[bench]'"
        )
        return
    yield from _on(ground.server, POSTGRESQL, sizes)
    try:
        with ground.slow_server(SLOW_US) as server:
            yield from _on(server, SLOW, sizes)
    except NoCompilerError as missing:
        yield Absent("command", SLOW, "", str(missing))


def _on(server: Server, engine: str, sizes: Sizes) -> Iterator[Found]:
    ours, theirs = (fresh(server, f"command_{whose}") for whose in ("ours", "theirs"))
    yield from _rows(engine, ours, on_postgresql(theirs), sizes, AIMS[POSTGRESQL])


def _rows(engine: str, url: str, env: dict[str, str], sizes: Sizes, aim: float) -> Iterator[Found]:
    clients = sorted({1, sizes.callers})
    calls = sizes.seconds * sizes.rounds * len(clients)
    with closing(Cases(url, round(calls * OURS) + 50)) as ours, closing(Matters(env)) as theirs:
        left = _queue(theirs.begun(round(calls * THEIRS) + 50))

        def stock() -> None:
            theirs.acknowledged(left.get_nowait())

        for n in clients:
            mine, limit = in_turns(
                partial(per_second, ours.acknowledged, n, sizes.seconds),
                partial(per_second, stock, n, sizes.seconds),
                sizes.rounds,
            )
            what = f"{n} client{'s' * (n > 1)}"
            yield Measure("command", engine, what, mine, limit, "commands/s", AGAINST, aim if n > 1 else None)


class Cases:
    """A casework over a log with cases that all wait for the same department to sign."""

    def __init__(self, url: str, count: int, first: int = 1) -> None:
        """Makes the log, or lets it go on at position `first`."""
        file, cases = called_out(), [uuid4() for _ in range(count)]
        self._left, self._engine = _queue(cases), engine_at(url)
        self._clerk = Actor("clerk", Role.DEPARTMENT_CLERK, department())
        migrate(self._engine)
        pour(self._engine, events, files(file, cases, first))
        self._casework = casework(url)

    def acknowledged(self) -> None:
        """One whole command, on one of them."""
        key = uuid4()
        keyed = Keyed(str(key), self._clerk.staff, key.bytes * 2, ANSWER)
        order = Order(command=c.Acknowledge(), actor=self._clerk, now=datetime.now(UTC), id=key, seen=None, keyed=keyed)
        self._casework.handle(self._left.get_nowait(), order)

    def close(self) -> None:
        """Let the database go."""
        self._casework.close()
        self._engine.dispose()


def casework(url: str) -> Casework:
    """The casework as it is composed, but for where keys are kept."""
    env = {"PERSISTENCE_MODULE": "adapters.store", DATABASE_URL: url}
    return Casework(env, edition=lambda _: law(), current=law, seal=sealing().seal)


def called_out() -> tuple[Entry, ...]:
    """The file of a case that a department has just been assigned."""
    memory, case, place = Memory(law()), uuid4(), law().places.path(law().places.below(law().code, Rung.GRID)[0].code)
    category = next(one.code for one in law().taxonomy.by_code.values() if one.is_leaf and one.departments)
    log = c.LogCase(category=category, place=place.grid, source=Source.HOTLINE, summary="water on the pavement")
    plea = Plea(kind=WhistleKind.KEY_WORK, grade=Grade.ROUTINE, why="no powers", tried="asked the owner")
    memory.open_case(case, _order(Actor("hotline", Role.HOTLINE, place.district), log))
    memory.handle(case, _order(Actor("leader", Role.STREET_LEADER, place.street), c.BlowWhistle(plea=plea)))
    memory.handle(case, _order(Actor("dispatcher", Role.DISPATCHER, place.district), c.AssignCase(department())))
    return memory.file(case)


def department() -> str:
    """Whom the cases wait for."""
    return min(law().departments)


def _order(actor: Actor, command: c.Command) -> Order:
    return Order(command=command, actor=actor, now=THEN, id=uuid4())


def _queue(ids: Iterable[UUID]) -> SimpleQueue[UUID]:
    queue = SimpleQueue[UUID]()
    for one in ids:
        queue.put(one)
    return queue
