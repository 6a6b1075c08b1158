"""One look at the boards, and which cases a district counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Select, and_

from adapters.boards.tables import cases
from adapters.store.errors import explained
from domain.jurisdiction import Jurisdiction
from domain.places import Rung

IN_ORDER = "in_order"  # an execution option of questions that want the first few rows in the order of an index


def look(engine: Engine, wanted: Select[Any]) -> Sequence[Row[Any]]:
    """The rows that are there now."""
    with explained(), engine.connect() as connection:
        return connection.execute(wanted).all()


def just_after(now: datetime) -> datetime:
    """The end of a span that holds its last moment: nothing is later now, but the past has more, and would read it."""
    return now + timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class District:
    """A district as its boards are asked: its code, its streets, its departments."""

    code: str
    streets: tuple[str, ...]
    departments: tuple[str, ...]

    @classmethod
    def of(cls, law: Jurisdiction) -> "District":
        """The district of today's edition."""
        streets = tuple(place.code for place in law.places.by_code.values() if place.rung is Rung.STREET)
        return cls(law.code, streets, tuple(law.departments))

    def logged(self, since: datetime, until: datetime) -> ColumnElement[bool]:
        """Its cases that were logged from a moment on and before another, of streets that are no more too."""
        return and_(cases.c.district == self.code, cases.c.logged_at >= since, cases.c.logged_at < until)

    def open(self) -> ColumnElement[bool]:
        """Its open cases."""
        return and_(cases.c.open.is_(True), cases.c.district == self.code)
