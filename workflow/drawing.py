"""The tables as people read them: docs/flow.md with its diagram, and docs/events.md; both are generated, never edited."""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from types import SimpleNamespace

from transitions.extensions import GraphMachine

from domain.actors import Role
from domain.events import EVENTS, Event
from domain.permissions import Permission, granted
from domain.staff import STAFF_EVENTS, StaffEvent
from domain.states import State
from workflow.flow import ALL, ASSIGNMENT_MOVES, CASE_MOVES, NOTHING, REQUEST_MOVES, ClockOp, Move, Turn
from workflow.ledger import stored_name
from workflow.messages import SAYS, TABLE
from workflow.reactions import AT_ONCE
from workflow.saying import SENTENCES, TITLES
from workflow.words import COMMANDS, PERMISSIONS, SCOPES, STATES, WHO, said

VERBS = {
    "start": "+",
    "stop": "-",
    "pause": "‖",
    "resume": "▶",
    "go_on": "▶ what remained:",
    "keep_due": "▶ same due:",
    "shift": "moved:",
    "recount": "recounted:",
}
STAYS = "stays"


def flow_page(language: str = "en") -> str:
    """docs/flow.md: the diagram and the three tables. `language` is 'zh' or 'en'."""
    parts = [
        "# The life of a case",
        "Generated from `workflow/flow.py` by `whistle flow --write`; a test fails when it is stale.",
        "```mermaid\n" + diagram(language) + "\n```",
        "## Moves of a case\n\n" + table(("command", "from", "event", "to", "who", "given", "clocks"), _rows(language)),
        "## Turns of an assignment\n\n" + table(("command", "from", "to"), _turns(ASSIGNMENT_MOVES)),
        "## Turns of a request\n\n" + table(("command", "from", "to"), _turns(REQUEST_MOVES)),
        "## What follows at once\n\n" + table(("whenever", "and", "then"), _reactions()),
    ]
    return "\n\n".join(parts) + "\n"


def diagram(language: str) -> str:
    """The moves that change the state, as a Mermaid state diagram."""
    states = [NOTHING, *(state.value for state in State)]
    machine = GraphMachine(
        model=SimpleNamespace(),
        states=states,
        initial=NOTHING,
        auto_transitions=False,
        graph_engine="mermaid",
    )
    for source, command, leaves in dict.fromkeys(_arrows()):
        machine.add_transition(said(COMMANDS, command, language), source, leaves)
    return "\n".join(_plain(str(machine.get_graph().source), language))


def _plain(source: str, language: str) -> Iterator[str]:
    """The library's diagram without its colours, which dark pages cannot show, and with the states in people's words."""
    for line in source.splitlines():
        name = line.strip().removeprefix("state ").split('"')[1] if line.strip().startswith("state ") else ""
        if name:
            yield f'  state "{said(STATES, name, language)}" as {name}'
        elif "-->" in line or line.strip() == "direction LR" or line.startswith("stateDiagram"):
            yield line


def _arrows() -> Iterator[tuple[str, str, str]]:
    for move in CASE_MOVES:
        for source in move.source:
            if move.leaves and source != move.leaves:
                yield source, move.command.__name__, move.leaves.value


def _rows(language: str) -> Iterator[tuple[str, ...]]:
    for move in CASE_MOVES:
        who = " / ".join(said(WHO, guard.__name__, language) for guard in move.who)
        given = ", ".join(guard.__name__.replace("_", " ") for guard in move.given)
        leaves = move.leaves.value if move.leaves else STAYS
        yield move.command.__name__, _from(move), move.event.__name__, leaves, who, given, _clocks(move.clocks)


def _from(move: Move) -> str:
    every, opened = set(State), {state for state in State if state.is_open}
    if set(move.source) == every:
        return "any"
    return "any open" if set(move.source) == opened else ", ".join(move.source)


def _clocks(ops: Iterable[ClockOp]) -> str:
    return "; ".join(f"{VERBS[op.verb]} {_which(op)}" for op in ops)


def _which(op: ClockOp) -> str:
    return "all" if op.clocks == ALL else ", ".join(clock.value for clock in op.clocks)


def _turns(turns: Iterable[Turn]) -> Iterator[tuple[str, ...]]:
    return (
        (turn.command.__name__, ", ".join(turn.source), turn.leaves.value if turn.leaves else STAYS) for turn in turns
    )


def _reactions() -> Iterator[tuple[str, ...]]:
    for row in AT_ONCE:
        events = " or ".join(event.__name__ for event in row.events)
        yield events, row.fact.__name__.replace("_", " "), row.name


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def events_page() -> str:
    """docs/events.md: every event with its stored name, what it says, and where it leaves the case."""
    rows = (
        (f"`{stored_name(event)}`", _leaves(event), _fields(event), "yes" if event.quiet else "") for event in EVENTS
    )
    head = ("stored name", "leaves the case", "fields", "quiet")
    intro = "Generated from `domain/events.py` by `whistle flow --write`; a test fails when it is stale."
    quiet = "A quiet event need not have been seen by whoever acts next."
    of_staff = ((f"`{stored_name(event)}`", _fields(event)) for event in STAFF_EVENTS)
    beside = f"## In the files of staff\n\nWho may act as what (`domain/staff.py`).\n\n{table(('stored name', 'fields'), of_staff)}"
    return f"# What can happen to a case\n\n{intro} {quiet}\n\n{table(head, rows)}\n\n{beside}\n"


def _leaves(event: type[Event]) -> str:
    if "leaves" in {field.name for field in fields(event)}:  # type: ignore[arg-type]  # every event is a dataclass
        return "as the event says"
    return event.leaves.value if event.leaves else STAYS


def _fields(event: type[Event | StaffEvent]) -> str:
    return ", ".join(field.name for field in fields(event))  # type: ignore[arg-type]  # every event is a dataclass


def messages_page() -> str:
    """docs/messages.md: who is told what, what a message may say, and its words in both languages."""
    head = (
        "# Who is told what\n\n"
        "Generated from `workflow/messages.py` and `workflow/saying.py` by `whistle flow --write`; a test fails when it is stale. "
        "Every message names the case's number, category and place; what else it says stands below, and nothing else is ever said: "
        "no reasons, notes or staff, no words and no contact of a reporter. Nobody is told of what they did themselves."
    )
    rules = table(("whenever", "and", "message", "to"), _tellings())
    words = table(("message", "says besides", "中文", "English"), _worded())
    return "\n\n".join((head, "## Whenever\n\n" + rules, "## Words\n\n" + words)) + "\n"


def _tellings() -> Iterator[tuple[str, ...]]:
    for row in TABLE:
        fact, whom = (part.__name__.replace("_", " ") for part in (row.fact, row.whom))
        yield " or ".join(event.__name__ for event in row.events), fact, f"`{row.kind}`", whom


def _worded() -> Iterator[tuple[str, ...]]:
    for kind, says in SAYS.items():
        texts = (f"**{TITLES[kind][n]}** {SENTENCES[kind][n]}" for n in (0, 1))
        yield f"`{kind}`", ", ".join(says) or "–", *texts


def permissions_page() -> str:
    """docs/permissions.md: which role may see what, and of which cases."""
    head = (
        "# Who may see what\n\n"
        "Generated from `domain/permissions.py` by `whistle flow --write`; a test fails when it is stale. "
        "An office is a role at a place or in a department. What is done to a case within reach is in [the life of a case](flow.md); "
        "what stands in no cell below, nobody in that role may, on no page and in no answer."
    )
    named = [said(PERMISSIONS, permission, "en") for permission in Permission]
    return "\n\n".join((head, table(("role", *named), _granted()))) + "\n"


def _granted() -> Iterator[tuple[str, ...]]:
    for role in Role:
        scopes = granted(role)
        cells = (said(SCOPES, scopes[one], "en") if one in scopes else "–" for one in Permission)
        yield f"`{role}`", *cells
