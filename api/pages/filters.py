"""Filters of a board: what its address says, as links and a form; whoever has the address sees the same list."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from fastapi import Depends, Request

from adapters.boards.narrowing import Only, present
from adapters.boards.register import NUL
from api.pages.acting.controls import Option
from api.pages.reading import Reading
from api.pages.then import Dated
from domain.places import Rung
from workflow.words import LIGHTS

NAMES = ("light", "category", "community", "street", "supervised")
CHOSEN = ("category", "community", "street")
NOBODYS = "\ufffd"  # no code has it
QUICK = (("light", "red"), ("light", "yellow"), ("supervised", "yes"))


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter of one tap: chosen already, it is taken back."""

    words: str
    address: str
    on: bool


@dataclass(frozen=True)
class Filters:
    """What a reader wants of a board."""

    v: Reading
    said: Mapping[str, str]

    @cached_property
    def only(self) -> Only:
        """The same as the boards take it."""
        said = self.said
        return Only(
            said.get("light", ""), self._categories(), said.get("community", ""), said.get("street", ""),
            supervised="supervised" in said,
        )  # fmt: skip

    def _categories(self) -> tuple[str, ...]:
        """The category, and what is below it; itself where nobody knows it."""
        wanted, known = self.said.get("category", ""), self.v.law.taxonomy.by_code
        below = tuple(code for code, one in known.items() if one.parent == wanted)
        return (wanted, *below) if wanted else ()

    def chips(self) -> tuple[Chip, ...]:
        """The quick filters."""
        return tuple(self._chip(name, value) for name, value in QUICK)

    def _chip(self, name: str, value: str) -> Chip:
        on = self.said.get(name) == value
        rest = {key: kept for key, kept in self.said.items() if key != name}
        words = self.v.word("LIGHTS", value) if name == "light" else self.v.t("supervised")
        return Chip(words, self.address({} if on else {name: value}, rest), on)

    def address(self, *said: Mapping[str, str]) -> str:
        """The same board, with these filters."""
        merged = {key: value for one in said for key, value in one.items()}
        return self.v.url(*self.v.path.strip("/").split("/"), **merged)

    def choices(self, *, unit: str = "", street: str = "") -> dict[str, tuple[Option, ...]]:
        """What can be chosen: of the open cases of a department or street, their categories; its communities, or streets."""
        v = self.v
        categories, streets = present(v.engine, unit=unit, street=street)
        inside = [place.code for place in v.law.places.below(street, Rung.COMMUNITY)] if street else streets
        found = {"category": sorted(categories), "community" if street else "street": inside}
        return {name: tuple(self._option(name, code) for code in codes) for name, codes in found.items()}

    def chosen(self) -> dict[str, str]:
        """The category and place that were chosen, in words."""
        return {name: self._option(name, self.said[name]).text for name in CHOSEN if name in self.said}

    def _option(self, name: str, code: str) -> Option:
        return Option(code, self.v.plain_category(code) if name == "category" else self.v.plain(code))


def filters(request: Request, v: Dated) -> Filters:
    """What the address says; a light that there is not is no filter."""
    said = {name: request.query_params.get(name, "").strip()[:100].replace(NUL, NOBODYS) for name in NAMES}
    fine = {name: value for name, value in said.items() if value and (name != "light" or value in LIGHTS)}
    return Filters(v, fine)


Filtered = Annotated[Filters, Depends(filters)]
