"""A town on each engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.seal.town import Town


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """An empty log, and nothing sealed."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        made = Town(url, url)
    else:
        made = Town(*(f"sqlite:///{tmp_path / name}.db" for name in ("log", "seal")))
    yield made
    made.close()
