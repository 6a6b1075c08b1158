"""`whistle work` and `whistle timers`: how time's work is run, looked at, and let go on."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

import pytest

from adapters.jurisdictions import shipped
from api.settings import Settings
from api.whole import Whole, compose, real_time
from domain.actors import Actor, Role
from domain.commands import LogCase
from domain.states import Source
from tests.api.office import settled
from tests.api.people import GRID
from tests.api.test_command_line import TOP, whistle
from workflow.casework import Order

WORKER = Actor("worker", Role.GRID_WORKER, GRID)
TWO_DAYS_AGO = real_time() - timedelta(days=2)


@contextmanager
def opened(settings: Settings) -> Iterator[Whole]:
    whole = compose(settings)
    try:
        yield whole
    finally:
        whole.close()


@pytest.fixture
def store(tmp_path: Path) -> tuple[Settings, UUID]:
    """A store with a case that was logged two days ago, and that nobody has looked at since."""
    settings, case = settled(tmp_path / "store", shipped("chengguan")), uuid4()
    with opened(settings) as whole:
        logged(whole, case)
        whole.boards.catch_up()
        whole.clockwork.release(TWO_DAYS_AGO)
    return settings, case


def logged(whole: Whole, case: UUID) -> None:
    """A case that was logged two days ago."""
    log = LogCase(category="0406", place=GRID, source=Source.PATROL)
    whole.casework.open_case(case, Order(command=log, actor=WORKER, now=TWO_DAYS_AGO, id=uuid4()))


def test_what_is_held_is_shown_and_let_go_on(store: tuple[Settings, UUID]) -> None:
    settings, case = store
    shown = whistle("timers", home=settings.home)
    assert (
        shown.returncode == 0
        and "due now: 1" in shown.stdout
        and "HELD: nobody has worked for over a day" in shown.stdout
    )
    with opened(settings) as whole:
        assert whole.clockwork.tick(real_time()) == 0 and len(whole.casework.file(case)) == 1
    released = whistle("timers", "release", home=settings.home)
    assert released.stdout.startswith("released") and "HELD" not in released.stdout
    assert whistle("timers", "release", home=settings.home).stdout.startswith("nothing was held")


def worked(settings: Settings, case: UUID) -> list[str]:
    """What has happened to a case after a worker of its own has done something, and has ended when told to."""
    environ = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "api", "work", "--home", str(settings.home)]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout and "working" in process.stdout.readline()
        with opened(settings) as whole:
            for _ in range(200):
                if len(told := [type(entry.event).__name__ for entry in whole.casework.file(case)]) > 1:
                    break
                Event().wait(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    return told


def test_a_worker_works_beside_the_server_until_it_is_told_to_stop(store: tuple[Settings, UUID]) -> None:
    settings, case = store
    whistle("timers", "release", home=settings.home)
    assert worked(settings, case)[:2] == ["CaseLogged", "DeadlineNear"]


def test_a_worker_sees_what_no_server_has_put_on_the_boards(tmp_path: Path) -> None:
    settings, case = settled(tmp_path / "store", shipped("chengguan")), uuid4()
    with opened(settings) as whole:
        whole.clockwork.release(real_time())
        logged(whole, case)
        assert whole.boards.position() < whole.boards.head()
    assert worked(settings, case)[:2] == ["CaseLogged", "DeadlineNear"]
