"""What may be promised before a case is logged: the very instants that logging it would set."""

from datetime import datetime

from domain.jurisdiction import Jurisdiction
from domain.states import Clock, Urgency
from workflow.ticking import reckoned


def promised(
    law: Jurisdiction, category: str, urgency: Urgency, now: datetime, clock: Clock = Clock.RESIDENT
) -> datetime | None:
    """By when whoever reports such a case now may expect an answer; None where no case can be of this category.

    Another `clock` that logging starts: by when that step is due.
    """
    known = law.taxonomy.by_code.get(category)
    if known is None or not known.is_leaf:
        return None
    whole = (due.at for limit, due in reckoned(law, category, clock, urgency, now) if not limit.step)
    return next(whole, None)
