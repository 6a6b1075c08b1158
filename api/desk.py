"""The desk: a command comes in with its key and the version that was seen; the answer is the case after it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from threading import Lock
from typing import Annotated, Any, TypeVar, cast
from uuid import UUID, uuid4

from anyio.to_thread import run_sync
from fastapi import Depends, Header, Request

from adapters.boards import NotCaughtUpError, register
from adapters.sealing import NotYetGone, receipt_hash, receipt_of
from adapters.security import Kind
from adapters.store.errors import Busy, CommitUnknown, Unavailable
from adapters.store.known import known
from api.answers import ActionOut, CaseOut, case_out, warnings_of
from api.metrics import counted
from api.noting import noted
from api.problems import Trouble, language_of
from api.resources import href
from api.security import Caller, Parts, in_sight
from api.whole import Whole
from domain import commands as c
from domain.actors import Actor, Role
from domain.case import Case, replay
from domain.commands import Command
from workflow import words as w
from workflow.ask import Refused
from workflow.casework import ContendedError, NoSuchCaseError, Order, StaleError
from workflow.keyed import Keyed, KeyKnown

T = TypeVar("T")
_running: set[tuple[str, str]] = set()
_guard = Lock()


@contextmanager
def _alone(key: str, staff: str) -> Iterator[None]:
    """One at a time for each key of somebody. Raises Trouble."""
    with _guard:
        if (key, staff) in _running:
            raise Trouble("still_running")
        _running.add((key, staff))
    try:
        yield
    finally:
        with _guard:
            _running.discard((key, staff))


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: the case, the status, and where it is."""

    status: int
    case: CaseOut

    @property
    def headers(self) -> dict[str, str]:
        """The version as an ETag, and the address of what was made."""
        return {"ETag": f'"{self.case.version}"', "Location": f"/api/v1/cases/{self.case.case}"}

    def warning_of(self, command: Command) -> "Reply":
        """The same, with what in the command's words may tell who somebody is."""
        found = warnings_of(command)
        return replace(self, case=self.case.model_copy(update={"warnings": found})) if found else self


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything about one incoming command."""

    whole: Whole
    actor: Actor
    language: str
    key: str
    seen: int | None
    fingerprints: tuple[bytes, ...]  # of what was sent: by the master key, then by earlier ones

    async def in_turn(self, act: Callable[[], T]) -> T:
        """In a thread for commands. Raises Busy at once where too many are waiting."""
        share = self.whole.residents if self.actor.role is Role.RESIDENT else self.whole.commanding
        if share.available_tokens < 1:
            raise Busy("too many are waiting to write")
        return await run_sync(act, limiter=share)

    def log(self, command: c.LogCase | c.CarryOver, case: UUID | None = None) -> Reply:
        """A new case, under an id of the caller's where one is given. Raises ContendedError where that is taken."""
        reply = self._once(command, lambda: self._begun(self._free(case) if case else uuid4(), command))
        return reply.warning_of(command)

    def handle(self, case: UUID, build: Callable[[Case], Command], status: int = 201) -> Reply:
        """A command on a case within reach."""
        command = build(self.look(case))
        reply = self._once(command, lambda: self._handled(case, command, status))
        if isinstance(command, c.GrantErasure | c.EraseContact):
            noted(self.whole, Kind.ERASED, self.actor, case=str(case))
            self._forget()  # also when it was told before: whoever told it may have died before the keys did
        return reply.warning_of(command)

    def foresee(self, case: UUID, build: Callable[[Case], Command]) -> CaseOut:
        """What a command would lead to; nothing is written."""
        before = self.look(case)
        command = build(before)
        order = Order(command=command, actor=self.actor, now=self.whole.now(), id=uuid4(), seen=self.seen)
        foreseen = self.shown(self.whole.casework.foresee(case, order).case, position=0)
        return Reply(200, foreseen).warning_of(command).case

    def look(self, case: UUID) -> Case:
        """A case within reach. Raises Trouble where it is not."""
        try:
            found = self.whole.casework.case(case)
        except NoSuchCaseError:
            raise Trouble("no_such_case") from None
        if not in_sight(self.whole, found, self.actor):
            raise Trouble("no_such_case")
        return found

    def shown(self, case: Case, *, position: int, receipt: str = "") -> CaseOut:
        """The case as this caller sees it."""
        number = register.number(self.whole.boards.engine, case.id)
        actions = actions_of(self.whole, case, self.actor, self.language)
        return case_out(case, number=number, position=position, actions=actions, receipt=receipt)

    # --- once for each key

    def _once(self, command: Command, act: Callable[[], Reply]) -> Reply:
        with _alone(self.key, self.actor.staff), counted(command):
            try:
                return act()
            except (KeyKnown, Refused, StaleError, ContendedError):
                told = self._told_before()  # what stands in the way may be this very command, given before
                if told is None:
                    raise
                return told

    def _told_before(self) -> Reply | None:
        before = known(self.whole.log.engine, self.key, self.actor.staff)
        return self._again(*before) if before else None

    def _again(self, stored: Keyed, position: int) -> Reply:
        """The answer that was given the first time: the case as it stood after that command.

        Whoever acts on a case must still reach it (`handle` looked); to log one needs no reach.
        """
        if stored.fingerprint and stored.fingerprint not in self.fingerprints:  # none: what was sent was erased since
            raise Trouble("key_of_another")
        said = json.loads(stored.answer)
        file = self.whole.casework.file(UUID(said["case"]))
        case = cast("Case", replay(entry for entry in file if entry.position <= position))
        return Reply(said["status"], self._told(case, position, self._receipt(case, said)))

    def _free(self, case: UUID) -> UUID:
        """An id that no case has: asked before anything is sealed for it. Raises ContendedError."""
        try:
            self.whole.casework.file(case)
        except NoSuchCaseError:
            return case
        raise ContendedError(case)

    def _receipt(self, case: Case, said: dict[str, Any]) -> str:
        if not said.get("receipt"):
            return ""
        return receipt_of(self.whole.master.giver(case.id, case.receipt), case.id)

    def _begun(self, case: UUID, command: c.LogCase | c.CarryOver) -> Reply:
        receipt = ""
        if isinstance(command, c.LogCase) and command.reporter is not None:
            receipt = receipt_of(self.whole.master, case)
            command = replace(command, receipt=receipt_hash(receipt))
        done = self.whole.casework.open_case(case, self._order(command, case, 201, receipt=bool(receipt)))
        return Reply(201, self._told(done.case, done.position, receipt))

    def _handled(self, case: UUID, command: Command, status: int) -> Reply:
        done = self.whole.casework.handle(case, self._order(command, case, status))
        told = None if done.entries else self._told_before()
        return told or Reply(status, self._told(done.case, done.position))

    def _forget(self) -> None:
        try:
            self.whole.erasing.carry_out(self.whole.now())
        except (Busy, Unavailable, CommitUnknown, NotYetGone):
            raise Trouble("not_yet_gone") from None

    def _told(self, case: Case, position: int, receipt: str = "") -> CaseOut:
        """The answer to what is written. Raises CommitUnknown where it cannot be made: not that nothing was written."""
        try:
            self._numbered(case, position)
            return self.shown(case, position=position, receipt=receipt)
        except (Busy, Unavailable) as error:
            raise CommitUnknown(str(error)) from error

    def _numbered(self, case: Case, position: int) -> None:
        """The boards look at once; who logged a case waits for its number, and goes without where it does not come."""
        self.whole.boards.nudge()
        if case.version == 1:
            with suppress(NotCaughtUpError):
                self.whole.boards.wait_for(position)

    def _order(self, command: Command, case: UUID, status: int, *, receipt: bool = False) -> Order:
        answer = json.dumps({"status": status, "case": str(case), "receipt": receipt}).encode()
        keyed = Keyed(self.key, self.actor.staff, self.fingerprints[0], answer)
        return Order(
            command=command, actor=self.actor, now=self.whole.now(), id=UUID(self.key), seen=self.seen, keyed=keyed
        )


def caught_up(whole: Whole, position: int) -> None:
    """Until the boards have a position of the log. Raises Trouble where the log has not come to it, NotCaughtUpError."""
    if position > whole.boards.head():
        raise Trouble("no_such_position")
    whole.boards.wait_for(position)


def actions_of(whole: Whole, case: Case, actor: Actor, language: str) -> list[ActionOut]:
    """What a caller may do now, and where."""
    found = []
    for probe in whole.casework.open_to(case, actor, whole.now()):
        link = href(probe, case, actor.unit)
        if link:
            words = w.said(w.COMMANDS, probe.of.__name__, language)
            found.append(ActionOut(command=probe.of.__name__, words=words, method="POST", href=link))
    return found


async def desk_of(
    request: Request,
    whole: Parts,
    actor: Caller,
    idempotency_key: Annotated[
        UUID | None, Header(description="A fresh UUID for each command; repeat it to try again.")
    ] = None,
    if_match: Annotated[str | None, Header(description="The version (ETag) that was seen.")] = None,
) -> Desk:
    """The desk for a command on a case. Raises Trouble where it is no JSON, or key or version is missing."""
    if not _is_json(request.headers.get("content-type", "")):
        raise Trouble("not_json")
    if idempotency_key is None:
        raise Trouble("key_missing")
    seen = _version(if_match) if "{case}" in request.scope["route"].path else None
    key, body = str(idempotency_key), await request.body()
    said = f"{request.method} {request.url.path}?{request.url.query}\n".encode() + body
    return Desk(whole, actor, language_of(request), key, seen, whole.master.fingerprints(actor.staff, key, said))


def _is_json(content_type: str) -> bool:
    media = content_type.split(";", maxsplit=1)[0].strip().lower()
    return media == "application/json" or (media.startswith("application/") and media.endswith("+json"))


def _version(if_match: str | None) -> int:
    if if_match is None:
        raise Trouble("version_missing")
    text = if_match.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 - more changes than a case ever has
        raise Trouble("bad_version")
    return int(text)


AtDesk = Annotated[Desk, Depends(desk_of)]
