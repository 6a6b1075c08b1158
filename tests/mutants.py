"""Tables with one fault each: a row deleted, widened or narrowed, a condition or a clock dropped."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from domain.commands import Command
from domain.states import Clock, State
from workflow.ask import Ask
from workflow.flow import ASSIGNMENT_MOVES, CASE_MOVES, REQUEST_MOVES, ClockOp, Move, Turn
from workflow.reactions import AT_ONCE, Whenever


@dataclass(frozen=True)
class Mutant:
    """Tables with one fault, and the command whose stories should notice."""

    name: str
    command: type[Command] | None
    case: tuple[Move, ...] = CASE_MOVES
    assignment: tuple[Turn, ...] = ASSIGNMENT_MOVES
    request: tuple[Turn, ...] = REQUEST_MOVES
    at_once: tuple[Whenever, ...] = AT_ONCE


def anybody(_ask: Ask) -> bool:
    """Who may, where a role is widened as far as it goes."""
    return True


def less(things: tuple[Any, ...], n: int) -> tuple[Any, ...]:
    """All but one."""
    return things[:n] + things[n + 1 :]


def changed_rows(row: Move) -> Iterator[tuple[str, tuple[Move, ...]]]:
    """What a row of the case table can lose."""
    yield "deleted", ()
    yield "open to anybody", (replace(row, who=(anybody,)),)
    if row.leaves:
        yield "leads elsewhere", (replace(row, leaves=State.SUSPENDED if row.leaves is State.LOGGED else State.LOGGED),)
    for n, guard in enumerate(row.who):
        if len(row.who) > 1:
            yield f"closed to {guard.__name__}", (replace(row, who=less(row.who, n)),)
    for n, guard in enumerate(row.given):
        yield f"without {guard.__name__}", (replace(row, given=less(row.given, n)),)
    for n, op in enumerate(row.clocks):
        yield f"without {op.verb} {' '.join(op.clocks)}", (replace(row, clocks=less(row.clocks, n)),)
        yield from ((said, (replace(row, clocks=clocks),)) for said, clocks in _narrowed(row, n, op))
    for n, source in enumerate(row.source):
        if len(row.source) > 1:
            yield f"not from {source}", (replace(row, source=less(row.source, n)),)


def _narrowed(row: Move, n: int, op: ClockOp) -> Iterator[tuple[str, tuple[ClockOp, ...]]]:
    if 1 < len(op.clocks) < len(Clock):
        for m, clock in enumerate(op.clocks):
            fewer = replace(op, clocks=less(op.clocks, m))
            yield f"{op.verb} without {clock}", (*row.clocks[:n], fewer, *row.clocks[n + 1 :])


def case_mutants() -> Iterator[Mutant]:
    for n, row in enumerate(CASE_MOVES):
        for said, rows in changed_rows(row):
            yield Mutant(f"{row.name} {said}", row.command, case=(*CASE_MOVES[:n], *rows, *CASE_MOVES[n + 1 :]))


def turn_mutants() -> Iterator[Mutant]:
    for table, rows in (("assignment", ASSIGNMENT_MOVES), ("request", REQUEST_MOVES)):
        for n, row in enumerate(rows):
            for said, turns in changed_turns(row):
                fault: dict[str, Any] = {table: (*rows[:n], *turns, *rows[n + 1 :])}
                yield Mutant(f"{table}: {row.command.__name__} {said}", row.command, **fault)


def changed_turns(row: Turn) -> Iterator[tuple[str, tuple[Turn, ...]]]:
    """What a row of a smaller table can lose."""
    states: tuple[Any, ...] = tuple(type(row.source[0]))
    elsewhere = next(state for state in states if state is not row.leaves)
    yield "deleted", ()
    yield "from anywhere", (replace(row, source=states),)
    yield "leads elsewhere", (replace(row, leaves=elsewhere),)
    for n, source in enumerate(row.source):
        if len(row.source) > 1:
            yield f"not from {source}", (replace(row, source=less(row.source, n)),)


def reaction_mutants() -> Iterator[Mutant]:
    for n, row in enumerate(AT_ONCE):
        always = replace(row, fact=lambda _told: True)
        yield Mutant(f"whenever: {row.name} deleted", None, at_once=less(AT_ONCE, n))
        yield Mutant(f"whenever: {row.name} always", None, at_once=(*AT_ONCE[:n], always, *AT_ONCE[n + 1 :]))
        for m, event in enumerate(row.events):
            fewer = replace(row, events=less(row.events, m))
            yield Mutant(
                f"whenever: {row.name} not after {event.__name__}",
                None,
                at_once=(*AT_ONCE[:n], fewer, *AT_ONCE[n + 1 :]),
            )


def everything() -> list[Mutant]:
    return [*case_mutants(), *turn_mutants(), *reaction_mutants()]
