"""One edition of a city's data: all that deciding about a case may ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.actors import DEPARTMENTAL, Role
from domain.calendars import Calendar, around_the_clock
from domain.places import Names, Places
from domain.policy import Policy
from domain.states import Clock, Urgency
from domain.taxonomy import Taxonomy
from domain.worktime import Limit


@dataclass(frozen=True, slots=True)
class Department:
    """A unit of the district that can be assigned."""

    code: str
    names: Names


@dataclass(frozen=True, slots=True)
class Thing:
    """What a case can be about: a building, organisation or component; never a person, flat or household."""

    code: str
    kind: str  # building | organisation | component
    label: str
    place: str  # code of the place it stands in


@dataclass(frozen=True, slots=True)
class Grant:
    """What one member of staff may act as: a role within a scope, from/until (ISO dates, '' = open)."""

    staff: str  # pseudonym
    role: Role
    unit: str  # code of a place or department
    since: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class StandardReply:
    """Words that a resident is often answered with; whoever replies may change them."""

    category: str  # of it and what is below it; '*' whatever the category
    names: Names
    texts: Names


EVERY = "*"  # whatever the category


@dataclass(frozen=True, slots=True)
class Emergency:
    """Whom to call where somebody is in danger."""

    number: str
    names: Names


@dataclass(frozen=True, slots=True)
class Jurisdiction:
    """A district as its data describe it; a case pins the `edition` it was logged under."""

    code: str
    edition: str  # "<code>@<n>"
    names: Names
    calendar: Calendar
    policy: Policy
    places: Places
    taxonomy: Taxonomy
    departments: Mapping[str, Department]
    things: Mapping[str, Thing] = field(default_factory=dict)
    grants: tuple[Grant, ...] = ()
    replies: tuple[StandardReply, ...] = ()
    emergency: tuple[Emergency, ...] = ()

    def limits(self, category: str, clock: Clock, urgency: Urgency) -> tuple[Limit, ...]:
        """The limits of a clock for a category and urgency: the category's own, else the policy's."""
        return self.taxonomy.limit(category, clock, urgency) or self.policy.limit(clock, urgency)

    def calendar_for(self, urgency: Urgency) -> Calendar:
        """The working calendar; for emergencies every hour of every day counts."""
        return around_the_clock(self.calendar.zone) if urgency is Urgency.EMERGENCY else self.calendar

    def has_office(self, role: Role, unit: str) -> bool:
        """Whether a unit is one of those that a role acts for."""
        place = self.places.by_code.get(unit)
        return unit in self.departments if role in DEPARTMENTAL else place is not None and place.rung is role.rung

    def replies_for(self, category: str) -> tuple[StandardReply, ...]:
        """The standard replies of a category: its own, then its parent's and so on, then everybody's."""
        above = [category]
        while above[-1] in self.taxonomy.by_code:
            above.append(self.taxonomy.by_code[above[-1]].parent)
        order = [*above, EVERY]
        return tuple(sorted((r for r in self.replies if r.category in order), key=lambda r: order.index(r.category)))
