"""`whistle jurisdiction`: a folder of data is begun, checked, loaded, and followed by open cases."""

from pathlib import Path
from typing import Annotated

import typer

from adapters.following import follow
from adapters.jurisdictions import BadJurisdictionError, Editions, read
from adapters.jurisdictions import new as new_folder
from adapters.store.engine import engine_at
from adapters.store.writer import Writer
from api.shell import Home, Language, Mistake, Url, err, opened, out, settings_of
from api.whole import prepare, real_time

jurisdictions = typer.Typer(no_args_is_help=True, help="A jurisdiction is a folder of data.")


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
