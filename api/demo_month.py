"""An invented month of cases for the demo: everybody does what people do, at their own times, through real commands.

The spread follows what published service requests show: few arrivals at night, fewer at weekends, a long tail of
waiting, some returns, rework, suspensions and missed deadlines. Nothing in it is anybody's.
"""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from api.demo_habits import HABITS, Scene
from domain.actors import SYSTEM, Actor
from domain.case import Case
from domain.commands import Command, LogCase
from domain.events import About, Reporter
from domain.jurisdiction import Jurisdiction
from domain.places import Rung
from domain.privacy import Clear, Secrecy
from domain.states import Nature, Source, State
from workflow.ask import Refused
from workflow.casework import Casework, Done, Order
from workflow.waking import next_waking, wakings

CASES = 420
TIME, PEOPLE = 0, 1  # who has the turn; at one moment time comes first
Turn = tuple[datetime, int, int, UUID | None]
SEED = 20260426  # the same seed, the same month
DAYS = 30
HOURS = (1, 1, 1, 1, 1, 2, 4, 8, 13, 15, 14, 12, 9, 11, 12, 11, 10, 8, 6, 5, 4, 3, 2, 1)  # arrivals by hour
WEEKDAYS = (11, 11, 10, 10, 10, 6, 5)  # Monday first
SOURCES = {Source.PATROL: 5, Source.HOTLINE: 3, Source.HOME_VISIT: 1, Source.COUNTER: 1}
KINDS = {
    "02": "organisation",
    "04": "component",
    "05": "organisation",
    "06": "building",
}  # of things, by branch of the tree
QUESTIONS = 0.12  # share of the told cases that only ask something
LONGEST_WAIT = 25 * 24.0
MEDIAN_HOURS: Mapping[State, float] = {
    State.LOGGED: 2,
    State.HANDLING: 6,
    State.ESCALATED: 3,
    State.ASSIGNED: 5,
    State.IN_PROGRESS: 22,
    State.DISPUTED: 14,
    State.SUSPENDED: 150,
    State.RESOLVED: 9,
    State.VERIFIED: 8,
}


@dataclass(slots=True)
class Month:
    """The month that ends at `until` (UTC), thrown with dice from a seed: the same seed, the same month."""

    casework: Casework
    law: Jurisdiction
    until: datetime
    dice: Random
    count: int = CASES
    days: int = DAYS

    def played(self) -> Iterator[Done]:
        """What each step did, in order of time."""
        queue: list[Turn] = [(at, n, PEOPLE, None) for n, at in enumerate(self._arrivals())]
        heapq.heapify(queue)
        while queue:
            at, turn, whose, case = heapq.heappop(queue)
            done = self._log(at) if case is None else self._step(at, case) if whose == PEOPLE else self._wake(at, case)
            yield done
            for then, who in self._coming(at, whose, done.case):
                if then < self.until:
                    heapq.heappush(queue, (then, turn, who, done.case.id))

    def _coming(self, at: datetime, whose: int, case: Case) -> Iterator[tuple[datetime, int]]:
        """When people act on a case next, and when time does."""
        if whose == PEOPLE and case.state.is_open:
            yield at + timedelta(hours=self._wait(case)), PEOPLE
        if (woken := next_waking(case, self.law)) is not None:
            yield max(woken, at), TIME

    def _arrivals(self) -> list[datetime]:
        """Times of logging: by hour and by weekday, in the district's own time."""
        zone = self.law.calendar.tz
        today = self.until.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        days = [today - timedelta(days=n) for n in range(1, self.days + 1)]
        chosen = self.dice.choices(days, [WEEKDAYS[day.weekday()] for day in days], k=self.count)
        hours = self.dice.choices(range(24), HOURS, k=self.count)
        seconds = (self.dice.randrange(3600) for _ in chosen)
        at = (d + timedelta(hours=h, seconds=s) for d, h, s in zip(chosen, hours, seconds, strict=True))
        return sorted(moment.astimezone(UTC) for moment in at)

    def _log(self, at: datetime) -> Done:
        grid = self.dice.choice(self.law.places.below(self.law.code, Rung.GRID))
        leaves = [category for category in self.law.taxonomy.by_code.values() if category.is_leaf]
        category, source = self.dice.choice(leaves), self.dice.choices(list(SOURCES), list(SOURCES.values()))[0]
        told = source is not Source.PATROL
        asks = told and self.dice.random() < QUESTIONS
        log = LogCase(
            category=category.code,
            place=grid.code,
            source=source,
            nature=Nature.CONSULTATION if asks else category.nature,
            about=self._about(category.code, grid.code),
            summary=f"{category.names['zh']}（虚构）",
            narrative=Clear(Secrecy.NARRATIVE, "虚构的反映内容") if told else None,
            reporter=Reporter(Clear(Secrecy.CONTACT, "虚构反映人"), Clear(Secrecy.CONTACT, "000")) if told else None,
        )
        actor = Scene.logger(self.law, self.law.places.path(grid.code), source)
        return self.casework.open_case(self._id(), Order(command=log, actor=actor, now=at, id=self._id()))

    def _about(self, category: str, grid: str) -> About | None:
        """The registered thing of the grid that such a case is about, where there is one; no dice are thrown for it."""
        kind = KINDS.get(category[:2])
        here = (thing for thing in self.law.things.values() if (thing.place, thing.kind) == (grid, kind))
        return next((About(thing.code, thing.label) for thing in here), None)

    def _step(self, at: datetime, known: UUID) -> Done:
        """Somebody does what people do."""
        case = self.casework.case(known)
        scene = Scene(case, self.law, self.dice, at)
        for step in self._in_some_order(scene):
            try:
                return self.casework.handle(known, Order(command=step[1], actor=step[0], now=at, id=self._id()))
            except Refused:
                continue  # people try; the rules say no; somebody does something else
        return Done(case)

    def _wake(self, at: datetime, known: UUID) -> Done:
        """What came due first is done; what else is due has the next turn."""
        case = self.casework.case(known)
        due = [waking for waking in wakings(case, self.law) if waking.at <= at]
        if not due:
            return Done(case)
        return self.casework.handle(known, Order(command=due[0].command, actor=SYSTEM, now=at, id=self._id()))

    def _in_some_order(self, scene: Scene) -> Iterator[tuple[Actor, Command]]:
        """The habits of this state, the likelier the earlier."""
        habits = HABITS.get(scene.case.state, ())
        for _, habit in sorted(habits, key=lambda weighted: -weighted[0] * self.dice.random() ** 2):
            step = habit(scene)
            if step is not None:
                yield step

    def _wait(self, case: Case) -> float:
        """Hours until somebody acts: a long tail around what this step usually takes."""
        return min(self.dice.lognormvariate(0, 1.1) * MEDIAN_HOURS.get(case.state, 6.0), LONGEST_WAIT)

    def _id(self) -> UUID:
        return UUID(int=self.dice.getrandbits(128), version=4)


def month(casework: Casework, law: Jurisdiction, until: datetime, count: int = CASES) -> Iterator[Done]:
    """Play an invented month that ends at `until` (UTC) through real commands; yields what each step did."""
    return Month(casework, law, until, Random(SEED), count).played()  # noqa: S311 - invented cases, no secret
