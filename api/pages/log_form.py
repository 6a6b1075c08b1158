"""What the form that logs a case offers: sources, places, categories and registered things, for whoever is signed in."""

from collections.abc import Mapping
from typing import Any

from adapters.boards.near import near
from adapters.boards.register import CaseLine
from api.pages.acting.controls import Option, categories, grouped
from api.pages.acting.filling import Said
from api.pages.acting.sent import first
from api.pages.reading import Reading
from api.security import reach_of, sees_place
from domain.actors import Role
from domain.jurisdiction import Thing
from domain.places import Rung
from domain.states import Source, Urgency

SOURCES: Mapping[Role, tuple[Source, ...]] = {
    Role.GRID_WORKER: (Source.PATROL, Source.HOME_VISIT),
    Role.COMMUNITY: (Source.HOME_VISIT, Source.PATROL, Source.COUNTER),
    Role.STREET_CLERK: (Source.COUNTER, Source.HOTLINE, Source.PATROL),
    Role.STREET_LEADER: (Source.COUNTER, Source.PATROL),
    Role.HOTLINE: (Source.HOTLINE,),
}
TOLD = (Source.HOTLINE, Source.COUNTER, Source.HOME_VISIT)  # somebody told it, and may want an answer
MOST_THINGS = 100  # of those that are listed; any other is named by its code
USUAL = {"source", "urgency"}  # said for most cases by what stands there at first


def offered(v: Reading, said: Said) -> dict[str, Any]:
    """All that the form shows; what was said stays."""
    sources, offering = SOURCES.get(v.me.role, ()), places(v)
    stands = {name: next(iter(values), "") for name, values in said.items()}
    return {
        "sources": sources,
        "places": offering,
        "things": _things(v),
        "categories": grouped(categories(v)),
        "urgencies": tuple(Urgency),
        "said": stands,
        "told": any(source in TOLD for source in sources),
        "beyond": {option.value for option in offering if beyond(v, option.value)},
        "located": v.parts.editions.router(v.law.edition).areas.by_code,
        "key": stands.get("key") or v.key(),
        "case": stands.get("case") or v.key(),
    }


def places(v: Reading) -> tuple[Option, ...]:
    """The places that somebody may name: their own, and what lies in it; a grid's neighbours in its street too."""
    known, unit = v.law.places, v.me.unit
    if unit not in known.by_code:
        return ()
    found = sorted(code for code in known.by_code if known.path(code).holds(_around(v)))
    groups = {code: v.plain(known.path(code).street) if known.path(code).street else "" for code in found}
    return tuple(
        Option(code, v.plain(code), groups[code], usual=code == unit)
        for code in found
        if known.by_code[code].rung is not Rung.DISTRICT
    )


def complained_about(v: Reading) -> dict[str, tuple[str, ...]]:
    """The units that a complaint may be about, as a form offers them: departments, and the street offices."""
    streets = tuple(sorted(code for code, place in v.law.places.by_code.items() if place.rung is Rung.STREET))
    return {"departments": tuple(sorted(v.law.departments)), "places": streets}


def beyond(v: Reading, place: str) -> bool:
    """Whether a case there is with others: who logged it does not see it afterwards, and adds nothing to it."""
    return not sees_place(v.law, v.me, place)


def _around(v: Reading) -> str:
    """The street of whoever is signed in, or the district."""
    return v.law.places.path(v.me.unit).street or v.me.unit


def _things(v: Reading) -> list[Thing]:
    """Registered things around, those of the own place first."""
    known, unit = v.law.places, v.me.unit
    if unit not in known.by_code:
        return []
    here = _around(v)
    found = [thing for thing in v.law.things.values() if known.path(thing.place).holds(here)]
    return sorted(found, key=lambda thing: (thing.place != unit, thing.code))[:MOST_THINGS]


def named(v: Reading, said: Said) -> dict[str, Any]:
    """What was said, with the thing that is named by code or label: a case about it is where it stands."""
    wanted = first(said, "about").strip()
    if not wanted:
        return dict(said)
    thing = v.law.things.get(wanted.upper()) or next(
        (t for t in v.law.things.values() if wanted in (t.code, t.label)), None
    )
    place = {"place": [thing.place]} if thing else {}
    return {
        **said,
        **place,
        "about.code": [thing.code if thing else wanted],
        "about.label": [thing.label if thing else wanted],
    }


def like_it(v: Reading, said: Said) -> tuple[CaseLine, ...]:
    """Open cases like the one that is being logged, itself left out; none where the place is not known or beyond reach."""
    place = first(said, "place")
    if not sees_place(v.law, v.me, place):
        return ()
    path, about = v.law.places.path(place), first(said, "about.code")
    found = near(v.parts.boards.engine, reach_of(v.me), path, first(said, "category"), v.now, about)
    return tuple(line for line in found if str(line.case) != first(said, "case"))
