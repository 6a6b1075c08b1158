"""The words a case is described with: phases, states, levels, natures, sources, kinds and clocks."""

from enum import StrEnum


class Phase(StrEnum):
    """The four words everybody knows, and the two ways to end otherwise (domain: public face)."""

    LOGGED = "logged"
    ESCALATED = "escalated"
    ASSIGNED = "assigned"
    RESOLVED = "resolved"
    CANCELLED = "cancelled"
    MERGED = "merged"


class State(StrEnum):
    """Where a case stands, exactly."""

    LOGGED = "logged"
    HANDLING = "handling"
    ESCALATED = "escalated"
    DISPUTED = "disputed"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    SUSPENDED = "suspended"
    RESOLVED = "resolved"
    VERIFIED = "verified"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    MERGED = "merged"

    @property
    def phase(self) -> Phase:
        """The public word this state belongs to."""
        return PHASES[self]

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something."""
        return self not in ENDED


PHASES = {
    State.LOGGED: Phase.LOGGED,
    State.HANDLING: Phase.LOGGED,
    State.ESCALATED: Phase.ESCALATED,
    State.DISPUTED: Phase.ESCALATED,
    State.ASSIGNED: Phase.ASSIGNED,
    State.IN_PROGRESS: Phase.ASSIGNED,
    State.SUSPENDED: Phase.ASSIGNED,
    State.RESOLVED: Phase.RESOLVED,
    State.VERIFIED: Phase.RESOLVED,
    State.CLOSED: Phase.RESOLVED,
    State.CANCELLED: Phase.CANCELLED,
    State.MERGED: Phase.MERGED,
}
ENDED = frozenset({State.CLOSED, State.CANCELLED, State.MERGED})
OPEN = frozenset(State) - ENDED


class Level(StrEnum):
    """Which rung holds a case that no department holds."""

    GRID = "grid"
    COMMUNITY = "community"
    STREET = "street"


class Nature(StrEnum):
    """What kind of thing was brought in."""

    INCIDENT = "incident"
    NEED = "need"
    CONSULTATION = "consultation"
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"
    PRAISE = "praise"


class Source(StrEnum):
    """How it came in."""

    PATROL = "patrol"
    HOME_VISIT = "home_visit"
    HOTLINE = "hotline"
    COUNTER = "counter"
    WEB = "web"
    PARTNER = "partner"


class Urgency(StrEnum):
    """Which column of the limits applies: emergency clocks run around the clock, every day."""

    ROUTINE = "routine"
    TOUGH = "tough"
    EMERGENCY = "emergency"


class WhistleKind(StrEnum):
    """Why the street calls the departments."""

    RESIDENT_NEED = "resident_need"
    KEY_WORK = "key_work"
    JOINT_ENFORCEMENT = "joint_enforcement"
    EMERGENCY = "emergency"


class Grade(StrEnum):
    """How hard the whistle is to answer; a tough one needs two people to blow it."""

    ROUTINE = "routine"
    TOUGH = "tough"


class WhistleState(StrEnum):
    """The life of one whistle."""

    BLOWN = "blown"
    ASSIGNED = "assigned"
    COMPLETED = "completed"
    RATED = "rated"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Part(StrEnum):
    """What a unit is in a case: one lead 主办, any number of supports 协办."""

    LEAD = "lead"
    SUPPORT = "support"


class AssignmentState(StrEnum):
    """The life of one unit's assignment."""

    PENDING = "pending"
    ACKNOWLEDGED = "acknowledged"
    REPORTED_IN = "reported_in"
    DONE = "done"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class RequestKind(StrEnum):
    """What a unit may ask for inside a case."""

    WHISTLE = "whistle"
    RETURN = "return"
    EXTENSION = "extension"
    SUSPENSION = "suspension"
    ERASURE = "erasure"
    LIFTING = "lifting"
    EXCLUSION = "exclusion"


class RequestState(StrEnum):
    """The life of one request."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Clock(StrEnum):
    """What is being waited for. SIGN, REPORT_IN and RESOLVE run per assignment."""

    RESIDENT = "resident"
    TRIAGE = "triage"
    DISPATCH = "dispatch"
    SIGN = "sign"
    REPORT_IN = "report_in"
    RESOLVE = "resolve"
    ARBITRATE = "arbitrate"
    VERIFY = "verify"
    CALL_BACK = "call_back"
    SUPERVISION = "supervision"


PER_ASSIGNMENT = frozenset({Clock.SIGN, Clock.REPORT_IN, Clock.RESOLVE})


class Outcome(StrEnum):
    """How a closed case ended for the reporter."""

    SOLVED = "solved"
    PARTLY = "partly"
    EXPLAINED = "explained"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"  # carried over only


class Satisfied(StrEnum):
    """What the reporter said when called back."""

    YES = "yes"
    MOSTLY = "mostly"
    NO = "no"
