"""A town of each kind."""

from pathlib import Path

import pytest

from tests.adapters.clockwork.town import Town


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Town:
    """An empty one."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
        return Town(url, url)
    return Town(f"sqlite:///{tmp_path / 'log.db'}", f"sqlite:///{tmp_path / 'boards.db'}")
