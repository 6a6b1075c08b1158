"""A registered thing as somebody may know it: what the register says of it, and every case about it within their reach."""

from adapters.boards.history import History
from api.security import sees_place
from api.whole import Whole
from domain.actors import Actor
from domain.jurisdiction import Thing


def known(whole: Whole, actor: Actor, code: str, found: History) -> tuple[Thing, History] | None:
    """The thing and its history as was `found`; None where it stands beyond reach and no case within reach is about it."""
    thing = whole.law.things.get(code)
    if thing is None:
        thing = _formerly(whole, found)
    return (thing, found) if thing and (found.count or sees_place(whole.law, actor, thing.place)) else None


def _formerly(whole: Whole, found: History) -> Thing | None:
    """What is in the register no more, as its cases call it."""
    case = whole.casework.case(found.cases[0].case) if found.cases else None
    return Thing(case.about.code, "", case.about.label, case.place.lowest) if case and case.about else None
