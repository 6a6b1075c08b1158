"""Every address of the application, with something in its blanks."""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from api.app import ROUTERS
from api.reference import reference
from tests.api.people import GRID

BLANKS = {
    "case": str(UUID(int=7)), "photo": str(UUID(int=8)), "message": str(UUID(int=9)), "wanted": "540102-20260302-0001", "unit": "water", "number": "1",
    "code": GRID, "name": "mine", "form": "csv", "receipt": "AAAA-AAAA", "command": "AddNote", "filter_id": str(UUID(int=10)), "wanted_id": str(UUID(int=11)),
}  # fmt: skip
SAFE = {"GET", "HEAD", "OPTIONS"}


class Address(NamedTuple):
    """A route, and its address with all blanks filled."""

    method: str
    route: str
    path: str


def addresses() -> Iterator[Address]:
    """Each method of each route."""
    for router in (*ROUTERS, reference):
        for route in router.routes:
            path = getattr(route, "path", "")
            for method in sorted(getattr(route, "methods", None) or ()):
                yield Address(method, path, _filled(path))


def changing() -> Iterator[Address]:
    """Those that may change something."""
    return (one for one in addresses() if one.method not in SAFE)


def _filled(path: str) -> str:
    while "{" in path:
        name = path[path.index("{") + 1 : path.index("}")]
        path = path.replace(f"{{{name}}}", BLANKS.get(name.partition(":")[0], str(UUID(int=12))))
    return path
