"""What is noted: a closed list of kinds, and of details; never words that a caller wrote, never a secret."""

import json
import re
from collections.abc import Mapping
from enum import StrEnum


class Kind(StrEnum):
    """What happened."""

    CAME_IN = "came_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    SESSION_REFUSED = "session_refused"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a name
    RECEIPT_REFUSED = "receipt_refused"
    OUT_OF_REACH = "out_of_reach"
    FORBIDDEN = "forbidden"
    FROM_ELSEWHERE = "from_elsewhere"
    WRONG_HOST = "wrong_host"
    TOO_OFTEN = "too_often"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    TOKEN_MADE = "token_made"  # noqa: S105 - a name
    TOKEN_ENDED = "token_ended"  # noqa: S105 - a name
    ACCOUNT_CHANGED = "account_changed"
    GRANT_CHANGED = "grant_changed"
    EXPORTED = "exported"
    EXPORT_HELD = "export_held"
    EXPORT_DECIDED = "export_decided"
    ERASED = "erased"
    RAN = "ran"
    NOT_KEPT = "not_kept"


# What anybody at all can cause: of these there is a limit to the rows of an hour.
BY_ANYBODY = frozenset(
    {
        Kind.SIGN_IN_REFUSED, Kind.SESSION_REFUSED, Kind.TOKEN_REFUSED, Kind.RECEIPT_REFUSED, Kind.FORBIDDEN, Kind.FROM_ELSEWHERE,
        Kind.WRONG_HOST, Kind.TOO_OFTEN, Kind.TOO_LARGE, Kind.TOO_SLOW,
    }
)  # fmt: skip
DETAILS = ("way", "door", "code", "command", "form", "list", "rows", "case")
FINE = re.compile(r"[A-Za-z0-9_.:-]{1,60}")


class NotADetailError(ValueError):
    """A detail that is none of the list, or words instead of a code."""


def written(details: Mapping[str, str]) -> str:
    """The details as they are kept. Raises NotADetailError; says which, never what it was."""
    for name, value in details.items():
        if name not in DETAILS or not FINE.fullmatch(value):
            raise NotADetailError(f"{name} is no detail of the security log, or not a code")
    return json.dumps(dict(details), sort_keys=True) if details else ""
