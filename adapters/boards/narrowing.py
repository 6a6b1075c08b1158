"""Boards narrowed down: of what a board lists, only one light, some categories, one community, what is supervised."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Engine, select

from adapters.boards.lights import light_of
from adapters.boards.tables import assignments, cases
from adapters.store.errors import explained


@dataclass(frozen=True, slots=True)
class Only:
    """What is wanted of a board; nothing said: everything."""

    light: str = ""
    categories: tuple[str, ...] = ()
    community: str = ""
    street: str = ""
    supervised: bool = False

    def conditions(self, now: datetime) -> Iterator[ColumnElement[bool]]:
        """The same as conditions on the table of cases."""
        if self.light:
            yield light_of(now) == self.light
        yield from self.of_cases()

    def of_cases(self) -> Iterator[ColumnElement[bool]]:
        """All but the light, which belongs to whichever clock a board shows."""
        if self.categories:
            yield cases.c.category.in_(self.categories)
        if self.community:
            yield cases.c.community == self.community
        if self.street:
            yield cases.c.street == self.street
        if self.supervised:
            yield cases.c.supervised != ""


EVERYTHING = Only()


def present(engine: Engine, *, unit: str = "", street: str = "") -> tuple[list[str], list[str]]:
    """The categories, and the streets, of what a department works on, or of a street's open cases."""
    owed = select(assignments.c.case).where(assignments.c.unit == unit, assignments.c.at_work.is_(True))
    mine = cases.c.case.in_(owed) if unit else cases.c.street == street
    wanted = select(cases.c.category, cases.c.street).distinct().where(mine, cases.c.open.is_(True))
    with explained(), engine.connect() as connection:
        rows = connection.execute(wanted).all()
    return sorted({row.category for row in rows}), sorted({row.street for row in rows})
