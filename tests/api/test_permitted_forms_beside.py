"""Forms of pages beside the moves of a case: every office there is, and nobody, sends each; only what is listed does something.

What a store holds is compared before and after: whoever is not listed changes nothing, and whoever is has changed it, where it
is a form that changes anything.
"""

from collections.abc import Iterator
from pathlib import Path as Folder
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from sqlalchemy import true

from adapters import saved_filters
from adapters.sealing import receipt_of
from api.pages import messages as messages_pages
from domain import permissions
from domain.actors import Role
from domain.permissions import Permission, Scope
from domain.places import Path
from tests.api.forms import OPEN, PREVIEW, SHUT, Town, opened
from tests.api.people import (
    ARBITER,
    CLERK,
    DISPATCHER,
    DISTRICT,
    HOTLINE,
    STREET,
    SUPERVISOR,
    WATER,
)
from tests.api.posting import EVERYBODY, OFFICES, Pair, held
from tests.api.test_complained_about import complained
from tests.api.test_permitted import answers
from tests.api.test_permitted_doing import AT

# The address, who gets something done by it, and whether that changes what the store holds. `reach`: whoever sees the case;
# `door`: whoever it is, where the city opens it.
POSTS = """
/cases/{case}/photos                       everybody_above water         changes
/cases/{case}/do/{command}/preview         reach                         shows
/log                                       neighbourhood hotline partner changes
/hotline                                   hotline                       changes
/look-over                                 known                         shows
/place                                     known                         shows
/messages/{message}/replays                supervisor admin              changes
/cases/saved                               known                         changes
/cases/saved/{wanted}/drop                 clerk                         changes
/staff                                     admin                         changes
/staff/{who}/grants                        admin                         changes
/staff/{who}/ended-grants                  admin                         changes
/staff/{who}/departure                     admin                         changes
/exports/cases                             more_than_one                 changes
/exports/boards/{board}/{code}/{name}      district_board                changes
/exports/{who}/{number}/release            supervisor data_officer       changes
/exports/{who}/{number}/refusal            supervisor data_officer       changes
/sign-in                                   -                             changes
/sign-in/local                             -                             changes
/sign-in/office                            clerk                         changes
/sign-out                                  known                         changes
/report                                    door                          changes
/r                                         door                          shows
/r/{receipt}/do/{command}                  door                          changes
/r/{receipt}/photos                        door                          changes
"""
ADMIN, AUDITOR = (Role.ADMIN, DISTRICT), (Role.AUDITOR, DISTRICT)
CHECKING = (AUDITOR, (Role.DATA_OFFICER, DISTRICT), (Role.PARTNER, DISTRICT))
AT_A_DOOR = (None, CLERK, WATER, AUDITOR)
WHO: dict[str, list[Pair]] = {
    **AT,
    "-": [],
    "known": [*OFFICES],
    "clerk": [CLERK],
    "supervisor": [SUPERVISOR],
    "admin": [ADMIN],
    "reach": [*AT["everybody_above"], *AT["water"], *CHECKING],
    "more_than_one": [*AT["everybody_above"], *CHECKING],
    "district_board": [*AT["hotline"], *AT["dispatcher"], *AT["arbiter"], *AT["supervisor"], *CHECKING],
    "neighbourhood": [pair for pair in OFFICES if pair[1].startswith(STREET)],
    "hotline": [pair for pair in OFFICES if pair[0] is Role.HOTLINE],
    "partner": [pair for pair in OFFICES if pair[0] is Role.PARTNER],
}


class Row(NamedTuple):
    """An address, and who gets something done by it."""

    path: str
    who: frozenset[Pair | None]
    door: bool
    changes: bool


def rows() -> Iterator[Row]:
    for line in POSTS.strip().splitlines():
        path, *names, does = line.split()
        door = names == ["door"]
        may = frozenset(EVERYBODY) if door else frozenset(pair for name in names for pair in WHO[name])
        yield Row(path, may, door, does == "changes")


BESIDE_CASES = {row.path for row in rows()}


@pytest.fixture(scope="module")
def shut(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with opened(tmp_path_factory.mktemp("shut"), SHUT) as town:
        yield town


@pytest.fixture(params=[SHUT, OPEN], ids=["shut", "open"])
def town(request: pytest.FixtureRequest, tmp_path: Folder) -> Iterator[Town]:
    with opened(tmp_path, request.param) as found:
        yield found


def done(town: Town, row: Row, pair: Pair | None, **instead: str) -> bool:
    """Whether something was done for them. Who is not answered has changed nothing, and what only shows changes nothing."""
    sends = town.ready(row.path, pair, **instead)
    before = held(town.hall)
    fine, changed = answers(sends()), held(town.hall) != before
    assert not changed or (fine and row.changes), (row.path, pair)
    return fine and changed is row.changes


def wrong_cells(town: Town, row: Row) -> set[Pair | None]:
    """For whom something is done though they are not listed, or is not though they are."""
    may = frozenset() if row.door and not town.open else row.who
    return {pair for pair in (AT_A_DOOR if row.door else EVERYBODY) if done(town, row, pair) is not (pair in may)}


def row_of(path: str) -> Row:
    return next(row for row in rows() if row.path == path)


@pytest.mark.slow
@pytest.mark.parametrize("row", [row for row in rows() if row.door], ids=lambda row: row.path)
def test_by_a_door_comes_whoever_it_is_where_it_is_open_and_nobody_where_it_is_shut(town: Town, row: Row) -> None:
    assert wrong_cells(town, row) == set()


@pytest.mark.slow
@pytest.mark.parametrize("row", [row for row in rows() if not row.door], ids=lambda row: row.path)
def test_only_for_whom_it_is_listed_something_is_done(shut: Town, row: Row) -> None:
    assert wrong_cells(shut, row) == set()


def who_sends(town: Town, path: str, case: str) -> set[Pair | None]:
    """For whom something is done by a form of one case."""
    return {pair for pair in EVERYBODY if done(town, row_of(path), pair, case=case)}


@pytest.mark.slow
@pytest.mark.parametrize(("path", "also"), [("/cases/{case}/photos", ()), (PREVIEW, CHECKING)])
def test_nobody_of_a_unit_sends_a_form_of_a_complaint_about_it(shut: Town, path: str, also: tuple[Pair, ...]) -> None:
    """Roads are at work on it; below the district nobody else sees it."""
    above = {HOTLINE, DISPATCHER, SUPERVISOR, ARBITER, *AT["roads"], *also}
    assert who_sends(shut, path, complained(shut.hall, STREET)["case"]) == above


def test_a_complaint_that_stayed_in_the_unit_s_sight_is_found(shut: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seeded fault leaves the place as it was. What moves the case is refused all the same: its guards ask once more."""
    case = complained(shut.hall, STREET)["case"]
    monkeypatch.setattr(Path, "above", lambda self, _code: self)
    assert {*AT["street"]} <= who_sends(shut, PREVIEW, case)
    assert not {*AT["street"]} & who_sends(shut, "/cases/{case}/photos", case)


@pytest.mark.parametrize("path", [row.path for row in rows() if "{receipt}" in row.path])
def test_with_a_receipt_that_is_none_nothing_is_done(town: Town, path: str) -> None:
    other = receipt_of(town.hall.whole.master, UUID(town.case["case"]))  # of a case that nobody reported
    assert not any(done(town, row_of(path), pair, receipt=other) for pair in AT_A_DOOR)


@pytest.mark.parametrize(
    ("where", "name", "fault", "path", "pair"),
    [
        (permissions, "SCOPES", {**permissions.SCOPES, (Permission.GIVE_GRANTS, Role.AUDITOR): Scope.THERE}, "/staff/{who}/grants", AUDITOR),
        (messages_pages, "sees_messages", lambda *_: True, "/messages/{message}/replays", CLERK),
        (saved_filters, "_own", lambda _: true(), "/cases/saved/{wanted}/drop", WATER),
    ],
)  # fmt: skip
def test_a_cell_that_is_wrongly_open_is_found(
    shut: Town, monkeypatch: pytest.MonkeyPatch, where: Any, name: str, fault: Any, path: str, pair: Pair
) -> None:
    assert not done(shut, row_of(path), pair)
    monkeypatch.setattr(where, name, fault)
    assert pair in wrong_cells(shut, row_of(path))
