"""What every command of `whistle` shares: where it finds the store, where it speaks, and how it says what was wrong."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from adapters.security import Kind
from api.noting import noted
from api.settings import Settings
from api.whole import Whole, compose

out, err = Console(soft_wrap=True, highlight=False), Console(stderr=True, soft_wrap=True, highlight=False)

RUNNING: ContextVar[str] = ContextVar("running", default="whistle")  # the command, by its own names only

Url = Annotated[
    str, typer.Option("--database-url", help="Where the log is; otherwise WHISTLE_DATABASE_URL, or SQLite here.")
]
Home = Annotated[Path | None, typer.Option("--home", help="Folder of keys and SQLite files; otherwise WHISTLE_HOME.")]
Language = Annotated[str, typer.Option("--lang", help="zh or en")]
Wanted = Annotated[str, typer.Argument(help="A case's number, or its id")]


class Mistake(Exception):  # noqa: N818 - the caller's, not ours
    """One line for the person at the keyboard."""


def settings_of(url: str, home: Path | None) -> Settings:
    """Where things are, by option, else by environment."""
    settings = Settings.of(home=home)
    if not url:
        return settings
    if url.startswith("sqlite"):
        return replace(settings, log=url)
    return replace(settings, log=url, boards=url, past=url, outbox=url, seal=url, security=url)


@contextmanager
def opened(url: str, home: Path | None) -> Iterator[Whole]:
    """All parts, closed afterwards."""
    whole = compose(settings_of(url, home))
    noted(whole, Kind.RAN, command=RUNNING.get())
    try:
        yield whole
    finally:
        whole.close()
