"""What a city may change about the life of a case: data, versioned, pinned by a case when it is logged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from domain.actors import Role
from domain.places import Names
from domain.privacy import Secrecy
from domain.states import Clock, Level, Source, Urgency
from domain.taxonomy import Limits
from domain.worktime import Limit, Unit


class Step(StrEnum):
    """The steps a city may leave out (`off` in the policy)."""

    REPORT_IN = "report_in"
    VERIFICATION = "verification"
    CALL_BACK = "call_back"
    WHISTLE_APPROVAL = "whistle_approval"
    RATING = "rating"


class Window(StrEnum):
    """Spans within which a thing may be done, or after which it is done without."""

    RETURN = "return"  # asked within this span from dispatch
    CONTEST = "contest"  # a report-in contested within this span from it
    RATE = "rate"  # a rating given within this span from the result
    REOPEN = "reopen"  # reopened within this span from closing
    EXCLUDE = "exclude"  # an exclusion asked within this span from the result or the miss
    DECIDE = "decide"  # a request decided within this span from asking


class Reaction(StrEnum):
    """What the system does by itself; a city may leave it to people (`by_hand` in the policy)."""

    SUPERVISE_MISSED = "supervise_missed"  # a department's or the district's deadline; so many of a street's
    SUPERVISE_REWORK = "supervise_rework"  # at the maximum
    SUPERVISE_REOPENED = "supervise_reopened"  # the second time
    SUPERVISE_UNSATISFIED = "supervise_unsatisfied"  # a reporter said so
    REFER_UP = "refer_up"  # after so many misses below the street


class Door(StrEnum):
    """What is open to everybody, without an account; a city opens each (`doors` in the policy)."""

    REPORT = "report"
    RECEIPT = "receipt"  # whoever reported follows the case, and speaks, by it
    FIGURES = "figures"


class Ground(StrEnum):
    """Where a reason comes from a list, which list."""

    SUSPENSION = "suspension"
    CANCELLATION = "cancellation"
    EXCLUSION = "exclusion"


# How long what is private is kept, where a city says nothing else; from what it is counted stands in declarations.py.
RETENTION: Mapping[Secrecy, Limit] = {
    Secrecy.CONTACT: Limit(180, Unit.DAYS),
    Secrecy.NARRATIVE: Limit(2 * 365, Unit.DAYS),
    Secrecy.PHOTOS: Limit(365, Unit.DAYS),
}
A_MONTH, THREE_MONTHS = Limit(30, Unit.DAYS), Limit(90, Unit.DAYS)


@dataclass(frozen=True, slots=True)
class Maxima:
    """How often and how far; a city's numbers."""

    extensions: int = 2  # granted extensions per case
    extension: Limit = A_MONTH  # one extension, at most
    suspension: Limit = THREE_MONTHS  # until the review date, at most
    rework: int = 3  # afterwards the case is supervised, never stuck
    callback_attempts: int = 3
    misses: int = 2  # while one level holds the case: then it is referred up, or the street is supervised


@dataclass(frozen=True, slots=True)
class Assessment:
    """How a city scores: when its months begin, and what the answers of a call-back weigh."""

    month_starts: int = 1  # day of the month; a month is named by the one in which it ends
    response: float = 0.1
    resolution: float = 0.5
    satisfaction: float = 0.4
    mostly: float = 0.9  # what "mostly satisfied" counts as satisfied


@dataclass(frozen=True, slots=True)
class Exports:
    """How much one person takes out alone, and how long a release by another is good for."""

    rows: int = 1_000  # of one list
    days: int = 7


@dataclass(frozen=True, slots=True)
class Policy:
    """The choices of one city, one version."""

    code: str
    version: str
    off: frozenset[Step] = frozenset()
    who: Mapping[str, frozenset[Role]] = field(default_factory=dict)  # command name -> roles, where the city differs
    limits: Limits = field(default_factory=dict)
    windows: Mapping[Window, Limit] = field(default_factory=dict)
    reasons: Mapping[Ground, Mapping[str, Names]] = field(
        default_factory=dict
    )  # code -> names, in the order to offer them
    maxima: Maxima = Maxima()
    level_at_log: Mapping[Source, Level] = field(default_factory=dict)
    by_hand: frozenset[Reaction] = frozenset()
    doors: frozenset[Door] = frozenset()
    near_share: float = 0.8  # of a limit used up: yellow
    assessment: Assessment = Assessment()
    retention: Mapping[Secrecy, Limit] = field(default_factory=lambda: RETENTION)
    exports: Exports = Exports()

    @property
    def attempts(self) -> int:
        """How often a reporter is called at most; never where the city leaves calling back out."""
        return 0 if Step.CALL_BACK in self.off else self.maxima.callback_attempts

    def limit(self, clock: Clock, urgency: Urgency) -> tuple[Limit, ...]:
        """The limits of a clock for an urgency; those of routine cases where none is given."""
        return self.limits.get((clock, urgency)) or self.limits[clock, Urgency.ROUTINE]
