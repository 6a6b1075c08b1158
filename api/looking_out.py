"""`whistle security`: what was noted of who came in and who was refused, and whether every row is there as it was written."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from adapters.security import Kind, Noted, SecurityLog, faults, listed
from api.shell import Home, Mistake, Url, opened, out
from api.whole import Whole

security = typer.Typer(help="Who came in, and who was refused.")
Since = Annotated[str, typer.Option(help="A day or a moment, ISO 8601; without a zone it is the district's")]
Only = Annotated[Kind | None, typer.Option(help="One kind only")]


@security.callback(invoke_without_command=True)
def log(
    context: typer.Context,
    since: Since = "",
    kind: Only = None,
    url: Url = "",
    home: Home = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="A JSON object to a line, for other programs")] = False,
) -> None:
    """What was noted, the newest first."""
    if context.invoked_subcommand is None:
        with opened(url, home) as whole:
            whole.security.settle(whole.now())
            for one in _all(whole.security, kind, _moment(whole, since)):
                out.print(_as_json(one) if as_json else _line(whole, one), markup=False)


@security.command()
def check(url: Url = "", home: Home = None) -> None:
    """Whether every row is there as it was written."""
    with opened(url, home) as whole:
        whole.security.settle(whole.now())
        if found := tuple(faults(whole.security)):
            raise Mistake("\n".join(found))
    out.print("in order")


def _moment(whole: Whole, said: str) -> datetime | None:
    """Raises Mistake."""
    if not said:
        return None
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        raise Mistake("--since is a day or a moment, as 2026-03-02 or 2026-03-02T10:00") from None
    return at if at.tzinfo else at.replace(tzinfo=whole.law.calendar.tz)


def _all(log: SecurityLog, kind: Kind | None, since: datetime | None) -> Iterator[Noted]:
    before = 0
    while shown := listed(log, kind, since, before=before):
        yield from shown
        before = shown[-1].position


def _as_json(one: Noted) -> str:
    return json.dumps({**asdict(one), "at": one.at.isoformat()}, ensure_ascii=False)


def _line(whole: Whole, one: Noted) -> str:
    at = f"{one.at.astimezone(whole.law.calendar.tz):%Y-%m-%d %H:%M:%S}"
    who = " ".join(filter(None, (one.role, one.unit, one.staff)))
    details = " ".join(f"{name}={value}" for name, value in one.details.items())
    times = f"{one.count} times" if one.count > 1 else ""
    return "  ".join(filter(None, (at, one.kind, times, who, details, one.source, one.number)))
