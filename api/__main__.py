"""The command `whistle`: everything that a city's IT people do by hand."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress
from typer.main import get_command

from adapters.boards import rebuilding
from adapters.due_dates import BadLineError, due_dates
from adapters.importing import Brought, Known, MapError, Rejected, UnreadableError
from adapters.jurisdictions import NoSuchEditionError, NotEmptyError
from adapters.jurisdictions.skeleton import NoDistrictError
from adapters.keeping import BackupError
from adapters.oidc import BadOidcError
from adapters.outbox import BadChannelsError
from adapters.sealing import MasterKeyError, NotYetGone, StillInUseError
from adapters.sealing.signing import SealKeyError
from adapters.store.engine import UnknownDatabaseError
from adapters.store.errors import Unavailable
from adapters.store.migrate import NotMigratedError
from adapters.trying import NoSuchFileError
from api import (
    by_itself,
    doctor,
    documents,
    editions,
    erasures,
    keeping,
    keys,
    logins,
    looking_out,
    messages,
    one_case,
    sealing,
    staff,
    taking_out,
    tokens,
    trying,
)
from api import demo as demo_store
from api.behind import NotAProxyError
from api.bringing import Bringing, NoMomentError, NoSuchMapError, Report, map_named, moment_of
from api.demo_month import CASES
from api.serving import NotLoopbackError, Tls, serve_forever
from api.settings import BadSettingError
from api.shell import RUNNING, Home, Language, Mistake, Url, err, opened, out, settings_of
from api.whole import compose, prepare, real_time
from workflow.drawing import flow_page

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, help=__doc__)
app.add_typer(editions.jurisdictions, name="jurisdiction")
app.add_typer(trying.policies, name="policy")
app.add_typer(by_itself.timers, name="timers")
app.add_typer(messages.messages, name="messages")
app.add_typer(sealing.seals, name="seal")
app.add_typer(looking_out.security, name="security")
app.add_typer(tokens.tokens, name="token")
app.add_typer(logins.logins, name="login")
app.add_typer(staff.staff, name="staff")
app.add_typer(keys.keys, name="keys")
app.add_typer(taking_out.exports, name="export")
app.command()(by_itself.work)
app.command()(sealing.verify)
app.command()(keeping.backup)
app.command()(keeping.restore)
app.command()(doctor.doctor)
FAULTS = (
    BackupError, BadOidcError, BadSettingError, StillInUseError, NotYetGone, BadChannelsError, BadLineError, NotEmptyError, NoDistrictError, MasterKeyError, SealKeyError, UnknownDatabaseError, NotMigratedError, Unavailable,
    NoSuchEditionError, NoSuchFileError, NotLoopbackError, NotAProxyError, MapError, NoSuchMapError, NoMomentError, UnreadableError, demo_store.NotADemoError, documents.StaleError, OSError,
)  # fmt: skip


def main() -> None:
    """Run; whoever made a mistake gets one line and exit code 2."""
    RUNNING.set(".".join(_names(sys.argv[1:])) or "whistle")
    try:
        app()
    except (*FAULTS, Mistake) as fault:
        err.print(f"whistle: {fault or type(fault).__name__}", markup=False)
        sys.exit(2)


def _names(said: Iterable[str]) -> Iterator[str]:
    """Of what was typed only the names of commands; what is handed to them is nobody's business."""
    known: Mapping[str, Any] = getattr(get_command(app), "commands", {})
    for word in said:
        if word not in known:
            return
        yield word
        known = getattr(known[word], "commands", {})


@app.command()
def demo(
    url: Url = "",
    home: Home = None,
    port: Annotated[int, typer.Option(help="Port on loopback")] = 8000,
    jurisdiction: Annotated[str, typer.Option(help="A shipped jurisdiction")] = "chengguan",
    cases: Annotated[int, typer.Option(help="How many invented cases", min=1, max=100_000)] = CASES,
    *,
    serve_it: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it when it is made")] = True,
) -> None:
    """Load the demo district with an invented month of cases, and serve it on loopback."""
    settings = settings_of(url, home or Path("whistle-demo"))
    prepare(settings)
    with Progress(console=err, transient=True) as progress:
        made = demo_store.make(settings, jurisdiction, real_time(), progress, cases)
    whole = compose(settings)
    whole.boards.catch_up()
    for line in demo_store.lines(whole, made, port):
        out.print(line, markup=False)
    if serve_it:
        serve_forever(whole, "127.0.0.1", port)
    whole.close()


@app.command()
def serve(
    url: Url = "",
    home: Home = None,
    host: Annotated[
        str, typer.Option(help="Loopback, else only behind TLS: WHISTLE_PROXIES, or a certificate")
    ] = "127.0.0.1",
    port: int = 8000,
    certificate: Annotated[Path | None, typer.Option("--tls-certificate", help="A PEM file", exists=True)] = None,
    key: Annotated[Path | None, typer.Option("--tls-key", help="Its key", exists=True)] = None,
    *,
    works: Annotated[
        bool, typer.Option("--work/--no-work", help="Do here what time does, or leave it to `work`")
    ] = True,
) -> None:
    """Serve the API and the pages, follow the log with the boards, and do what time does."""
    if (certificate is None) != (key is None):
        raise Mistake("--tls-certificate and --tls-key go together")
    with opened(url, home) as whole:
        serve_forever(whole, host, port, works=works, tls=Tls(certificate, key) if certificate and key else None)


@app.command()
def migrate(url: Url = "", home: Home = None) -> None:
    """Make or update every table, and the keys of master and seal if there are none. Repeating it is safe."""
    settings = settings_of(url, home)
    prepare(settings)
    out.print(f"in order: {settings.home}", markup=False)


@app.command()
def rebuild(url: Url = "", home: Home = None) -> None:
    """Tell the boards, then their past, everything again from the log; readers see the old boards until it is done."""
    with opened(url, home) as whole, Progress(console=err, transient=True) as progress:
        task = progress.add_task("entries", total=None)
        reached = rebuilding.rebuild(
            whole.boards, lambda done, total: progress.update(task, completed=done, total=total)
        )
        out.print(f"boards told up to position {reached}; {len(whole.boards.parked())} cases parked")
        progress.update(task, completed=0, total=reached)
        kept = whole.past.remake(lambda done: progress.update(task, completed=done))
        out.print(f"past kept up to position {kept}")


@app.command()
def flow(
    lang: Language = "en",
    *,
    write: Annotated[bool, typer.Option(help="Write the pages of docs/ that follow from the code")] = False,
    check: Annotated[bool, typer.Option(help="Fail when they are stale")] = False,
) -> None:
    """The life of a case: its table and its diagram."""
    if write:
        documents.write()
    elif check:
        documents.check()
    else:
        out.print(flow_page(lang), markup=False)


for about_cases in (one_case.story, one_case.deadline, erasures.erase, erasures.certificate, erasures.retention):
    app.command()(about_cases)


@app.command(name="due-dates")
def due_dates_command() -> None:
    """Read JSON lines with opened, working_days and a calendar; write their due dates."""
    for line in due_dates(sys.stdin):
        sys.stdout.write(line + "\n")


@app.command(name="import")
def import_command(
    file: Path,
    by: Annotated[
        str, typer.Option("--map", help="How its columns become cases: a TOML file, or a shipped map's name")
    ],
    as_of: Annotated[str, typer.Option(help="The moment the file was seen, ISO 8601; otherwise now")] = "",
    rejected: Annotated[
        Path | None, typer.Option(help="Write the rejected rows and their reasons here, as CSV")
    ] = None,
    url: Url = "",
    home: Home = None,
    lang: Language = "en",
    *,
    dry_run: Annotated[bool, typer.Option(help="Say what would become of each row; write no case")] = False,
) -> None:
    """Bring another system's cases in: what the file proves, everything else unknown. Repeating it adds nothing."""
    with ExitStack() as stack:
        whole = stack.enter_context(opened(url, home))
        by_map, seen_at = map_named(by, whole.law), moment_of(as_of, whole)
        report = Report(lang, stack.enter_context(rejected.open("w", encoding="utf-8")) if rejected else None)
        progress = stack.enter_context(Progress(console=err, transient=True))
        count = Bringing(whole, file, by_map, seen_at, write=not dry_run).told(progress, report)
    report.show(err)
    found = {"carried over": count[Brought], "here already": count[Known], "rejected": count[Rejected]}
    out.print(f"{count.total()} rows: " + ", ".join(f"{n} {what}" for what, n in found.items()))
    if count[Rejected]:
        raise Mistake(f"{count[Rejected]} rows were not brought in" + (f"; see {rejected}" if rejected else ""))


if __name__ == "__main__":
    main()
