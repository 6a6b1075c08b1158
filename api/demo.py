"""The demo: an invented month in a store of its own, tokens for every role, and lines to try at once."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import uuid4

from rich.progress import Progress

from adapters.jurisdictions import Editions, NoSuchEditionError, shipped
from adapters.store.engine import engine_at
from adapters.store.writer import Writer
from adapters.tokens import DEMO
from api.demo_habits import Scene
from api.demo_month import CASES, month
from api.settings import Settings
from api.whole import Whole, compose
from domain.actors import Actor, Role
from domain.jurisdiction import Jurisdiction
from domain.places import Rung

Made = dict[str, str]  # who -> token
LONG_BEFORE = timedelta(days=60)  # before the invented month began
STEPS_A_CASE = 11  # about; for the progress bar


class NotADemoError(ValueError):
    """A store that holds something else: the demo keeps its hands off it."""


def make(settings: Settings, jurisdiction: str, now: datetime, progress: Progress, count: int = CASES) -> Made:
    """Fill an empty store; one that is a demo already only gets fresh tokens. Raises NotADemoError."""
    fresh = _loaded(settings, jurisdiction, now)
    whole = compose(settings)
    try:
        if not fresh and not whole.tokens.is_demo():
            msg = f"{settings.log.split('@')[-1]} holds cases that are no demo; give the demo a store of its own"
            raise NotADemoError(msg)
        enrol(whole, now - LONG_BEFORE if fresh else now)
        made = _tokens(whole, now)
        if fresh:
            task = progress.add_task("an invented month", total=count * STEPS_A_CASE)
            for _ in month(whole.casework, whole.law, now - timedelta(minutes=1), count):
                progress.advance(task)
    finally:
        whole.close()
    return made


def _loaded(settings: Settings, jurisdiction: str, now: datetime) -> bool:
    """Load the jurisdiction into a store that has none; whether it had none."""
    writer = Writer(engine_at(settings.log))
    try:
        editions = Editions(writer)
        try:
            editions.current()
        except NoSuchEditionError:
            editions.load(shipped(jurisdiction), now)
            return True
        return False
    finally:
        writer.close()
        writer.engine.dispose()


def enrol(whole: Whole, now: datetime) -> None:
    """Everybody whom the jurisdiction's list names holds their office."""
    by_the_demo = Actor(DEMO, Role.ADMIN, whole.law.code)
    whole.directory.enrol(whole.law.grants, by_the_demo, now, uuid4())


def _tokens(whole: Whole, now: datetime) -> Made:
    """A token for everybody whom one case meets."""
    return {
        name: whole.tokens.create(actor, DEMO, now, now + timedelta(days=7)).secret
        for name, actor in cast(whole.law).items()
    }


def cast(law: Jurisdiction) -> dict[str, Actor]:
    """Who plays the case of the printed lines: one grid, its street, the district, one department."""
    path = law.places.path(law.places.below(law.code, Rung.GRID)[0].code)
    department = _usual(law)
    return {
        "WORKER": Scene.staff(law, Role.GRID_WORKER, path.grid),
        "CLERK": Scene.staff(law, Role.STREET_CLERK, path.street),
        "LEADER": Scene.staff(law, Role.STREET_LEADER, path.street),
        "DISPATCHER": Scene.staff(law, Role.DISPATCHER, path.district),
        "DEPARTMENT": Scene.staff(law, Role.DEPARTMENT_CLERK, department),
    }


def _category(law: Jurisdiction) -> str:
    return next(c.code for c in law.taxonomy.by_code.values() if c.is_leaf and c.departments)


def _usual(law: Jurisdiction) -> str:
    return law.taxonomy.by_code[_category(law)].departments[0]


def lines(whole: Whole, made: Made, port: int) -> Iterator[str]:
    """The link, and curl lines that take one case from log to close: paste them as they are."""
    law, base = whole.law, f"http://127.0.0.1:{port}"
    grid, unit = cast(law)["WORKER"].unit, cast(law)["DEPARTMENT"].unit
    yield f"Whistle demo, invented cases: {base}/"
    yield f"API reference: {base}/docs   a token for it: {made['CLERK']}"
    yield "One case from log to close:"
    yield from (f"{name}={token}" for name, token in made.items())
    yield f"BASE={base}/api/v1"
    yield (
        'do_as() { curl -sS -X POST "$BASE$2" -H "Authorization: Bearer $1" -H \'Content-Type: application/json\' '
        '-H "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid 2>/dev/null || uuidgen)" ${CASE:+-H "If-Match: $VERSION"} -d "$3" > answer.json '
        '&& CASE=$(sed \'s/.*"case":"\\([^"]*\\)".*/\\1/\' answer.json) && VERSION=$(sed \'s/.*"version":\\([0-9]*\\).*/\\1/\' answer.json) '
        '&& sed \'s/.*"state":"\\([a-z_]*\\)","phase".*/\\1/\' answer.json && echo; }'
    )
    yield "CASE="
    plea = '{"plea":{"kind":"resident_need","why":"needs a department","tried":"talked to the owner"}}'
    steps = (
        ("WORKER", "/cases", f'{{"category":"{_category(law)}","place":"{grid}","source":"patrol","summary":"demo"}}'),
        ("LEADER", "/cases/$CASE/whistles", plea),
        ("DISPATCHER", "/cases/$CASE/assignments", f'{{"lead":"{unit}"}}'),
        ("DEPARTMENT", f"/cases/$CASE/assignments/{unit}/acknowledgement", "{}"),
        ("DEPARTMENT", f"/cases/$CASE/assignments/{unit}/report-in", '{"on_the_spot":true}'),
        ("DEPARTMENT", "/cases/$CASE/result", '{"done":"cleared","reply":"It was cleared."}'),
        ("WORKER", "/cases/$CASE/verification", '{"passed":true}'),
        ("CLERK", "/cases/$CASE/closure", '{"outcome":"solved"}'),
    )
    for who, path, said in steps:
        quoted = said.replace('"', '\\"')
        yield f'do_as "${who}" "{path}" "{quoted}"'
    yield f"then look at it: {base}/boards/streets/{cast(law)['CLERK'].unit}"
