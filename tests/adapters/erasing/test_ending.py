"""Retention: what a dry run says is what the run erases, and nothing else; killed anywhere, it goes on."""

import subprocess
import sys
from collections import Counter
from datetime import timedelta
from random import Random
from uuid import UUID

import pytest

from adapters.clockwork.guard import LEAP
from domain import commands as c
from domain.events import RetentionEnded
from domain.privacy import Secrecy
from tests.adapters.erasing.town import Town, peopled

CONTACT, NARRATIVE, PHOTOS = Secrecy.CONTACT, Secrecy.NARRATIVE, Secrecy.PHOTOS
YEARS = timedelta(days=4 * 365)


def test_what_is_foreseen_is_what_is_erased_and_nothing_else(town: Town) -> None:
    cases, dice = peopled(town, Random(11), 40), Random(12)
    kept = {case: set(town.whole.casework.case(case).kept) for case in cases}
    assert {case: town.readable(case) for case in cases} == kept
    met: Counter[Secrecy] = Counter()
    for _ in range(12):
        town.now += timedelta(days=dice.choice((1, 30, 90, 200)))
        foreseen = town.foreseen()
        assert town.foreseen() == foreseen == town.erased()
        assert town.foreseen() == town.erased() == []
        met.update(one.secrecy for one in foreseen)
        assert all(one.at <= town.now and one.since <= one.at for one in foreseen)
        for one in foreseen:
            kept[one.case].remove(one.secrecy)
        assert {case: town.readable(case) for case in cases} == kept
    assert set(met) == set(Secrecy)
    still_open = [case for case in cases if kept[case]]
    assert still_open and len(still_open) < len(cases)
    for case in still_open:
        goes_on_in = town.whole.casework.goes_on_in(town.whole.casework.case(case))
        assert (goes_on_in or town.whole.casework.case(case)).state.is_open, "all that ended is long past"


def test_a_run_at_another_moment_would_be_told_apart(town: Town) -> None:
    """The control: a dry run that looked at another clock says something else."""
    peopled(town, Random(11), 20)
    town.now += timedelta(days=200)
    foreseen = town.foreseen()
    town.now += timedelta(days=600)
    assert town.erased() != foreseen


def test_pictures_go_with_their_keys(town: Town) -> None:
    case = town.logs()
    town.adds_a_photo(case)
    town.does(case, c.CancelCase("mistake"))
    other = town.logs()
    kept = town.adds_a_photo(other)
    town.now += timedelta(days=366)
    assert {one.secrecy for one in town.erased()} == {CONTACT, PHOTOS}
    assert town.whole.photos.of(case) == ()
    assert town.whole.photos.read(other, kept)
    (carried,) = town.whole.erasing.of(case)
    assert (carried.keys, carried.photos) == (2, 1)


def test_it_goes_by_itself_but_not_after_the_clock_has_leapt(town: Town) -> None:
    """What was erased does not come back when the clock is set right."""
    case = town.logs()
    town.does(case, c.CancelCase("mistake"))
    town.whole.boards.catch_up()
    town.whole.clockwork.tick(town.now)
    town.now += timedelta(days=400)
    assert town.now - town.whole.clockwork.standing(town.now).looked_at > LEAP  # type: ignore[operator]  # it has looked
    town.whole.clockwork.tick(town.now)
    assert town.whole.clockwork.standing(town.now).held == "leapt"
    assert town.whole.retention.tick(town.now) == 0
    assert town.readable(case) == {CONTACT, NARRATIVE}
    town.whole.clockwork.release(town.now)
    assert town.whole.retention.tick(town.now) == 1
    assert town.readable(case) == {NARRATIVE}
    assert town.whole.retention.tick(town.now) == 0


# --- killed

RUN = """
import sys
from datetime import datetime
from api.settings import Settings
from api.whole import compose
from pathlib import Path
from adapters.erasing import ended
url, home, now = sys.argv[1], Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3])
whole = compose(Settings.of({"WHISTLE_DATABASE_URL": url}, home=home), lambda: now)
whole.boards.catch_up()
for n, one in enumerate(ended(whole.boards.engine, whole.casework, now, write=True), 1):
    if n % 3 == 0:
        whole.erasing.carry_out(now)
    print(one.number, flush=True)
"""


@pytest.mark.slow
def test_killed_anywhere_it_is_finished_by_whoever_comes_next(town: Town) -> None:
    cases, dice, kills = peopled(town, Random(5), 30), Random(6), 0
    town.now += YEARS
    wanted = {(one.case, one.secrecy) for one in town.foreseen()}
    home, url = str(town.settings.home), town.settings.log
    while len(town.foreseen()) > 4:
        with subprocess.Popen(
            [sys.executable, "-c", RUN, url, home, town.now.isoformat()], stdout=subprocess.PIPE
        ) as worker:
            assert worker.stdout
            for _ in range(dice.randint(1, 5)):
                worker.stdout.readline()
            worker.kill()
        kills += 1
    assert kills >= 3
    town.erased()
    assert town.whole.erasing.waiting() == 0
    assert Counter(told(town, cases)) == Counter(wanted), "each once"
    assert {(case, one) for case in cases for one in town.readable(case)}.isdisjoint(wanted)


def told(town: Town, cases: list[UUID]) -> list[tuple[UUID, Secrecy]]:
    events = ((case, entry.event) for case in cases for entry in town.whole.casework.file(case))
    return [(case, one) for case, event in events if isinstance(event, RetentionEnded) for one in event.classes]
