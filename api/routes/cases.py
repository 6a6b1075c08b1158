"""Cases: log one, look at one, and give every command as a noun resource."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel

from adapters.boards import register
from api.answers import CaseOut, EntryOut, ExplainedOut, case_out, entry_out
from api.deadlines import explained_out
from api.desk import AtDesk, Desk, Reply
from api.forms import Code, LogCaseForm, Moment, command_of, form_of
from api.lists import CaseLineOut, CasePageOut, Wanted
from api.moments import AsOf, asked, not_ahead, until
from api.problems import Trouble, documented, language_of
from api.rates import in_measure, of_staff
from api.resources import RESOURCES, Resource
from api.security import Caller, Parts, in_sight, reach_of, within_reach
from api.whole import Whole
from domain import commands as c
from domain.actors import Actor
from domain.case import Case, replay
from domain.commands import Command
from domain.entries import Entry
from workflow.casework import NoSuchCaseError
from workflow.ledger import said_of
from workflow.telling import told

router = APIRouter(prefix="/api/v1")
BEFORE = documented(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 503)
LOOKING = documented(401, 404, 422, 503)
CarryOverForm = form_of(c.CarryOver)
UnitCode = Annotated[Code, Path()]
Count = Annotated[int, Path(ge=1, le=10_000)]


async def _language(
    request: Request,
    lang: Annotated[Literal["zh", "en"] | None, Query(description="Otherwise as Accept-Language says, else zh")] = None,
) -> str:
    return lang or language_of(request)


Language = Annotated[str, Depends(_language)]


OF_A_CASE: dict[str, Any] = {
    "ETag": {"description": "The version, for If-Match", "schema": {"type": "string"}},
    "Location": {"description": "Where the case is", "schema": {"type": "string"}},
}
DONE: dict[int | str, dict[str, Any]] = {201: {"description": "Done: the case after it", "headers": OF_A_CASE}}
LOGGING = {**DONE, **documented(400, 401, 403, 409, 413, 415, 422, 503)}


def replied(reply: Reply, response: Response) -> CaseOut:
    """The case, with status, ETag and Location."""
    response.status_code = reply.status
    response.headers.update(reply.headers)
    return reply.case


@router.post(
    "/cases",
    status_code=201,
    responses=LOGGING,
    tags=["cases"],
)
async def log_case(form: LogCaseForm, desk: AtDesk, response: Response) -> CaseOut:  # type: ignore[valid-type]  # made at run time
    """Log a case. Words and contact are sealed at once; the answer's receipt is the reporter's way back to the case."""
    command = command_of(c.LogCase, form)
    return replied(await desk.in_turn(lambda: desk.log(command)), response)


@router.post(
    "/carried-over-cases",
    status_code=201,
    responses=LOGGING,
    tags=["cases"],
)
async def carry_over(form: CarryOverForm, desk: AtDesk, response: Response) -> CaseOut:  # type: ignore[valid-type]  # made at run time
    """Bring a case over from another system: what it proves, everything else unknown."""
    command = command_of(c.CarryOver, form)
    return replied(await desk.in_turn(lambda: desk.log(command)), response)


@router.get("/cases", responses=documented(401, 422, 429, 503), tags=["cases"])
def list_cases(whole: Parts, actor: Caller, wanted: Annotated[Wanted, Query()]) -> CasePageOut:
    """Cases within reach, newest first; any filter; `next` leads to the next page."""
    if wanted.words:
        in_measure(whole, "search", of_staff(actor))
    then, reach = asked(whole, wanted.as_of, wanted.after), reach_of(actor)
    found = register.page(then.engine, reach, wanted.filters(), then.at, before=wanted.before, limit=wanted.limit)
    return CasePageOut(cases=[CaseLineOut.of(line) for line in found.cases], next=found.next)


@router.get("/cases/{case}", responses=LOOKING, tags=["cases"])
def look(case: UUID, whole: Parts, actor: Caller, response: Response, lang: Language, as_of: AsOf = None) -> CaseOut:
    """A case as it stands, and what the caller may do now; as it stood, nobody can do anything with it."""
    file, found = reached(whole, actor, case, as_of)
    if as_of is not None:
        number = register.number(whole.boards.engine, found.id)
        return case_out(found, number=number, position=file[-1].position, actions=[])
    response.headers["ETag"] = f'"{found.version}"'
    desk = Desk(whole, actor, lang, "", None, ())
    return desk.shown(found, position=file[-1].position)


@router.get("/cases/{case}/history", responses=LOOKING, tags=["cases"])
def history(case: UUID, whole: Parts, actor: Caller, lang: Language, as_of: AsOf = None) -> list[EntryOut]:
    """Every entry of the case, in order; what is under seal stays so."""
    file, found = reached(whole, actor, case, as_of)
    law = whole.casework.law_of(found)
    return [entry_out(entry, said_of(entry), told(entry, law, lang)) for entry in file]


@router.get("/cases/{case}/deadlines", responses=LOOKING, tags=["cases"])
def deadlines(case: UUID, whole: Parts, actor: Caller, as_of: AsOf = None) -> list[ExplainedOut]:
    """Every deadline that was ever set, day by day, with what changed it."""
    file, found = reached(whole, actor, case, as_of)
    return list(explained_out(file, whole.casework.law_of(found)))


def reached(whole: Whole, actor: Actor, case: UUID, as_of: Moment | None = None) -> tuple[tuple[Entry, ...], Case]:
    """A case file within reach, up to a moment where one is said: it must lie within reach now, and have then. Raises Trouble."""
    try:
        file = whole.casework.file(case)
    except NoSuchCaseError:
        raise Trouble("no_such_case") from None
    found = replay(file)
    if found is None or not in_sight(whole, found, actor):
        raise Trouble("no_such_case")
    return (file, found) if as_of is None else _as_of(file, actor, not_ahead(whole, as_of))


def _as_of(file: tuple[Entry, ...], actor: Actor, as_of: Moment) -> tuple[tuple[Entry, ...], Case]:
    then = until(file, as_of)
    found = replay(then)
    if found is None or not within_reach(found, actor):
        raise Trouble("no_case_then")
    return then, found


def _given(resource: Resource, desk: Desk, unit: str, number: int) -> dict[str, Any]:
    if resource.own_unit and unit != desk.actor.unit:
        raise Trouble("another_s_part", unit=unit)
    return {"unit": unit, "number": number}


def _offer(resource: Resource) -> None:
    """One route out of one row."""

    async def act(
        desk: Desk, case: UUID, form: BaseModel, response: Response, unit: str, number: int, *, preview: bool
    ) -> CaseOut:
        given = _given(resource, desk, unit, number)

        def build(found: Case) -> Command:
            return resource.build(form, given, found)

        if preview:
            response.status_code = 200
            return await desk.in_turn(lambda: desk.foresee(case, build))
        return replied(await desk.in_turn(lambda: desk.handle(case, build)), response)

    endpoint = _endpoint(resource, act)
    endpoint.__doc__ = resource.summary
    endpoint.__name__ = resource.path.replace("/", "_").replace("{", "").replace("}", "").replace("-", "_")
    extra: dict[int | str, dict[str, Any]] = (
        {200: {"description": "What would follow; nothing was written", "model": CaseOut}} if resource.preview else {}
    )
    tag = resource.path.split("/", maxsplit=1)[0]
    router.add_api_route(
        f"/cases/{{case}}/{resource.path}",
        endpoint,
        methods=["POST"],
        status_code=201,
        response_model=CaseOut,
        responses={**DONE, **BEFORE, **extra},
        tags=[tag],
        summary=" / ".join(command.__name__ for command in resource.commands),
    )


def _endpoint(resource: Resource, act: Callable[..., Awaitable[CaseOut]]) -> Callable[..., Awaitable[CaseOut]]:
    form_type: Any = resource.form

    async def of_case(case: UUID, form: form_type, desk: AtDesk, response: Response) -> CaseOut:
        return await act(desk, case, form, response, "", 0, preview=False)

    async def of_case_or_preview(
        case: UUID, form: form_type, desk: AtDesk, response: Response, *, preview: bool = False
    ) -> CaseOut:
        return await act(desk, case, form, response, "", 0, preview=preview)

    async def of_unit(case: UUID, unit: UnitCode, form: form_type, desk: AtDesk, response: Response) -> CaseOut:
        return await act(desk, case, form, response, unit, 0, preview=False)

    async def of_number(case: UUID, number: Count, form: form_type, desk: AtDesk, response: Response) -> CaseOut:
        return await act(desk, case, form, response, "", number, preview=False)

    async def of_number_or_preview(
        case: UUID, number: Count, form: form_type, desk: AtDesk, response: Response, *, preview: bool = False
    ) -> CaseOut:
        return await act(desk, case, form, response, "", number, preview=preview)

    if "{unit}" in resource.path:
        return of_unit
    if "{number}" in resource.path:
        return of_number_or_preview if resource.preview else of_number
    return of_case_or_preview if resource.preview else of_case


for _resource in RESOURCES:
    _offer(_resource)
