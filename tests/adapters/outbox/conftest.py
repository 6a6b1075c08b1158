"""A post on each engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.outbox.post import Post, post


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Post]:
    """An empty one."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    with post(tmp_path, url) as opened:
        yield opened
