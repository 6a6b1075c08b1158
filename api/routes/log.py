"""The log for everybody's programs: its checkpoint, what shows that an earlier one is its beginning, and its register."""

from base64 import b64encode
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, Field

from adapters.seal.checkpoints import Checkpoint
from adapters.seal.proofs import beginning
from api.pages.doors import FiguresToPrograms
from api.pages.openly_kept import kept
from api.problems import Trouble, documented

router = APIRouter(prefix="/api/v1/log", tags=["log"])


class CheckpointOut(BaseModel):
    """How large the log was and what its root was, and the signed note that says so (C2SP tlog-checkpoint)."""

    size: int
    root: str = Field(description="base64")
    at: datetime
    checkpoint: str

    @classmethod
    def of(cls, one: Checkpoint) -> "CheckpointOut":
        """A checkpoint as it is answered."""
        return cls(size=one.size, root=one.root_text, at=one.at, checkpoint=one.note)


class MonthOut(BaseModel):
    """A month's cases; of fewer than five, how many is not told."""

    since: date
    cases: str
    missing: int = Field(description="Numbers that were left out")


class DayOut(MonthOut):
    """A day's cases, and their numbers."""

    first: str
    last: str


class ErasedMonthOut(BaseModel):
    """How often somebody was forgotten in a month."""

    since: date
    erased: int


class ErasedReasonOut(BaseModel):
    """Why, and how often."""

    reason: str
    erased: int


class ErasedOut(BaseModel):
    """What was erased: `others` for reasons that were given fewer than five times, each."""

    months: list[ErasedMonthOut]
    reasons: list[ErasedReasonOut]
    others: int


class LogOut(BaseModel):
    """The log as everybody may know it."""

    key: str = Field(description="The public key that signs, as C2SP writes it")
    last: CheckpointOut | None
    days: list[CheckpointOut] = Field(description="The last of each of the last days")
    months: list[MonthOut]
    register_: list[DayOut] = Field(serialization_alias="register")
    erased: ErasedOut


class BeginningOut(BaseModel):
    """What shows that the first so many events are the beginning of the checkpoint (RFC 6962, 2.1.2)."""

    first: int
    path: list[str] = Field(description="base64")
    checkpoint: str


@router.get("", responses=documented(403, 503))
def log(whole: FiguresToPrograms) -> LogOut:
    """Size, root, signature and key; checkpoints of the last days; the register; what was erased."""
    found = kept(whole, whole.now())
    return LogOut(
        key=found.key,
        last=CheckpointOut.of(found.last) if found.last else None,
        days=[CheckpointOut.of(one) for one in found.days],
        months=[MonthOut(**asdict(one)) for one in found.months],
        register_=[DayOut(**asdict(one)) for one in found.register],
        erased=ErasedOut(
            months=[ErasedMonthOut(since=month, erased=n) for month, n in found.erased.months],
            reasons=[ErasedReasonOut(reason=reason, erased=n) for reason, n in found.erased.reasons],
            others=found.erased.others,
        ),
    )


@router.get("/checkpoint", response_class=PlainTextResponse, responses=documented(403, 404, 503))
def checkpoint(whole: FiguresToPrograms) -> str:
    """The last checkpoint by itself, to be kept elsewhere."""
    last = whole.seal.last()
    if last is None:
        raise Trouble("nothing_signed")
    note: str = last.note
    return note


@router.get("/beginnings/{size}", responses=documented(403, 404, 422, 503))
def of_beginning(whole: FiguresToPrograms, size: Annotated[int, Path(ge=1, le=2**53)]) -> BeginningOut:
    """What shows that an earlier checkpoint, of so many events, is the beginning of the last one."""
    found = beginning(whole.seal, size)
    if found is None:
        raise Trouble("nothing_signed")
    return BeginningOut(first=size, path=[b64encode(step).decode() for step in found.path], checkpoint=found.note)
