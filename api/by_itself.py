"""`whistle work` and `whistle timers`: what happens by itself, run and looked at by hand."""

import signal
from collections.abc import Iterator
from threading import Event

import typer

from adapters.clockwork import Standing
from api.shell import Home, Url, opened, out
from api.whole import Whole

timers = typer.Typer(help="What time does to cases.")


def work(url: Url = "", home: Home = None) -> None:
    """Do what time does (deadlines, reviews, windows), and send messages, until told to stop; several may work beside each other."""
    stopped = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopped.set())
    with opened(url, home) as whole:
        whole.boards.start()
        whole.clockwork.start(whole.now)
        whole.outbox.start(whole.now)
        whole.seal.start(whole.now)
        whole.retention.start(whole.now)
        out.print("working; stop with Ctrl-C")
        stopped.wait()


@timers.callback(invoke_without_command=True)
def standing(context: typer.Context, url: Url = "", home: Home = None) -> None:
    """How many cases time has something to do with now, when the next is due, and whether everything is held."""
    if context.invoked_subcommand is None:
        with opened(url, home) as whole:
            whole.boards.catch_up()
            for line in _lines(whole, whole.clockwork.standing(whole.now())):
                out.print(line, markup=False)


@timers.command()
def release(url: Url = "", home: Home = None) -> None:
    """Let what is held go on: somebody has seen that the clock is right, and that all of it is due."""
    with opened(url, home) as whole:
        whole.boards.catch_up()
        before = whole.clockwork.standing(whole.now())
        after = whole.clockwork.release(whole.now())
        out.print("released" if before.held else "nothing was held", markup=False)
        for line in _lines(whole, after):
            out.print(line, markup=False)


def _lines(whole: Whole, standing: Standing) -> Iterator[str]:
    zone = whole.law.calendar.tz
    said = {"leapt": "nobody has worked for over a day", "flooded": "very many are due at once after an outage"}
    yield f"due now: {standing.due}"
    yield f"next: {standing.next.astimezone(zone):%Y-%m-%d %H:%M}" if standing.next else "next: none"
    yield (
        f"worked last: {standing.looked_at.astimezone(zone):%Y-%m-%d %H:%M}"
        if standing.looked_at
        else "worked last: never"
    )
    if standing.to_erase:
        yield f"to be erased: something of {standing.to_erase} cases (whistle retention --dry-run)"
    if standing.held:
        yield f"HELD: {said[standing.held]}. See that the clock is right, then run `whistle timers release`"
