"""How figures are asked for over HTTP: whose, by what, of which month; the same for programs and for pages."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from adapters.boards.answering import Question
from adapters.boards.counting import Span
from adapters.boards.definitions import TIMES, Cohort, Rate, Time, rates
from adapters.boards.dimensions import By, Of
from api.forms import WHEN, Code, Moment
from api.security import reach_of, sees_department, sees_place
from domain.actors import Actor
from domain.jurisdiction import Jurisdiction
from domain.periods import Month, NoMonthError
from domain.worktime import EARLIEST, LATEST

THIS, LAST, ALL = "this", "last", "all"


def _period(said: str) -> str:
    if said not in (THIS, LAST, ALL):
        try:
            Month.named(said, 1)
        except NoMonthError:
            raise PydanticCustomError("enum", "a period", {"expected": "this, last, all, 2026-04"}) from None
    return said


class Asked(BaseModel):
    """Which figures: of whose cases, of which period, by what."""

    model_config = ConfigDict(extra="forbid")

    of: Code = Field("", description="A place or department within reach; everything within reach where none is named")
    by: By | None = Field(None, description="Each of these its own figure; all as one where none is named")
    period: Annotated[str, AfterValidator(_period)] = Field(
        THIS,
        description="An assessment month: this, last, 2026-04; or all. A month is named by the one in which it ends",
    )
    since: Annotated[date, Field(ge=EARLIEST, le=LATEST)] | None = Field(
        None, description="From this day on, whatever the period says"
    )
    as_of: Moment | None = Field(None, description=WHEN)
    cohort: Cohort = Field(Cohort.LOGGED, description="Cases of a period: logged in it, or closed in it")


def figure_of(law: Jurisdiction, name: str) -> Rate | Time | None:
    """A figure as this city weighs it."""
    return figures_of(law).get(name)


def figures_of(law: Jurisdiction) -> Mapping[str, Rate | Time]:
    """Every figure, by name."""
    every: tuple[Rate | Time, ...] = (*rates(law.policy.assessment), *TIMES)
    return {one.name: one for one in every}


def of_within(law: Jurisdiction, actor: Actor, code: str) -> Of | None:
    """Whose cases somebody asks about; None where they are not within reach."""
    reach = reach_of(actor)
    if not code:
        return Of(code=reach.unit, department=True) if reach.unit else Of(reach.rung, reach.place)
    if sees_place(law, actor, code):
        return Of(law.places.by_code[code].rung.value, code)
    return Of(code=code, department=True) if sees_department(law, actor, code) else None


def question(law: Jurisdiction, asked: Asked, of: Of, now: datetime) -> Question:
    """The same as the boards take it."""
    return Question(of, span_of(law, asked, now), law.taxonomy, asked.by)


def span_of(law: Jurisdiction, asked: Asked, now: datetime) -> Span:
    """The period, from its first instant up to the first that is not in it, by the district's wall clock."""
    zone = law.calendar.tz
    if asked.since:
        return Span(datetime.combine(asked.since, time(), zone).astimezone(UTC), cohort=asked.cohort)
    if asked.period == ALL:
        return Span(cohort=asked.cohort)
    month = month_of(law, asked.period, now)
    return Span(month.begin(zone), month.end(zone), asked.cohort)


def month_of(law: Jurisdiction, period: str, now: datetime) -> Month:
    """The assessment month that a period means; the one that goes on now where it means none."""
    starts = law.policy.assessment.month_starts
    this = Month.holding(now.astimezone(law.calendar.tz).date(), starts)
    if period in (THIS, ALL):
        return this
    return this.shifted(-1) if period == LAST else Month.named(period, starts)
