"""Databases to break: a folder for SQLite, and a PostgreSQL server of our own, so that nobody else is disturbed."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.breaking.people import Told
from tests.breaking.town import Town, founded
from tests.postgres import Server, a_server

NUMBERS = count(1)
REAL = {"found", "town", "postgres", "home", "tmp_path"}  # who asks for these breaks real processes and databases


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Breaking takes long; only the checkers with their seeded faults are in the quick run."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent) and REAL & set(getattr(item, "fixturenames", ())):
            item.add_marker("slow")


Figures = Callable[[Collection[Told]], None]
Found = Callable[[str], Town]


@pytest.fixture(scope="package")
def cluster() -> Iterator[Server]:
    """PostgreSQL, to be stopped at will."""
    with a_server() as server:
        yield server


@pytest.fixture
def postgres(cluster: Server) -> Iterator[Server]:
    """The same, running, before and after."""
    if not cluster.running:
        cluster.start()
    yield cluster
    if not cluster.running:
        cluster.start()


@pytest.fixture
def found(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Found]:
    """Found a town on `sqlite`, or on `postgresql`; its database is dropped at the end."""
    dropped: list[Callable[[], None]] = []

    def on(engine: str) -> Town:
        if engine == "sqlite":
            return founded(tmp_path / "home")
        server: Server = request.getfixturevalue("postgres")
        name = f"town_{next(NUMBERS)}"
        server.administer(f"CREATE DATABASE {name}")
        dropped.append(lambda: server.administer(f"DROP DATABASE {name} WITH (FORCE)"))
        return founded(tmp_path / "home", server.url(name))

    yield on
    for drop in dropped:
        drop()


def _answer(told: Told) -> str | int:
    return told.body.get("code") or told.status


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> Figures:
    """How much load a test was; `--junitxml` shows it."""

    def keep(told: Collection[Told]) -> None:
        kept = {"commands": len({one.said.key for one in told}), "answers": dict(Counter(map(_answer, told)))}
        request.node.user_properties.extend(kept.items())

    return keep


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, found: Found) -> Town:
    """A town on each engine."""
    engine: str = request.param
    return found(engine)
