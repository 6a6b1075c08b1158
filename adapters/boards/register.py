"""The register: every case with its number; lists of cases, filtered and paged."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Engine,
    Row,
    Select,
    and_,
    bindparam,
    func,
    not_,
    or_,
    select,
)

from adapters.boards.definitions import Cohort, Part, cases_of
from adapters.boards.lights import light
from adapters.boards.reaching import newest_first, within
from adapters.boards.tables import cases, pairs, receipted
from adapters.store.errors import explained
from domain.permissions import Reach
from domain.states import State
from workflow.finding import pairs as pairs_of

NUL = "\0"  # no text of PostgreSQL holds it
LONGEST = 200  # rows on a page
MANY = 5_000  # cases with a pair
SEPARATOR = "|"  # between codes
NUMBER = select(cases.c.number).where(cases.c.case == bindparam("wanted"))
FILTERS = (
    "state",
    "phase",
    "street",
    "community",
    "grid",
    "category",
    "level",
    "lead",
    "first_lead",
    "accountable",
    "nature",
    "source",
    "about",
)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list; `light` as of the moment it was asked."""

    case: UUID
    number: str
    version: int
    state: str
    phase: str
    level: str
    category: str
    summary: str
    about: str
    street: str
    community: str
    grid: str
    accountable: str
    lead: str
    clock: str
    due: datetime | None
    light: str
    resident_due: datetime | None
    logged_at: datetime
    rework: int
    supervised: bool
    late: bool
    external_id: str


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases, newest first, and where the next ones begin (0: there are none)."""

    cases: tuple[CaseLine, ...]
    next: int


def listed(engine: Engine, reach: Reach, filters: Mapping[str, str], now: datetime, *, before: int = 0) -> Select[Any]:
    """The rows of a list, newest first; `filters` as of `page`."""
    spoken = _rarest_first(engine, filters.get("words", ""))
    return newest_first(reach, *conditions(filters, now), before=before, spoken=spoken)


def _rarest_first(engine: Engine, words: str) -> list[str]:
    """The pairs of some words, the one that the fewest cases have first: of those that many have, it does not matter which."""
    spoken = (sorted(pairs_of(words)) or [""]) if words else []
    if len(spoken) <= 1:
        return spoken
    some = (select(pairs.c.pair).where(pairs.c.pair == pair).limit(MANY).subquery() for pair in spoken)
    counted = select(*(select(func.count()).select_from(one).scalar_subquery() for one in some))
    with explained(), engine.connect() as connection:
        found = connection.execute(counted).one()
    return [pair for _, pair in sorted(zip(found, spoken, strict=True))]


def line(row: Row[Any], now: datetime) -> CaseLine:
    """A row as people see it."""
    return CaseLine(
        case=row.case,
        number=row.number,
        version=row.version,
        state=row.state,
        phase=row.phase,
        level=row.level,
        category=row.category,
        summary=row.summary,
        about=row.about,
        street=row.street,
        community=row.community,
        grid=row.grid,
        accountable=row.accountable,
        lead=row.lead,
        clock=row.clock,
        due=row.due,
        light=light(row.due, row.near, now),
        resident_due=row.resident_due,
        logged_at=row.logged_at,
        rework=row.rework,
        supervised=bool(row.supervised),
        late=row.promised is not None and row.promised < (row.resolved_at or now),
        external_id=row.external_id,
    )


def lines(
    engine: Engine,
    now: datetime,
    *conditions: ColumnElement[bool],
    limit: int = LONGEST,
    first: ColumnElement[int] | None = None,
) -> tuple[CaseLine, ...]:
    """Cases that meet the conditions, the most urgent first; before that by `first`, where something comes first."""
    order = (*((first,) if first is not None else ()), cases.c.due.asc().nulls_last(), cases.c.first)
    # Which they are says an index; only of these is everything read.
    those = select(cases.c.first).where(*conditions).order_by(*order).limit(limit)
    wanted = select(cases).where(cases.c.first.in_(those)).order_by(*order)
    with explained(), engine.connect() as connection:
        return tuple(line(row, now) for row in connection.execute(wanted))


def count(engine: Engine, *conditions: ColumnElement[bool]) -> int:
    """How many cases meet the conditions."""
    with explained(), engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(cases).where(*conditions)) or 0


def page(
    engine: Engine, reach: Reach, filters: Mapping[str, str], now: datetime, *, before: int = 0, limit: int = 50
) -> Page:
    """Cases within reach, newest first. `filters`: any of FILTERS, plus open=yes|no, overdue=yes, late=yes|no, below=yes, clockless=yes, since=…, until=…, cohort=…, figure=… with part=…, categories=… as several codes, number=… and words=….

    Overdue: what the accountable unit is held to is past. Late: the result came after its deadline, or is owed past it.
    Below: the street, or a community or grid of it, is accountable. Clockless: nothing will ever remind anybody of it.

    `before` is the cursor of the page before; `limit` at most LONGEST.
    """
    those, size = listed(engine, reach, filters, now, before=before), max(1, min(limit, LONGEST))
    with explained(), engine.connect() as connection:
        rows = connection.execute(those.limit(size + 1)).all()
    more = len(rows) > size
    return Page(tuple(line(row, now) for row in rows[:size]), rows[size - 1].first if more else 0)


def conditions(filters: Mapping[str, str], now: datetime) -> list[ColumnElement[bool]]:
    """What filters ask, as conditions on the table of cases."""
    found = [cases.c[name] == filters[name] for name in FILTERS if filters.get(name)]
    if filters.get("open"):
        found.append(cases.c.open.is_(filters["open"] == "yes"))
    if filters.get("overdue") == "yes":
        found.append(cases.c.due < now)
    if filters.get("below") == "yes":
        found.append(below())
    if filters.get("clockless") == "yes":
        found.append(clockless())
    if filters.get("late"):
        late = and_(cases.c.promised.is_not(None), cases.c.promised < func.coalesce(cases.c.resolved_at, now))
        found.append(late if filters["late"] == "yes" else not_(late))
    if filters.get("categories"):
        found.append(cases.c.category.in_(filters["categories"].split(SEPARATOR)))
    found.extend(_of_a_period(filters))
    if filters.get("figure"):
        found.append(_of_a_figure(filters, now))
    if filters.get("number"):
        found.append(_called(filters["number"]))
    return found


def _of_a_period(filters: Mapping[str, str]) -> Iterator[ColumnElement[bool]]:
    instant = Cohort(filters.get("cohort") or Cohort.LOGGED).instant
    if filters.get("cohort"):
        yield instant.is_not(None)
    if filters.get("since"):
        yield instant >= datetime.fromisoformat(filters["since"])
    if filters.get("until"):
        yield instant < datetime.fromisoformat(filters["until"])


def _of_a_figure(filters: Mapping[str, str], now: datetime) -> ColumnElement[bool]:
    """The cases behind a part of a figure; where it is of a department, out of whose score some are left."""
    of_department = filters.get("lead") or filters.get("first_lead")
    left_out = cases.c.excluded_lead if of_department else cases.c.excluded_place
    return cases_of(filters["figure"], Part(filters.get("part") or Part.DENOMINATOR), now, left_out)


def how_many(engine: Engine, reach: Reach, filters: Mapping[str, str], now: datetime) -> int:
    """How many cases a list has, on all its pages."""
    return count(engine, within(reach), *conditions(filters, now))


def below() -> ColumnElement[bool]:
    """Cases that no department and not the district holds."""
    return cases.c.accountable.in_([cases.c.street, cases.c.community, cases.c.grid]) & (cases.c.accountable != "")


def clockless() -> ColumnElement[bool]:
    """Open cases that would be forgotten: nobody is accountable, or no clock runs and it is not said why (a suspension)."""
    runs = or_(cases.c.due.is_not(None), cases.c.resident_due.is_not(None), cases.c.state == State.SUSPENDED.value)
    return and_(cases.c.open.is_(True), or_(cases.c.accountable == "", not_(runs)))


def _called(said: str) -> ColumnElement[bool]:
    """By a part of our number, or by the whole of another system's."""
    return or_(cases.c.number.contains(said, autoescape=True), cases.c.external_id == said)


def number(engine: Engine, case: UUID) -> str:
    """The number of a case; '' while the boards have not come to it."""
    with explained(), engine.connect() as connection:
        return connection.scalar(NUMBER, {"wanted": case}) or ""


def numbers(engine: Engine, wanted: Iterable[UUID]) -> dict[UUID, str]:
    """The numbers of several cases."""
    found = select(cases.c.case, cases.c.number).where(cases.c.case.in_(set(wanted)))
    with explained(), engine.connect() as connection:
        return {row.case: row.number for row in connection.execute(found)}


def case_of(engine: Engine, wanted: str) -> UUID | None:
    """The case with a number; None where there is none."""
    if NUL in wanted:
        return None
    with explained(), engine.connect() as connection:
        found: UUID | None = connection.scalar(select(cases.c.case).where(cases.c.number == wanted))
    return found


def case_of_receipt(engine: Engine, hashed: str) -> UUID | None:
    """The case that a receipt is of, by the receipt's hash; None where there is none."""
    wanted = select(cases.c.case).where(cases.c.receipt == hashed, receipted)
    with explained(), engine.connect() as connection:
        found: UUID | None = connection.scalar(wanted)
    return found


def receipt_of(engine: Engine, case: UUID) -> str:
    """The hash of a case's receipt; '' where nobody was given one."""
    with explained(), engine.connect() as connection:
        return connection.scalar(select(cases.c.receipt).where(cases.c.case == case)) or ""


def counts(engine: Engine, district: str, *by: str, opened: bool = False) -> dict[tuple[str, ...], int]:
    """How many cases of a district, or only the open ones of them, by one or more columns."""
    columns = [cases.c[name] for name in by]
    which = (cases.c.district == district, *((cases.c.open.is_(True),) if opened else ()))
    wanted = select(*columns, func.count()).where(*which).group_by(*columns)
    with explained(), engine.connect() as connection:
        return {tuple(row[:-1]): row[-1] for row in connection.execute(wanted)}
