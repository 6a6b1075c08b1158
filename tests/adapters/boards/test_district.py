"""The district's figures are those of the log, told a second time in plain Python; and so is every earlier moment."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from adapters.boards import department, street
from adapters.boards import district as boards_of
from adapters.boards.district import _came
from adapters.boards.exceptions import BANDS, OLDER, exclusions, suspensions
from adapters.boards.leagues import RANKED_FROM, Standing, leagues, ranking, scored
from adapters.boards.looking import District
from adapters.boards.matrix import BELOW
from adapters.boards.openly import answers
from adapters.boards.shares import Share
from adapters.boards.trends import TOPIC_FROM, Trend, topic
from adapters.past import position_at
from api.demo_month import month
from api.whole import Whole
from domain import commands as c
from domain.actors import Actor, Role
from domain.case import Case
from domain.jurisdiction import Jurisdiction
from domain.places import Places
from domain.policy import Ground
from domain.states import AssignmentState, RequestKind, RequestState, State
from tests.adapters.boards.plain import Plain, told
from tests.api.office import office
from tests.statements import plan, statements
from workflow.casework import Order

UNTIL = datetime(2026, 4, 20, 8, tzinfo=UTC)
NOW = UNTIL + timedelta(hours=30)
DAYS = 90
CONTENT = {"yes": 1.0, "mostly": 0.9}


@dataclass
class Month:
    """A month that was played, and its cases told in plain Python."""

    whole: Whole
    district: District
    files: dict[UUID, Any]

    def cases(self, until: datetime | None = None) -> list[Plain]:
        return [plain for file in self.files.values() if (plain := told(file, until))]

    def board(self, now: datetime = NOW) -> boards_of.DistrictBoard:
        return boards_of.board(self.whole.boards.engine, self.whole.law, now, DAYS)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Month]:
    with office(tmp_path_factory.mktemp("month")) as hall:
        whole, known = hall.whole, dict[UUID, None]()
        for done in month(whole.casework, whole.law, UNTIL, 120):
            known[done.case.id] = None
        left_out(whole, list(known))
        suspended(whole, list(known))
        whole.boards.catch_up()
        yield Month(whole, District.of(whole.law), {case: whole.casework.file(case) for case in known})


def left_out(whole: Whole, known: list[UUID]) -> None:
    """Some departments, and one street, ask to leave a case out, and are allowed to; one twice, another is refused."""
    recent = [case for case in map(whole.casework.case, known) if called_back(case)]
    for n, case in enumerate(recent[-4:]):
        unit, role = case.lead.unit if case.lead else "", Role.DEPARTMENT_CLERK
        if n == 3:
            unit, role = case.place.street, Role.STREET_CLERK
        for _ in range(2 if n == 0 else 1):
            excluded(whole, case.id, Actor("asks", role, unit), granted=n != 2)


def called_back(case: Case) -> bool:
    recent = case.resolved_at and case.resolved_at > UNTIL - timedelta(days=9)
    return bool(recent and case.callback and case.lead and not case.lead.own)


def suspended(whole: Whole, known: list[UUID]) -> None:
    """Two cases have to wait, for different reasons; a third asks for it in vain."""
    at_work = [case for case in map(whole.casework.case, known) if can_wait(case)]
    for n, case in enumerate(at_work[:3]):
        reason = list(whole.law.policy.reasons[Ground.SUSPENSION])[n]
        review = (UNTIL + timedelta(days=10 + 20 * n)).date()
        lead = Actor("asks", Role.DEPARTMENT_CLERK, case.lead.unit if case.lead else "")
        asked = whole.casework.handle(case.id, order(c.RequestSuspension(reason, review), lead)).case
        number = asked.requests[-1].number
        decision = c.GrantSuspension(number) if n < 2 else c.RejectRequest(number, "no")
        whole.casework.handle(case.id, order(decision, Actor("decides", Role.SUPERVISOR, whole.law.code)))


def can_wait(case: Case) -> bool:
    return case.state is State.IN_PROGRESS and not case.pending(RequestKind.SUSPENSION)


def order(command: c.Command, actor: Actor, now: datetime = UNTIL) -> Order:
    return Order(command=command, actor=actor, now=now, id=uuid4())


def excluded(whole: Whole, case: UUID, who: Actor, *, granted: bool) -> None:
    reason = next(iter(whole.law.policy.reasons[Ground.EXCLUSION]))
    asked = whole.casework.handle(case, order(c.RequestExclusion(reason), who))
    number = asked.case.requests[-1].number
    decision = c.GrantExclusion(number) if granted else c.RejectRequest(number, "no")
    supervisor = Actor("decides", Role.SUPERVISOR, whole.law.code)
    whole.casework.handle(case, order(decision, supervisor))


def rates(cases: list[Plain]) -> dict[str, Share]:
    valid = [one.called for one in cases if one.called and one.outcome != "unreachable"]
    contacted, solved = sum(one.contacted for one in valid), sum(bool(one.solved) for one in valid)
    content = sum(CONTENT.get(one.satisfied or "", 0.0) for one in valid)
    should = [one for one in cases if one.promised and (one.resolved or one.promised < NOW)]
    kept = sum(bool(one.resolved and one.promised and one.resolved <= one.promised) for one in should)
    return {
        "response": Share(contacted, len(valid)),
        "resolution": Share(solved, len(valid)),
        "satisfaction": Share(round(content, 6), len(valid)),
        "composite": Share(round(0.1 * contacted + 0.5 * solved + 0.4 * content, 6), len(valid)),
        "in_time": Share(kept, len(should)),
    }


def test_the_month_holds_what_these_tests_are_about(played: Month) -> None:
    cases = played.cases()
    assert sum(bool(one.excluded) for one in cases) == 3
    assert any(one.returned for one in cases) and any(len(one.leads) > 1 for one in cases)
    assert any(one.state is State.SUSPENDED for one in cases) and any(one.overdue(NOW) for one in cases)
    assert {one.called.satisfied for one in cases if one.called} >= {"yes", "mostly", "no"}


def test_the_leagues_are_the_log_s_with_n_and_d_and_without_what_was_left_out(played: Month) -> None:
    found, cases = played.board().leagues, played.cases()
    departments = set(played.district.departments)
    for one in found.streets:
        mine = [case for case in cases if case.place.street == one.code]
        scored = [case for case in mine if not case.excluded - departments]
        assert (one.cases, one.excluded) == (len(scored), len(mine) - len(scored)), one.code
        assert {name: getattr(one, name) for name in rates(scored)} == rates(scored), one.code
    for one in found.departments:
        mine = [case for case in cases if case.lead == one.code]
        scored = [case for case in mine if one.code not in case.excluded]
        assert (one.cases, one.excluded) == (len(scored), len(mine) - len(scored)), one.code
        assert {name: getattr(one, name) for name in rates(scored)} == rates(scored), one.code
    assert {one.code for one in found.streets} == set(played.district.streets)
    assert {one.code for one in found.departments} == {case.lead for case in cases} & departments
    assert sum(one.excluded for one in (*found.streets, *found.departments)) == 3


def test_a_street_s_own_rates_are_those_of_the_league_and_the_public_s_leave_nothing_out(played: Month) -> None:
    engine, departments, differ = played.whole.boards.engine, set(played.district.departments), 0
    openly = answers(engine, UNTIL - timedelta(days=90), NOW)
    for code in played.district.streets:
        board = street.board(engine, code, NOW)
        mine = [case for case in played.cases() if case.place.street == code]
        scored, every = rates([case for case in mine if not case.excluded - departments]), rates(mine)
        differ += scored != every
        for name in ("response", "resolution", "satisfaction"):
            assert getattr(board, name) == scored[name], code
            assert every[name] == (getattr(openly[code], name) if code in openly else Share(0, 0)), code
    assert differ == 1


def test_a_street_s_rates_are_read_off_the_few_that_were_called(played: Month) -> None:
    engine, code = played.whole.boards.engine, played.district.streets[0]
    with statements(engine) as said:
        street.board(engine, code, NOW)
    (steps,) = [plan(engine, one) for one in said if "contacted IS NOT NULL" in one[0]]
    assert any("ix_board_cases_called_back (street=?" in step for step in steps), steps


def test_cases_before_the_period_are_not_counted(played: Month) -> None:
    since = UNTIL - timedelta(days=10)
    found = leagues(scored(played.whole.boards.engine, played.district, since, NOW), played.district)
    young = [case for case in played.cases() if case.logged and case.logged >= since]
    assert sum(one.cases + one.excluded for one in found.streets) == len(young) < len(played.cases())


def standing(code: str, n: float, d: int, cases: int = 0) -> Standing:
    share = Share(n, d)
    return Standing(code, cases, share, share, share, share, share, 0)


def test_few_cases_are_not_ranked_however_good() -> None:
    some = [
        standing("a", 4, 4, 9),
        standing("b", 9, 12),
        standing("c", RANKED_FROM, RANKED_FROM),
        standing("d", 0, 0, 20),
    ]
    assert [one.code for one in ranking(some)] == ["c", "b", "d", "a"]
    assert [one.code for one in ranking(some, "in_time")] == ["c", "b", "d", "a"]


def test_the_leagues_are_in_their_order(played: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.boards.leagues.RANKED_FROM", 5)
    found = [one for one in played.board().leagues.streets if one.composite.denominator >= 5]
    assert len(found) > 1 and all((a.composite.rate or 0) >= (b.composite.rate or 0) for a, b in pairwise(found))


def test_dispatch_is_accurate_where_no_second_department_was_needed(played: Month) -> None:
    led = [case for case in played.cases() if case.leads]
    right = [case for case in led if not case.returned and len(set(case.leads)) == 1]
    assert played.board().accuracy == Share(len(right), len(led)) and len(right) < len(led)


def test_the_overdue_matrix_sums_up(played: Month) -> None:
    board, late = played.board(), [case for case in played.cases() if case.overdue(NOW)]
    known = {*played.district.departments, played.district.code}
    wanted = Counter((case.place.street, case.holder if case.holder in known else BELOW) for case in late)
    assert {(one.street, one.holder): one.count for one in board.overdue} == wanted
    assert sum(one.count for one in board.overdue) == board.overdue_open == len(late) > 0


def test_the_tiles_count_what_is_open(played: Month) -> None:
    board, opened = played.board(), [case for case in played.cases() if case.state.is_open]
    assert board.states == Counter(case.state.value for case in opened)
    assert board.phases == Counter(case.state.phase.value for case in opened)
    pending = [r for case in map(played.whole.casework.case, played.files) for r in case.requests if r.pending]
    assert board.requests_count == len(board.requests) == len(pending)


def test_of_many_requests_the_first_are_listed_and_all_are_counted(
    played: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    every, engine = played.board(), played.whole.boards.engine
    monkeypatch.setattr("adapters.boards.asked.LONGEST", 2)
    assert played.board().requests == every.requests[:2] and len(every.requests) > 2
    assert played.board().requests_count == every.requests_count
    rare = every.requests[-1].kind
    assert {one.kind for one in every.requests[:2]} != {rare}
    found = boards_of.board(engine, played.whole.law, NOW, DAYS, (rare,)).requests
    assert found == tuple(one for one in every.requests if one.kind == rare)[:2]


def test_what_was_done_first_is_rated_first(played: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    def done(case: UUID, unit: str) -> datetime:
        found = played.whole.casework.case(case).assignments
        return next(a.ended for a in found if a.unit == unit and a.state is AssignmentState.DONE and a.ended)

    engine = played.whole.boards.engine
    lists = {code: street.board(engine, code, NOW).to_rate for code in played.district.streets}
    for found in lists.values():
        assert [done(*one) for one in found] == sorted(done(*one) for one in found)
    monkeypatch.setattr("adapters.boards.street.LONGEST", 2)
    busiest = max(lists, key=lambda code: len(lists[code]))
    assert street.board(engine, busiest, NOW).to_rate == lists[busiest][:2] != lists[busiest]


def test_today_s_intake_beside_the_usual(played: Month) -> None:
    now = UNTIL - timedelta(days=3)
    midnight = now.astimezone(played.whole.law.calendar.tz).replace(hour=0, minute=0)
    so_far = (case.logged for case in played.cases() if case.logged and case.logged <= now)
    days = Counter((logged - midnight) // timedelta(days=1) for logged in so_far)
    found = played.board(now).intake
    assert found.usual == round(sum(n for day, n in days.items() if -30 <= day < 0) / 30, 1) > 0
    assert found.today == sum(n for day, n in days.items() if day >= 0) > 0


def redrawn(played: Month) -> tuple[Jurisdiction, str]:
    """The busiest street is in no edition any more; its cases keep their codes."""
    (gone, n), *_ = Counter(case.place.street for case in played.cases()).most_common()
    law = played.whole.law
    kept = [place for place in law.places.by_code.values() if law.places.path(place.code).street != gone]
    assert n > 5
    return replace(law, places=Places.of(kept)), gone


def test_cases_of_a_street_that_is_no_more_are_counted_still(played: Month) -> None:
    law, gone = redrawn(played)
    found, before = boards_of.board(played.whole.boards.engine, law, NOW, DAYS), played.board()
    assert gone not in District.of(law).streets and any(gone in dict(one.streets) for one in before.trends)
    for name in ("intake", "accuracy", "trends", "states", "overdue_open"):
        assert getattr(found, name) == getattr(before, name), name
    assert found.leagues.departments == before.leagues.departments
    then = played.whole.past.at(UNTIL - timedelta(days=4))
    moment, same = (boards_of.board(then.engine, one, then.at, DAYS) for one in (law, played.whole.law))
    assert moment.states == same.states and any(gone in dict(one.streets) for one in moment.trends)


RECENT = re.compile(
    r"COVERING INDEX ix_board_cases_district_(logged|scored) \(district=\? AND logged_at>\? AND logged_at<\?\)$"
)


def test_what_is_recent_is_found_by_time_without_reading_the_rest(played: Month) -> None:
    engine, here, since = played.whole.boards.engine, played.district, UNTIL
    for ask in (
        lambda: _came(engine, here, since, NOW),
        lambda: scored(engine, here, since, NOW),
    ):
        with statements(engine) as said:
            ask()
        for one in said:
            (step,) = (step for step in plan(engine, one) if "board_cases" in step)
            assert RECENT.search(step), step


def test_what_is_open_is_counted_without_reading_a_case(played: Month) -> None:
    engine = played.whole.boards.engine
    with statements(engine) as said:
        played.board()
    (one,) = [one for one in said if "count(*)" in one[0] and "board_cases.open IS 1" in one[0]]
    assert any("COVERING INDEX ix_board_cases_open_district" in step for step in plan(engine, one)), one


def test_exclusions_are_found_by_when_they_were_granted(played: Month) -> None:
    engine = played.whole.boards.engine
    with statements(engine) as said:
        exclusions(engine, played.district, UNTIL - timedelta(days=DAYS))
    assert "ix_board_requests_excluded (decided>?)" in " ".join(plan(engine, said[0]))


def test_what_stands_suspended_is_counted_in_its_own_index_and_no_request_is_read(played: Month) -> None:
    engine = played.whole.boards.engine
    with statements(engine) as said:
        suspensions(engine, played.district, NOW, NOW.date())
    counted, *_ = [" ".join(plan(engine, one)) for one in said]
    assert "COVERING INDEX ix_board_cases_suspended (district=?)" in counted
    assert not any("board_requests" in one[0] for one in said)


def test_the_dispatch_queue_and_the_disputes_are_those_cases_the_most_urgent_first(played: Month) -> None:
    board = played.board()
    for lines, state in ((board.to_dispatch, State.ESCALATED), (board.disputed, State.DISPUTED)):
        assert {line.case for line in lines} == {
            k for k, f in played.files.items() if (p := told(f)) and p.state is state
        }
        assert [line.due for line in lines] == sorted(line.due for line in lines if line.due)


@pytest.mark.parametrize(("days", "oldest"), [(1, 7), (20, 30), (60, 90), (100, OLDER)])
def test_suspended_cases_by_reason_and_age(played: Month, days: int, oldest: int) -> None:
    now = UNTIL + timedelta(days=days)
    board, wanted = played.board(now), Counter[tuple[str, int]]()
    for case in (case for case in played.cases() if case.state is State.SUSPENDED):
        number = max(case.decided)
        age = now - case.decided[number]
        band = next((days for days in BANDS if age <= timedelta(days=days)), OLDER)
        wanted[case.requests[number].reason, band] += 1
    assert {(one.reason, one.days): one.count for one in board.suspensions.held} == wanted
    assert len({reason for reason, _ in wanted}) > 1 and oldest in {band for _, band in wanted}
    assert len(board.suspensions.next) == wanted.total()
    reviews = [one.review for one in board.suspensions.next]
    assert reviews == sorted(reviews)  # type: ignore[type-var]  # every suspension has a review date
    today = now.astimezone(played.whole.law.calendar.tz).date()
    assert board.suspensions.past_review == sum(review < today for review in reviews if review)


def test_exclusions_that_were_granted_are_listed_and_no_others(played: Month) -> None:
    granted = {
        (case.id, request.unit)
        for case in map(played.whole.casework.case, played.files)
        for request in case.requests
        if (request.kind, request.state) == (RequestKind.EXCLUSION, RequestState.APPROVED)
    }
    found = played.board().exclusions
    assert {(one.case, one.unit) for one in found} == granted and len(granted) == 3
    assert all(one.decided == UNTIL for one in found)


def test_trends_compare_thirty_days_with_the_thirty_before(played: Month) -> None:
    recent, before = Counter[str](), Counter[str]()
    for case in played.cases():
        age = NOW - (case.logged or NOW)
        (recent if age <= timedelta(days=30) else before)[case.category] += age <= timedelta(days=60)
    found = played.board().trends
    assert {one.category: (one.recent, one.before) for one in found} == {
        code: (recent[code], before[code]) for code in {*recent, *before}
    }
    assert all(sum(n for _, n in one.streets) <= one.recent for one in found)


def test_the_topic_is_what_grew_most_and_never_a_handful() -> None:
    few, grew, many = Trend("few", TOPIC_FROM - 1, 0, ()), Trend("grew", 9, 2, ()), Trend("many", 20, 19, ())
    assert topic((few, many, grew)) == grew
    assert topic((few,)) is None
    falls = Trend("falls", 12, 15, ())
    assert topic((few, falls, Trend("less", 8, 30, ()))) == falls


@pytest.mark.parametrize("days", [0, 4, 11, 24, 31])
def test_an_earlier_moment_is_what_the_log_says_of_it(played: Month, days: int) -> None:
    at = UNTIL - timedelta(days=days, hours=days / 3)
    then, cases = played.whole.past.at(at), played.cases(at)
    found = boards_of.board(then.engine, played.whole.law, at, DAYS)
    opened = [case for case in cases if case.state.is_open]
    assert found.states == Counter(case.state.value for case in opened)
    assert found.overdue_open == sum(case.overdue(at) for case in opened)
    for code in played.district.streets:
        here = [case for case in cases if case.place.street == code]
        board = street.board(then.engine, code, at)
        assert board.states == Counter(case.state.value for case in here)
        assert sum(one.count for one in found.overdue if one.street == code) == sum(case.overdue(at) for case in here)
    for code in played.district.departments:
        mine = [case for case in cases if case.lead == code]
        assert department.board(then.engine, code, at).phases == Counter(case.state.phase.value for case in mine)
    assert (days == 31) == (cases == [])


def test_a_moment_is_found_in_the_log(played: Month) -> None:
    log = played.whole.boards.log
    every = sorted((entry.position, entry.recorded_at) for file in played.files.values() for entry in file)
    assert position_at(log, every[0][1] - timedelta(seconds=1)) == 0
    assert position_at(log, NOW) == every[-1][0]
    for n in (*range(40), *range(40, len(every), 29)):
        at = every[n][1]
        assert position_at(log, at) == max(position for position, moment in every if moment <= at)


def test_a_case_that_came_back_is_not_taken_for_ended(played: Month) -> None:
    """What only the log knows: it was closed for a while, and is open again."""
    case = next(k for k, f in played.files.items() if (p := told(f)) and p.state is State.CLOSED and p.place.street)
    whole = played.whole
    before = whole.casework.case(case)
    leader = Actor("leader", Role.STREET_CLERK, before.place.street)
    later = UNTIL + timedelta(hours=1)
    whole.casework.handle(case, order(c.ReopenCase("again"), leader, later))
    whole.boards.catch_up()
    played.files[case] = whole.casework.file(case)
    for at in (UNTIL, later, (before.ended_at or UNTIL) - timedelta(seconds=1)):
        then, cases = whole.past.at(at), played.cases(at)
        found = boards_of.board(then.engine, whole.law, at, DAYS)
        assert found.states == Counter(one.state.value for one in cases if one.state.is_open)


def test_either_database_says_the_same(tmp_path: Path, postgres_url: str) -> None:
    said = []
    for name, url in (("sqlite", ""), ("postgresql", postgres_url)):
        with office(tmp_path / name, url=url) as hall:
            whole = hall.whole
            known = dict.fromkeys(done.case.id for done in month(whole.casework, whole.law, UNTIL, 40))
            left_out(whole, list(known))
            suspended(whole, list(known))
            whole.boards.catch_up()
            moments = [whole.past.at(UNTIL - timedelta(days=n)) for n in (0, 9, 20)]
            before = [boards_of.board(then.engine, whole.law, then.at, DAYS) for then in moments]
            said.append((boards_of.board(whole.boards.engine, whole.law, NOW, DAYS), before))
    assert said[0] == said[1] and said[0][0].leagues.departments and said[0][1][1].states
