"""Killed while it folds, and two at once: the past is what it would be had nobody been killed."""

import signal
import subprocess
import sys
from time import monotonic

import pytest

from tests.adapters.past.store import Store, standing

AT_ONCE = 2
FURTHER = 25  # positions, then they are killed
PATIENCE = 120.0  # seconds


@pytest.mark.slow
def test_killed_in_the_middle_it_goes_on_where_it_was(store: Store) -> None:
    store.played(250)
    head, kills = store.boards.head(), 0
    while (at := store.past.position()) < head - FURTHER:
        command = [sys.executable, "-m", "tests.adapters.past.folder", store.log, store.url, store.past_url]
        running = [subprocess.Popen(command) for _ in range(AT_ONCE)]
        late = monotonic() + PATIENCE
        while store.past.position() < at + FURTHER and monotonic() < late:
            assert all(process.poll() is None for process in running)
        for process in running:
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert store.past.position() > at
        kills += 1
    assert kills > 1
    store.past.catch_up()
    assert standing(store.past.as_of(head)) == standing(store.boards.engine)
    kept = store.all_kept()
    store.past.remake()
    assert store.all_kept() == kept
