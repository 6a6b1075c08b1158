"""The command `whistle`: everything that a city's IT people do by hand."""

import sys
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from uuid import UUID, uuid4

import typer
from rich.progress import Progress

from adapters.boards import rebuilding, register
from adapters.due_dates import BadLineError, due_dates
from adapters.following import follow
from adapters.importing import Brought, Known, MapError, Rejected, UnreadableError
from adapters.jurisdictions import BadJurisdictionError, Editions, NoSuchEditionError, NotEmptyError, read
from adapters.jurisdictions import new as new_folder
from adapters.jurisdictions.skeleton import NoDistrictError
from adapters.sealing import MasterKeyError
from adapters.store.engine import UnknownDatabaseError, engine_at
from adapters.store.errors import Unavailable
from adapters.store.migrate import NotMigratedError
from adapters.store.writer import Writer
from adapters.trying import NoSuchFileError
from api import by_itself, documents, trying
from api import demo as demo_store
from api.bringing import Bringing, NoMomentError, NoSuchMapError, Report, map_named, moment_of
from api.deadlines import explained_out
from api.demo_month import CASES
from api.serving import NotLoopbackError, serve_forever
from api.shell import Home, Language, Mistake, Url, Wanted, err, opened, out, settings_of
from api.whole import Whole, compose, prepare, real_time
from domain.actors import DEPARTMENTAL, Actor, Role
from domain.commands import EraseReporter
from domain.privacy import Secrecy
from workflow.ask import Refused
from workflow.casework import NoSuchCaseError, Order
from workflow.drawing import flow_page
from workflow.refusals import sentence
from workflow.telling import story as story_lines

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False, help=__doc__)
jurisdictions = typer.Typer(no_args_is_help=True, help="A jurisdiction is a folder of data.")
tokens = typer.Typer(no_args_is_help=True, help="Callers are known by tokens.")
app.add_typer(jurisdictions, name="jurisdiction")
app.add_typer(trying.policies, name="policy")
app.add_typer(by_itself.timers, name="timers")
app.add_typer(tokens, name="token")
app.command()(by_itself.work)
FAULTS = (
    BadLineError, NotEmptyError, NoDistrictError, MasterKeyError, UnknownDatabaseError, NotMigratedError, Unavailable,
    NoSuchEditionError, NoSuchFileError, NotLoopbackError, MapError, NoSuchMapError, NoMomentError, UnreadableError, demo_store.NotADemoError, documents.StaleError, OSError,
)  # fmt: skip


def main() -> None:
    """Run; whoever made a mistake gets one line and exit code 2."""
    try:
        app()
    except (*FAULTS, Mistake) as fault:
        err.print(f"whistle: {fault or type(fault).__name__}", markup=False)
        sys.exit(2)


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
    host: Annotated[str, typer.Option(help="Loopback only, until rights are built")] = "127.0.0.1",
    port: int = 8000,
    *,
    works: Annotated[
        bool, typer.Option("--work/--no-work", help="Do here what time does, or leave it to `work`")
    ] = True,
) -> None:
    """Serve the API and the pages, follow the log with the boards, and do what time does."""
    with opened(url, home) as whole:
        serve_forever(whole, host, port, works=works)


@app.command()
def migrate(url: Url = "", home: Home = None) -> None:
    """Make or update every table, and the master key if there is none. Repeating it is safe."""
    settings = settings_of(url, home)
    prepare(settings)
    out.print(f"in order: {settings.home}", markup=False)


@app.command()
def rebuild(url: Url = "", home: Home = None) -> None:
    """Tell the boards everything again from the log; readers see the old ones until it is done."""
    with opened(url, home) as whole, Progress(console=err, transient=True) as progress:
        task = progress.add_task("entries", total=None)
        reached = rebuilding.rebuild(
            whole.boards, lambda done, total: progress.update(task, completed=done, total=total)
        )
        out.print(f"boards told up to position {reached}; {len(whole.boards.parked())} cases parked")


@app.command()
def flow(
    lang: Language = "en",
    *,
    write: Annotated[bool, typer.Option(help="Write docs/flow.md and docs/events.md")] = False,
    check: Annotated[bool, typer.Option(help="Fail when they are stale")] = False,
) -> None:
    """The life of a case: its table and its diagram."""
    if write:
        documents.write()
    elif check:
        documents.check()
    else:
        out.print(flow_page(lang), markup=False)


@app.command()
def story(wanted: Wanted, url: Url = "", home: Home = None, lang: Language = "zh") -> None:
    """A case's life in plain sentences."""
    with opened(url, home) as whole:
        case = found(whole, wanted)
        file = whole.casework.file(case)
        law = whole.casework.law_of(whole.casework.case(case))
        for line in story_lines(file, law, lang):
            out.print(f"{line.at:%Y-%m-%d %H:%M}  {line.who}: {line.text}", markup=False)


@app.command()
def deadline(wanted: Wanted, url: Url = "", home: Home = None) -> None:
    """Every deadline of a case, day by day."""
    with opened(url, home) as whole:
        case = found(whole, wanted)
        law = whole.casework.law_of(whole.casework.case(case))
        for one in explained_out(whole.casework.file(case), law):
            zone = law.calendar.tz
            head = f"{one.clock} {one.unit} #{one.run}: {one.limit or 'set by another system'} ({one.calendar or '-'})"
            out.print(
                f"{head}\n  {one.started.astimezone(zone):%Y-%m-%d %H:%M} → {one.due.astimezone(zone):%Y-%m-%d %H:%M} {one.state}",
                markup=False,
            )
            for day in one.days:
                hours = timedelta(seconds=day.counted_seconds)
                out.print(f"    {day.day} {day.code:12} {hours!s:>16} {day.why} {day.source}", markup=False)
            for change in one.changes:
                out.print(f"    {change}", markup=False)


@app.command()
def erase(
    wanted: Wanted,
    reason: Annotated[str, typer.Option(help="Why; it stays in the record")],
    url: Url = "",
    home: Home = None,
) -> None:
    """Forget a reporter: the event first, then the keys; repeating it is safe."""
    with opened(url, home) as whole:
        case = found(whole, wanted)
        district = whole.casework.case(case).place.district
        officer = Actor("command-line", Role.DATA_OFFICER, district)
        try:
            whole.casework.handle(
                case, Order(command=EraseReporter(reason), actor=officer, now=whole.now(), id=uuid4())
            )
        except Refused as refused:
            raise Mistake(sentence(refused, "en")) from None
        left = whole.keys.destroy(case, tuple(Secrecy))
        whole.photos.drop(case)
        whole.boards.catch_up()
        out.print("erased: the keys of this case's words are destroyed")
        for code in sorted(left):
            out.print(f"beyond our reach, see to it: {code}", markup=False)


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


@jurisdictions.command()
def new(folder: Path, places: Path, departments: Path, categories: Path, zone: str = "Asia/Shanghai") -> None:
    """Write a commented folder out of three CSV files: one's own city in ten minutes."""
    for path in new_folder(folder, places, departments, categories, zone=zone):
        out.print(str(path), markup=False)
    check(folder)


@jurisdictions.command()
def check(folder: Path, lang: Language = "en") -> None:
    """Say all that is wrong with a folder, with file and line."""
    if not folder.is_dir():
        raise Mistake(f"there is no folder {folder}")
    found = read(folder)
    for problem in found.problems:
        err.print(problem.text(lang), markup=False)
    if found.problems:
        raise Mistake(f"{len(found.problems)} problems in {folder}")
    law = found.jurisdiction
    out.print(
        f"in order: {len(law.places.by_code)} places, {len(law.departments)} departments, {len(law.taxonomy.by_code)} categories"
    )


@jurisdictions.command("follow")
def follow_edition(
    reason: Annotated[str, typer.Option(help="Why; it stays in each case's record")],
    url: Url = "",
    home: Home = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change")] = False,
) -> None:
    """Let every open case follow today's edition; deadlines that lay beyond the old calendar are set again."""
    with opened(url, home) as whole:
        whole.boards.catch_up()
        law, zone, cases = whole.law, whole.law.calendar.tz, 0
        for one in follow(whole.boards.engine, whole.casework, law.edition, reason, whole.now(), write=not dry_run):
            dues = (
                f"{' '.join(filter(None, (fact.clock, fact.unit, fact.step)))} → {fact.due.astimezone(zone):%Y-%m-%d %H:%M}"
                for fact in one.moved
            )
            out.print("; ".join((f"{one.number}: {one.former} → {law.edition}", *dues)), markup=False)
            cases += 1
        out.print(f"{cases} cases {'would follow' if dry_run else 'follow'} {law.edition}", markup=False)


@jurisdictions.command()
def load(folder: Path, url: Url = "", home: Home = None) -> None:
    """Load a folder as the edition that new cases follow; all or nothing."""
    settings = settings_of(url, home)
    prepare(settings)
    writer = Writer(engine_at(settings.log))
    try:
        out.print(f"loaded: {Editions(writer).load(folder, real_time())}", markup=False)
    except BadJurisdictionError as bad:
        for problem in bad.problems:
            err.print(problem.text("en"), markup=False)
        raise Mistake(f"{len(bad.problems)} problems in {folder}; nothing was loaded") from None
    finally:
        writer.close()


@tokens.command()
def create(
    role: Role,
    unit: Annotated[str, typer.Argument(help="Code of a place or department")],
    staff: Annotated[str, typer.Option(help="Pseudonym; otherwise a title of role and unit")] = "",
    days: Annotated[int, typer.Option(help="Until it expires")] = 365,
    url: Url = "",
    home: Home = None,
) -> None:
    """A token that stands for a role within a unit; it is shown once."""
    with opened(url, home) as whole:
        law = whole.law
        if unit not in law.places.by_code and unit not in law.departments:
            raise Mistake(f"{unit} is neither a place nor a department of {law.edition}")
        if not law.has_office(role, unit):
            kind = "department" if role in DEPARTMENTAL else role.rung.value
            raise Mistake(f"{role} acts for a {kind}, and {unit} is none")
        actor = Actor(staff or f"{role.replace('_', '-')}-{unit}", role, unit)
        now = whole.now()
        out.print(whole.tokens.create(actor, "command line", now, now + timedelta(days=days)).secret, markup=False)


def found(whole: Whole, wanted: str) -> UUID:
    """The case that a person means, by number or id. Raises Mistake."""
    case = register.case_of(whole.boards.engine, wanted)
    if case is None:
        try:
            case = UUID(wanted)
            whole.casework.case(case)
        except (ValueError, NoSuchCaseError):
            raise Mistake(f"there is no case {wanted}") from None
    return case


if __name__ == "__main__":
    main()
