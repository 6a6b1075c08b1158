"""A town on both engines."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.jurisdictions import shipped
from tests.adapters.erasing.town import Town
from tests.api.office import settled


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    opened = Town(settled(tmp_path / "home", shipped("chengguan"), url))
    yield opened
    opened.whole.close()
