"""The messages' page: what waits, what arrived, what nobody took; a dead letter is sent again; and what each kind says."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.boards import register
from adapters.outbox import STATES, Shown, listed, replay, standing
from api.days import midnight
from api.pages.reading import Reader, Reading
from api.pages.routing import NoPageError, page_router
from api.previewing import previewed
from api.security import sees_messages, within_reach
from domain.permissions import Permission, may
from workflow.messages import Kind
from workflow.saying import TITLES, Text
from workflow.words import said

messages_pages = page_router()
Words = Annotated[str, Query(max_length=60)]


@dataclass(frozen=True, slots=True)
class Sample:
    """What one kind says, in both languages."""

    kind: Kind
    zh: Text
    en: Text

    @property
    def reporters(self) -> bool:
        """Whether reporters are told by it, and not units."""
        return self.kind.startswith("reporter")


def _looking(v: Reading) -> Reading:
    """Whoever may look. Raises NotSignedInError, NoPageError."""
    if not sees_messages(v.law, v.me):
        raise NoPageError
    return v


@messages_pages.get("/messages")
def messages(v: Reader, state: Words = "", done: Words = "") -> HTMLResponse:
    """All of them, or those of one state."""
    outbox = _looking(v).parts.outbox
    shown = listed(outbox, state if state in STATES else "")
    return v.page(
        "messages",
        state=state if state in STATES else "",
        states=STATES,
        replayed=done if done in ("replayed", "not_dead") else "",
        standing=standing(outbox, midnight(v.now, v.law.calendar.tz)),
        shown=shown,
        numbers=register.numbers(v.parts.boards.engine, {one.case for one in shown}),
        no_channels=not outbox.channels.ways,
        opens_cases=may(v.me, Permission.SEE_CASES),
        title=lambda one: said(TITLES, one.kind, v.language),  # type: ignore[arg-type]  # its keys are texts
        why=lambda one: _why(v, one),
    )


@messages_pages.post("/messages/{message}/replays")
def again(v: Reader, message: UUID, state: Annotated[str, Form(max_length=60)] = "") -> Response:
    """A dead letter is sent again; one that is none is said to be none."""
    fine = replay(_looking(v).parts.outbox, message, v.now)
    return RedirectResponse(v.url("messages", state=state, done="replayed" if fine else "not_dead"), 303)


@messages_pages.get("/messages/preview")
def preview(v: Reader, case: Words = "") -> HTMLResponse:
    """What each kind says: of a case within reach, or of one that never was."""
    wanted, v = case.strip(), _looking(v)
    found = _case(v, wanted) if wanted else None
    samples = () if wanted and found is None else tuple(_samples(v, found))
    return v.page("messages_preview", case=wanted, samples=samples)


def _case(v: Reading, number: str) -> UUID | None:
    found = register.case_of(v.parts.boards.engine, number)
    return found if found and within_reach(v.parts.casework.case(found), v.me) else None


def _samples(v: Reading, case: UUID | None) -> Iterator[Sample]:
    for kind in Kind:
        both = zip(*(previewed(v.parts, kind, language, case) for language in ("zh", "en")), strict=True)
        yield from (Sample(kind, zh, en) for zh, en in dict.fromkeys(both))


def _why(v: Reading, one: Shown) -> str:
    """Why it did not arrive; '' where it did, or was not tried yet."""
    kind, _, code = one.reason.partition("http_")
    return v.t("messages_why_http", code=code) if code else v.t(f"messages_why_{kind}") if kind else ""
