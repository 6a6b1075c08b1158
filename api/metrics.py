"""What is counted for those who run it."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge

from adapters.store.errors import Busy, CommitUnknown, Unavailable
from api.problems import Trouble
from domain.commands import Command
from workflow.ask import Refused
from workflow.casework import ContendedError, StaleError

REGISTRY = CollectorRegistry()
COMMANDS = Counter("whistle_commands", "Commands by kind and result", ["command", "result"], registry=REGISTRY)
REFUSALS = Counter("whistle_refusals", "Refusals by code", ["code"], registry=REGISTRY)
LAG = Gauge("whistle_boards_lag", "Log positions that the boards have not come to", registry=REGISTRY)
PAST = Gauge("whistle_past_lag", "Log positions that the past is not kept as far as yet", registry=REGISTRY)
SEALED = Gauge("whistle_seal_lag", "Log positions that are not sealed yet", registry=REGISTRY)
PARKED = Gauge("whistle_boards_parked", "Cases that cannot be told", registry=REGISTRY)
HEAD = Gauge("whistle_log_position", "The last position of the log", registry=REGISTRY)
DUE = Gauge("whistle_timers_due", "Cases that time has something to do with now", registry=REGISTRY)
HELD = Gauge("whistle_timers_held", "1 while everything is held until somebody has looked", registry=REGISTRY)
MESSAGES = Gauge("whistle_messages", "Messages by what is to be done about them", ["state"], registry=REGISTRY)
WAITED = Gauge(
    "whistle_messages_oldest_seconds", "How long the oldest message that waits has waited", registry=REGISTRY
)
DOORS = Counter(
    "whistle_doors", "What happened where people and programs come in", ["happening", "way"], registry=REGISTRY
)
QUEUE = Gauge("whistle_writer_queue", "Commands that wait for the writer of this process", registry=REGISTRY)

RESULTS: dict[type[Exception], str] = {
    Refused: "refused",
    Trouble: "refused",
    StaleError: "stale",
    ContendedError: "busy",
    Busy: "busy",
    Unavailable: "busy",
    CommitUnknown: "unknown",
}


@contextmanager
def counted(command: Command) -> Iterator[None]:
    """Count a command by what became of it."""
    result = "failed"
    try:
        yield
        result = "done"
    except tuple(RESULTS) as outcome:
        result = next(words for kind, words in RESULTS.items() if isinstance(outcome, kind))
        raise
    finally:
        COMMANDS.labels(type(command).__name__, result).inc()
