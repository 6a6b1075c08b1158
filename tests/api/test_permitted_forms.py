"""Forms of pages that move a case: every office there is, and whoever is not signed in, sends each; only who is listed is let through.

What may be done by an address of the API may be done by its form, by the same and by nobody else: the list is that of `DOES`. The
store takes nothing while they are sent: whoever is let through is told so (503), and whoever is not was refused before.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from httpx2 import Response

from api import desk
from api.examples import EXAMPLES
from api.pages.acting.at_hand import BULK
from api.pages.acting.giving import NAMES
from api.resources import BY_COMMAND, RESOURCES
from domain import commands as c
from domain.actors import Role
from tests.api.office import Office, office
from tests.api.people import ARBITER, COMMUNITY, DISPATCHER, DISTRICT, HOTLINE, STREET, SUPERVISOR
from tests.api.posting import EVERYBODY, OFFICES, EverybodyIsIn, Pair, fields, posts
from tests.api.routes import changing
from tests.api.test_complained_about import complained
from tests.api.test_permitted_doing import AT, FORMS, SAID, Case, rows, stages
from tests.api.test_permitted_forms_beside import BESIDE_CASES
from workflow import who

ABOUT = {"about the street": STREET, "about a community": COMMUNITY, "about water": "water"}
ABOVE_STREETS = frozenset({HOTLINE, DISPATCHER, SUPERVISOR, ARBITER})
# Who writes to, and urges, a complaint that roads are at work on: nobody of the unit that it is about, nor below it.
OF_COMPLAINTS = {
    "about the street": ABOVE_STREETS | {*AT["roads"]},
    "about a community": ABOVE_STREETS | {*AT["street"], *AT["roads"]},
    "about water": frozenset(AT["everybody_above"]) | {*AT["roads"]},
}
OF_CASES = {
    "/cases/{case}/do/{command}", "/bulk", "/cases/{case}/looks/{what}", "/cases/{case}/clearing/{nth}",
    "/hotline/calls/{number}/number",
}  # fmt: skip
Sends = Callable[[Office, Case, str], Response]


class Cell(NamedTuple):
    """A form, the case that it is of, and who may send it."""

    name: str
    stage: str
    who: frozenset[Pair]
    sends: Sends
    told: bool = False  # by a page, also where nothing is done


def does(command: str, said: Callable[[], Mapping[str, Any]], **address: str) -> Sends:
    """The form on the page of a case, as it is filled in; what the API's address says is said by hidden fields."""

    def sends(hall: Office, case: Case, secret: str) -> Response:
        told = {**dict(fields(said())), "seen": str(case["version"]), **address}
        return posts(hall, f"/cases/{case['case']}/do/{command}", told, secret)

    return sends


def ticks(name: str) -> Sends:
    """One of many in a list."""

    def sends(hall: Office, case: Case, secret: str) -> Response:
        return posts(hall, "/bulk", {"command": name, "item": f"{case['case']}:{case['version']}"}, secret)

    return sends


def at(address: str, **said: str) -> Sends:
    """A form of its own."""

    def sends(hall: Office, case: Case, secret: str) -> Response:
        return posts(hall, address.format(**case), {**said, "seen": str(case["version"])}, secret)

    return sends


def of_moves() -> Iterator[Cell]:
    """The forms of all rows of `DOES`; for those that are routes of their own, theirs."""
    for row in rows():
        if row.stage != "-":
            yield Cell(row.path, row.stage, row.who, OWN.get(row.path) or _on_the_page(row.path))


def _on_the_page(path: str) -> Sends:
    command = next(kind.__name__ for kind in COMMANDS[path] if kind is not c.GrantWhistle)
    said = {"number": "1"} if "{1}" in path else {}
    for unit in ("water", "roads"):
        said |= {"unit": unit} if f"{{{unit}}}" in path else {}
    return does(command, lambda: TYPED.get(path) or SAID.get(path) or EXAMPLES.get(FORMS[path], {}), **said)


OWN = {"looks": at("/cases/{case}/looks/words"), "photos/{1}/clearing": at("/cases/{case}/clearing/1", nothing="yes")}
COMMANDS = {
    resource.path.replace("{unit}", unit).replace("{number}", "{1}"): resource.commands
    for resource in RESOURCES
    for unit in ("{water}", "{roads}")
}


def of_many() -> Iterator[Cell]:
    """What can be done with many cases at once, of one."""
    known = {row.path.replace("{water}", "{unit}"): row for row in rows()}
    for name, (command, _) in BULK.items():
        row = known[BY_COMMAND[NAMES[command]].path]
        yield Cell(f"bulk {name}", row.stage, row.who, ticks(name), told=True)


def of_calls() -> Iterator[Cell]:
    """How a reporter is reached."""
    may = frozenset(AT["street"] + AT["hotline"])
    yield Cell("contact", "reported", may, at("/cases/{case}/looks/contact"))
    yield Cell("number", "called", may, at("/hotline/calls/{number}/number"), told=True)


def of_complaints() -> Iterator[Cell]:
    """Cases that the unit they are about does not see."""
    for stage, may in OF_COMPLAINTS.items():
        yield Cell(f"note {stage}", stage, may, does("AddNote", lambda: {"text": "x"}))
        yield Cell(f"urge {stage}", stage, may, does("Urge", dict))


TYPED: dict[str, Any] = {}  # what people type otherwise than programs say it: a case's number in place of its id
CELLS = [*of_moves(), *of_many(), *of_calls(), *of_complaints()]


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, dict[str, Case]]]:
    """A store that takes nothing any more, with a case for each form; everybody is signed in."""
    with office(tmp_path_factory.mktemp("forms")) as hall:
        found = stages(hall)
        for stage, against in ABOUT.items():
            found[stage] = complained(hall, against)
        for pair in OFFICES:
            hall.token(*pair)
        hall.whole.boards.catch_up()
        TYPED["merger"] = {"into": found["street"]["number"], "reason": "same"}
        object.__setattr__(hall.whole, "sessions", EverybodyIsIn())
        hall.whole.log.close()
        yield hall, found


def let_through(hall: Office, cell: Cell, case: Case, pair: Pair | None) -> bool:
    """Whether only the store stood in the way; one of many is offered once more where that was so."""
    hall.time.now = case["at"]
    answer = cell.sends(hall, case, f"{pair[0]}-at-{pair[1]}" if pair else "")
    assert answer.status_code in {503, 404, 403, 409, 422, 303 if pair is None else 503, 200 if cell.told else 503}
    return answer.status_code == 503 or f'name="item" value="{case["case"]}:{case["version"]}"' in answer.text


def wrong_cells(hall: Office, found: dict[str, Case], cell: Cell) -> set[Pair | None]:
    """Who is let through though they are not listed, or is not though they are."""
    assert cell.who <= set(OFFICES)
    return {pair for pair in EVERYBODY if let_through(hall, cell, found[cell.stage], pair) is not (pair in cell.who)}


def test_every_form_of_a_page_has_a_row_and_every_row_a_form() -> None:
    listed = {one.route for one in changing() if not one.route.startswith("/api/")}
    assert listed == OF_CASES | BESIDE_CASES


@pytest.mark.slow
@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: cell.name)
def test_only_who_is_listed_is_let_through(closed: tuple[Office, dict[str, Case]], cell: Cell) -> None:
    assert wrong_cells(*closed, cell) == set()


def cell_of(name: str) -> Cell:
    return next(cell for cell in CELLS if cell.name == name)


def test_a_case_that_is_in_everybody_s_sight_is_found(
    closed: tuple[Office, dict[str, Case]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The seeded fault: nobody is asked whether they reach the case."""
    monkeypatch.setattr(desk, "in_sight", lambda *_: True)
    assert wrong_cells(*closed, cell_of("callbacks")) == {(Role.HOTLINE, "540199")}


@pytest.mark.parametrize(("guard", "name"), [(who.the_dispatcher, "assignments"), (who.the_street, "bulk CloseCase")])
def test_a_guard_that_lets_everybody_through_is_found(
    closed: tuple[Office, dict[str, Case]], monkeypatch: pytest.MonkeyPatch, guard: Any, name: str
) -> None:
    monkeypatch.setattr(guard, "__code__", (lambda ask: True).__code__)
    assert (Role.AUDITOR, DISTRICT) in wrong_cells(*closed, cell_of(name))
