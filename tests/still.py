"""A store of the shipped district on either engine, whose clock stands still at its module's UNTIL."""

from collections.abc import Iterator

import pytest

from adapters.jurisdictions import shipped
from api.whole import Whole, compose
from tests.api.office import settled


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def still(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """The store, without cases."""
    name, url = request.module.__name__.rpartition(".")[2], ""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        server.administer(f"CREATE DATABASE {name}")
        url = server.url(name)
    until = request.module.UNTIL
    whole = compose(settled(tmp_path_factory.mktemp(name), shipped("chengguan"), url), lambda: until)
    yield whole
    whole.close()
    if url:
        server.administer(f"DROP DATABASE {name} WITH (FORCE)")
