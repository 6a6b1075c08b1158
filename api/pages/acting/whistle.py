"""What a whistle's form proposes: departments, each with the reason, and what was tried, from the case's own file."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from markupsafe import Markup

from adapters.boards.precedents import Precedent, precedents
from api.pages.reading import Reading
from api.security import reach_of
from domain import events as e
from domain.case import Case
from domain.entries import Entry
from domain.events import Event
from domain.permissions import Reach


def proposed(v: Reading, case: Case) -> dict[str, str]:
    """Departments to whistle for, with the reason for each: asked before, usual for the category, came last time."""
    found = dict[str, list[str]]()
    for unit, why in (*_asked_before(v, case), *_usual(v, case), *_came(v, case)):
        found.setdefault(unit, []).append(why)
    joint = Markup("; ") if v.language == "en" else Markup("；")
    return {unit: joint.join(why) for unit, why in found.items()}


def _asked_before(v: Reading, case: Case) -> Iterator[tuple[str, str]]:
    for unit in case.whistle.plea.departments if case.whistle else ():
        yield unit, v.t("proposed_before")


def _usual(v: Reading, case: Case) -> Iterator[tuple[str, str]]:
    known = v.law.taxonomy.by_code.get(case.category)
    for unit in known.departments if known else ():
        yield unit, _words(v, "proposed_usual", category=v.category(case.category))


def _came(v: Reading, case: Case) -> Iterator[tuple[str, str]]:
    reach = reach_of(v.actor) if v.actor else Reach()
    for last in precedents(v.parts.boards.engine, reach, case):
        yield last.unit, _last_time(v, last)


def _last_time(v: Reading, last: Precedent) -> str:
    key = "proposed_same_grid" if last.same_grid else "proposed_same_street"
    link = Markup('<a href="{}">{}</a>').format(v.url("cases", last.number), last.number)
    return _words(v, key, day=v.day(last.since.astimezone(v.law.calendar.tz).date()), case=link)


def _words(v: Reading, key: str, **values: str) -> str:
    """What a page says, with pieces of markup in it."""
    return Markup(v.t(key, **{name: f"{{{name}}}" for name in values})).format(**values)  # noqa: S704 - our own words


Said = Callable[[Any], Mapping[str, str]]
TRIED: Mapping[type[Event], tuple[str, Said]] = {
    e.CaseReferredUp: ("tried_referred", lambda event: {"reason": event.reason}),
    e.HandlingBegun: ("tried_handled", lambda _event: {}),
    e.WhistleDeclined: ("tried_declined", lambda event: {"reason": event.reason}),
}
SEALED: Mapping[type[Event], str] = {
    e.NoteAdded: "tried_notes",
    e.PhotoAdded: "tried_photos",
}  # only that they are there


def tried_so_far(v: Reading, file: tuple[Entry, ...]) -> str:
    """What the file says was tried; the usual sentence where it says nothing. What is sealed is counted, not told."""
    steps = [_step(v, entry) for entry in file if type(entry.event) in TRIED]
    sealed = Counter(SEALED[type(entry.event)] for entry in file if type(entry.event) in SEALED)
    said = [*steps, *(v.t(key, n=n) for key, n in sealed.items())]
    return (" " if v.language == "en" else "").join(said) or v.t("whistle_tried")


def _step(v: Reading, entry: Entry) -> str:
    key, said = TRIED[type(entry.event)]
    words = {name: value.strip().rstrip("。.") for name, value in said(entry.event).items()}
    return v.t(key, unit=v.plain(entry.actor.unit), **words)
