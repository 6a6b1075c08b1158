"""An outbox as a process of its own, until it is killed: `python -m … HOME URL CHANNELS NOW SINCE LEASE`; it was NOW at SINCE, and time flies."""

import sys
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from threading import Thread
from time import time

from adapters.clockwork.working import AWAY
from adapters.outbox import Outbox, channels_of
from api.access import looked
from api.settings import Settings
from api.whole import compose

SPEED = 600  # of its clock: a minute's wait is a tenth of a second
SENDERS = 2


def main(home: str, url: str, channels: str, now: str, since: str, lease: str) -> None:
    """Tick, and tick."""
    whole = compose(Settings.of({"WHISTLE_DATABASE_URL": url} if url else {}, home=Path(home)))
    ways = channels_of(Path(channels), {})

    def work() -> None:
        outbox = Outbox(
            whole.outbox.writer, whole.boards, whole.casework, whole.sealing, ways, looked,
            lease=timedelta(seconds=float(lease)), dice=Random(time()),
        )  # fmt: skip
        while True:
            with suppress(*AWAY):
                outbox.tick(datetime.fromisoformat(now) + timedelta(seconds=SPEED * (time() - float(since))))

    threads = [Thread(target=work) for _ in range(SENDERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main(*sys.argv[1:])
