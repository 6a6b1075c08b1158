"""The district's dispatch: how often the first department was the right one."""

from collections.abc import Iterable

from adapters.boards.counting import OF_PLACES, Alike, one_of, tallied
from adapters.boards.definitions import chosen
from adapters.boards.shares import Share

ACCURACY = chosen(["accuracy"])


def accuracy(some: Iterable[Alike]) -> Share:
    """Of some cases; what was left out of a department's score is dispatched all the same."""
    return one_of(tallied(ACCURACY, (one.of() for one in some), OF_PLACES), (), "accuracy").whole
