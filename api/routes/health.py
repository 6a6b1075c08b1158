"""How it is: for load balancers, and for whoever is called at night."""

from contextlib import suppress
from uuid import UUID

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel

from adapters.boards import NotCaughtUpError
from adapters.outbox import standing as of_messages
from api.metrics import DUE, HEAD, HELD, LAG, MESSAGES, PARKED, PAST, QUEUE, REGISTRY, SEALED, WAITED
from api.problems import documented
from api.security import Caller, Parts
from api.whole import Whole

router = APIRouter()
PATIENCE = 1.0  # seconds in which the boards come to where the log is, if all is well
NOBODY = UUID(int=0)


class HealthOut(BaseModel):
    """Alive."""

    status: str


class MessagesOut(BaseModel):
    """How many messages wait to be sent, how long the first of them has, and how many nobody took."""

    waiting: int
    oldest_seconds: float
    dead: int


class ReadyOut(BaseModel):
    """How far log, boards, their past and the seal are, what cannot be told, and why time does nothing, if it is held."""

    status: str
    log: int
    boards: int
    past: int
    sealed: int
    parked: int
    held: str
    messages: MessagesOut
    edition: str


@router.get("/healthz", tags=["running"])
async def healthz() -> HealthOut:
    """The process answers."""
    return HealthOut(status="ok")


@router.get("/readyz", responses=documented(503), tags=["running"])
def readyz(whole: Parts, response: Response) -> ReadyOut:
    """Store, keys and boards answer; `degraded` where a case cannot be told, the boards do not keep up, or time is held, or the seal stands still."""
    whole.keys.to_seal(NOBODY, ())
    with suppress(NotCaughtUpError):
        whole.boards.wait_for(at_first := whole.boards.head(), patience=PATIENCE)
    head, boards, parked, held = _measured(whole)
    fine = not parked and not held and not whole.seal.trouble and boards >= at_first
    response.headers["Cache-Control"] = "no-store"
    return ReadyOut(
        status="ready" if fine else "degraded",
        log=head,
        boards=boards,
        past=whole.past.position(),
        sealed=whole.seal.size(),
        parked=parked,
        held=held,
        messages=_messages(whole),
        edition=whole.law.edition,
    )


@router.get("/metrics", response_class=Response, responses=documented(401, 503), tags=["running"])
def metrics(whole: Parts, actor: Caller) -> Response:  # noqa: ARG001 - only callers who are known may ask
    """For Prometheus."""
    _measured(whole)
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


def _measured(whole: Whole) -> tuple[int, int, int, str]:
    head, boards, parked = whole.boards.head(), whole.boards.position(), len(whole.boards.parked())
    standing = whole.clockwork.standing(whole.now())
    HEAD.set(head)
    LAG.set(max(head - boards, 0))
    PAST.set(max(head - whole.past.position(), 0))
    SEALED.set(max(head - whole.seal.size(), 0))
    PARKED.set(parked)
    QUEUE.set(whole.log.queue)
    DUE.set(standing.due)
    HELD.set(bool(standing.held))
    _messages(whole)
    return head, boards, parked, standing.held


def _messages(whole: Whole) -> MessagesOut:
    """A receiver that is away makes nothing here unready."""
    now = whole.now()
    found = of_messages(whole.outbox, now)
    MESSAGES.labels("waiting").set(found.waiting)
    MESSAGES.labels("dead").set(found.dead)
    WAITED.set(found.waits(now))
    return MessagesOut(waiting=found.waiting, oldest_seconds=found.waits(now), dead=found.dead)
