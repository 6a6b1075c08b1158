"""`whistle token`: how programs are known; each token stands for a grant, is good for some things, and ends."""

from datetime import timedelta
from typing import Annotated
from uuid import uuid4

import typer

from adapters.tokens import ALL, Known, NoSuchTokenError, Scope, TooLongError
from api.doorkeeping import Happening, Way, noted
from api.shell import Home, Mistake, Url, opened, out
from api.staff import at_the_command_line
from api.whole import Whole
from domain.actors import DEPARTMENTAL, Actor, Role
from domain.staff import GiveGrant
from workflow.ask import Refused
from workflow.refusals import sentence

tokens = typer.Typer(no_args_is_help=True, help="Programs are known by tokens.")
Days = Annotated[int, typer.Option(help="Until it expires", min=1)]
Which = Annotated[str, typer.Argument(help="As `whistle token list` shows it")]


@tokens.command()
def create(
    role: Role,
    unit: Annotated[str, typer.Argument(help="Code of a place or department")],
    who: Annotated[str, typer.Option("--staff", help="Pseudonym; otherwise a title of role and unit")] = "",
    scope: Annotated[list[Scope] | None, typer.Option(help="What it is good for; otherwise all")] = None,
    label: Annotated[str, typer.Option(help="Which program it is for")] = "command line",
    days: Days = 365,
    url: Url = "",
    home: Home = None,
) -> None:
    """A token that stands for a role within a unit, which is granted where it is not yet; it is shown once."""
    with opened(url, home) as whole:
        actor = _granted(whole, who or f"{role.replace('_', '-')}-{unit}", role, unit)
        now = whole.now()
        try:
            made = whole.tokens.create(actor, label, now, now + timedelta(days=days), scope or ALL)
        except TooLongError as error:
            raise Mistake(str(error)) from None
        noted(whole, Happening.CHANGED, Way.TOKEN, actor.staff)
        out.print(made.secret, markup=False)


def _granted(whole: Whole, staff: str, role: Role, unit: str) -> Actor:
    """Somebody who holds that office, from now on at the latest. Raises Mistake."""
    law = whole.law
    if unit not in law.places.by_code and unit not in law.departments:
        raise Mistake(f"{unit} is neither a place nor a department of {law.edition}")
    if not law.has_office(role, unit):
        kind = "department" if role in DEPARTMENTAL else role.rung.value
        raise Mistake(f"{role} acts for a {kind}, and {unit} is none")
    actor, now = Actor(staff, role, unit), whole.now()
    if not whole.directory.stands(actor, now):
        try:
            whole.directory.handle(staff, GiveGrant(role=role, unit=unit), at_the_command_line(whole), now, uuid4())
        except Refused as refused:
            raise Mistake(sentence(refused, "en")) from None
    return actor


@tokens.command("list")
def list_(url: Url = "", home: Home = None) -> None:
    """All that stand: what for, until when, when last used; never the secret."""
    with opened(url, home) as whole:
        for one in whole.tokens.listed(whole.now()):
            out.print(_line(one, whole), markup=False)


def _line(one: Known, whole: Whole) -> str:
    zone = whole.law.calendar.tz
    until = f"{one.held.until.astimezone(zone):%Y-%m-%d %H:%M}" if one.held.until else "-"
    seen = f"{one.seen_at.astimezone(zone):%Y-%m-%d}" if one.seen_at else "never"
    actor = one.held.actor
    good_for = " ".join(sorted(one.held.scopes))
    return f"{one.id}  {actor.staff}  {actor.role} {actor.unit}  {good_for}  until {until}  used {seen}  {one.label}"


@tokens.command()
def rotate(
    token: Which,
    hours: Annotated[int, typer.Option(help="How long the old one lives on", min=0, max=24 * 30)] = 24,
    days: Days = 365,
    url: Url = "",
    home: Home = None,
) -> None:
    """A new secret for the same; for some hours both are good."""
    with opened(url, home) as whole:
        try:
            made = whole.tokens.rotate(token, whole.now(), timedelta(hours=hours), timedelta(days=days))
        except (NoSuchTokenError, TooLongError) as error:
            raise Mistake(str(error)) from None
        noted(whole, Happening.CHANGED, Way.TOKEN, made.actor.staff)
        out.print(made.secret, markup=False)


@tokens.command()
def end(token: Which, url: Url = "", home: Home = None) -> None:
    """It is not known any more, at once."""
    with opened(url, home) as whole:
        try:
            known = whole.tokens.end(token, whole.now())
        except NoSuchTokenError as error:
            raise Mistake(str(error)) from None
        noted(whole, Happening.CHANGED, Way.TOKEN, known.held.actor.staff)
        out.print("ended", markup=False)
