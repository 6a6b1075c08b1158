"""A store whose past is kept, and a second one that was told the log up to a position only: what the past is checked against."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

from sqlalchemy import Engine, insert, select

from adapters.boards import Boards
from adapters.boards.rebuilding import rebuild
from adapters.past import Past
from adapters.past.tables import KEPT
from adapters.store.engine import engine_at, hurried
from adapters.store.migrate import create
from adapters.store.tables import events, metadata
from adapters.store.writer import Writer
from domain import commands as c
from domain.actors import Actor, Role
from domain.case import Case
from domain.states import Outcome, Source, State
from tests.adapters.boards.test_folding import Hall, everything
from tests.district import DISTRICT, OTHER_GRID, WORKING_WEEK, district
from tests.lives import COMMANDS, START, Lives, actors
from workflow.ask import Refused
from workflow.casework import Casework

LEAST = 60  # entries of a volume: so that there are many
MANY_CASES, STEPS = 9, 400
SUMMARIES = ("桥下积雪", "河边积水", "路灯不亮")
PARTNER = Actor("partner", Role.PARTNER, DISTRICT)


class Store(Hall):
    """A log, its boards, their past, and a casework that writes."""

    def __init__(self, log: str, boards: str, past: str) -> None:
        """Nothing is logged yet."""
        super().__init__(log, boards)
        self.past_url = past
        self.past = self.kept()

    def kept(self) -> Past:
        """Another pair of eyes on the same past."""
        return Past(self.boards, engine_at(self.past_url), LEAST)

    def played(self, steps: int = STEPS, seed: int = 9) -> "Busy":
        """Lives of several cases, two of which were carried over."""
        lives = Busy(self.casework, Random(seed))
        lives.carry_over(State.ASSIGNED)
        lives.carry_over(State.CLOSED)
        for _ in range(steps):
            lives.step()
        self.boards.catch_up()
        return lives

    def all_kept(self) -> dict[str, list[str]]:
        """Every row of the past."""
        return everything(self.past.engine, *KEPT.values())


class Busy(Lives):
    """More cases than in other lives; some move to another street, or are called otherwise."""

    def __init__(self, casework: Casework, dice: Random) -> None:
        """Nothing is logged yet."""
        super().__init__(casework, district(), dice)  # type: ignore[arg-type]  # behaves as the one in memory

    def carry_over(self, state: State) -> None:
        """Another system's case."""
        closed = state is State.CLOSED
        carried = c.CarryOver(
            state=state,
            category="0101",
            place=OTHER_GRID,
            source=Source.PARTNER,
            department="water",
            opened=START - timedelta(days=40),
            due=START - timedelta(days=3),
            resolved=START - timedelta(days=9) if closed else None,
            outcome=Outcome.UNKNOWN if closed else None,
            external_id=f"X-{state}",
            summary=SUMMARIES[0],
        )
        case = self._id()
        self.done += self.casework.open_case(case, self._order(PARTNER, carried)).entries
        self.known.append(case)

    def step(self) -> None:
        """As in other lives; and now and then what is seldom there."""
        if len(self.known) < MANY_CASES and self.dice.random() < 0.1:
            self._log()
        if self.dice.random() < 0.2:
            case = self.casework.case(self.dice.choice(self.known))
            for command in self._seldom(case):
                self._anybody(self.casework.case(case.id), command)
        super().step()

    def _seldom(self, case: Case) -> Iterator[c.Command]:
        """Something is put right; a department gives back what it was assigned; a case comes back, or joins another."""
        place = self.dice.choice([code for code, one in self.law.places.by_code.items() if one.parent])
        if case.state is State.ASSIGNED:
            yield COMMANDS[c.RequestReturn](self, case)
            yield c.GrantReturn(len(self.casework.case(case.id).requests))
        elif case.state is State.CLOSED:
            yield COMMANDS[c.ReopenCase](self, case)
        elif self.dice.random() < 0.1:
            yield COMMANDS[c.MergeCase](self, case)
        else:
            yield c.AmendCase(place=place, summary=self.dice.choice(SUMMARIES), reason="put right")

    def _anybody(self, case: Case, command: c.Command) -> None:
        for actor in actors(case, self.law):
            try:
                self.done += self.casework.handle(case.id, self._order(actor, command)).entries
            except Refused:
                self.refused += 1
            else:
                return


class Second:
    """A second store, whose log ends where it is told to; its boards are told by their own code, or rebuilt from that log."""

    def __init__(self, log: Engine, folder: Path) -> None:
        """`log` is the whole one."""
        self.whole, self.log = log, hurried(engine_at(f"sqlite:///{folder}/log.db"))
        create(self.log, metadata)
        self.writer = Writer(hurried(engine_at(f"sqlite:///{folder}/boards.db")))
        self.boards = Boards(self.writer, self.log, WORKING_WEEK.tz, lambda _: district())

    def up_to(self, position: int, *, rebuilt: bool = False) -> Engine:
        """Its boards, told the log up to a position, which is not before the last that was asked for."""
        wanted = select(events).where(events.c.position > self.boards.head(), events.c.position <= position)
        with self.whole.connect() as connection:
            rows = [dict(row) for row in connection.execute(wanted).mappings()]
        if rows:
            with self.log.begin() as connection:
                connection.execute(insert(events), rows)
        if rebuilt:
            rebuild(self.boards)
        self.boards.catch_up()
        return self.boards.engine

    def close(self) -> None:
        """Nothing more is asked."""
        self.writer.close()
        self.writer.engine.dispose()
        self.log.dispose()


def standing(engine: Engine) -> dict[str, list[str]]:
    """Every row of the boards, as this engine shows them."""
    return everything(engine, *KEPT)
