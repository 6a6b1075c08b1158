"""The checker finds each fault it looks for."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from adapters.store.recorders import Recorded
from tests.adapters.store.contender import NOON
from tests.adapters.store.stories import Claim, faults

STREAM = UUID(int=1)
RIGHT = [Recorded(STREAM, n, "case-logged", b"mine", id=n, recorded_at=NOON) for n in (1, 2, 3)]
MINE = Claim(b"mine", size=3, accepted=True)


def found(stored: list[Recorded], *claims: Claim) -> str:
    return "; ".join(faults(stored, claims))


def test_a_right_log_has_no_faults() -> None:
    assert not found(RIGHT, MINE, Claim(b"another's", size=2, accepted=False))


def test_a_gap_between_positions() -> None:
    assert "positions" in found([*RIGHT[:2], replace(RIGHT[2], id=4)])


def test_a_moment_that_goes_back() -> None:
    assert "recorded_at" in found([*RIGHT[:2], replace(RIGHT[2], recorded_at=NOON - timedelta(seconds=1))])


def test_a_version_that_is_missing_or_twice() -> None:
    assert "versions" in found([*RIGHT[:2], replace(RIGHT[2], originator_version=4)])
    assert "versions" in found([*RIGHT[:2], replace(RIGHT[2], originator_version=2)])


def test_an_accepted_command_that_is_not_whole() -> None:
    assert found(RIGHT[:2], MINE) == "accepted, but 2 of 3 rows stand"


def test_a_refused_command_that_left_a_row() -> None:
    assert found(RIGHT[:1], Claim(b"mine", size=3, accepted=False)) == "refused, but 1 of 3 rows stand"
