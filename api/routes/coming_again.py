"""What comes again: in one place, about one thing, and more in a month than before."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from adapters.boards.history import History, history
from adapters.boards.looking import District
from adapters.boards.repeats import SPAN, repeats
from adapters.boards.topics import topics
from adapters.past import Then
from api.forms import Code
from api.lists import CaseLineOut, ShareOut
from api.moments import AsOf, asked
from api.problems import Trouble
from api.routes.boards import ANSWERS, After, BoardCode, within
from api.security import Caller, Parts, reach_of
from api.things import known
from api.whole import Whole
from domain.periods import Month, NoMonthError
from domain.places import Place, Rung

router = APIRouter(prefix="/api/v1")
MonthCode = Annotated[str, Query(pattern="^((19|20)[0-9]{2}-(0[1-9]|1[0-2]))?$", examples=["2026-04"])]


class RepeatOut(BaseModel):
    """One kind of case in one place: in the last 30 days, and in the 30 before."""

    place: str = Field(description="A grid, as a rule; the street, where the grid would point at somebody")
    category: str
    count: int
    again: int = Field(description="How many came after the first")
    before: int
    more: int
    open: int
    last: datetime


class RepeatsOut(BaseModel):
    """What comes again and again inside a place, the most first. Its cases are those of `/cases` with the same place and category, `since`."""

    place: str
    position: int
    since: datetime
    repeats: list[RepeatOut]


class HistoryOfCategoryOut(BaseModel):
    """The cases of one category about a thing."""

    category: str
    count: int
    open: int
    repeats: int = Field(description="Cases that came within 30 days after another of the category")


class HistoryOut(BaseModel):
    """The life of a building, an organisation or a component, as far as the caller may know it."""

    code: str
    kind: str = Field(description="building, organisation, component; '' where it is in the register no more")
    label: str
    place: str
    position: int
    count: int
    open: int
    repeats: int
    categories: list[HistoryOfCategoryOut]
    median_days: float | None = Field(description="From logging to the end, of those that ended")
    ended: int
    last_ended: datetime | None
    cases: list[CaseLineOut] = Field(description="The newest 200")


class TrendOut(BaseModel):
    """A category in a month and in the span that it is compared with."""

    category: str
    recent: int
    before: int
    more: int


class InStreetOut(BaseModel):
    """A topic in one street."""

    street: str
    count: int
    before: int
    solved: ShareOut


class TopicOut(BaseModel):
    """One category of a month: where it came, which cases it is, and how many of them were closed as solved."""

    category: str
    count: int
    before: int
    more: int
    open: int
    solved: ShareOut
    streets: list[InStreetOut]
    cases: list[CaseLineOut] = Field(description="The newest 200")


class TopicsOut(BaseModel):
    """A month of a district and its topic; a month that still runs is compared with as much of the one before."""

    month: str
    position: int
    since: datetime
    until: datetime
    compared_since: datetime
    compared_until: datetime
    runs: bool
    older: bool = Field(description="Whether there were cases before this month")
    trends: list[TrendOut]
    topic: TopicOut | None = Field(description="What grew most; null where nothing came five times")


@router.get("/boards/streets/{code}/repeats", responses=ANSWERS, tags=["boards"])
def street_repeats(code: BoardCode, whole: Parts, actor: Caller, after: After = 0, as_of: AsOf = None) -> RepeatsOut:
    """What comes again and again in a street."""
    return _repeats(whole, within(whole, actor, code, Rung.STREET), asked(whole, as_of, after))


@router.get("/boards/districts/{code}/repeats", responses=ANSWERS, tags=["boards"])
def district_repeats(code: BoardCode, whole: Parts, actor: Caller, after: After = 0, as_of: AsOf = None) -> RepeatsOut:
    """What comes again and again in the district."""
    return _repeats(whole, within(whole, actor, code, Rung.DISTRICT), asked(whole, as_of, after))


def _repeats(whole: Whole, place: Place, then: Then) -> RepeatsOut:
    now = then.at
    found = repeats(then.engine, place, now, whole.law.taxonomy.sensitive)
    told = {"place": place.code, "position": then.position, "since": now - SPAN, "repeats": found}
    return RepeatsOut.model_validate(told, from_attributes=True)


@router.get("/things/{code}", responses=ANSWERS, tags=["things"])
def thing_history(
    code: Annotated[Code, Path()], whole: Parts, actor: Caller, after: After = 0, as_of: AsOf = None
) -> HistoryOut:
    """Every case about a building, an organisation or a component that lies within the caller's reach."""
    then = asked(whole, as_of, after)
    found = known(whole, actor, code, history(then.engine, reach_of(actor), code, then.at))
    if found is None:
        raise Trouble("no_such_registered_thing")
    thing, told = found
    said = {"code": code, "kind": thing.kind, "label": thing.label, "place": thing.place}
    figures = {name: getattr(told, name) for name in History.__slots__}
    return HistoryOut.model_validate({**said, **figures, "position": then.position}, from_attributes=True)


@router.get("/boards/districts/{code}/topics", responses=ANSWERS, tags=["boards"])
def district_topics(
    code: BoardCode,
    whole: Parts,
    actor: Caller,
    after: After = 0,
    month: MonthCode = "",
    category: Code = "",
    as_of: AsOf = None,
) -> TopicsOut:
    """The topic of a month, of this one where none is said: what grew most, or the category that is asked for."""
    within(whole, actor, code, Rung.DISTRICT)
    then = asked(whole, as_of, after)
    law, now = whole.law, then.at
    today = Month.holding(now.astimezone(law.calendar.tz).date(), 1)
    wanted = _named(month) if month else today
    if wanted.first > today.first:
        raise Trouble("no_such_board")
    found = topics(then.engine, District.of(law), wanted, law.calendar.tz, now, category)
    told = {name: getattr(found, name) for name in TopicsOut.model_fields if name != "position"}
    return TopicsOut.model_validate({**told, "position": then.position}, from_attributes=True)


def _named(month: str) -> Month:
    """A month by its name. Raises Trouble where there is no such year."""
    try:
        return Month.named(month, 1)
    except NoMonthError:
        raise Trouble("no_such_board") from None
