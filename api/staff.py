"""`whistle staff`: who may act as what, given and ended by hand or by a file; every change is an event in the log."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from adapters.jurisdictions.reading import read_files
from adapters.jurisdictions.staff import FILE
from adapters.staff import members
from api.grants import handled
from api.shell import Home, Mistake, Url, err, opened, out
from api.whole import Whole
from domain.actors import Actor, Role
from domain.jurisdiction import Grant
from domain.staff import EndGrant, GrantGiven, Held, LeaveOffice, Member, StaffCommand
from workflow.ask import Refused
from workflow.refusals import sentence

staff = typer.Typer(no_args_is_help=True, help="Who may act as what; pseudonyms, never names.")
Who = Annotated[str, typer.Argument(help="Pseudonym")]
Why = Annotated[str, typer.Option("--reason", help="Why; it stays in the log")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"])]


def at_the_command_line(whole: Whole) -> Actor:
    """Whoever has the shell of the machine gives grants as the district's admin, and the log says so."""
    return Actor("command-line", Role.ADMIN, whole.law.code)


@staff.command("list")
def list_(
    url: Url = "",
    home: Home = None,
    *,
    everybody: Annotated[bool, typer.Option("--all", help="Those too who have left")] = False,
) -> None:
    """Everybody who holds an office, since when, until when, and who gave it."""
    with opened(url, home) as whole:
        for member in members(whole.log.engine):
            for line in _lines(member, whole) or ([f"{member.staff}  left"] if everybody else []):
                out.print(line, markup=False)


def _lines(member: Member, whole: Whole) -> list[str]:
    now = whole.now()
    return [f"{member.staff}  {_said(held, whole)}" for held in member.grants if held.until is None or held.until > now]


def _said(held: Held, whole: Whole) -> str:
    zone = whole.law.calendar.tz
    until = f" until {held.until.astimezone(zone):%Y-%m-%d %H:%M}" if held.until else ""
    return f"{held.role} {held.unit}  since {held.since.astimezone(zone):%Y-%m-%d %H:%M}{until}  by {held.giver.staff}"


@staff.command()
def grant(
    who: Who, role: Role, unit: str, since: Day = None, until: Day = None, url: Url = "", home: Home = None
) -> None:
    """Let somebody act in a role for a unit; `--until` is the last day."""
    first, last = (day.date().isoformat() if day else "" for day in (since, until))
    with opened(url, home) as whole:
        given = _enrolled(whole, [Grant(who, role, unit, first, last)])
        out.print("granted" if given else "this was granted before: nothing was written", markup=False)


@staff.command()
def end(who: Who, role: Role, unit: str, reason: Why, url: Url = "", home: Home = None) -> None:
    """End one grant, at once."""
    with opened(url, home) as whole:
        _handled(whole, who, EndGrant(role=role, unit=unit, reason=reason))
        out.print("ended", markup=False)


@staff.command()
def leave(who: Who, reason: Why, url: Url = "", home: Home = None) -> None:
    """End every grant of somebody who leaves, and every session, at once."""
    with opened(url, home) as whole:
        _handled(whole, who, LeaveOffice(reason))
        out.print(f"{who} may do nothing any more", markup=False)


@staff.command()
def load(
    file: Annotated[
        Path | None, typer.Argument(help="A table as staff.csv of a jurisdiction; otherwise that of today's edition")
    ] = None,
    others: Annotated[str, typer.Option("--end-others", help="Why whatever the file does not name is ended")] = "",
    url: Url = "",
    home: Home = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change")] = False,
) -> None:
    """Give what a file names and is not granted yet. Repeating it changes nothing."""
    with opened(url, home) as whole:
        named = _named(whole, file)
        for grant in _enrolled(whole, named, write=not dry_run):
            out.print(f"+ {grant.staff}  {grant.role} {grant.unit}", markup=False)
        for member, held in _beside(whole, named) if others else ():
            out.print(f"- {member}  {held.role} {held.unit}", markup=False)
            if not dry_run:
                _handled(whole, member, EndGrant(role=held.role, unit=held.unit, reason=others))


def _named(whole: Whole, file: Path | None) -> tuple[Grant, ...]:
    """What a file says, with all that is wrong with it. Raises Mistake."""
    if file is None:
        return whole.law.grants
    today = whole.editions.reading(whole.law.edition).files
    found = read_files({**today, FILE: file.read_text(encoding="utf-8-sig")}, whole.law.edition)
    problems = [problem for problem in found.problems if problem.file == FILE]
    for problem in problems:
        err.print(problem.text("en"), markup=False)
    if problems or found.found is None:
        raise Mistake(f"{len(problems)} problems in {file}; nothing was granted")
    return found.found.grants


def _beside(whole: Whole, named: tuple[Grant, ...]) -> Iterator[tuple[str, Held]]:
    """What is granted, and stands in no row."""
    wanted = {(grant.staff, grant.role, grant.unit) for grant in named}
    for member in members(whole.log.engine):
        yield from (
            (member.staff, held) for held in member.grants if (member.staff, held.role, held.unit) not in wanted
        )


def _enrolled(whole: Whole, grants: Iterable[Grant], *, write: bool = True) -> tuple[GrantGiven, ...]:
    try:
        return whole.directory.enrol(grants, at_the_command_line(whole), whole.now(), uuid4(), write=write)
    except Refused as refused:
        raise Mistake(sentence(refused, "en")) from None


def _handled(whole: Whole, who: str, command: StaffCommand) -> None:
    try:
        handled(whole, who, command, at_the_command_line(whole))
    except Refused as refused:
        raise Mistake(sentence(refused, "en")) from None
