"""What store tests write, and the checker that looks for what a faulty store leaves behind."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from adapters.store.recorders import LogRecorder, Recorded


def event(stream: UUID, version: int, body: bytes = b"{}", name: str = "case-logged") -> StoredEvent:
    """One event."""
    return StoredEvent(stream, version, name, body)


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody was told about a command of theirs. Its events carry its id as their body."""

    command: bytes
    size: int
    accepted: bool


def whole_log(log: LogRecorder) -> Sequence[Recorded]:
    """Every event, by position."""
    return log.select_notifications(None, 1_000_000)


def faults(stored: Sequence[Recorded], claims: Iterable[Claim]) -> Iterator[str]:
    """Everything that a right store never shows."""
    if [one.position for one in stored] != list(range(1, len(stored) + 1)):
        yield "positions are not 1 to n"
    if any(later.recorded_at < earlier.recorded_at for earlier, later in pairwise(stored)):
        yield "recorded_at goes back"
    yield from _broken_streams(stored)
    yield from _broken_promises(stored, claims)


def _broken_streams(stored: Iterable[Recorded]) -> Iterator[str]:
    versions: dict[UUID | str, list[int]] = defaultdict(list)
    for one in stored:
        versions[one.originator_id].append(one.originator_version)
    for stream, found in versions.items():
        if found != list(range(1, len(found) + 1)):
            yield f"versions of {stream} are {found}"


def _broken_promises(stored: Iterable[Recorded], claims: Iterable[Claim]) -> Iterator[str]:
    rows: dict[bytes, int] = defaultdict(int)
    for one in stored:
        rows[one.state] += 1
    for claim in claims:
        expected = claim.size if claim.accepted else 0
        if rows[claim.command] != expected:
            yield f"{'accepted' if claim.accepted else 'refused'}, but {rows[claim.command]} of {claim.size} rows stand"
