"""Charts and maps as data and as SVG: counts, scales, shapes, and what the public may read."""

import pytest

from api.pages.small_counts import shown


@pytest.mark.parametrize(("n", "told"), [(0, "<5"), (1, "<5"), (4, "<5"), (5, "5"), (12, "12"), (1_000_000, "1000000")])
def test_the_public_is_told_no_count_below_five(n: int, told: str) -> None:
    assert shown(n) == told
