"""The guard: a clock that leapt, or a flood after an outage, makes everything wait until somebody has looked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LEAP = timedelta(days=1)  # nobody looked for so long: an outage over days, or a clock that was set wrong
OUTAGE = timedelta(minutes=10)  # a restart is shorter
FLOOD = 300  # cases that are due at once after an outage, or in a store that nobody has worked yet


@dataclass(frozen=True, slots=True)
class Standing:
    """How the clockwork stands: how many cases are due, which is next, when a worker last looked, and why it holds."""

    due: int
    next: datetime | None
    looked_at: datetime | None
    held: str = ""  # leapt | flooded; '' where it works
    to_erase: int = 0  # cases of which something was kept as long as it may be


def why_held(now: datetime, looked_at: datetime | None, due: int, to_erase: int = 0) -> str:
    """Why nothing may be done by itself now; '' where it may."""
    gap = now - looked_at if looked_at else None
    if (due or to_erase) and gap and gap > LEAP:
        return "leapt"
    return "flooded" if due > FLOOD and (gap is None or gap > OUTAGE) else ""
