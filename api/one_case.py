"""`whistle story` and `deadline`: one case, by its number."""

from datetime import timedelta
from uuid import UUID

from adapters.boards import register
from api.deadlines import explained_out
from api.shell import Home, Language, Mistake, Url, Wanted, opened, out
from api.whole import Whole
from workflow.casework import NoSuchCaseError
from workflow.telling import story as story_lines


def story(wanted: Wanted, url: Url = "", home: Home = None, lang: Language = "zh") -> None:
    """A case's life in plain sentences."""
    with opened(url, home) as whole:
        case = case_of(whole, wanted)
        file = whole.casework.file(case)
        law = whole.casework.law_of(whole.casework.case(case))
        for line in story_lines(file, law, lang):
            out.print(f"{line.at:%Y-%m-%d %H:%M}  {line.who}: {line.text}", markup=False)


def deadline(wanted: Wanted, url: Url = "", home: Home = None) -> None:
    """Every deadline of a case, day by day."""
    with opened(url, home) as whole:
        case = case_of(whole, wanted)
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


def case_of(whole: Whole, wanted: str) -> UUID:
    """The case that a person means, by number or id. Raises Mistake."""
    case = register.case_of(whole.boards.engine, wanted)
    if case is None:
        try:
            case = UUID(wanted)
            whole.casework.case(case)
        except (ValueError, NoSuchCaseError):
            raise Mistake(f"there is no case {wanted}") from None
    return case
