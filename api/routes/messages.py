"""Messages: who was told what, whether it arrived, and dead letters given another life."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from adapters.boards import register
from adapters.outbox import LONGEST, Shown, listed, message, replay, standing
from api.days import midnight
from api.problems import Trouble, documented
from api.security import Caller, Parts, sees_messages
from api.whole import Whole
from domain.actors import Actor

router = APIRouter(prefix="/api/v1", tags=["messages"])
State = Literal["waiting", "failing", "dead", "delivered", "impossible", "nobody"]


class MessageOut(BaseModel):
    """One message; how a reporter is reached is never told."""

    id: UUID
    kind: str
    case: UUID
    number: str
    unit: str
    to_reporter: bool
    state: str
    tries: int
    reason: str
    told_at: datetime
    next_at: datetime | None
    ended_at: datetime | None


class MessagesOut(BaseModel):
    """How the outbox stands, and its newest messages; of one state where one is asked for."""

    waiting: int
    failing: int
    dead: int
    delivered_today: int
    oldest_seconds: float
    messages: list[MessageOut]


@router.get("/messages", responses=documented(401, 404, 422, 503))
def messages(
    whole: Parts,
    actor: Caller,
    state: Annotated[State | None, Query(description="`failing` is what waits after it was tried in vain")] = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST)] = 50,
) -> MessagesOut:
    """For the district's supervisor and its IT people."""
    _looking(whole, actor)
    now = whole.now()
    found, shown = (
        standing(whole.outbox, midnight(now, whole.law.calendar.tz)),
        listed(whole.outbox, state or "", limit),
    )
    numbers = register.numbers(whole.boards.engine, {one.case for one in shown})
    return MessagesOut(
        waiting=found.waiting,
        failing=found.failing,
        dead=found.dead,
        delivered_today=found.delivered,
        oldest_seconds=found.waits(now),
        messages=[_out(one, numbers) for one in shown],
    )


@router.post(
    "/messages/{message}/replays", status_code=201, responses=documented(400, 401, 404, 409, 413, 415, 422, 503)
)
def again(message: UUID, whole: Parts, actor: Caller) -> MessageOut:
    """A dead letter is sent again, under the same id."""
    _looking(whole, actor)
    fine = replay(whole.outbox, message, whole.now())
    found = _found(whole, message)
    if not fine:
        raise Trouble("not_a_dead_letter")
    return _out(found, register.numbers(whole.boards.engine, {found.case}))


def _looking(whole: Whole, actor: Actor) -> None:
    if not sees_messages(whole.law, actor):
        raise Trouble("no_such_message")


def _found(whole: Whole, wanted: UUID) -> Shown:
    found = message(whole.outbox, wanted)
    if found is None:
        raise Trouble("no_such_message")
    return found


def _out(one: Shown, numbers: Mapping[UUID, str]) -> MessageOut:
    return MessageOut(
        id=one.id,
        kind=one.kind,
        case=one.case,
        number=numbers.get(one.case, ""),
        unit=one.unit,
        to_reporter=not one.unit,
        state=one.state,
        tries=one.tries,
        reason=one.reason,
        told_at=one.told_at,
        next_at=one.next_at if one.state == "waiting" else None,
        ended_at=one.ended_at,
    )
