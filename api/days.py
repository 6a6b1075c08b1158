"""Days as they begin and end where a district is."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

A_DAY = timedelta(days=1)


def midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """When today began."""
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)


def end_of_today(now: datetime, zone: ZoneInfo) -> datetime:
    """When today ends."""
    return midnight(now, zone) + A_DAY
