"""Who may see what: the table, the matrix as it was written by hand, and an evaluator that knows neither."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import pytest

from domain import permissions
from domain.actors import Actor, Role
from domain.permissions import Permission, Row, Scope, may, reach
from domain.places import Path

# a: the place and all below it, d: what the department was assigned, r: what the receipt is of, -: nothing
MATRIX = """
                   cases places departments photos clearing words contact calls messages staff grants  security  exports
grid_worker        a     a      -           a      -        a     -       -     -        -     -      -         -
community          a     a      -           a      -        a     -       -     -        -     -      -         -
street_clerk       a     a      -           a      a        a     a       -     -        -     -      -         -
street_leader      a     a      -           a      a        a     a       -     -        -     -      -         -
hotline            a     a      a           a      -        a     a       a     -        -     -      -         -
dispatcher         a     a      a           a      -        a     -       -     -        -     -      -         -
department_clerk   d     -      d           d      -        d     -       -     -        -     -      -         -
department_head    d     -      d           d      -        d     -       -     -        -     -      -         -
arbiter            a     a      a           a      -        a     -       -     -        -     -      -         -
supervisor         a     a      a           a      -        a     -       -     a        -     -      -         a
data_officer       a     a      a           -      -        -     -       -     -        -     -      -         a
auditor            a     a      a           -      -        -     -       -     -        a     -      a         -
admin              -     -      -           -      -        -     -       -     a        a     a      a         -
partner            a     a      a           -      -        -     -       -     -        -     -      -         -
resident           r     -      -           -      -        -     -       -     -        -     -      -         -
system             -     -      -           -      -        -     -       -     -        -     -      -         -
"""
LETTERS = {"a": Scope.THERE, "d": Scope.ASSIGNED, "r": Scope.RECEIPT}


def by_hand() -> Iterator[tuple[Role, Permission, Scope | None]]:
    for line in MATRIX.strip().splitlines()[1:]:
        role, *letters = line.split()
        for permission, letter in zip(Permission, letters, strict=True):
            yield Role(role), permission, LETTERS.get(letter)


def test_the_table_is_the_matrix() -> None:
    cells = list(by_hand())
    assert len(cells) == len(Role) * len(Permission)
    for role, permission, scope in cells:
        assert permissions.SCOPES.get((permission, role)) is scope, (role, permission)
        assert may(Actor("somebody", role), permission) is (scope is not None)


def test_no_cell_is_told_twice() -> None:
    told = [(row.permission, role) for row in permissions.TABLE for role in row.roles]
    assert len(told) == len(set(told))


# --- every relation that a case can have to somebody


@dataclass(frozen=True, slots=True)
class Lies:
    """A case: its places from the district down, its units, its receipt."""

    place: tuple[str, str, str, str] = ("d1", "s1", "c1", "g1")
    units: tuple[str, ...] = ("water",)
    receipt: str = "r1"


CASES = {
    "own": Lies(),
    "sibling grid": Lies(("d1", "s1", "c1", "g2")),
    "sibling community": Lies(("d1", "s1", "c2", "g3")),
    "sibling street": Lies(("d1", "s2", "c3", "g4")),
    "the street's own, no grid known": Lies(("d1", "s1", "", "")),
    "another district": Lies(("d2", "s9", "c9", "g9"), ("fire",), "r9"),
    "another department": Lies(units=("roads",)),
    "both departments": Lies(units=("roads", "water")),
    "of nobody yet": Lies(("d1", "", "", ""), (), ""),
}
UNITS = ("d1", "s1", "c1", "g1", "water", "r1", "")


def allowed(role: str, what: str, unit: str, case: Lies) -> bool:
    """Told again from what is promised, by names alone.

    Staff of a place see the cases in it and below it, from the rung of their own office; the hotline, those who dispatch,
    rule and supervise, and those who check, the whole district. A department sees what it was assigned. A resident sees
    what the receipt is of. Nobody else sees any case, those who run the system least of all. Photos and the reporter's own words are for those who
    work on a case, not for those who check; what the public may see of them the street says. Who is to be called back is known
    to the street and the hotline, and the hotline alone takes calls. Messages are looked after by the district. Those who run
    the system say who may act as what; an auditor looks on.
    Long lists are released by the supervisor and by the data officer.
    Who came in and who was refused is read by those who check and those who run the system.
    """
    rung = {"grid_worker": 3, "community": 2, "street_clerk": 1, "street_leader": 1}.get(role, 0)
    in_place = unit != "" and case.place[rung] == unit
    local = role in {"grid_worker", "community", "street_clerk", "street_leader"}
    works = role in {"hotline", "dispatcher", "arbiter", "supervisor"}
    checks = role in {"data_officer", "auditor", "partner"}
    department = role in {"department_clerk", "department_head"}
    assigned = department and unit in case.units
    everywhere = {
        "see_cases": local or works or checks,
        "see_places": local or works or checks,
        "see_departments": works or checks,
        "see_photos": local or works,
        "clear_photos": local and rung == 1,
        "see_words": local or works,
        "see_contact": role == "hotline" or (local and rung == 1),
        "take_calls": role == "hotline",
        "look_after_messages": role in {"supervisor", "admin"},
        "see_staff": role in {"admin", "auditor"},
        "give_grants": role == "admin",
        "see_security_log": role in {"auditor", "admin"},
        "release_exports": role in {"supervisor", "data_officer"},
    }
    if what in {"see_cases", "see_departments", "see_photos", "see_words"} and department:
        return assigned
    if role == "resident":
        return what == "see_cases" and unit != "" and unit == case.receipt
    return everywhere[what] and in_place


def disagreements() -> Iterator[tuple[str, ...]]:
    for role, permission, unit, (name, case) in product(Role, Permission, UNITS, CASES.items()):
        ours = reach(Actor("somebody", role, unit), permission).covers(Path(*case.place), case.units, case.receipt)
        if ours is not allowed(role.value, permission.value, unit, case):
            yield role.value, permission.value, unit, name


def test_both_evaluators_agree_on_every_cell() -> None:
    assert list(disagreements()) == []


def bent() -> Iterator[tuple[Row, ...]]:
    """The table with one cell taken out, put in, or of another scope."""
    for n, row in enumerate(permissions.TABLE):
        others = [one for m, one in enumerate(permissions.TABLE) if m != n]
        for role in row.roles:
            yield (*others, replace(row, roles=tuple(one for one in row.roles if one is not role)))
        yield (*others, replace(row, scope=Scope.ASSIGNED if row.scope is not Scope.ASSIGNED else Scope.THERE))
        told = {role for one in permissions.TABLE if one.permission is row.permission for role in one.roles}
        for role in set(Role) - told:
            yield (*permissions.TABLE, Row(row.permission, row.scope, (role,)))


def test_a_table_that_is_bent_in_one_cell_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = list(bent())
    assert len(tables) > 100
    for table in tables:
        scopes = {(row.permission, role): row.scope for row in table for role in row.roles}
        monkeypatch.setattr(permissions, "SCOPES", scopes)
        assert next(disagreements(), None), table
