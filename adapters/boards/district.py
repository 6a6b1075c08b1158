"""What the district sees: what to dispatch, to rule and to decide, who is overdue, how everybody does, what comes in."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, true

from adapters.boards.arrivals import Arrived, arrivals
from adapters.boards.asked import Asked, how_many_wait, pending
from adapters.boards.dispatch import accuracy
from adapters.boards.exceptions import A_FEW, Excluded, Suspensions, exclusions, suspensions
from adapters.boards.leagues import Leagues, leagues, scored
from adapters.boards.looking import District, just_after
from adapters.boards.matrix import Overdue, overdue
from adapters.boards.opened import Opened, opened
from adapters.boards.register import CaseLine, lines
from adapters.boards.shares import Share
from adapters.boards.tables import cases
from adapters.boards.trends import SPAN, Trend, topic, trends
from domain.jurisdiction import Jurisdiction
from domain.states import State

EARLIER, THAT_DAY, LATELY, TODAY = range(4)  # when cases came: before, on the same day a span ago, since then, today


@dataclass(frozen=True, slots=True)
class Intake:
    """Cases that came in today, and on an average day of the thirty before."""

    today: int
    usual: float


@dataclass(frozen=True, slots=True)
class DistrictBoard:
    """The board of a district at a moment; rates and trends over the cases logged from `since` on."""

    district: str
    since: datetime
    states: dict[str, int]
    phases: dict[str, int]
    overdue_open: int
    clockless: int
    intake: Intake
    to_route: tuple[CaseLine, ...]  # of no street: nobody can work on them until somebody says where they lie
    to_dispatch: tuple[CaseLine, ...]
    accuracy: Share
    disputed: tuple[CaseLine, ...]
    requests: tuple[Asked, ...]
    requests_count: int
    leagues: Leagues
    overdue: tuple[Overdue, ...]
    suspensions: Suspensions
    exclusions: tuple[Excluded, ...]
    trends: tuple[Trend, ...]
    topic: Trend | None


def board(engine: Engine, law: Jurisdiction, now: datetime, days: int, first: Collection[str] = ()) -> DistrictBoard:
    """The board of a district; `days` is how far its rates look back, `first` the kinds of request that come first."""
    midnight = now.astimezone(law.calendar.tz).replace(hour=0, minute=0, second=0, microsecond=0)
    district, since = District.of(law), now - timedelta(days=days)
    mine = district.open()
    with ThreadPoolExecutor(max_workers=1) as beside:
        coming = beside.submit(_came, engine, district, midnight, now)  # takes as long as all else together
        month = scored(engine, district, since, now)
        every = opened(engine, district, now)
        states = _states(every)
        return DistrictBoard(
            district=district.code,
            since=since,
            states=states,
            phases=_phases(states),
            overdue_open=sum(one.late for one in every),
            clockless=sum(one.clockless for one in every),
            to_route=lines(engine, now, mine, cases.c.street == ""),
            to_dispatch=lines(engine, now, mine, cases.c.state == State.ESCALATED.value, limit=A_FEW),
            accuracy=accuracy(month),
            disputed=lines(engine, now, mine, cases.c.state == State.DISPUTED.value, limit=A_FEW),
            requests=pending(engine, true(), first),
            requests_count=how_many_wait(engine, true()),
            leagues=leagues(month, district, law.policy.assessment),
            overdue=overdue(every, district),
            suspensions=suspensions(engine, district, now, midnight.date()),
            exclusions=exclusions(engine, district, since),
            **_of_what_came(coming.result()),
        )


def _of_what_came(came: Collection[Arrived]) -> dict[str, Any]:
    seen = trends(came, before={EARLIER, THAT_DAY}, recent={LATELY, TODAY})
    return {"intake": _intake(came), "trends": seen, "topic": topic(seen)}


def _states(some: Iterable[Opened]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for one in some:
        found[one.state] += one.n
    return dict(found)


def _phases(states: dict[str, int]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for state, n in states.items():
        found[State(state).phase.value] += n
    return dict(found)


def _came(engine: Engine, district: District, midnight: datetime, now: datetime) -> Sequence[Arrived]:
    """What came in the span up to now and in the one before, parted at today's midnight too, and as long before it."""
    lately, today = now - SPAN, midnight.astimezone(UTC)
    return arrivals(engine, district, lately - SPAN, today - SPAN, lately, today, just_after(now))


def _intake(came: Iterable[Arrived]) -> Intake:
    new = Counter[int]()
    for one in came:
        new[one.span] += 0 if one.carried_over else one.n
    return Intake(new[TODAY], round((new[THAT_DAY] + new[LATELY]) / SPAN.days, 1))
