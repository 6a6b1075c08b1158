"""Event logs for process mining, a piece at a time: however many cases there are, a few of them are in memory."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from sqlalchemy import Engine

from adapters.boards.chosen import Chosen
from adapters.mining import files
from workflow import ocel as objects
from workflow import xes as traces
from workflow.words import Pair

IN_MEMORY = 1 << 20  # characters of objects; what is more waits in a file
Units = Mapping[str, Pair]
Cases = Iterable[tuple[Chosen, ...]]


def xes(log: Engine, cases: Cases, name: str, units: Units) -> Iterator[str]:
    """The cases in XES."""
    return traces.document(name, units, ((one.number, entries) for one, entries in files(log, cases)))


def ocel(log: Engine, cases: Cases, units: Units) -> Iterator[str]:
    """The cases in OCEL 2.0 JSON: first what happened, then to what."""
    yield f'{{"objectTypes":{_json(objects.object_types())},\n"eventTypes":{_json(objects.event_types())},\n"events":['
    with SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8") as waiting:
        yield from _listed(_events(log, cases, units, waiting))
        yield '],\n"objects":['
        waiting.seek(0)
        yield from waiting
    yield "]}\n"


def _events(log: Engine, cases: Cases, units: Units, waiting: IO[str]) -> Iterator[Any]:
    """The events; their objects are put by meanwhile, and at last the units that were named."""
    put_by, named = _putting_by(waiting), set[str]()
    for one, entries in files(log, cases):
        told = objects.told(one.number, entries)
        named |= told.units
        put_by(told.objects.values())
        yield from told.events
    put_by(objects.unit(code, *units.get(code, (code, code))) for code in sorted(named))


def _putting_by(waiting: IO[str]) -> Callable[[Iterable[Any]], None]:
    commas = chain(("",), iter(lambda: ",", ""))

    def put_by(some: Iterable[Any]) -> None:
        waiting.writelines(f"{next(commas)}\n{_json(one)}" for one in some)

    return put_by


def _listed(some: Iterable[Any]) -> Iterator[str]:
    for number, one in enumerate(some):
        yield f"{',' if number else ''}\n{_json(one)}"


def _json(said: Any) -> str:  # noqa: ANN401 - JSON
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
