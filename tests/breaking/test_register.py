"""Of officers who act on one case at once, each sees one history: over two servers, on both engines."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from random import Random
from uuid import UUID, uuid4

import pytest

from api.whole import Whole
from domain.actors import Role
from domain.case import replay
from tests.breaking.conftest import Figures, Found
from tests.breaking.people import Json, Look, Person, Said, Told, all_told, log, note
from tests.breaking.register import Line, not_linear
from tests.breaking.serving import served, served_here
from tests.breaking.town import Town
from workflow.casework import Casework

Servers = Callable[[Town], AbstractContextManager[list[int]]]
PEOPLE = 6
PLEA = {"kind": "joint_enforcement", "why": "a main burst", "tried": "the valve was closed"}


# --- people who get in each other's way


def turn(case: Json) -> Said:
    """Whistle, or take the whistle back: whoever is first leaves the other stale."""
    path = f"/cases/{case['case']}/whistles"
    if case["state"] == "escalated":
        return Said(Role.STREET_LEADER, f"{path}/withdrawal", {"reason": "solved"}, (), case["version"])
    return Said(Role.STREET_LEADER, path, {"plea": PLEA}, (), case["version"])


def act(person: Person, case: str, steps: int) -> None:
    """Look, and act on what was seen, or only look."""
    chance = Random(steps)
    for _ in range(steps):
        seen = person.look(case)
        if chance.random() < 0.6:
            person.say(chance.choice((turn, turn, note))(seen))
    person.close()


@contextmanager
def here_twice(town: Town) -> Iterator[list[int]]:
    """Two servers in this process, which share nothing but the store."""
    with ExitStack() as both:
        yield [both.enter_context(served_here(both.enter_context(town.opened()))) for _ in range(2)]


@contextmanager
def two_processes(town: Town) -> Iterator[list[int]]:
    """Two servers."""
    with ExitStack() as both:
        yield [both.enter_context(served(town.settings)).port for _ in range(2)]


def file_of(whole: Whole, case: str) -> list[Line]:
    """The case file."""
    return [Line(entry.command, entry.event.quiet) for entry in whole.casework.file(UUID(case))]


def history(town: Town, servers: Servers, steps: int) -> tuple[list[str], list[Told]]:
    """What is wrong with a history that was recorded, and what people were told."""
    with servers(town) as ports, ThreadPoolExecutor(PEOPLE) as threads:
        people = [Person(ports[n % 2], town.tokens) for n in range(PEOPLE)]
        case: str = people[0].say(log()).body["case"]
        list(threads.map(lambda person: act(person, case, steps), people))
    told, looks = all_told(people), [look for person in people for look in person.looks]
    with town.opened() as whole:
        return list(not_linear(file_of(whole, case), told, looks)), told


@pytest.mark.parametrize(
    ("engine", "servers", "steps"),
    [
        ("sqlite", here_twice, 15),
        pytest.param("postgresql", here_twice, 15, marks=pytest.mark.slow),
        pytest.param("sqlite", two_processes, 120, marks=pytest.mark.slow),
        pytest.param("postgresql", two_processes, 120, marks=pytest.mark.slow),
    ],
)
def test_everybody_sees_one_history(found: Found, engine: str, servers: Servers, steps: int, figures: Figures) -> None:
    wrong, told = history(found(engine), servers, steps)
    figures(told)
    assert wrong == []
    assert {"done", "stale"} <= {one.body.get("code", "done") for one in told}, "they must have got in each other's way"


@pytest.mark.slow
def test_a_server_that_asks_nobody_what_they_saw_is_found(found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Casework, "_unless_stale", lambda _self, file, _order: replay(file))  # the seeded fault
    wrong, _ = history(found("sqlite"), here_twice, 25)
    assert any("what came between was lost" in fault for fault in wrong)


# --- the checker finds what a faulty register would show

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
FILE = [Line(ONE), Line(TWO), Line(THREE)]


def acked(key: UUID, version: int, began: float, ended: float, seen: int | None = None) -> Told:
    said = Said(Role.STREET_LEADER, "", {}, (), version - 1 if seen is None else seen, key)
    return Told(said, began, ended, 201, {"version": version})


def lost(key: UUID, began: float, ended: float, seen: int) -> Told:
    return Told(Said(Role.STREET_LEADER, "", {}, (), seen, key), began, ended, 503, {"code": "unknown"})


def stale(seen: int, current: int, began: float, ended: float) -> Told:
    body = {"code": "stale", "current": {"version": current}}
    return Told(Said(Role.STREET_LEADER, "", {}, (), seen, uuid4()), began, ended, 412, body)


TRUE = [acked(ONE, 1, 0, 1), acked(TWO, 2, 2, 5), acked(THREE, 3, 3, 6)]


@pytest.mark.parametrize(
    "looks",
    [
        [],
        [Look(0.5, 0.6, 1), Look(5.5, 5.6, 2)],  # the third came at the very end of its time
        [Look(2, 7, 1), Look(2, 7, 3), Look(2, 7, 2)],
        [Look(3.5, 3.6, 3), Look(3.7, 3.8, 3)],
    ],
)
def test_what_can_have_been_is_accepted(looks: list[Look]) -> None:
    assert list(not_linear(FILE, [*TRUE, stale(1, 2, 3, 5)], looks)) == []


def test_an_unknown_command_may_come_late_or_never() -> None:
    told = [*TRUE[:2], lost(THREE, 3, 4, 2), lost(uuid4(), 3, 4, 2)]
    assert list(not_linear(FILE, told, [Look(8, 9, 2), Look(10, 11, 3)])) == []


@pytest.mark.parametrize(
    ("told", "looks", "named"),
    [
        pytest.param(TRUE, [Look(7, 8, 2)], "version 3 was there too early", id="a stale read"),
        pytest.param(TRUE, [Look(3.5, 4, 3), Look(4.1, 4.5, 2)], "version 3 was there too early", id="time goes back"),
        pytest.param(TRUE, [Look(1.2, 1.5, 2)], "version 2 was there too early", id="a read of what was not asked yet"),
        pytest.param(TRUE, [Look(7, 8, 4)], "version 4 was seen, 3 is the last", id="a read of what is not there"),
        pytest.param(
            [*TRUE[:2], acked(THREE, 3, 3, 6, seen=1)], [], "version 3 was decided on version 1", id="a lost update"
        ),
        pytest.param(
            [*TRUE[:2], acked(THREE, 2, 3, 6, seen=1)], [], "acknowledged as version 2, and its entries are [3]",
            id="two acknowledged on one version",
        ),
        pytest.param(
            [*TRUE, acked(uuid4(), 4, 7, 8)], [], "acknowledged as version 4, and its entries are []",
            id="an acknowledged one that is not in the history",
        ),
        pytest.param([TRUE[0], acked(TWO, 2, 7, 8), TRUE[2]], [], "version 3 was there too early", id="the wrong order"),
        pytest.param([*TRUE, stale(3, 3, 7, 8)], [], "refused as stale on version 3", id="stale without a reason"),
        pytest.param([*TRUE, stale(1, 2, 7, 8)], [], "version 3 was there too early", id="stale shown an old state"),
    ],
)  # fmt: skip
def test_a_seeded_fault_is_found(told: list[Told], looks: list[Look], named: str) -> None:
    assert any(fault.startswith(named) for fault in not_linear(FILE, told, looks))
