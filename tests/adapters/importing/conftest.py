import pytest

from adapters.jurisdictions import read, shipped
from domain.jurisdiction import Jurisdiction


@pytest.fixture(scope="session")
def law() -> Jurisdiction:
    """The shipped district."""
    return read(shipped("chengguan"), "540102@1").jurisdiction
