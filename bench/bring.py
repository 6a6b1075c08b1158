"""Bringing cases over from a file, as `whistle import` does, against the bare INSERT of as many rows in as many commits."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import cast
from uuid import uuid4

from sqlalchemy import Engine, insert

from adapters.importing import Brought, Importer, Map, bring, read_map, rows_of
from adapters.importing.bringing import TOGETHER
from adapters.store import Factory
from adapters.store.engine import engine_at, transaction
from adapters.store.migrate import migrate
from adapters.store.tables import events
from bench.append import BODY, NAME
from bench.commands import casework
from bench.ground import Ground
from bench.invented import law
from bench.measure import Found, Measure
from bench.sizes import Sizes
from domain.places import Rung

SEEN = datetime(2026, 3, 1, tzinfo=UTC)
HEAD = ("no", "opened", "due", "closed", "what", "where", "who")
MAP = """system = "bench"
id = "no"
opened = "opened"
due = "due"
resolved = "closed"
[category]
column = "what"
[place]
column = "where"
[department]
column = "who"
"""


def measures(ground: Ground, sizes: Sizes) -> Iterator[Found]:
    """One file, on each engine."""
    file, by = _file(ground.home(), sizes.imported)
    for engine in ground.engines:
        ours = sizes.imported / _brought(ground.url(engine), file, by)
        bare = sizes.imported / _inserted(ground.log(engine), sizes.imported)
        what = f"{sizes.imported:,} rows, {TOGETHER} a commit"
        yield Measure("import", engine, what, ours, bare, "rows/s", "bare INSERT of as many rows")


def _file(home: Path, count: int) -> tuple[Path, Map]:
    """A file of closed and open cases, and its map."""
    (home / "map.toml").write_text(MAP, encoding="utf-8")
    with (home / "old.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((HEAD, *(_row(number) for number in range(count))))
    return home / "old.csv", read_map(home / "map.toml", law())


def _row(number: int) -> tuple[str, ...]:
    opened = SEEN - timedelta(days=300, minutes=-number)
    closed = (opened + timedelta(days=3)).isoformat() if number % 10 else ""
    categories, streets = _choices()
    what, who = categories[number % len(categories)]
    where = streets[number % len(streets)]
    return str(number), opened.isoformat(), (opened + timedelta(days=7)).isoformat(), closed, what, where, who


@cache
def _choices() -> tuple[list[tuple[str, str]], list[str]]:
    leaves = [one for one in law().taxonomy.by_code.values() if one.is_leaf and one.departments]
    return [(one.code, one.departments[0]) for one in leaves], [
        s.code for s in law().places.below(law().code, Rung.STREET)
    ]


def _brought(url: str, file: Path, by: Map) -> float:
    """The seconds that it takes."""
    migrate(engine_at(url))
    ours = casework(url)
    log = cast("Factory", ours.factory).writer.engine
    importer = Importer(ours, log, law().code, by.system, SEEN)
    begin = perf_counter()
    with file.open(encoding=by.encoding, newline="") as rows:
        became = Counter(type(one) for one in bring(importer, rows_of(rows, by, law(), SEEN)))
    took = perf_counter() - begin
    ours.close()
    if became.keys() != {Brought}:
        raise ValueError(f"not every row was brought in: {became}")
    return took


def _inserted(log: Engine, count: int) -> float:
    """The seconds that the rows alone take."""
    rows = iter([_event(position) for position in range(1, count + 1)])
    begin = perf_counter()
    while batch := list(islice(rows, TOGETHER)):
        with transaction(log) as connection:
            connection.execute(insert(events), batch)
    return perf_counter() - begin


def _event(position: int) -> dict[str, object]:
    return {"position": position, "stream": uuid4(), "version": 1, "name": NAME, "body": BODY, "recorded_at": SEEN}
