"""A reporter is forgotten as it takes two people: one asks, another grants."""

from datetime import datetime
from uuid import UUID, uuid4

from api.whole import Whole
from domain.actors import Actor, Role
from domain.commands import GrantErasure, RequestErasure
from workflow.casework import Order


def forgotten(whole: Whole, case: UUID, reason: str = "asked for", now: datetime | None = None) -> None:
    """Both said; nothing is carried out yet."""
    district, at = whole.casework.case(case).place.district, now or whole.now()
    asker, officer = Actor("hotline", Role.HOTLINE, district), Actor("officer", Role.DATA_OFFICER, district)
    whole.casework.handle(case, Order(command=RequestErasure(reason), actor=asker, now=at, id=uuid4()))
    number = whole.casework.case(case).requests[-1].number
    whole.casework.handle(case, Order(command=GrantErasure(number), actor=officer, now=at, id=uuid4()))
