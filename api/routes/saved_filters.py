"""Filters of the register that somebody keeps under a name."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from adapters.saved_filters import MOST, SavedFilter, TooManyError
from api.lists import Filters, Named
from api.problems import Trouble, documented
from api.security import Caller, Parts

router = APIRouter(prefix="/api/v1")


class ToSave(Named):
    """A filter, and what it is to be called."""

    filters: Filters = Field(default_factory=Filters, description="As the list of cases takes them")
    shared: bool = Field(default=False, description="With everybody who acts in the same role for the same unit")


class SavedFilterOut(BaseModel):
    """A filter that is kept."""

    id: UUID
    name: str
    filters: dict[str, str] = Field(description="As the list of cases takes them, in its address")
    shared: bool
    mine: bool = Field(description="One's own, so that one may delete it")

    @classmethod
    def of(cls, kept: SavedFilter) -> "SavedFilterOut":
        """What is kept, as it is answered."""
        return cls(id=kept.id, name=kept.name, filters=dict(kept.said), shared=kept.shared, mine=kept.mine)


@router.get("/saved-filters", responses=documented(401, 503), tags=["cases"])
def saved_filters(whole: Parts, actor: Caller) -> list[SavedFilterOut]:
    """One's own, and those that are shared with one's office; by name."""
    return [SavedFilterOut.of(one) for one in whole.saved_filters.of(actor)]


@router.post("/saved-filters", status_code=201, responses=documented(400, 401, 409, 422, 503), tags=["cases"])
def save_filter(whole: Parts, actor: Caller, said: ToSave) -> SavedFilterOut:
    """Keep a filter under a name. What one had under it before is replaced: to send it again changes nothing else."""
    try:
        kept = whole.saved_filters.keep(actor, said.name, said.filters.filters(), whole.now(), shared=said.shared)
    except TooManyError:
        raise Trouble("too_many_saved_filters", most=MOST) from None
    return SavedFilterOut.of(kept)


@router.delete("/saved-filters/{wanted}", status_code=204, responses=documented(401, 404, 422, 503), tags=["cases"])
def drop_filter(whole: Parts, actor: Caller, wanted: UUID) -> None:
    """Let go of one of one's own."""
    if not whole.saved_filters.drop(actor, wanted):
        raise Trouble("no_such_saved_filter")
