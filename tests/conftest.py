"""Fixtures for all tests."""

from tests.order import pytest_collection_modifyitems
from tests.postgres import postgres_server, postgres_url
from tests.skips import pytest_runtest_makereport
from tests.still import still

__all__ = ["postgres_server", "postgres_url", "pytest_collection_modifyitems", "pytest_runtest_makereport", "still"]
