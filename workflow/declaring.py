"""docs/personal-data.md: what is kept of people, why, how long, and under which key; drawn from the declarations."""

from collections.abc import Iterator

from domain.declarations import DECLARED, SINCE
from domain.policy import RETENTION
from domain.privacy import Secrecy
from workflow.drawing import table
from workflow.words import PRIVATE_FIELDS, PURPOSES, SECRECIES, SINCES, said

HEAD = (
    "# What is kept of people\n\n"
    "Generated from `domain/declarations.py` by `whistle flow --write`; a test fails when it is stale, and another when a private "
    "field is declared nowhere. Nothing else that is private is kept: there is no register of persons, and no report is ever linked to another."
)
CLASSES = (
    "## How long\n\n"
    "These are the spans where a city says nothing else; `[retention]` in its `policy.toml` does. A case keeps those it was logged under. "
    "What ends on a day is erased at the beginning of the next, by `serve` and `work`; `whistle retention --dry-run` says what that would be, "
    "and `whistle retention` does it by hand."
)
ERASED = (
    "## When it is erased\n\n"
    "An erasure is an event of the case, and comes first; then the case's keys of those classes are destroyed, the sealed pictures deleted, "
    "and the bytes of the keys written over. `whistle certificate NUMBER` says what was erased, when, why, what lies beyond reach and until when. "
    "Whoever holds the receipt has their contact erased whenever they like, on the page of their report, where they also see and take out everything that is kept of it."
)


def personal_data_page() -> str:
    """The whole page."""
    kept = table(("of", "field", "what it is", "class", "kept for", "key"), _fields())
    spans = table(("class", "kept", "counted from"), _spans())
    return "\n\n".join((HEAD, "## What, and why\n\n" + kept, CLASSES, spans, ERASED)) + "\n"


def _fields() -> Iterator[tuple[str, ...]]:
    for one in DECLARED:
        words = (
            said(PRIVATE_FIELDS, one.field, "en"),
            said(SECRECIES, one.secrecy, "en"),
            said(PURPOSES, one.purpose, "en"),
        )
        yield f"`{one.of}`", f"`{one.field}`", *words, f"the case's, of class `{one.secrecy}`"


def _spans() -> Iterator[tuple[str, ...]]:
    for secrecy in Secrecy:
        yield said(SECRECIES, secrecy, "en"), str(RETENTION[secrecy]), said(SINCES, SINCE[secrecy], "en")
