"""The district's dispatch: how often the first department was the right one."""

from datetime import datetime

from sqlalchemy import Engine

from adapters.boards.counting import Span, Whose, counted, one_of
from adapters.boards.definitions import chosen
from adapters.boards.looking import District
from adapters.boards.shares import Share
from adapters.boards.tables import cases

ACCURACY = chosen(["accuracy"])


def accuracy(engine: Engine, district: District, since: datetime, now: datetime) -> Share:
    """Of the cases logged from `since` on; what was left out of a department's score is dispatched all the same."""
    mine = Whose.places(cases.c.district == district.code)
    return one_of(counted(engine, ACCURACY, mine, Span(since), now), (), "accuracy").whole
