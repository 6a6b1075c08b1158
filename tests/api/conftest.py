"""The office of a test that says nothing else: over a fresh store, without cases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.office import Office, office


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as opened:
        yield opened
