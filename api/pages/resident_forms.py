"""What a resident may do by receipt, and what each form of theirs says: words of their own are sealed, the rest is chosen."""

from collections.abc import Callable, Mapping

from api import locale
from api.forms import command_of
from api.pages.acting.filling import Said, filled
from api.pages.acting.sent import first
from api.pages.reading import Reading
from api.problems import Trouble
from api.resources import BY_COMMAND
from domain import commands as c
from domain.case import Case
from domain.commands import Command
from domain.policy import Ground

WITHDRAWN = "withdrawn"  # the reason a reporter withdraws for, in the city's list of reasons
REASONS = ("not_solved", "partly_solved", "came_back")
BECAUSE = (c.OrderRework, c.ReopenCase)  # why is chosen, and said in words besides: a reason is not sealed, a note is
QUIET = (c.AddNote, c.Urge, c.EraseContact)  # whatever happened meanwhile
# In the order of need.
FORMS: Mapping[str, type[Command]] = {
    kind.__name__: kind
    for kind in (
        c.RecordCallback,
        c.OrderRework,
        c.ReopenCase,
        c.AddNote,
        c.AddPhoto,
        c.Urge,
        c.EraseContact,
        c.CancelCase,
    )
}


def forms_of(mine: Reading, case: Case) -> tuple[str, ...]:
    """The forms that the reporter's page has now."""
    open_to = {probe.of for probe in mine.parts.casework.open_to(case, mine.me, mine.now)}
    return tuple(name for name, kind in FORMS.items() if kind in open_to and _offered(mine, case, kind))


def _offered(mine: Reading, case: Case, kind: type[Command]) -> bool:
    if kind is not c.CancelCase:
        return True
    listed = mine.parts.casework.law_of(case).policy.reasons.get(Ground.CANCELLATION, {})
    return not listed or WITHDRAWN in listed


def orders_of(v: Reading, kind: type[Command], said: Said) -> tuple[Command, ...]:
    """The commands that a form asks for. Raises ValidationError."""
    first_of_all = _command(kind, SAID[kind](v, said))
    words = first(said, "text").strip()
    return (first_of_all, _command(c.AddNote, {"text": [words]})) if kind in BECAUSE and words else (first_of_all,)


def _command(kind: type[Command], said: Said) -> Command:
    form = BY_COMMAND[kind].form
    made: Command = command_of(kind, form.model_validate(filled(form, said)))
    return made


def _chosen(v: Reading, said: Said) -> Said:
    """The reason as the office reads it: in its own language, whatever the resident reads in."""
    because = first(said, "because")
    language = "zh" if "zh" in v.law.names else "en"
    return {"reason": [locale.text(f"because_{because}", language) if because in REASONS else ""]}


def _only(*names: str, **given: str) -> Callable[[Reading, Said], Said]:
    """Some fields as they were sent, and what the form itself says."""
    fixed = {name: [value] for name, value in given.items()}
    return lambda _v, said: {**{name: said.get(name, ()) for name in names}, **fixed}


def _surely(_v: Reading, said: Said) -> Said:
    """What cannot be undone is confirmed. Raises Trouble."""
    if first(said, "sure") != "yes":
        raise Trouble("not_confirmed")
    return {}


SAID: Mapping[type[Command], Callable[[Reading, Said], Said]] = {
    c.RecordCallback: _only("solved", "satisfied", contacted="yes"),
    c.OrderRework: _chosen,
    c.ReopenCase: _chosen,
    c.AddNote: _only("text"),
    c.Urge: _only(),
    c.EraseContact: _surely,
    c.CancelCase: _only(reason=WITHDRAWN),
}
