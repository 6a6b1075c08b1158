"""Whether what people saw of one case is a single history, each command and each look at some moment while it was asked.

A case is a register whose versions only go up, and the log says in which order its entries came. So the question is
only when each version can have come about. An acknowledged entry came while its command was asked. A look that showed
version v says: v was there before the look ended, and v + 1 was not before it began. All these are bounds on single
moments, which must go up with the versions: there is a history if, and only if, no version's latest moment lies before
the earliest of itself or of one before it. That is exact, and takes one pass.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from uuid import UUID

from tests.breaking.people import Look, Told


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the case file: whose command, and whether it makes nobody stale."""

    command: UUID
    quiet: bool = False


@dataclass(slots=True)
class Moments:
    """When each version can have come about: not before, and not after."""

    earliest: dict[int, float] = field(default_factory=dict)
    latest: dict[int, float] = field(default_factory=dict)

    def come_while(self, version: int, began: float, ended: float) -> None:
        """A version came about between two moments."""
        self.earliest[version] = max(began, self.earliest.get(version, -inf))
        self.latest[version] = min(ended, self.latest.get(version, inf))

    def seen(self, version: int, began: float, ended: float) -> None:
        """It stood at some moment between two."""
        self.come_while(version, -inf, ended)
        self.come_while(version + 1, began, inf)

    def wrong(self, versions: int) -> Iterator[str]:
        """The versions that would have come about before an earlier one, or before they were asked for."""
        not_before = -inf
        for version in range(1, versions + 1):
            not_before = max(not_before, self.earliest.get(version, -inf))
            if self.latest.get(version, inf) < not_before:
                yield f"version {version} was there too early, or the one before it too late"


def not_linear(file: Sequence[Line], told: Iterable[Told], looks: Iterable[Look]) -> Iterator[str]:
    """Why there is no such history; nothing where there is one."""
    moments, versions = Moments(), _versions(file)
    for one in told:
        mine = versions.get(one.said.key, [])
        yield from _misplaced(one, mine, file)
        for version in mine:
            moments.come_while(version, one.began, one.ended if one.done else inf)
    for look in (*looks, *_shown_to_the_stale(told)):
        if look.version > len(file):
            yield f"version {look.version} was seen, {len(file)} is the last"
        moments.seen(look.version, look.began, look.ended)
    yield from moments.wrong(len(file))


def _versions(file: Sequence[Line]) -> Mapping[UUID, list[int]]:
    versions: dict[UUID, list[int]] = {}
    for version, line in enumerate(file, start=1):
        versions.setdefault(line.command, []).append(version)
    return versions


def _shown_to_the_stale(told: Iterable[Told]) -> Iterator[Look]:
    """Who is refused as stale is shown the case as it stands."""
    for one in told:
        if one.body.get("code") == "stale":
            yield Look(one.began, one.ended, one.body["current"]["version"])


def _misplaced(one: Told, mine: Sequence[int], file: Sequence[Line]) -> Iterator[str]:
    """An acknowledged command stands where it was said to, and nothing but quiet entries between it and what was seen."""
    if one.done and (not mine or mine[-1] != one.body["version"]):
        yield f"acknowledged as version {one.body['version']}, and its entries are {list(mine)}"
    seen = one.said.seen or 0
    if mine and not all(line.quiet for line in file[seen : mine[0] - 1]):
        yield f"version {mine[0]} was decided on version {seen}, and what came between was lost"
    if one.body.get("code") == "stale" and all(line.quiet for line in file[seen : one.body["current"]["version"]]):
        yield f"refused as stale on version {seen}, and nothing had come"
