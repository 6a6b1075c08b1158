"""A worker as a process of its own, until it is killed: `python -m … LOG BOARDS NOW LEASE_SECONDS`; its clock goes on from NOW."""

import sys
from datetime import datetime, timedelta
from time import monotonic

from tests.adapters.clockwork.town import Town


def main(log: str, boards: str, now: str, lease: str) -> None:
    """Tick, and tick."""
    town, began = Town(log, boards), monotonic()
    clockwork = town.clockwork(lease=timedelta(seconds=float(lease)))
    while True:
        clockwork.tick(datetime.fromisoformat(now) + timedelta(seconds=monotonic() - began))


if __name__ == "__main__":
    main(*sys.argv[1:])
