"""By what figures are told apart, of whose cases they are, and the filters by which the register lists the same cases."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, true

from adapters.boards.counting import Span, Whose
from adapters.boards.definitions import Part, Rate, Time
from adapters.boards.register import SEPARATOR
from adapters.boards.tables import cases
from domain.taxonomy import Taxonomy


class By(StrEnum):
    """Units of which each has its own figure."""

    STREET = "street"
    DEPARTMENT = "department"
    TOP_CATEGORY = "top_category"
    CATEGORY = "category"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Of:
    """Whose cases: those of a place on its rung, or those that a department leads; else nobody's."""

    rung: str = ""
    code: str = ""
    department: bool = False

    def condition(self, figure: Rate | Time) -> ColumnElement[bool]:
        """As a condition on the table of cases."""
        if not self.code:
            return false()  # '' also stands in the columns of what is not known
        return cases.c[figure.department if self.department else self.rung] == self.code

    def filters(self, figure: Rate | Time) -> Mapping[str, str]:
        """The same as filters of the register, which lists the district's anyhow."""
        if self.department:
            return {figure.department: self.code}
        return {} if self.rung == "district" else {self.rung: self.code}


def whose(figure: Rate | Time, of: Of, by: By | None) -> Whose:
    """The cases of a figure, and out of whose score some are left: in the departments' league, of departments."""
    if of.department or by is By.DEPARTMENT:
        by_department = cases.c.own.is_(False) if figure.department == "lead" else true()
        return Whose.departments(and_(of.condition(figure), cases.c[figure.department] != "", by_department))
    return Whose.places(of.condition(figure))


def columns_of(figure: Rate | Time, by: By | None, taxonomy: Taxonomy) -> Iterator[ColumnElement[Any]]:
    """What tells the units apart; nothing where all are one."""
    match by:
        case By.DEPARTMENT:
            yield cases.c[figure.department]
        case By.TOP_CATEGORY:
            yield _top_category(taxonomy)
        case By():
            yield cases.c[by.value]


def _top_category(taxonomy: Taxonomy) -> ColumnElement[Any]:
    """A category's highest parent; itself where the tree does not know it."""
    below = [(cases.c.category.in_(taxonomy.below(top)), top) for top in taxonomy.tops]
    return case(*below, else_=cases.c.category) if below else cases.c.category


def behind(
    figure: Rate | Time, of: Of, span: Span, taxonomy: Taxonomy, by: By | None = None, unit: str = ""
) -> Mapping[str, str]:
    """The filters that list a figure's cases, whatever part of them is asked for."""
    return {
        "figure": figure.name,
        "cohort": span.cohort.value,
        **({"since": span.since.isoformat()} if span.since else {}),
        **({"until": span.until.isoformat()} if span.until else {}),
        **of.filters(figure),
        **(_filter(figure, by, unit, taxonomy) if by else {}),
    }


def _filter(figure: Rate | Time, by: By, unit: str, taxonomy: Taxonomy) -> Mapping[str, str]:
    if by is By.TOP_CATEGORY:
        return {"categories": SEPARATOR.join(taxonomy.below(unit) or (unit,))}
    return {figure.department if by is By.DEPARTMENT else by.value: unit}


def parts_of(figure: Rate | Time) -> tuple[Part, ...]:
    """Which parts of a figure have cases behind them."""
    own = Part.WAITING if isinstance(figure, Time) else Part.NUMERATOR
    return own, Part.DENOMINATOR, Part.EXCLUDED, Part.UNKNOWN
