"""As of now, or of a moment: whom to ask, for every answer that can be asked about the past."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from fastapi import Query

from adapters.past import Then
from api.desk import caught_up
from api.forms import WHEN, Moment
from api.problems import Trouble
from api.whole import Whole
from domain.entries import Entry

AsOf = Annotated[Moment | None, Query(description=WHEN, examples=["2026-03-02T10:00:00+08:00"])]


def asked(whole: Whole, as_of: Moment | None, after: int = 0) -> Then:
    """The boards at a moment; those of now, where none is said, once they have a position. Raises Trouble, NotCaughtUpError."""
    if as_of is not None:
        return whole.past.at(not_ahead(whole, as_of))
    caught_up(whole, after)
    return Then(whole.now(), whole.boards.position(), whole.boards.engine, whole.boards.writer.engine)


def not_ahead(whole: Whole, as_of: Moment) -> Moment:
    """A moment that has come. Raises Trouble where it has not."""
    if as_of > whole.now():
        raise Trouble("moment_ahead")
    return as_of


def until(file: Iterable[Entry], moment: datetime) -> tuple[Entry, ...]:
    """The entries of a file that were recorded by a moment."""
    return tuple(entry for entry in file if entry.recorded_at <= moment)
