"""Lists of cases as they are answered."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from adapters.boards.register import FILTERS, LONGEST, CaseLine
from api.forms import Code
from domain.states import Level, Nature, Phase, Source, State


class CaseLineOut(BaseModel):
    """One case in a list."""

    case: UUID
    number: str
    version: int
    state: str
    phase: str
    level: str
    category: str
    summary: str
    street: str
    community: str
    grid: str
    accountable: str
    lead: str
    clock: str
    due: datetime | None
    light: str
    resident_due: datetime | None
    logged_at: datetime
    rework: int
    supervised: bool

    @classmethod
    def of(cls, line: CaseLine) -> "CaseLineOut":
        """A line of a board."""
        return cls(**asdict(line))


class CasePageOut(BaseModel):
    """Some cases, and the cursor of the next ones (0: there are none)."""

    cases: list[CaseLineOut]
    next: int


FURTHEST = 2**53  # positions; what JSON numbers hold exactly


class Wanted(BaseModel):
    """Which cases: any filter, and which page."""

    model_config = ConfigDict(extra="forbid")

    state: State | None = None
    phase: Phase | None = None
    level: Level | None = None
    nature: Nature | None = None
    source: Source | None = None
    street: Code = ""
    community: Code = ""
    grid: Code = ""
    category: Code = ""
    lead: Code = ""
    accountable: Code = ""
    number: Code = ""
    open: bool | None = None
    overdue: bool = False
    before: int = Field(0, ge=0, le=FURTHEST, description="The `next` of the page before")
    limit: int = Field(50, ge=1, le=LONGEST)
    after: int = Field(0, ge=0, le=FURTHEST, description="Wait until the boards have this position")

    def filters(self) -> dict[str, str]:
        """As the register takes them."""
        found = {name: str(getattr(self, name)) for name in (*FILTERS, "number") if getattr(self, name)}
        if self.open is not None:
            found["open"] = "yes" if self.open else "no"
        return {**found, "overdue": "yes"} if self.overdue else found
