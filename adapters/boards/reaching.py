"""What lies within somebody's reach, as a condition on the boards' rows, and in the order of the log."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, and_, exists, false, select

from adapters.boards.looking import IN_ORDER
from adapters.boards.tables import assignments, cases, pairs
from domain.permissions import Reach
from domain.places import Rung

Begun = tuple[ColumnElement[int], FromClause, tuple[ColumnElement[bool], ...]]  # by which position, of what, and which


def within(reach: Reach) -> ColumnElement[bool]:
    """The same as `Reach.covers`, as a condition on the table of cases."""
    if reach.unit:
        return cases.c.case.in_(select(assignments.c.case).where(_assigned(reach)))
    if reach.place:
        return cases.c[reach.rung] == reach.place
    # '' also stands in the columns of places that are not known, and of cases without a receipt.
    return cases.c.receipt == reach.receipt if reach.receipt else false()


def newest_first(
    reach: Reach, *conditions: ColumnElement[bool], before: int = 0, spoken: Sequence[str] = ()
) -> Select[Any]:
    """The rows of cases within reach that meet the conditions, found in the order of the log; those `before` a position, if any.

    A department's begin at its assignments, those of which certain pairs are `spoken` at the first of these: their
    indexes are in that order too.
    """
    first, joined, those = _begun_at(reach, spoken)
    earlier = (first < before,) if before else ()
    wanted = select(cases).select_from(joined).where(*those, *conditions, *earlier).order_by(first.desc())
    return wanted if conditions or spoken or reach.unit else wanted.execution_options(**{IN_ORDER: True})


def _begun_at(reach: Reach, spoken: Sequence[str]) -> Begun:
    if spoken:
        return _spoken_of(reach, spoken)
    if reach.unit:
        joined = cases.join(assignments, assignments.c.case == cases.c.case)
        return assignments.c.first, joined, (_assigned(reach),)
    return cases.c.first, cases, (within(reach),)


def _spoken_of(reach: Reach, spoken: Sequence[str]) -> Begun:
    """What is out of reach is passed over in an index, before its case is read."""
    found, first = (pairs.c.pair == spoken[0], *map(_also, spoken[1:])), pairs.c.first
    if reach.unit:
        of_unit = pairs.join(assignments, assignments.c.first == first)
        return first, of_unit.join(cases, cases.c.first == assignments.c.first), (*found, _assigned(reach))
    there = pairs.c.street == reach.place if reach.rung == Rung.STREET and reach.place else within(reach)
    return first, pairs.join(cases, cases.c.first == first), (*found, there)


def _also(pair: str) -> ColumnElement[bool]:
    """The case of the pair at hand has this one too."""
    other = pairs.alias()
    return exists().where(other.c.pair == pair, other.c.first == pairs.c.first)


def _assigned(reach: Reach) -> ColumnElement[bool]:
    """Once for each case, however often it came back to the unit."""
    return and_(assignments.c.unit == reach.unit, assignments.c.run == 1)
