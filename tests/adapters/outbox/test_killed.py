"""None is lost while senders are killed in the middle, and none out of order, under a changed name, or unsigned. The checker finds what is seeded."""

import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain, pairwise
from random import Random
from threading import Event
from time import time
from uuid import UUID

import pytest
from standardwebhooks import Webhook

from adapters.outbox.following import id_of
from domain.entries import Entry
from tests.adapters.outbox import receivers as r
from tests.adapters.outbox.post import A_WHILE, Post, webhook
from tests.breaking.waiting import until
from workflow.messages import messages, telling

CASES, KILLS, WORKERS = 30, 12, 2
LEASE = 1200  # seconds by a clock that runs 600 times as fast


def told_of(files: Iterable[tuple[Entry, ...]], unit: str) -> list[list[str]]:
    """What a unit is to hear of each case, in order, as ids: from the log alone."""
    return [
        [
            str(id_of(told.entry.case, told.entry.position, message.kind, unit))
            for told in telling(file)
            for message in messages(told)
            if message.whom == unit
        ]
        for file in files
    ]


def wrong(lines: list[list[str]], came: list[r.Received]) -> list[str]:
    """What was lost, came under another name, before its turn, changed, or unsigned."""
    wanted, taken = set(chain.from_iterable(lines)), [one.id for one in came if one.status == 200]
    first = {one: n for n, one in reversed(list(enumerate(taken)))}
    tried = {one.id: n for n, one in reversed(list(enumerate(came)))}
    lost = [f"lost: {one}" for one in sorted(wanted - set(taken))]
    unknown = [f"nobody's: {one}" for one in sorted({got.id for got in came} - wanted)]
    hurried = [
        f"before its turn: {later}"
        for line in lines
        for sooner, later in pairwise(line)
        if first.get(later, 0) < first.get(sooner, 0) or tried.get(later, 0) < tried.get(sooner, 0)
    ]
    bodies: dict[str, bytes] = {}
    changed = [f"changed: {one.id}" for one in came if bodies.setdefault(one.id, one.body) != one.body]
    return lost + unknown + hurried + changed + [f"unsigned: {one.id}" for one in came if not signed(one)]


def signed(one: r.Received) -> bool:
    """Whether it was signed by our secret, at the moment that it names."""
    at = datetime.fromtimestamp(int(one.headers["webhook-timestamp"]), tz=UTC)
    said = Webhook(r.SECRET).sign(one.id, at, one.body.decode())
    return said in one.headers["webhook-signature"].split()


def faults(dice: Random) -> Callable[[r.Received], r.Behaviour]:
    """A receiver that has a bad day."""
    bad = (r.fails(500), r.closes, r.takes_it_and_dies, r.fails(429, retry_after="2"), r.fails(302, location="/"))

    def late(line: r.Line) -> None:
        Event().wait(dice.uniform(0.02, 0.2))
        line.answers(200)

    return lambda _got: dice.choice((*bad, late, late, *[r.takes_it] * 5))


def all_done(town: Post) -> bool:
    """Whether nothing is left to be sent."""
    rows = town.rows(unit="water")
    return bool(rows) and all(row.state == "delivered" for row in rows)


@pytest.mark.slow
def test_none_is_lost_and_none_comes_before_its_turn(town: Post) -> None:
    cases = [town.lived()["case"] for _ in range(CASES)]
    whole = town.hall.whole
    whole.boards.catch_up()
    lines = told_of([whole.casework.file(UUID(case)) for case in cases], "water")
    assert sum(map(len, lines)) == 2 * CASES
    dice, kills = Random(5), 0
    with r.hook(faults(dice)) as hook:
        town.reached_by(webhook(hook.url))
        settings = whole.settings
        url = "" if settings.log.startswith("sqlite") else settings.log
        command = [
            sys.executable, "-m", "tests.adapters.outbox.worker", str(settings.home), url, str(town.file), town.now.isoformat(), str(time()), str(LEASE),
        ]  # fmt: skip
        workers = [subprocess.Popen(command) for _ in range(WORKERS)]
        try:
            while kills < KILLS:
                goal = len(hook.came) + dice.randint(1, 4)
                until(lambda: len(hook.came) >= goal or all_done(town), patience=90)  # noqa: B023 - asked at once
                Event().wait(dice.uniform(0, 0.3))
                workers[0].kill()
                workers.pop(0).wait()
                kills += 1
                workers.append(subprocess.Popen(command))
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
        assert len(hook.came) > KILLS, "they worked before they were killed"
        hook.behaves = r.in_turn()
        town.reached_by(webhook(hook.url))
        for n in range(1, 12):
            town.tick(n * A_WHILE)
        assert wrong(lines, hook.came) == []
        assert {row.state for row in town.rows(unit="water")} == {"delivered"}


def test_the_checker_finds_what_is_seeded(town: Post) -> None:
    cases = [town.lived()["case"] for _ in range(2)]
    lines = told_of([town.hall.whole.casework.file(UUID(case)) for case in cases], "water")
    with r.hook() as hook:
        town.reached_by(webhook(hook.url))
        town.ticks(1)
    came = hook.came
    assert wrong(lines, came) == []
    first, second = lines[0]
    assert wrong(lines, [one for one in came if one.id != first])[0] == f"lost: {first}"
    assert wrong(lines, list(reversed(came))) == [f"before its turn: {line[1]}" for line in lines]
    other = replace(came[0], headers={**came[0].headers, "webhook-id": second[:-1] + "x"})
    assert f"nobody's: {other.id}" in wrong(lines, [*came, other])
    assert f"changed: {came[0].id}" in wrong(lines, [*came, replace(came[0], body=came[0].body + b" ")])
    assert wrong(lines, [*came, replace(came[0], headers={**came[0].headers, "webhook-timestamp": "1"})]) == [
        f"unsigned: {came[0].id}"
    ]
    unsaid = replace(came[0], status=500)
    assert f"lost: {unsaid.id}" in wrong(lines, [unsaid, *came[1:]])
