"""Assessment months: on whatever day they begin, each day lies in exactly one, and its name is that of its end."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.periods import Month, NoMonthError

LHASA, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")


@pytest.mark.parametrize("starts", [1, 2, 19, 28])
def test_every_day_lies_in_one_month_and_they_follow_one_another(starts: int) -> None:
    day = date(2023, 12, 1)
    for _ in range(800):
        month = Month.holding(day, starts)
        assert month.first <= day < month.shifted(1).first
        assert month.shifted(-1).end(LHASA) == month.begin(LHASA)
        day += timedelta(days=1)


def test_a_month_is_named_by_the_one_in_which_it_ends() -> None:
    april = Month.named("2026-04", 19)
    assert (april.first, april.shifted(1).first) == (date(2026, 3, 19), date(2026, 4, 19))
    assert (
        Month.holding(date(2026, 4, 18), 19).name == "2026-04"
        and Month.holding(date(2026, 4, 19), 19).name == "2026-05"
    )
    assert Month.named("2026-01", 19).first == date(2025, 12, 19) and Month.named("2026-04", 1).first == date(
        2026, 4, 1
    )
    assert Month.holding(date(2026, 12, 31), 19).name == "2027-01"


def test_it_begins_at_the_wall_clock_s_midnight() -> None:
    assert Month.named("2026-04", 1).begin(LHASA) == datetime(2026, 3, 31, 16, tzinfo=UTC)
    march = Month.named("2026-03", 1)
    assert march.end(NEW_YORK) - march.begin(NEW_YORK) == timedelta(days=31, hours=-1)  # summer time begins


@pytest.mark.parametrize(
    "said", ["", "2026", "2026-4", "2026-13", "26-04", "1969-01", "2026-04-01", "２０２６-04", "9" * 40]
)
def test_what_is_no_month_is_refused(said: str) -> None:
    with pytest.raises(NoMonthError):
        Month.named(said, 1)
