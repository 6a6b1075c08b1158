"""The checker: what was told to people, held against what is stored; it names all that a right store never shows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic_core import from_json
from sqlalchemy import Engine, select

from adapters.boards import Boards
from adapters.boards.rebuilding import rebuild
from adapters.boards.tables import TOLD, numbers, pairs
from adapters.sealing import KeyDestroyed, Tampered
from adapters.store.engine import reading
from adapters.store.recorders import LogRecorder, Recorded
from adapters.store.tables import commands
from api.whole import Whole
from domain.privacy import Sealed, Secrecy
from tests.adapters.store.stories import faults, whole_log
from tests.breaking.people import Said, Told
from workflow.ledger import of_a_case

UNSURE = {None, "unknown", "fault", "still_running"}  # it may have been done, for all that was said; None: no answer


@dataclass(frozen=True)
class Evidence:
    """What lies on disk: the log, and the last position of each command that came under a key."""

    stored: Sequence[Recorded]
    keys: dict[UUID, int]


def evidence(whole: Whole) -> Evidence:
    """All of it."""
    return Evidence(whole_log(LogRecorder(whole.log)), _keys(whole.log.engine))


def _keys(engine: Engine) -> dict[UUID, int]:
    with reading(engine).connect() as connection:
        return {UUID(row.key): row.position for row in connection.execute(select(commands))}


def broken(whole: Whole, told: Iterable[Told]) -> list[str]:
    """Everything that is wrong with a store, its keys and its boards."""
    found = evidence(whole)
    return [*broken_promises(found, told), *unreadable(whole, found), *out_of_step(whole.boards)]


def broken_promises(found: Evidence, told: Iterable[Told]) -> Iterator[str]:
    """Whatever people were told, but is not so."""
    yield from faults(found.stored, ())
    of, tries = _by_command(found.stored), _by_key(told)
    for key, mine in tries.items():
        yield from _judged(mine, of.get(key, []), found.keys.get(key))
    for key in (of.keys() | found.keys.keys()) - tries.keys():
        yield f"nobody gave the command {key}"


def _by_command(stored: Iterable[Recorded]) -> dict[UUID, list[Recorded]]:
    of: dict[UUID, list[Recorded]] = defaultdict(list)
    for one in (one for one in stored if of_a_case(one.topic)):
        of[UUID(from_json(one.state)["command"])].append(one)
    return of


def _by_key(told: Iterable[Told]) -> dict[UUID, list[Told]]:
    tries: dict[UUID, list[Told]] = defaultdict(list)
    for one in told:
        tries[one.said.key].append(one)
    return tries


def _judged(tries: Sequence[Told], entries: Sequence[Recorded], kept: int | None) -> Iterator[str]:
    said, last = tries[0].said, entries[-1].position if entries else None
    names = tuple(entry.topic for entry in entries)
    answers = [one for one in tries if one.done]
    if answers and not entries:
        yield f"acknowledged, but not in the log: {said.path}"
    if entries and names != said.makes:
        yield f"not whole: {said.path} wrote {names} and not {said.makes}"
    if entries and not any(one.done or one.body.get("code") in UNSURE for one in tries):
        yield f"said to be not done, but in the log: {said.path}"
    if kept != last:
        yield f"its key says {kept}, its entries {last}: {said.path}"
    yield from (f"answered {wrong}: {said.path}" for one in answers if (wrong := _wrong(one, said, entries)))


def _wrong(one: Told, said: Said, entries: Sequence[Recorded]) -> str:
    """An acknowledgement says the last position of the command, and the version of the case after it."""
    mine = [entry for entry in entries if str(entry.originator_id) == one.body["case"]]
    if entries and (one.body["position"], one.body["version"]) == (
        entries[-1].position,
        mine[-1].originator_version if mine else None,
    ):
        return ""
    return f"position {one.body['position']} and version {one.body['version']}" if entries else ""


# --- keys


def unreadable(whole: Whole, found: Evidence) -> Iterator[str]:
    """Words in the log whose keys are not on disk; one look for each case is enough."""
    for (case, field), sealed in _sealed(found.stored).items():
        try:
            whole.sealing.unseal(case, field, sealed)
        except (KeyDestroyed, Tampered) as verdict:
            yield f"{field} of {case} cannot be read: {type(verdict).__name__}"


def _sealed(stored: Iterable[Recorded]) -> dict[tuple[UUID, str], Sealed]:
    words: dict[tuple[UUID, str], Sealed] = {}
    for one in stored:
        field = {"case-logged": "narrative", "note-added": "text"}.get(one.topic, "")
        if field and (said := from_json(one.state)["event"].get(field)):
            words[UUID(str(one.originator_id)), field] = Sealed(Secrecy(said["secrecy"]), said["token"])
    return words


# --- boards


def out_of_step(boards: Boards) -> Iterator[str]:
    """Where the boards differ from what the log tells: rebuilt, every row is to be as it was."""
    boards.catch_up()
    live = rows(boards)
    rebuild(boards)
    for table, told in rows(boards).items():
        if told != live[table]:
            yield f"{table} is out of step with the log"
    yield from (f"{case} cannot be told: {error}" for case, _, error in boards.parked())


def rows(boards: Boards) -> dict[str, list[str]]:
    """Everything on the boards."""
    tables: Any = (*TOLD, numbers, pairs)
    with boards.engine.connect() as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)).all())) for table in tables}
