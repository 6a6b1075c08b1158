"""The register: every case within reach, by any filter, newest first, a page at a time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from adapters.boards import register
from adapters.boards.definitions import Part, title
from adapters.boards.register import Page
from api.lists import Wanted
from api.pages.acting.at_hand import BULK_OF, open_now
from api.pages.acting.controls import Option, categories
from api.pages.acting.wrongs import Wrong, wrong_of
from api.pages.doors import knock
from api.pages.reading import Reading
from api.pages.routing import page_router
from api.pages.then import Dated, slider_of
from api.rates import of_staff
from api.security import reach_of, sees_place
from domain.places import Rung
from domain.states import Phase, State
from workflow.finding import categories_called, places_called

register_pages = page_router()
UNASKED = frozenset({"after", "limit", "as_of"})  # of what the API's list takes
TICKS = ("overdue", "late", "below", "clockless")
YES_NO = ("yes", "no")
FEW = 6  # names of a kind


@dataclass(frozen=True)
class Listing:
    """A list that somebody asks for: what was said, and the cases that meet it."""

    v: Reading
    said: Mapping[str, str]

    @cached_property
    def wanted(self) -> Wanted:
        """What was said, understood. Raises ValidationError."""
        return Wanted.model_validate(self.said)

    @cached_property
    def page(self) -> Page:
        """The cases, newest first. Raises ValidationError."""
        wanted, reach = self.wanted, reach_of(self.v.me)
        if wanted.words:
            knock(self.v, "search", of_staff(self.v.me))
        return register.page(
            self.v.engine, reach, wanted.filters(), self.v.now, before=wanted.before, limit=wanted.limit
        )

    @property
    def filters(self) -> dict[str, str]:
        """What was said, without where the page begins: to keep, to share, to go on with."""
        return {name: value for name, value in self.said.items() if name != "before"}

    @cached_property
    def behind(self) -> str:
        """Of which figure these are the cases, and how many there are; '' where they are of none."""
        wanted, v = self.wanted, self.v
        if not wanted.figure:
            return ""
        n = register.how_many(v.parts.boards.engine, reach_of(v.me), wanted.filters(), v.now)
        figure, part = title(wanted.figure, v.language), v.t(f"part_{wanted.part or Part.DENOMINATOR}")
        return v.t("behind_figure", figure=figure, part=part, n=n)

    @property
    def wrong(self) -> Wrong | None:
        """Why it cannot be understood; None where it can."""
        try:
            _ = self.wanted
        except ValidationError as error:
            return wrong_of(self.v, error)
        return None


def listing(request: Request, v: Dated) -> Listing:
    """What the address asks for; what belongs to the page itself, or is empty, asks for nothing."""
    known = Wanted.model_fields.keys() - UNASKED
    said = {name: value.strip() for name, value in request.query_params.items() if name in known and value.strip()}
    return Listing(v, said)


Listed = Annotated[Listing, Depends(listing)]


@register_pages.get("/cases")
def cases(v: Dated, listed: Listed) -> HTMLResponse:
    """Cases within reach."""
    return register_page(v, listed)


def register_page(v: Reading, listed: Listing, naming: Wrong | None = None, called_so: str = "") -> HTMLResponse:
    """The register; `naming` is why a filter could not be kept under the name that it was to have."""
    me, wrong = v.me, listed.wrong
    names = called(v, words) if (words := listed.said.get("words", "")) and not wrong else ()
    first = wrong or naming
    ways = None if v.then or wrong else BULK_OF.get(me.role)
    opened = open_now(v, [line.case for line in listed.page.cases] if ways else [])
    return v.page(
        "register", first.status if first else 200, listed=listed, wrong=wrong, choices=choices(v), ticks=TICKS,
        slider=slider_of(v), ways=ways, open=opened, called=names, kept=v.parts.saved_filters.of(me), naming=naming, called_so=called_so,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Called:
    """A category or place of the name that is looked for, and the filter by which its cases are listed."""

    filter: str
    code: str
    name: str


def called(v: Reading, words: str) -> tuple[Called, ...]:
    """The first of each kind, of places those within reach."""
    kinds = [one for one in categories_called(v.law, words) if one.is_leaf]
    places = [one for one in places_called(v.law, words) if reach_of(v.me).unit or sees_place(v.law, v.me, one.code)]
    return (
        *(Called("category", one.code, v.category(one.code)) for one in kinds[:FEW]),
        *(Called(one.rung.value, one.code, v.name(one.code)) for one in places[:FEW]),
    )


def choices(v: Reading) -> dict[str, tuple[Option, ...]]:
    """What can be chosen in each filter, by its name."""
    found: dict[str, Iterable[Option]] = {
        "open": (Option(code, v.t(f"open_{code}")) for code in YES_NO),
        "phase": (Option(phase, v.word("PHASES", phase)) for phase in Phase),
        "state": (Option(state, v.word("STATES", state)) for state in State),
        "street": _streets(v),
        "lead": (Option(code, v.plain(code)) for code in sorted(v.law.departments)),
        "category": categories(v),
    }
    return {name: tuple(options) for name, options in found.items()}


def _streets(v: Reading) -> Iterator[Option]:
    """The streets that may have cases within reach: a department is assigned cases of any."""
    law, me = v.law, v.me
    everywhere: Any = reach_of(me).unit
    for place in law.places.by_code.values():
        if place.rung is Rung.STREET and (everywhere or sees_place(law, me, place.code)):
            yield Option(place.code, v.plain(place.code))
