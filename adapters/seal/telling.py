"""What everybody may know of the seal: the checkpoints of the last days, and what was erased, why and how often; never of whom."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic_core import from_json
from sqlalchemy import bindparam, select

from adapters.seal.following import Seal
from adapters.seal.tables import checkpoints, erasures
from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.tables import events

LAST_BEFORE = (
    select(checkpoints.c.note)
    .where(checkpoints.c.at < bindparam("end"))
    .order_by(checkpoints.c.at.desc(), checkpoints.c.size.desc())
    .limit(1)
)
NEWEST = 1_000  # erasures whose reasons are read


def last_of_each(seal: Seal, ends: Sequence[datetime]) -> Iterator[str]:
    """The last checkpoint before each of these moments, each once; the latest moment first."""
    told = ""
    with explained(), reading(seal.engine).connect() as connection:
        for end in ends:
            note = connection.scalar(LAST_BEFORE, {"end": end}) or ""
            if note != told:
                yield note
            told = note


def erased(seal: Seal, since: datetime, zone: ZoneInfo) -> Mapping[date, int]:
    """How often somebody was forgotten, by the first day of each month."""
    found = dict[date, int]()
    with explained(), reading(seal.engine).connect() as connection:
        for at in connection.scalars(select(erasures.c.at).where(erasures.c.at >= since)):
            month = at.astimezone(zone).date().replace(day=1)
            found[month] = found.get(month, 0) + 1
    return found


def reasons(seal: Seal, since: datetime) -> Mapping[str, int]:
    """Why, as it stands in the log, of the newest; '' where that cannot be read."""
    newest = (
        select(erasures.c.position).where(erasures.c.at >= since).order_by(erasures.c.position.desc()).limit(NEWEST)
    )
    with explained(), reading(seal.engine).connect() as connection:
        positions = connection.scalars(newest).all()
    found = dict[str, int]()
    with explained(), seal.log.connect() as connection:
        for name, body in connection.execute(
            select(events.c.name, events.c.body).where(events.c.position.in_(positions))
        ):
            reason = UNSAID.get(name) or _reason(body)
            found[reason] = found.get(reason, 0) + 1
    return found


# Why somebody was forgotten, where the event itself says it: a word of ours, not of theirs.
UNSAID = {"retention-ended": "retention", "contact-erased": "own"}


def _reason(body: bytes) -> str:
    try:
        return str(from_json(body)["event"]["reason"])
    except (ValueError, LookupError, TypeError):
        return ""
