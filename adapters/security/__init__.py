"""The security log: who came in, who was refused, what was taken out; apart from the cases' log, and kept for half a year."""

from adapters.security.keeping import KEPT, SecurityLog
from adapters.security.kinds import DETAILS, Kind, NotADetailError
from adapters.security.looking import LONGEST, Noted, faults, listed
from adapters.security.tables import SECURITY

__all__ = [
    "DETAILS",
    "KEPT",
    "LONGEST",
    "SECURITY",
    "Kind",
    "NotADetailError",
    "Noted",
    "SecurityLog",
    "faults",
    "listed",
]
