"""`whistle policy try`: what other limits would have made of the deadlines that were set."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from adapters import trying
from adapters.jurisdictions import BadJurisdictionError
from api.shell import Home, Language, Mistake, Url, err, opened, out
from api.whole import Whole
from domain.jurisdiction import Jurisdiction
from domain.states import Clock
from workflow.words import CLOCKS, said

policies = typer.Typer(no_args_is_help=True, help="What a city chooses, tried before it is chosen.")


@policies.command("try")
def try_policy(
    changed: Annotated[Path, typer.Argument(help="policy.toml or limits.csv as it might be, or a whole folder")],
    since: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Deadlines that were set from this day on")],
    url: Url = "",
    home: Home = None,
    lang: Language = "en",
) -> None:
    """What other limits would have made of the deadlines that were set; nothing is written."""
    with opened(url, home) as whole, Progress(console=err, transient=True) as progress:
        law = law_to_try(whole, changed)
        task = progress.add_task("cases", total=None)
        begin = since.replace(tzinfo=whole.law.calendar.tz)
        found = trying.runs(
            whole.log.engine, law, begin, lambda done, total: progress.update(task, completed=done, total=total)
        )
        counted = trying.tallies(found, whole.now())
    for line in tried_lines(counted, lang):
        out.print(line, markup=False)


def law_to_try(whole: Whole, changed: Path) -> Jurisdiction:
    """The jurisdiction that is tried. Raises Mistake, after all that is wrong with it is said."""
    try:
        return trying.law_of(changed, whole.editions)
    except BadJurisdictionError as bad:
        for problem in bad.problems:
            err.print(problem.text("en"), markup=False)
        raise Mistake(f"{len(bad.problems)} problems in {changed}; nothing was tried") from None


TRIED = ("runs", "earlier", "same", "later", "unlimited", "judged", "missed", "would_miss")


def tried_lines(counted: Mapping[Clock, Counter[str]], lang: str) -> Iterator[str]:
    """A line for each clock. Judged are the runs that nothing paused or moved."""
    yield "clock".ljust(28) + "".join(name.replace("_", " ").rjust(12) for name in TRIED)
    for clock in Clock:
        if clock in counted:
            name = said(CLOCKS, clock, lang)
            yield name.ljust(28) + "".join(f"{counted[clock][column]:,}".rjust(12) for column in TRIED)
