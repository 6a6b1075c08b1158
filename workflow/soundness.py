"""Is a city's policy sound: can every state be reached, is there a way to closing from each, has every clock a limit."""

from collections.abc import Iterator, Mapping

from domain.policy import Policy, Step
from domain.states import Clock, State, Urgency
from workflow import who as w
from workflow.flow import CASE_MOVES, NOTHING, Move
from workflow.who import Guard

Problem = tuple[str, dict[str, str]]  # code, arguments

NEEDS_OFF: Mapping[Guard, Step] = {
    w.approval_is_off: Step.WHISTLE_APPROVAL,
    w.reporting_in_is_off: Step.REPORT_IN,
    w.verification_is_off: Step.VERIFICATION,
    w.calling_back_is_off: Step.CALL_BACK,
}


def problems(policy: Policy, moves: tuple[Move, ...] = CASE_MOVES) -> Iterator[Problem]:
    """All that is wrong with a policy; nothing where it is sound."""
    commands = {move.command.__name__ for move in moves}
    yield from (("no_such_command", {"command": name}) for name in policy.who if name not in commands)
    yield from (("nobody_may", {"command": name}) for name, roles in policy.who.items() if not roles)
    ways = arrows(tuple(move for move in moves if _alive(move, policy)))
    yield from (("state_never_reached", {"state": s.value}) for s in State if s.value not in reached(NOTHING, ways))
    for state in State:
        if state.is_open and State.CLOSED.value not in reached(state.value, ways):
            yield "no_way_to_closing", {"state": state.value}
    for clock in Clock:
        if (clock, Urgency.ROUTINE) not in policy.limits:
            yield "clock_without_limit", {"clock": clock.value}


def _alive(move: Move, policy: Policy) -> bool:
    """Whether a row can ever be taken under a policy."""
    wanted = (NEEDS_OFF.get(guard) for guard in move.given)
    roles = policy.who.get(move.command.__name__)
    return all(step is None or step in policy.off for step in wanted) and (roles is None or bool(roles))


def arrows(moves: tuple[Move, ...]) -> set[tuple[str, str]]:
    """Which state leads to which."""
    return {(source, move.leaves.value) for move in moves if move.leaves for source in move.source}


def reached(begin: str, ways: set[tuple[str, str]]) -> set[str]:
    """All states that can be reached from one, itself included."""
    seen, edge = {begin}, {begin}
    while edge:
        edge = {to for source, to in ways if source in edge} - seen
        seen |= edge
    return seen
