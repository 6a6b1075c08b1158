"""Two processes fight over forty streams: what is refused leaves no row, and positions are 1 to n."""

import pytest
from sqlalchemy import Engine

from adapters.store.recorders import LogRecorder
from tests.adapters.store.contender import contend
from tests.adapters.store.processes import in_processes
from tests.adapters.store.stories import Claim, faults, whole_log

COMMANDS = 150  # of each process


def claims_of_two_processes(engine: Engine, store: str) -> list[Claim]:
    """What both were told."""
    url = engine.url.render_as_string(hide_password=False)
    first, second = in_processes(contend, *((url, name, store, COMMANDS) for name in "ab"))
    return first + second


@pytest.mark.slow
def test_nothing_is_half_stored(engine: Engine, log: LogRecorder) -> None:
    claims = claims_of_two_processes(engine, "ours")

    assert list(faults(whole_log(log), claims)) == []
    assert {claim.accepted for claim in claims} == {True, False}, "they must have got in each other's way"


@pytest.mark.slow
def test_the_checker_finds_a_row_wise_writer(engine: Engine, log: LogRecorder) -> None:
    claims = claims_of_two_processes(engine, "row by row")

    assert any(fault.startswith("refused, but") for fault in faults(whole_log(log), claims))
