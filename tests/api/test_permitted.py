"""Over HTTP: every role, in every office, at every page and every address of the API; only what the table lists answers.

Each address that is looked at has a row here, written by hand: what is needed, and of what. One without a row fails.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import pytest
from httpx2 import Response

from api.app import ROUTERS
from domain import permissions
from domain.actors import Role
from domain.permissions import Permission, Scope
from tests.api.office import Office, office
from tests.api.people import COMMUNITY, DISTRICT, GRID, STREET, WORKER, at_work
from tests.api.test_clearing import cleared
from tests.api.test_photos import added
from tests.domain.test_permissions import Lies, allowed

# What is needed: a permission, of what the address names; somebody who is known; nothing; a door that the city opens; its provider.
LOOKS = """
/healthz                                        open
/readyz                                         open
/metrics                                        known
/                                               open
/flow                                           open
/sign-in                                        open
/sign-in/office                                 known
/sign-in/oidc                                   provider
/sign-in/oidc/answer                            provider
/sw.js                                          open
/manifest.webmanifest                           open
/offline                                        open
/static/                                        open
/public                                         door
/public/log                                     demo
/report                                         door
/r                                              door
/r/{receipt}                                    receipt
/r/{receipt}/receipt                            receipt
/r/{receipt}/proof                              receipt
/r/{receipt}/photos/{number}                    receipt
/api/v1/log                                     demo
/api/v1/log/checkpoint                          demo
/api/v1/log/beginnings/{size}                   demo
/r/{receipt}/kept                               receipt
/r/{receipt}/kept.json                          receipt
/r/{receipt}/kept/{photo}                       receipt
/privacy                                        open
/api/v1/me                                      known
/api/v1/places                                  known?
/api/v1/figures                                 known
/api/v1/figures/{name}                          see_places          street
/api/v1/saved-filters                           known
/api/v1/steps                                   known
/api/v1/cases                                   known
/api/v1/cases.csv                               known
/api/v1/cases.json                              known
/api/v1/cases.xes                               known
/api/v1/cases.ocel.json                         known
/api/v1/exports                                 known
/exports                                        known
/mine                                           known
/boards                                         known
/log                                            known?
/near                                           see_places          grid
/bulk                                           open
/live                                           stream
/cases                                          known
/cases.csv                                      known
/cases.json                                     known
/cases.xes                                      known
/cases.ocel.json                                known
/figures                                        see_places          street
/figures/{name}                                 see_places          street
/api/v1/cases/{case}                            see_cases           case
/api/v1/cases/{case}/history                    see_cases           case
/api/v1/cases/{case}/deadlines                  see_cases           case
/cases/{wanted}                                 see_cases           case
/cases/{wanted}/file                            see_cases           case
/cases/{case}/do/{command}                      open
/cases/{case}/do/{command}/preview              open
/cases/{case}/photos/{photo}                    see_photos          photo
/cases/{case}/clearing/{nth}                 clear_photos        photo
/cases/{case}/clearing/{nth}/copy            see_photos          photo
/api/v1/boards/grids/{code}                     see_places          grid
/api/v1/boards/grids/{code}/verification        see_places          grid
/api/v1/boards/grids/{code}/lists/{name}.{form} see_places          grid
/boards/grids/{code}                            see_places          grid
/boards/grids/{code}/verification               see_places          grid
/boards/grids/{code}/{name}.{form}              see_places          grid
/api/v1/boards/streets/{code}                   see_places          street
/api/v1/boards/streets/{code}/callbacks         see_places          street
/api/v1/boards/streets/{code}/verification      see_places          street
/api/v1/boards/streets/{code}/repeats           see_places          street
/api/v1/boards/streets/{code}/process           see_places          street
/api/v1/boards/streets/{code}/lists/{name}.{form} see_places        street
/boards/streets/{code}                          see_places          street
/boards/streets/{code}/callbacks                see_places          street
/boards/streets/{code}/verification             see_places          street
/boards/streets/{code}/repeats                  see_places          street
/boards/streets/{code}/process                  see_places          street
/boards/streets/{code}/figures                  see_places          street
/boards/streets/{code}/map                      see_places          street
/boards/streets/{code}/morning                  see_places          street
/boards/streets/{code}/{name}.{form}            see_places          street
/api/v1/boards/districts/{code}                 see_places          district
/api/v1/boards/districts/{code}/callbacks       see_places          district
/api/v1/boards/districts/{code}/repeats         see_places          district
/api/v1/boards/districts/{code}/topics          see_places          district
/api/v1/boards/districts/{code}/process         see_places          district
/api/v1/boards/districts/{code}/lists/{name}.{form} see_places      district
/boards/district                                see_places          district
/boards/district/callbacks                      see_places          district
/boards/district/repeats                        see_places          district
/boards/district/topics                         see_places          district
/boards/district/process                        see_places          district
/boards/district/figures                        see_places          district
/boards/district/map                            see_places          district
/boards/district/{name}.{form}                  see_places          district
/api/v1/boards/departments/{code}               see_departments     department
/api/v1/boards/departments/{code}/process       see_departments     department
/api/v1/boards/departments/{code}/lists/{name}.{form} see_departments department
/boards/departments/{code}                      see_departments     department
/boards/departments/{code}/process              see_departments     department
/boards/departments/{code}/figures              see_departments     department
/boards/departments/{code}/{name}.{form}        see_departments     department
/api/v1/things/{code}                           see_places          thing
/things/{code}                                  see_places          thing
/poster/{code}                                  see_places          door
/api/v1/messages                                look_after_messages district
/messages                                       look_after_messages district
/staff                                          see_staff           district
/staff/{who}                                    see_staff           district
/api/v1/staff                                   see_staff           district
/api/v1/staff/{staff}                           see_staff           district
/messages/preview                               look_after_messages district
/security                                       see_security_log    district
/hotline                                        take_calls          anywhere
/promise                                        take_calls          anywhere
/hotline/calls                                  see_contact         anywhere
/hotline/calls/next                             see_contact         anywhere
/hotline/calls/{number}                         see_contact         case
"""

ELSEWHERE, DEPARTMENTS = "540199", ("water", "roads")
# Where somebody may hold an office: where the case lies, beside it, above it, in its department, in another, nowhere.
UNITS = (GRID, "540102002001002", COMMUNITY, "540102002002", STREET, "540102003", DISTRICT, ELSEWHERE, *DEPARTMENTS, "")
THERE = (DISTRICT, STREET, COMMUNITY, GRID)
TARGETS = {
    "case": Lies(THERE, ("water",), ""),
    "photo": Lies(THERE, ("water",), ""),
    "grid": Lies(THERE, (), ""),
    "thing": Lies(THERE, (), ""),
    "street": Lies((DISTRICT, STREET, "", ""), (), ""),
    "district": Lies((DISTRICT, "", "", ""), (), ""),
    "department": Lies((DISTRICT, "", "", ""), ("water",), ""),
}
CODES = {"grid": GRID, "thing": "LD-002-01", "street": STREET, "district": DISTRICT, "department": "water"}
LISTS = {"grid": "mine", "street": "inbox", "district": "to_dispatch", "department": "new"}
QUERIES = {
    "/near": {"category": "0406", "place": GRID},
    "/promise": {"category": "0406"},
    "/api/v1/places": {"lat": "29.65", "lon": "91.13"},
    **{path: {"of": STREET} for path in ("/figures", "/figures/{name}", "/api/v1/figures/{name}")},
}


class Row(NamedTuple):
    """What an address needs; `maybe`: whoever may, may still be told that it cannot be done."""

    path: str
    needs: str
    of: str
    maybe: bool

    def open_to(self, role: Role, unit: str) -> bool:
        """Told again by the evaluator that does not know the table."""
        if self.needs in ("open", "known"):
            return True
        if self.of == "anywhere":
            return any(allowed(role.value, self.needs, code, Lies(THERE)) for code in THERE)
        return self.of in TARGETS and allowed(role.value, self.needs, unit, TARGETS[self.of])


def rows() -> Iterator[Row]:
    for line in LOOKS.strip().splitlines():
        path, needs, *of = line.split()
        yield Row(path, needs.rstrip("?"), *of or [""], maybe=needs.endswith("?"))


def looked_at() -> Iterator[str]:
    for router in ROUTERS:
        for route in router.routes:
            if "GET" in getattr(route, "methods", ()):
                path: str = getattr(route, "path", "")
                yield "/static/" if path.startswith("/static/") else path


def test_every_address_that_is_looked_at_has_a_row_and_every_row_an_address() -> None:
    assert {row.path for row in rows()} == set(looked_at())


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Office, dict[str, str]]]:
    """A case in a grid, at work with a department, and a photo of it."""
    with office(tmp_path_factory.mktemp("town")) as hall:
        case = at_work(hall)
        (photo,) = added(hall, (Role.GRID_WORKER, GRID), case["case"])
        cleared(hall, case["case"])
        hall.whole.boards.catch_up()
        yield hall, {**OTHERS, "case": case["case"], "wanted": case["number"], "number": case["number"], "photo": photo}


# What an address names beside a case and its photo.
SOMEBODY = f"{WORKER[0]}-{WORKER[1]}"
OTHERS = {
    "nth": "1",
    "who": SOMEBODY,
    "staff": SOMEBODY,
    "command": "AddNote",
    "receipt": "nobody-s",
    "form": "csv",
    "size": "1",
}


def looks(hall: Office, row: Row, said: dict[str, str], who: tuple[Role, str] | None) -> Response:
    names = {
        "code": CODES.get(row.of, GRID),
        "name": LISTS.get(row.of, "response") if "{form}" in row.path else "response",
    }
    path = row.path.format(**said, **names)
    hall.client.cookies.clear()
    headers = {"Accept": "text/html", "Accept-Language": "en"}
    if path.startswith(("/api/", "/metrics")):
        headers = hall.headers(who) if who else {}
    elif who:
        hall.client.cookies.set("whistle", hall.session(*who))
    return hall.client.get(path, params=QUERIES.get(row.path, {}), headers=headers, follow_redirects=False)


def answers(found: Response) -> bool:
    """It shows something, or leads on to it; who is asked to sign in is shown nothing."""
    led = found.headers.get("Location", "")
    assert found.status_code < 500, found.text
    return found.status_code < 400 and not led.startswith("/sign-in")


ASKED = [row for row in rows() if row.needs not in ("stream", "receipt") and row.path != "/static/"]


def wrong_cells(hall: Office, said: dict[str, str], role: Role, units: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What answers though it is not listed, or does not though it is: the address, and the unit of whoever looked."""
    for unit in units:
        for row in ASKED:
            found, may = answers(looks(hall, row, said, (role, unit))), row.open_to(role, unit)
            if found is not may and not (row.maybe and may):
                yield row.path, unit
        hall.time.goes_on(1)  # who takes something out may do so again


@pytest.mark.slow
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SYSTEM])
def test_only_what_the_table_lists_answers(town: tuple[Office, dict[str, str]], role: Role) -> None:
    assert list(wrong_cells(*town, role, UNITS)) == []


@pytest.mark.parametrize(
    ("cell", "scope", "found"),
    [
        ((Permission.SEE_CASES, Role.ADMIN), Scope.THERE, "/cases/{wanted}"),
        ((Permission.SEE_PLACES, Role.AUDITOR), None, "/boards/district"),
        ((Permission.SEE_PHOTOS, Role.AUDITOR), Scope.THERE, "/cases/{case}/photos/{photo}"),
    ],
)
def test_a_cell_that_is_bent_is_found(
    town: tuple[Office, dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
    cell: tuple[Permission, Role],
    scope: Scope | None,
    found: str,
) -> None:
    bent = {**permissions.SCOPES, cell: scope} if scope else {k: v for k, v in permissions.SCOPES.items() if k != cell}
    monkeypatch.setattr(permissions, "SCOPES", bent)
    assert found in {path for path, _ in wrong_cells(*town, cell[1], (DISTRICT,))}


def test_who_is_not_known_sees_what_is_open_to_all(town: tuple[Office, dict[str, str]]) -> None:
    hall, said = town
    seen = {row.path for row in rows() if row.path != "/static/" and answers(looks(hall, row, said, None))}
    assert seen <= {row.path for row in rows() if row.needs == "open"}
    assert {"/", "/flow", "/sign-in", "/healthz"} <= seen
