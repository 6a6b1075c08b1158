"""Another policy tried on what is in the log: which deadlines it would have set, and which of them would have been missed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Engine, select

from adapters.boards.folding import files
from adapters.jurisdictions import BadJurisdictionError, Editions, read
from adapters.jurisdictions.reading import Reading, read_files
from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.tables import events
from domain.entries import Entry
from domain.jurisdiction import Jurisdiction
from domain.states import Clock
from workflow.ledger import STAFF_NAMES
from workflow.trying import Tried, tried

AT_ONCE = 400  # case files read together
Tally = Counter[str]  # runs | earlier | same | later | unlimited; judged | missed | would_miss
Progress = Callable[[int, int], None]


class NoSuchFileError(ValueError):
    """A file that no edition has, or a path at which there is nothing."""


def law_of(changed: Path, editions: Editions) -> Jurisdiction:
    """The jurisdiction of a folder, or today's edition with one of its files changed.

    Raises NoSuchFileError, BadJurisdictionError, NoSuchEditionError.
    """
    found = read(changed, "tried@1") if changed.is_dir() else _with(changed, editions)
    if found.problems:
        raise BadJurisdictionError(found.problems)
    return found.jurisdiction


def _with(changed: Path, editions: Editions) -> Reading:
    today = editions.reading(editions.current().edition).files
    if not changed.is_file() or changed.name not in today:
        known = ", ".join(sorted(name for name in today if "/" not in name))
        msg = f"{changed} is none of: a folder, {known}"
        raise NoSuchFileError(msg)
    return read_files({**today, changed.name: changed.read_text(encoding="utf-8-sig")}, "tried@1")


def runs(
    log: Engine, law: Jurisdiction, since: datetime, progress: Progress = lambda _done, _all: None
) -> Iterator[Tried]:
    """Every run that a clock of any case began from `since` on; `progress(done, all)` in cases."""
    of_cases = (events.c.recorded_at >= since, events.c.name.not_in(STAFF_NAMES))
    began = select(events.c.stream).where(*of_cases).distinct().order_by(events.c.stream)
    with explained(), reading(log).connect() as connection:
        cases = list(connection.scalars(began))
    for begin in range(0, len(cases), AT_ONCE):
        for file in _files(log, cases[begin : begin + AT_ONCE]):
            yield from tried(file, law, since)
        progress(min(begin + AT_ONCE, len(cases)), len(cases))


def _files(log: Engine, cases: Iterable[UUID]) -> Iterable[tuple[Entry, ...]]:
    return files(reading(log), cases).values()


def tallies(found: Iterable[Tried], now: datetime) -> dict[Clock, Tally]:
    """For each clock how many deadlines would have come earlier or later, and what would have been missed."""
    counted: dict[Clock, Tally] = {}
    for one in found:
        counted.setdefault(one.fact.clock, Tally()).update(_said(one, now))
    return counted


def _said(one: Tried, now: datetime) -> Iterator[str]:
    yield "runs"
    if one.would_be is None:
        yield "unlimited"
        return
    yield "earlier" if one.would_be < one.fact.due else "later" if one.would_be > one.fact.due else "same"
    if one.plain:
        yield "judged"
        yield from (name for name, so in (("missed", one.missed(now)), ("would_miss", one.would_miss(now))) if so)
