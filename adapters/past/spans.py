"""How long each row of a case stood: what the boards say of it after every entry, told apart from what they said before."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Row as Stored
from sqlalchemy import Table

from adapters.boards.folding import UNTOLD, Told, entry_of, rows_of
from adapters.boards.numbering import Given
from adapters.boards.telling import Row
from adapters.past.tables import FOREVER, KEPT, OPEN, SETTLED, keys
from domain.case import Case, evolve

Key = tuple[Any, ...]  # a table, and what a row of it is known by
Standing = dict[Key, Row]
KEYS = {live: tuple(column.name for column in keys(live)) for live in KEPT}


@dataclass(slots=True)
class Span:
    """A row, from the position at which it came to stand, until it did no longer."""

    table: Table
    row: Row
    since: int
    until: int = FOREVER

    def kept(self, volume: int) -> Row:
        """As it is kept, in the volume of now or among what is settled."""
        is_open = self.table in OPEN and OPEN[self.table](self.row)
        return {
            **self.row,
            "volume": volume if is_open else SETTLED,
            "stood_from": self.since,
            "stood_until": self.until,
        }


@dataclass(slots=True)
class Spans:
    """What some entries do to the rows of a case: those that began, and until when those stood that had begun before."""

    ended: list[Span] = field(default_factory=list)
    standing: dict[Key, Span] = field(default_factory=dict)
    closed: list[tuple[Key, int]] = field(default_factory=list)

    @property
    def begun(self) -> Iterator[Span]:
        """Every row that began with these entries."""
        yield from self.ended
        yield from self.standing.values()

    def go_on(self, before: Standing, after: Standing, position: int) -> None:
        """An entry; a row that it leaves as it was goes on."""
        for key in [key for key, row in before.items() if after.get(key) != row]:
            self._close(key, position)
        for key, row in after.items():
            if before.get(key) != row:
                self.standing[key] = Span(key[0], row, position)

    def _close(self, key: Key, position: int) -> None:
        span = self.standing.pop(key, None)
        if span is None:
            self.closed.append((key, position))
        else:
            span.until = position
            self.ended.append(span)


def spans(file: Iterable[Stored[Any]], given: Given, since: int) -> Spans:
    """What the entries after `since` do; from one on that cannot be told the boards say nothing of the case any more."""
    found, case, before, can_tell = Spans(), None, Standing(), True
    for row in file:
        if row.position <= since:
            case, can_tell = _goes_on(case, row, can_tell=can_tell)
            continue
        before = before or standing(case, given)
        case, can_tell = _goes_on(case, row, can_tell=can_tell)
        after = standing(case, given)
        found.go_on(before, after, row.position)
        before = after
    return found


def _goes_on(case: Case | None, row: Stored[Any], *, can_tell: bool) -> tuple[Case | None, bool]:
    try:
        return (evolve(case, entry_of(row)), True) if can_tell else (None, False)
    except UNTOLD:
        return None, False


def standing(case: Case | None, given: Given) -> Standing:
    """Every row that the boards have of a case."""
    if case is None:
        return {}
    rows = rows_of([Told(case.id, 0, 0, case)], given)
    return {(table, *(row[name] for name in KEYS[table])): row for table in KEPT for row in rows[table]}


def ids(rows: Iterable[Stored[Any]]) -> list[UUID]:
    """The cases that some entries are of."""
    return list(dict.fromkeys(row.stream for row in rows))
