"""Every figure, defined once: what is counted, of what, and what is left out as unknown. Code, pages and documents say this."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_

from adapters.boards.facts import FACTS, is_so
from adapters.boards.tables import cases
from domain.policy import Assessment
from workflow.words import Pair


class Cohort(StrEnum):
    """Which cases belong to a period: those that were logged in it, or those whose last closing lies in it."""

    LOGGED = "logged"
    CLOSED = "closed"

    @property
    def instant(self) -> ColumnElement[Any]:
        """By which column."""
        return cases.c.logged_at if self is Cohort.LOGGED else cases.c.closed_at


class Part(StrEnum):
    """Which cases of a figure somebody wants to see."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    UNKNOWN = "unknown"
    EXCLUDED = "excluded"
    WAITING = "waiting"  # of a time: it still runs


EITHER = (Cohort.LOGGED, Cohort.CLOSED)
Facts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Defined:
    """What rates and times have in common."""

    name: str
    title: Pair
    of: Facts  # all of them hold
    unknown: Facts = ()  # all of them hold: it is in no other part
    cohorts: tuple[Cohort, ...] = EITHER
    department: str = "lead"  # the column that says whose it is in the departments' league
    more: bool | None = True  # whether more is better: the order of a league; None: neither

    @property
    def facts(self) -> frozenset[str]:
        """All that is asked of a case."""
        return frozenset((*self.of, *self.unknown))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(Defined):
    """A share: of the cases that `of` says, those of `counts`, each with its weight."""

    counts: Mapping[str, float]

    @property
    def facts(self) -> frozenset[str]:
        """All that is asked of a case."""
        return frozenset((*self.of, *self.unknown, *self.counts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Time(Defined):
    """How long something took, of the cases that `of` says: median, nine of ten, and the oldest that still waits."""

    begins: str = "lead_since"
    ends: str = "resolved_at"
    waits: Facts = ("open", "without_result")  # all of them hold while it has no end


VALID = ("called_back", "reachable")
STEP = ("carried_over",)


USUAL = Assessment()


def chosen(names: Collection[str], assessment: Assessment = USUAL) -> list[Rate]:
    """Some of the rates, by name."""
    return [rate for rate in rates(assessment) if rate.name in names]


def rates(assessment: Assessment = USUAL) -> tuple[Rate, ...]:
    """Every rate, weighed as a city's policy says."""
    weigh = assessment
    return (
        Rate("response", ("响应率", "Response"), VALID, ("answer_unknown",), counts={"contacted": 1}),
        Rate("resolution", ("解决率", "Resolution"), VALID, ("answer_unknown",), counts={"solved": 1}),
        Rate("satisfaction", ("满意率", "Satisfaction"), VALID, ("answer_unknown",), counts={"satisfied": 1, "mostly": weigh.mostly}),
        Rate("composite", ("综合", "Composite"), VALID, ("answer_unknown",), counts={
            "contacted": weigh.response, "solved": weigh.resolution,
            "satisfied": weigh.satisfaction, "mostly": round(weigh.satisfaction * weigh.mostly, 6)}),
        Rate("in_time", ("按期处置率（现时限）", "In time, as extended"), ("due",), ("deadline_unknown",), counts={"in_time": 1}),
        Rate("in_time_original", ("按期处置率（原时限）", "In time, as first promised"), ("due_first",), ("deadline_unknown",), counts={"in_time_first": 1}),
        Rate("overdue_open", ("在办超期率", "Overdue and open"), ("open",), ("clock_unknown",), (Cohort.LOGGED,), more=False, counts={"overdue": 1}),
        Rate("rework", ("返工率", "Rework"), ("resulted",), STEP, more=False, counts={"reworked": 1}),
        Rate("extension", ("延期率", "Extensions"), ("led",), STEP, more=False, counts={"extended": 1}),
        Rate("suspension", ("挂账率", "Suspensions"), ("led",), STEP, more=False, counts={"put_on_hold": 1}),
        Rate("return", ("退单率", "Returns"), ("led",), STEP, department="first_lead", more=False, counts={"returned": 1}),
        Rate("accuracy", ("派单准确率", "Accurate dispatch"), ("led",), STEP, department="first_lead", counts={"first_stayed": 1}),
        Rate("reopened", ("30 天内重开率", "Reopened within 30 days"), ("once_closed",), STEP, more=False, counts={"back_soon": 1}),
        Rate("found", ("主动发现率（巡查走访 : 群众反映）", "Found rather than complained of"), ("any",), counts={"found": 1}),
        Rate("whistle", ("吹哨率", "Whistles"), ("any",), STEP, more=None, counts={"whistled": 1}),
        Rate("decline", ("吹哨谢绝率", "Declined whistles"), ("whistled",), STEP, more=None, counts={"declined": 1}),
        Rate("on_the_spot", ("自行处置率", "Handled on the spot"), ("closed",), STEP, counts={"by_itself": 1}),
        Rate("unsolved", ("未解决结案率", "Closed without a solution"), ("closed", "no_question"), ("outcome_unknown",), more=False, counts={"unsolved": 1}),
    )  # fmt: skip


TIMES = (
    Time("sign", ("派单到签收", "From dispatch to acknowledging"), ("led",), STEP, ends="signed_at", more=False),
    Time("report_in", ("派单到报到", "From dispatch to reporting in"), ("led",), STEP, ends="came_at", more=False),
    Time("resolve", ("派单到办结", "From dispatch to the result"), ("led",), STEP, more=False),
    Time("total", ("登记到结案", "From logging to closing"), ("stays",), begins="logged_at", ends="ended_at", waits=("open",), more=False),
)  # fmt: skip
FIGURES: tuple[Rate | Time, ...] = (*rates(), *TIMES)
BY_NAME: Mapping[str, Rate | Time] = {one.name: one for one in FIGURES}
NAMES = tuple(BY_NAME)


# --- in words


def definition(figure: Rate | Time, language: str) -> str:
    """What a figure is, as sentences made of its facts' words."""
    en = language == "en"
    of, of_them, apart = SENTENCES[en]
    said = [of.format(_words(figure.of, en)), _counted(figure, of_them, en)]
    if figure.unknown:
        said.append(apart.format(_words(figure.unknown, en)))
    return (" " if en else "").join(said)


def title(name: str, language: str) -> str:
    """What a figure is called."""
    return BY_NAME[name].title[language == "en"]


SENTENCES = (
    ("分母：{}的案件。", "分子：其中{}的。", "不计入而另列：{}的。"),
    ("Of all cases where {}.", "Counted: those where {}.", "Left out, and told apart: those where {}."),
)
INSTANTS: Mapping[str, Pair] = {
    "lead_since": ("派给现在的主办部门", "the department that leads was named"),
    "logged_at": ("登记", "it was logged"),
    "signed_at": ("该部门签收", "that department acknowledged"),
    "came_at": ("该部门报到", "that department reported in"),
    "resolved_at": ("现行的办结反馈", "the result that stands was reported"),
    "ended_at": ("结案", "it ended"),
}
TAKES = (
    "从{}，到{}。半数不超过中位数，九成不超过 p90；没到这一步的，另列最久者。",
    "From when {} to when {}. Half took at most the median, nine of ten at most p90; of what has not come so far the oldest is told.",
)


def _counted(figure: Rate | Time, of_them: str, en: bool) -> str:  # noqa: FBT001 - which language
    if isinstance(figure, Time):
        return TAKES[en].format(INSTANTS[figure.begins][en], INSTANTS[figure.ends][en])
    parts = (_weighed(FACTS[fact].words[en], weight, en) for fact, weight in figure.counts.items())
    return of_them.format(("; " if en else "；").join(parts))


def _weighed(words: str, weight: float, en: bool) -> str:  # noqa: FBT001 - as above
    if weight == 1:
        return words
    return f"{words} (× {weight:g})" if en else f"{words}（按 {weight:g} 计）"


def _words(facts: Facts, en: bool) -> str:  # noqa: FBT001 - as above
    return (", and " if en else "，且").join(FACTS[fact].words[en] for fact in facts)


# --- as conditions


def cases_of(name: str, part: Part, now: datetime, left_out: ColumnElement[Any]) -> ColumnElement[bool]:
    """The cases behind a part of a figure; `left_out` is the column that says whose score they are left out of."""
    figure = BY_NAME[name]
    unknown = all_hold(figure.unknown, now) if figure.unknown else false()
    if part is Part.UNKNOWN:
        return unknown
    counted = and_(all_hold(figure.of, now), ~unknown, left_out.is_(part is Part.EXCLUDED))
    return and_(counted, *_further(figure, part, now))


def all_hold(facts: Facts, now: datetime) -> ColumnElement[bool]:
    """Each of them is so; never neither so nor not."""
    return and_(*(is_so(fact, now) for fact in facts))


def _further(figure: Rate | Time, part: Part, now: datetime) -> Iterator[ColumnElement[bool]]:
    if isinstance(figure, Rate):
        if part is Part.NUMERATOR:
            yield or_(*(is_so(fact, now) for fact in figure.counts))
        if part is Part.WAITING:
            yield false()  # a rate waits for nothing
        return
    yield cases.c[figure.begins].is_not(None)
    yield cases.c[figure.ends].is_(None) if part is Part.WAITING else cases.c[figure.ends].is_not(None)
    if part is Part.WAITING:
        yield all_hold(figure.waits, now)
