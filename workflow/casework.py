"""Load, decide, record: the only place where a case changes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TypeVar, cast
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.persistence import IntegrityError, Mapper

from domain import commands as c
from domain.actors import Actor
from domain.case import Case, evolve, replay
from domain.commands import Command
from domain.entries import Entry
from domain.jurisdiction import Jurisdiction
from workflow.ask import Ask, Probe, Refused
from workflow.decide import Desk, begin, decide
from workflow.flow import FLOW
from workflow.keyed import Keyed
from workflow.ledger import EntryMapper
from workflow.moments import EarlierError

TRIES = 20
T = TypeVar("T")


class NoSuchCaseError(LookupError):
    """No case has this id."""


class StaleError(Exception):
    """Others changed the case since the version that was seen; `case` is as it stands now."""

    def __init__(self, case: Case, seen: int) -> None:
        """`seen` is the version the actor acted on."""
        super().__init__(f"version {seen} was seen, {case.version} stands")
        self.case = case
        self.seen = seen


class ContendedError(Exception):
    """Others were first, again and again; nothing was written, and trying again is safe."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did: the case after it, and its entries with their positions (none where nothing followed)."""

    case: Case
    entries: tuple[Entry, ...] = ()

    @property
    def position(self) -> int:
        """The last position written; 0 where nothing followed."""
        return max((entry.position for entry in self.entries), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command as it comes in: who, when, its id, the version that was seen (None: whatever stands), and its key."""

    command: Command
    actor: Actor
    now: datetime
    id: UUID
    seen: int | None = None
    keyed: Keyed | None = None


class Casework(Application[UUID]):
    """The library's application, for case files. Editions and sealing are handed in by whoever composes the whole."""

    def __init__(
        self,
        env: dict[str, str],
        *,
        edition: Callable[[str], Jurisdiction],
        current: Callable[[], Jurisdiction],
        seal: Callable[[UUID, Command], Command],
    ) -> None:
        """`edition` finds a pinned one, `current` the newest; `seal` makes private words unreadable."""
        super().__init__(env)
        self._edition, self._current, self._seal = edition, current, seal

    def construct_mapper(self) -> Mapper[UUID]:
        """Entries are written by the ledger's names."""
        return EntryMapper(self.construct_transcoder())

    def file(self, case: UUID, *, version: int | None = None) -> tuple[Entry, ...]:
        """Every entry of a case (up to a version). Raises NoSuchCaseError."""
        entries = tuple(self.events.get(case, lte=version))
        if not entries or not isinstance(entries[0], Entry):  # the log holds the files of staff as well
            raise NoSuchCaseError(case)
        return cast("tuple[Entry, ...]", entries)

    def case(self, case: UUID) -> Case:
        """A case as it stands. Raises NoSuchCaseError."""
        return _replayed(self.file(case))

    def open_case(self, case: UUID, order: Order) -> Done:
        """Log a case, or carry one over. Raises Refused; ContendedError where the id is taken."""
        sealed = self._sealed(case, order)
        try:
            return self._in_time(sealed.now, lambda now: self._opened(case, replace(sealed, now=now)))
        except IntegrityError:
            raise ContendedError(case) from None

    def _opened(self, case: UUID, order: Order) -> Done:
        return self._write(None, self._begun(case, order), order)

    def _begun(self, case: UUID, order: Order) -> tuple[Entry, ...]:
        command = cast("c.LogCase | c.CarryOver", order.command)
        return begin(case, command, order.actor, Desk(self._current(), order.now, order.id))

    def carry_over(self, orders: Mapping[UUID, Order], *, write: bool = True) -> dict[UUID, Done | Refused]:
        """Cases of another system: all that are not refused are written together, in order, or none is.

        Not to `write` is to foresee. Raises ContendedError where an id is taken.
        """
        sealed = {case: self._sealed(case, order) for case, order in orders.items()}
        now = max((order.now for order in orders.values()), default=None)
        try:
            return self._in_time(now, lambda now: self._carried(sealed, now, write=write)) if now else {}
        except IntegrityError:
            raise ContendedError(next(iter(orders))) from None

    def _carried(self, orders: Mapping[UUID, Order], now: datetime, *, write: bool) -> dict[UUID, Done | Refused]:
        drafts = {case: self._drafted(case, replace(order, now=now)) for case, order in orders.items()}
        entries = [entry for draft in drafts.values() if not isinstance(draft, Refused) for entry in draft]
        stored = iter(self._stored(entries, now) if write and entries else entries)
        return {
            case: draft if isinstance(draft, Refused) else _done(None, tuple(islice(stored, len(draft))))
            for case, draft in drafts.items()
        }

    def _drafted(self, case: UUID, order: Order) -> tuple[Entry, ...] | Refused:
        try:
            return self._begun(case, order)
        except Refused as refused:
            return refused

    def handle(self, case: UUID, order: Order) -> Done:
        """One command on a case, whole or not at all. Raises Refused, StaleError, NoSuchCaseError, ContendedError."""
        sealed = self._sealed(case, order)
        for _ in range(TRIES):
            try:
                return self._in_time(sealed.now, lambda now: self._handled(case, replace(sealed, now=now)))
            except IntegrityError:
                continue  # somebody was first: look again
        raise ContendedError(case)

    def _handled(self, case: UUID, order: Order) -> Done:
        before = self._unless_stale(self.file(case), order)
        entries = decide(before, order.command, order.actor, self._desk(before, order))
        return self._write(before, entries, order) if entries else Done(before)

    def _sealed(self, case: UUID, order: Order) -> Order:
        return replace(order, command=self._seal(case, order.command))

    def _in_time(self, now: datetime, act: Callable[[datetime], T]) -> T:
        """At `now`; at the log's own moment where that is later: clocks are judged by what is recorded."""
        try:
            return act(now)
        except EarlierError as earlier:
            return act(earlier.moment)

    def foresee(self, case: UUID, order: Order) -> Done:
        """What a command would do, nothing written. Raises as `handle`."""
        return self.foreseen(self._unless_stale(self.file(case), order), order)

    def foreseen(self, before: Case, order: Order) -> Done:
        """The same for a case that is at hand. Raises Refused."""
        entries = decide(before, order.command, order.actor, self._desk(before, order))
        return Done(_after(before, entries), entries)

    def open_to(self, case: Case, actor: Actor, now: datetime) -> tuple[Probe, ...]:
        """What this actor may do with the case now."""
        return FLOW.open_to(Ask(case, Probe(Command), actor, now, self._edition(case.edition)))

    def law_of(self, case: Case) -> Jurisdiction:
        """The edition that the case follows."""
        return self._edition(case.edition)

    def _desk(self, case: Case, order: Order) -> Desk:
        command, other, following = order.command, None, None
        if isinstance(command, c.MergeCase):
            other = self._other(command.into)
        if isinstance(command, c.UnmergeCase) and case.merged_into:
            other = self.case(case.merged_into)
        if isinstance(command, c.ShowPrivate) and case.merged_into:
            other = self.case(case.merged_into)
        if isinstance(command, c.EndRetention):
            other = self.goes_on_in(case)
        if isinstance(command, c.ChangeEdition):
            following = self._edition(command.edition)
        return Desk(self._edition(case.edition), order.now, order.id, other=other, next_law=following)

    def goes_on_in(self, case: Case) -> Case | None:
        """The case in which a merged one is worked on in the end; None where it goes its own way."""
        found = None
        while into := (found or case).merged_into:
            found = self.case(into)
        return found

    def _other(self, case: UUID) -> Case:
        try:
            return self.case(case)
        except NoSuchCaseError:
            raise Refused("no_such_other_case", case=str(case)) from None

    def _unless_stale(self, file: tuple[Entry, ...], order: Order) -> Case:
        """Where only quiet entries lie between what was seen and what stands, the command is decided again."""
        case = _replayed(file)
        missed = [] if order.seen is None else [entry for entry in file if entry.version > order.seen]
        ahead = order.seen is not None and order.seen > case.version
        if ahead or any(not entry.event.quiet for entry in missed):
            raise StaleError(case, order.seen or 0)
        return case

    def _write(self, before: Case | None, entries: tuple[Entry, ...], order: Order) -> Done:
        return _done(before, self._stored(entries, order.now, order.keyed))

    def _stored(self, entries: Sequence[Entry], now: datetime, keyed: Keyed | None = None) -> tuple[Entry, ...]:
        """The same entries as they were kept: with their positions, and the moment that they carry."""
        moments: list[datetime] = []
        recordings = self.save(*entries, recorded_at=now, keyed=keyed, told=moments.append)
        return tuple(
            replace(entry, position=recording.notification.id, recorded_at=moments[-1])
            for entry, recording in zip(entries, recordings, strict=True)
        )


def _done(before: Case | None, stored: tuple[Entry, ...]) -> Done:
    return Done(_after(before, stored), stored)


def _after(before: Case | None, entries: tuple[Entry, ...]) -> Case:
    case, mine = before, entries[0].case if before is None else before.id
    for entry in entries:
        if entry.case == mine:
            case = evolve(case, entry)
    return cast("Case", case)


def _replayed(file: tuple[Entry, ...]) -> Case:
    return cast("Case", replay(file))
