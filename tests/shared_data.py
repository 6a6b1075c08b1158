"""Real data to test with; it is not part of the project, and tests say so where it is absent."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parent.parent.parent / "shared" / "data"


def shared(name: str) -> Path:
    """A file of the shared data; skips the test where it is not here."""
    path = SHARED / name
    if not path.exists():
        pytest.skip("../shared/data is not here")
    return path
