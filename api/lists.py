"""Lists of cases as they are answered."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from adapters.boards.definitions import NAMES, Cohort, Part
from adapters.boards.register import FILTERS, LONGEST, CaseLine
from adapters.saved_filters import LONGEST as LONGEST_NAME
from adapters.store.tables import WRITABLE
from api.forms import WHEN, Code, Moment
from domain.states import Level, Nature, Phase, Source, State
from workflow.finding import pairs


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
    about: str = Field(description="The code of the building, organisation or component that it is about")
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
    late: bool = Field(description="The result came after its deadline, or is still owed past it")
    external_id: str = Field(description="What another system calls it, where it was carried over")

    @classmethod
    def of(cls, line: CaseLine) -> "CaseLineOut":
        """A line of a board."""
        return cls(**asdict(line))


class ShareOut(BaseModel):
    """A rate with all that belongs to it; null where nobody could be counted."""

    numerator: float
    denominator: int
    rate: float | None


def _figure(said: str) -> str:
    if said and said not in NAMES:
        raise PydanticCustomError("enum", "one of: {expected}", {"expected": ", ".join(NAMES)})
    return said


FigureName = Annotated[str, AfterValidator(_figure), Field(json_schema_extra={"enum": ["", *NAMES]})]


class CasePageOut(BaseModel):
    """Some cases, and the cursor of the next ones (0: there are none)."""

    cases: list[CaseLineOut]
    next: int


def _findable(words: str) -> str:
    if words and not pairs(words):
        raise PydanticCustomError("two_characters", "two neighbouring characters at least")
    return words


PLAIN = ("number", "words", "categories", "figure", "part", "cohort")
FURTHEST = 2**53  # positions; what JSON numbers hold exactly


class Filters(BaseModel):
    """Which cases: any filter."""

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
    about: Annotated[Code, Field(description="The code of the building, organisation or component")] = ""
    number: Code = Field("", description="A part of our number, or the whole of another system's")
    words: Annotated[Code, AfterValidator(_findable)] = Field(
        "", description="Words of the summary: any two neighbouring characters are enough"
    )
    open: bool | None = None
    overdue: Annotated[bool, Field(description="What the accountable unit is held to is past")] = False
    below: Annotated[bool, Field(description="The street, or a community or grid of it, is accountable")] = False
    clockless: Annotated[bool, Field(description="Open, and no clock runs: nothing will remind anybody of it")] = False
    late: bool | None = Field(None, description="The result came after its deadline, or is still owed past it")
    since: Moment | None = Field(None, description="Logged from this moment on; with cohort=closed, closed")
    until: Moment | None = Field(None, description="Logged, or closed, before this moment")
    cohort: Cohort | None = Field(None, description="By what `since` and `until` go: logging, or the last closing")
    figure: FigureName = Field("", description="With `part`: the cases behind a figure")
    part: Part | None = Field(None, description="Of a figure; the denominator where none is named")
    first_lead: Code = Field("", description="The first department that was to lead")
    categories: Annotated[
        str, Field(max_length=4000, pattern=WRITABLE, description="Several categories, with | between")
    ] = ""

    def filters(self) -> dict[str, str]:
        """As the register takes them."""
        found = {name: str(getattr(self, name)) for name in (*FILTERS, *PLAIN) if getattr(self, name)}
        moments = {"since": self.since, "until": self.until}
        found |= {name: at.isoformat() for name, at in moments.items() if at}
        either = {"open": self.open, "late": self.late}
        found |= {name: "yes" if said else "no" for name, said in either.items() if said is not None}
        return found | {name: "yes" for name in ("overdue", "below", "clockless") if getattr(self, name)}


class Wanted(Filters):
    """Which cases, and which page of them."""

    as_of: Moment | None = Field(None, description=WHEN)
    before: int = Field(0, ge=0, le=FURTHEST, description="The `next` of the page before")
    limit: int = Field(50, ge=1, le=LONGEST)
    after: int = Field(0, ge=0, le=FURTHEST, description="Wait until the boards have this position")


class Taken(Filters):
    """Which cases are taken out, and in which language a table speaks."""

    lang: Literal["zh", "en"] | None = Field(None, description="Of a table's words; otherwise as Accept-Language says")
    after: int = Field(0, ge=0, le=FURTHEST, description="Wait until the boards have this position")


class Named(BaseModel):
    """What a filter that is kept is called."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: str = Field(min_length=1, max_length=LONGEST_NAME, pattern=WRITABLE)
