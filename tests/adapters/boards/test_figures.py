"""Figures and hot spots of a played month are what the log says, counted apart; on both engines, whatever the zone."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from math import ceil
from pathlib import Path
from random import Random
from statistics import median
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, Engine, insert, select, update

from adapters.boards import figures, spots, street
from adapters.boards.facts import follows
from adapters.boards.figures import AGES, Day, Took, ages, flow, intake, waits
from adapters.boards.instants import unix
from adapters.boards.spots import inside
from adapters.boards.tables import assignments, cases, metadata
from adapters.store.engine import engine_at
from api.demo_month import month
from api.whole import Whole
from domain.assignments import Assignment
from domain.case import Case, evolve
from domain.entries import Entry
from domain.jurisdiction import Jurisdiction
from domain.places import Place, Rung
from domain.states import AssignmentState, Phase

UNTIL = datetime(2026, 6, 30, 9, 30, tzinfo=UTC)
CASES = 150
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class Played:
    """A month, and its log."""

    whole: Whole
    law: Jurisdiction
    files: dict[UUID, tuple[Entry, ...]]

    def cases(self, place: Place) -> Iterator[Case]:
        for file in self.files.values():
            known = lived(file)[-1][1]
            if known.place.holds(place.code):
                yield known

    def lives(self, place: Place) -> Iterator[list[tuple[datetime, Case]]]:
        for file in self.files.values():
            life = lived(file)
            if life[-1][1].place.holds(place.code):
                yield life

    @property
    def district(self) -> Place:
        return self.law.places.by_code[self.law.code]

    @property
    def busiest(self) -> Place:
        """The street with most cases."""
        streets = Counter(case.place.street for case in self.cases(self.district))
        return self.law.places.by_code[streets.most_common(1)[0][0]]


def lived(file: tuple[Entry, ...]) -> list[tuple[datetime, Case]]:
    """A case after each of its entries."""
    case, found = None, []
    for entry in file:
        case = evolve(case, entry)
        found.append((entry.recorded_at, case))
    return found


@pytest.fixture(scope="module")
def played(still: Whole) -> Played:
    known = {done.case.id for done in month(still.casework, still.law, UNTIL, CASES)}
    still.boards.catch_up()
    return Played(still, still.law, {case: still.casework.file(case) for case in known})


def took(engine: Engine, place: Place, now: datetime, step: str) -> tuple[Took, ...]:
    return waits(engine, place, now)[step]


PLACES = pytest.mark.parametrize("which", ["district", "busiest"])


@PLACES
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Asia/Kathmandu"])
def test_when_cases_come(played: Played, which: str, zone: str) -> None:
    place, tz = getattr(played, which), ZoneInfo(zone)
    local = [case.logged_at.astimezone(tz) for case in played.cases(place)]
    counted = Counter((at.weekday(), at.hour) for at in local)
    assert intake(played.whole.boards.engine, place, UNTIL, tz) == counted
    assert sum(counted.values()) == (CASES if which == "district" else len(local)) > 10


@PLACES
def test_how_old_what_is_open_is(played: Played, which: str) -> None:
    place = getattr(played, which)
    days = [(UNTIL - case.logged_at) / DAY for case in played.cases(place) if case.state.is_open]
    classes = Counter(sum(age >= end for end in AGES) for age in days)
    assert ages(played.whole.boards.engine, place, UNTIL) == tuple(classes[n] for n in range(len(AGES) + 1))
    assert sum(classes.values()) > 2


@PLACES
@pytest.mark.parametrize("step", ["sign", "report_in", "resolve"])
def test_how_long_departments_take(played: Played, which: str, step: str) -> None:
    place, times = getattr(played, which), defaultdict[str, list[int]](list)
    for case in played.cases(place):
        for assignment in case.assignments:
            end = ended(assignment, step)
            if end and not assignment.own:
                times[assignment.unit].append(int(end.timestamp()) - int(assignment.since.timestamp()))
    wanted = {unit: (median(some), sorted(some)[ceil(0.9 * len(some)) - 1], len(some)) for unit, some in times.items()}
    found = (*took(played.whole.boards.engine, place, UNTIL, step),)
    assert {one.unit: (one.median, one.p90, one.n) for one in found} == wanted
    assert [one.median for one in found] == sorted((one.median for one in found), reverse=True)
    assert len(found) > (5 if which == "district" else 0)


def ended(assignment: Assignment, step: str) -> datetime | None:
    done = assignment.ended if assignment.state is AssignmentState.DONE else None
    return {"sign": assignment.acknowledged, "report_in": assignment.reported_in, "resolve": done}[step]


def test_a_streets_medians_are_those_of_its_board(played: Played) -> None:
    place = played.busiest
    board = street.board(played.whole.boards.engine, place.code, UNTIL)
    for step in ("sign", "report_in", "resolve"):
        found = {one.unit: (one.median / 3600, one.n) for one in took(played.whole.boards.engine, place, UNTIL, step)}
        shown = {wait.unit: (getattr(wait, step), getattr(wait, f"{step}_n")) for wait in board.waits}
        shown = {unit: told for unit, told in shown.items() if told[1]}
        assert found.keys() == shown.keys()
        for unit, (hours, n) in shown.items():
            assert found[unit][1] == n and found[unit][0] == pytest.approx(hours, abs=0.051)


@PLACES
@pytest.mark.parametrize("now", [UNTIL, UNTIL + 45 * DAY])
def test_the_flow_is_what_the_phases_say(played: Played, which: str, now: datetime) -> None:
    """Counted apart: by when a case was first in each phase, out of its whole life."""
    place, zone = getattr(played, which), played.law.calendar.tz
    first = now.astimezone(zone).date() - 59 * DAY
    passed = [passed_at(life) for life in played.lives(place)]
    start = datetime.combine(first, time(), zone)
    counted = [times for times in passed if times[3] is None or times[3] >= start]
    found = list(flow(played.whole.boards.engine, inside(place), now, zone))
    assert [day.day for day in found] == [first + n * DAY for n in range(60)]
    for day in found:
        end = datetime.combine(day.day + DAY, time(), zone)
        sums = [sum(times[n] is not None and times[n] < end for times in counted) for n in range(4)]  # type: ignore[operator]
        assert (day.logged, day.escalated, day.assigned, day.done) == tuple(sums)
        assert day.logged >= day.escalated >= day.assigned >= day.done
    assert found[-1].done < len(passed) if now > UNTIL else found[-1].logged == len(passed)


DONE = {Phase.RESOLVED, Phase.CANCELLED, Phase.MERGED}


def passed_at(life: list[tuple[datetime, Case]]) -> tuple[datetime | None, ...]:
    """When a case was first logged, escalated or beyond, assigned or beyond, and done for the last time."""
    done = None
    for at, case in life:
        done = (done or at) if case.state.phase in DONE else None
    first = {phase: next((at for at, case in life if case.state.phase is phase), None) for phase in Phase}
    assigned = first[Phase.ASSIGNED] or done
    return life[0][0], first[Phase.ESCALATED] or assigned, assigned, done


def test_figures_are_all_of_them(played: Played) -> None:
    place, zone, engine = played.busiest, played.law.calendar.tz, played.whole.boards.engine
    told = figures.figures(engine, place, UNTIL, zone)
    assert (told.intake, told.ages) == (intake(engine, place, UNTIL, zone), ages(engine, place, UNTIL))
    assert told.waits == waits(engine, place, UNTIL) and len(told.flow) == 60


@pytest.mark.parametrize("least", [2, spots.FROM])
def test_hot_spots_are_three_of_a_kind_and_never_of_a_kind_left_out(
    played: Played, monkeypatch: pytest.MonkeyPatch, least: int
) -> None:
    """With two of a kind as well, so that there are some for certain."""
    monkeypatch.setattr(spots, "FROM", least)
    engine, where = played.whole.boards.engine, spots.inside(played.district)
    since = UNTIL - 30 * DAY
    recent = [case for case in played.cases(played.district) if case.logged_at >= since]
    counted = Counter((case.place.community, case.category) for case in recent)
    hot = {pair: n for pair, n in counted.items() if n >= least}
    kinds = {category for _, category in hot}

    def found(**more: object) -> dict[tuple[str, str], int]:
        some = spots.spots(engine, where, UNTIL, longest=1000, **more)  # type: ignore[arg-type]
        return {(spot.community, spot.category): spot.count for spot in some}

    assert found() == hot and (hot or least > 2)
    for kind in kinds:
        assert found(category=kind) == {pair: n for pair, n in hot.items() if pair[1] == kind}
        assert found(without=[kind]) == {pair: n for pair, n in hot.items() if pair[1] != kind}
    assert spots.spots(engine, where, UNTIL + 31 * DAY) == ()


@pytest.mark.parametrize("rung", [Rung.STREET, Rung.COMMUNITY, Rung.GRID])
def test_open_cases_of_each_place(played: Played, rung: Rung) -> None:
    engine, known = played.whole.boards.engine, [c for c in played.cases(played.district) if c.state.is_open]
    where = spots.inside(played.district)
    counted = Counter(getattr(case.place, rung.value) for case in known)
    assert spots.open_by(engine, where, rung, UNTIL) == counted
    kind = known[0].category
    one_kind = Counter(getattr(case.place, rung.value) for case in known if case.category == kind)
    assert spots.open_by(engine, where, rung, UNTIL, category=kind) == one_kind
    by_light = [spots.open_by(engine, where, rung, UNTIL, light=light) for light in ("red", "yellow", "green")]
    assert sum((Counter(some) for some in by_light), Counter()) == counted - Counter(waiting_for_nothing(played, rung))


def waiting_for_nothing(played: Played, rung: Rung) -> dict[str, int]:
    with played.whole.boards.engine.connect() as connection:
        dark = select(cases.c[rung.value]).where(cases.c.open.is_(True), cases.c.due.is_(None))
        return Counter(connection.scalars(dark))


# --- rows made for one question


STREET = Place("s", Rung.STREET, {"en": "S"}, "d")
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture
def bare(tmp_path: Path) -> Engine:
    engine = engine_at(f"sqlite:///{tmp_path / 'boards.db'}")
    metadata.create_all(engine)
    return engine


def blank(column: Column[object]) -> object:
    kinds: dict[type, object] = {str: "", int: 0, bool: False}
    return None if column.nullable else kinds.get(column.type.python_type, NOW)


def row(table: object, **said: object) -> dict[str, object]:
    columns = table.c  # type: ignore[attr-defined]
    fresh = {"case": uuid4(), "number": str(uuid4()), "first": uuid4().int % 10**9}
    made = {column.name: fresh.get(column.name, blank(column)) for column in columns}
    told = {name: value for name, value in {**made, **said}.items() if name in columns}
    return {**told, **follows(told)} if "facts" in columns else told


def put(engine: Engine, table: object, *rows: dict[str, object]) -> None:
    with engine.begin() as connection:
        connection.execute(insert(table), [row(table, **said) for said in rows])  # type: ignore[arg-type]


def case(**said: object) -> dict[str, object]:
    return {"street": "s", "district": "d", "open": True, "logged_at": NOW, **said}


@pytest.mark.parametrize("n", [1, 2, 3, 9, 10, 11, 20, 31])
def test_the_median_and_what_nine_of_ten_took(bare: Engine, n: int) -> None:
    hours = [Random(n).randrange(200) for _ in range(n)]
    told = (
        {"unit": "u", "street": "s", "since": NOW - 9 * DAY, "acknowledged": NOW - 9 * DAY + h * HOUR} for h in hours
    )
    put(bare, assignments, *told)
    (found,) = took(bare, STREET, NOW, "sign")
    assert found == Took("u", median(hours) * 3600, sorted(hours)[ceil(0.9 * n) - 1] * 3600, n)


def test_what_is_not_counted_in_a_wait(bare: Engine) -> None:
    signed = {"unit": "u", "street": "s", "since": NOW - DAY, "acknowledged": NOW}
    others = ({"own": True}, {"street": "t"}, {"since": NOW - 91 * DAY}, {"acknowledged": None})
    put(bare, assignments, *({**signed, **other} for other in others))
    assert took(bare, STREET, NOW, "sign") == ()
    put(bare, assignments, signed, {**signed, "ended": NOW, "state": "returned"})
    assert [one.n for one in took(bare, STREET, NOW, "sign")] == [2] and took(bare, STREET, NOW, "resolve") == ()
    everywhere = Place("d", Rung.DISTRICT, {"en": "D"})
    assert [one.n for one in took(bare, everywhere, NOW, "sign")] == [3]


def test_an_hour_that_summer_time_repeats_is_one(bare: Engine) -> None:
    twice = datetime(2025, 11, 2, 5, 30, tzinfo=UTC)  # 01:30 in New York, and an hour later once more
    put(bare, cases, case(logged_at=twice), case(logged_at=twice + HOUR))
    assert intake(bare, STREET, twice + DAY, ZoneInfo("America/New_York")) == {(6, 1): 2}


def test_what_counts_where_in_the_flow(bare: Engine) -> None:
    put(
        bare, cases,
        case(logged_at=NOW - 400 * DAY),  # waits since last year
        case(logged_at=NOW - 400 * DAY, resolved_at=NOW - 61 * DAY),  # done before the first day, not closed yet
        case(open=False, ended_at=NOW - 70 * DAY),  # ended before
        case(open=False, ended_at=None),  # carried over, nobody knows when it ended
        case(logged_at=NOW - 3 * DAY, resolved_at=NOW - DAY),  # handled by the street itself
        case(logged_at=NOW - 3 * DAY, escalated_at=NOW - 2 * DAY),  # declined or not, it was whistled for
        case(logged_at=NOW - 3 * DAY, assigned_at=NOW - 2 * DAY),  # carried over into the middle
        case(logged_at=NOW - 3 * DAY, assigned_at=NOW - DAY, escalated_at=NOW - DAY, open=False, ended_at=NOW - 2 * DAY),
        case(street="t"),
    )  # fmt: skip
    days = list(flow(bare, inside(STREET), NOW, ZoneInfo("Asia/Shanghai")))
    today = NOW.astimezone(ZoneInfo("Asia/Shanghai")).date()
    assert days[0] == Day(today - 59 * DAY, 1, 0, 0, 0)
    assert days[-4:] == [
        Day(today - 3 * DAY, 5, 0, 0, 0),
        Day(today - 2 * DAY, 5, 3, 2, 1),
        Day(today - DAY, 5, 4, 3, 2),
        Day(today, 5, 4, 3, 2),
    ]


def test_whole_seconds_are_cut_off_not_rounded(played: Played) -> None:
    almost = datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC)
    with played.whole.boards.engine.begin() as connection:
        known = connection.scalar(select(cases.c.case).limit(1))
        connection.execute(update(cases).where(cases.c.case == known).values(review=None, near=almost))
        assert connection.scalar(select(unix(cases.c.near)).where(cases.c.case == known)) == int(almost.timestamp())
        connection.rollback()


def test_a_figure_that_is_one_too_many_is_found(played: Played) -> None:
    """The seeded fault: a case that the log does not have."""
    place, tz = played.district, played.law.calendar.tz
    engine = played.whole.boards.engine
    with engine.connect() as connection, connection.begin():
        some = connection.execute(select(cases).limit(1)).one()._asdict()
        fault = {**some, "case": uuid4(), "number": "x", "first": 10**9}
    counted = Counter((at.weekday(), at.hour) for at in (c.logged_at.astimezone(tz) for c in played.cases(place)))
    played.whole.boards.writer.run(lambda connection: connection.execute(insert(cases).values(fault))).result()
    try:
        assert intake(engine, place, UNTIL, tz) != counted
    finally:
        gone = cases.delete().where(cases.c.number == "x")
        played.whole.boards.writer.run(lambda connection: connection.execute(gone)).result()
