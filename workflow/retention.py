"""How long what is private is kept: when the retention of each class ends, and what is then to be erased.

All that ends on one day ends at its beginning, by the district's clock: what time erases is erased once a day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from domain.case import Case
from domain.declarations import SINCE, Since
from domain.jurisdiction import Jurisdiction
from domain.privacy import Secrecy


@dataclass(frozen=True, slots=True)
class Ending:
    """When something that is kept is to be erased, and from when that was counted."""

    at: datetime
    secrecy: Secrecy
    since: datetime


def endings(case: Case, law: Jurisdiction, goes_on_in: Case | None = None) -> tuple[Ending, ...]:
    """What is still kept of an ended case, and until when, the next first; nothing of what is open.

    A case that goes on inside another (`goes_on_in`) ends with it: its reporter is answered only then.
    """
    ended = (goes_on_in or case).ended_at
    return tuple(sorted(_endings(case, law, ended), key=lambda ending: ending.at)) if ended else ()


def _endings(case: Case, law: Jurisdiction, ended: datetime) -> Iterator[Ending]:
    for secrecy, made in case.kept.items():
        since = made if SINCE[secrecy] is Since.MAKING else ended
        yield Ending(max(_until(since, secrecy, law), ended), secrecy, since)


def _until(since: datetime, secrecy: Secrecy, law: Jurisdiction) -> datetime:
    """The beginning of the day after the last one that it is kept."""
    last = since.astimezone(law.calendar.tz).date() + timedelta(days=int(law.policy.retention[secrecy].amount))
    return datetime.combine(last + timedelta(days=1), time(0), law.calendar.tz)


def past(case: Case, law: Jurisdiction, now: datetime, goes_on_in: Case | None = None) -> tuple[Ending, ...]:
    """What has been kept as long as it may be."""
    return tuple(ending for ending in endings(case, law, goes_on_in) if ending.at <= now)


def next_ending(case: Case, law: Jurisdiction) -> datetime | None:
    """When something of the case is next to be erased, as far as the case alone can tell; None where nothing is."""
    return next((ending.at for ending in endings(case, law)), None)
