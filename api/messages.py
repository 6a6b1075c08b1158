"""`whistle messages`: who is told what, looked at and put right by hand."""

from typing import Annotated
from uuid import UUID

import typer

from adapters.boards import register
from adapters.outbox import channels_of, listed, replay, standing, strangers
from api.days import midnight
from api.previewing import previewed
from api.shell import Home, Mistake, Url, opened, out, settings_of
from workflow.messages import Kind

messages = typer.Typer(help="Who is told what, over which channels.")


@messages.callback(invoke_without_command=True)
def how_it_stands(context: typer.Context, url: Url = "", home: Home = None) -> None:
    """How many messages wait, how many failed, and what nobody took."""
    if context.invoked_subcommand is None:
        with opened(url, home) as whole:
            now = whole.now()
            found = standing(whole.outbox, midnight(now, whole.law.calendar.tz))
            out.print(
                f"waiting: {found.waiting}, the first of them for {found.waits(now):.0f} s; tried in vain so far: {found.failing}"
            )
            out.print(f"delivered today: {found.delivered}")
            out.print(f"dead: {found.dead}")
            for one in listed(whole.outbox, "dead"):
                out.print(f"  {one.id} {one.kind} to {one.unit or 'the reporter'}: {one.reason}", markup=False)


@messages.command()
def check(url: Url = "", home: Home = None) -> None:
    """Say all that is wrong with the file of channels; nothing is sent."""
    settings = settings_of(url, home)
    if not settings.channels.exists():
        raise Mistake(f"there is no {settings.channels}: nobody is told anything")
    channels = channels_of(settings.channels, settings.secrets)
    with opened(url, home) as whole:
        faults = tuple(strangers(channels, whole.law))
    if faults:
        raise Mistake("\n".join(f"{settings.channels.name}: {fault}" for fault in faults))
    out.print(f"in order: {len(channels.ways)} channels", markup=False)


@messages.command()
def preview(
    kind: Kind,
    language: Annotated[str, typer.Option(help="zh or en")] = "zh",
    case: Annotated[str, typer.Option(help="A case's number; otherwise one that never was")] = "",
    url: Url = "",
    home: Home = None,
) -> None:
    """What a message of a kind says; nothing is sent."""
    with opened(url, home) as whole:
        found = register.case_of(whole.boards.engine, case) if case else None
        if case and found is None:
            raise Mistake(f"there is no case {case}")
        texts = tuple(previewed(whole, kind, language, found))
        if not texts:
            raise Mistake(f"nobody was told “{kind}” of case {case}")
        for text in texts:
            out.print(f"{text.title}\n{text.body}", markup=False)


@messages.command("replay")
def replay_command(message: UUID, url: Url = "", home: Home = None) -> None:
    """Send a dead letter again."""
    with opened(url, home) as whole:
        if not replay(whole.outbox, message, whole.now()):
            raise Mistake(f"there is no dead letter {message}")
        out.print("it is sent again")


@messages.command()
def rebuild(url: Url = "", home: Home = None) -> None:
    """Follow the log once more from where the outbox began: what is missing comes, what was sent is not sent twice."""
    with opened(url, home) as whole:
        out.print(f"followed up to position {whole.outbox.following.retell()}")
