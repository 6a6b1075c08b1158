"""Controls: what may be chosen for a field, and what is proposed; from the case, the city's data and the field's words."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from api.pages.acting.whistle import proposed, tried_so_far
from api.pages.reading import Reading
from domain import commands as c
from domain.case import Case
from domain.commands import Command
from domain.policy import Ground
from domain.states import Grade, Outcome, Satisfied, WhistleKind
from workflow.telling import named


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be chosen; `group` is what it belongs to, `usual` that it is proposed, `why` the reason."""

    value: str
    text: str
    group: str = ""
    usual: bool = False
    why: str = ""


class Shown(NamedTuple):
    """A control (words | reply | line | one | many | yes_no | marks | day | case), what may be chosen, and what is proposed."""

    control: str
    options: tuple[Option, ...] = ()
    value: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """The page that asks, the case it is about, and the command that is asked for."""

    v: Reading
    case: Case
    command: type[Command]

    @property
    def usual(self) -> tuple[str, ...]:
        """The departments that usually solve such a case, the lead first; those that were whistled for before them."""
        called = self.case.whistle.plea.departments if self.case.whistle else ()
        found = self.v.law.taxonomy.by_code.get(self.case.category)
        return tuple(dict.fromkeys((*called, *(found.departments if found else ()))))


Control = Callable[[Scene], Shown]


def words(_scene: Scene) -> Shown:
    """Several lines of text."""
    return Shown("words")


def line(_scene: Scene) -> Shown:
    """One line."""
    return Shown("line")


def _choice(table: str, codes: Iterable[str], proposed: Callable[[Scene], str] = lambda _scene: "") -> Control:
    """One of some codes, by the field's words."""
    known = tuple(codes)

    def control(scene: Scene) -> Shown:
        options = tuple(Option(code, scene.v.word(table, code)) for code in known)
        return Shown("one", options, tuple(filter(None, (proposed(scene),))))

    return control


def _departments(scene: Scene) -> tuple[Option, ...]:
    usual = scene.usual
    known = sorted(scene.v.law.departments, key=lambda code: (usual.index(code) if code in usual else len(usual), code))
    return tuple(Option(code, scene.v.plain(code), usual=code in usual) for code in known)


def one_department(scene: Scene) -> Shown:
    """One department; the usual lead is proposed."""
    return Shown("one", _departments(scene), scene.usual[:1])


def another_department(scene: Scene) -> Shown:
    """One department, none proposed."""
    return Shown("one", _departments(scene), ())


def whistled_departments(scene: Scene) -> Shown:
    """Any departments; proposed with the reason, the usual ones chosen; where none is usual, who came last time."""
    reasons = proposed(scene.v, scene.case)
    others = [code for code in scene.v.law.departments if code not in reasons]
    first = (Option(code, scene.v.plain(code), usual=True, why=why) for code, why in reasons.items())
    rest = (Option(code, scene.v.plain(code)) for code in others)
    return Shown("many", (*first, *rest), scene.usual or tuple(reasons)[:1])


def supporting_departments(scene: Scene) -> Shown:
    """Any departments; the usual supports are proposed."""
    return Shown("many", _departments(scene), scene.usual[1:])


def addressee(scene: Scene) -> Shown:
    """A unit of the case; whoever is accountable is proposed."""
    case, v = scene.case, scene.v
    units = dict.fromkeys(filter(None, (case.accountable, *(a.unit for a in case.assignments), case.place.street)))
    return Shown("one", tuple(Option(unit, v.plain(unit)) for unit in units), (case.accountable,))


def category(scene: Scene) -> Shown:
    """A category that has no parts, by what it is a part of."""
    return Shown("one", tuple(categories(scene.v)), (scene.case.category,))


def categories(v: Reading) -> Iterator[Option]:
    """Every category that has no parts."""
    known = v.law.taxonomy.by_code
    for code, found in known.items():
        if found.is_leaf:
            group = known.get(found.parent)
            yield Option(code, named(found.names, v.language), named(group.names, v.language) if group else "")


def grouped(options: Iterable[Option]) -> dict[str, list[Option]]:
    """By what they are a part of, in the city's order."""
    found: dict[str, list[Option]] = {}
    for option in options:
        found.setdefault(option.group, []).append(option)
    return found


def place(scene: Scene) -> Shown:
    """A place of the case's street."""
    known = scene.v.law.places
    inside = (
        code for code in sorted(known.by_code) if known.path(code).holds(scene.case.place.street or scene.v.law.code)
    )
    return Shown("one", tuple(Option(code, scene.v.plain(code)) for code in inside), (scene.case.place.lowest,))


def steps(scene: Scene) -> Shown:
    """A step with a limit of its own that still runs."""
    running = (timer.step for timer in scene.case.timers.values() if timer.step and timer.runs)
    return Shown("one", tuple(Option(step, step) for step in dict.fromkeys(running)), ())


def yes_no(_scene: Scene) -> Shown:
    """Yes or no."""
    return Shown("yes_no")


def marks(_scene: Scene) -> Shown:
    """One to five."""
    return Shown("marks", tuple(Option(str(mark), str(mark)) for mark in range(1, 6)), ("5",))


def more_time(scene: Scene) -> Shown:
    """How much longer."""
    limits = [f"{days} working {'day' if days == 1 else 'days'}" for days in (1, 2, 3, 5, 7, 10)]
    return Shown("one", tuple(Option(limit, scene.v.limit(limit)) for limit in limits), ("3 working days",))


def day(_scene: Scene) -> Shown:
    """A day."""
    return Shown("day")


def reason(scene: Scene) -> Shown:
    """Words; one of the city's list where it has one for this command."""
    ground = GROUNDS.get(scene.command)
    listed = scene.v.law.policy.reasons.get(ground, {}) if ground else {}
    if not listed:
        return Shown("words")
    return Shown(
        "one", tuple(Option(code, named(names, scene.v.language) or code) for code, names in listed.items()), ()
    )


def other_case(_scene: Scene) -> Shown:
    """Another case, by its number."""
    return Shown("case")


def why(scene: Scene) -> Shown:
    """Why it needs departments: what the case says of itself."""
    about = scene.v.plain_category(scene.case.category)
    return Shown("words", (), (scene.v.t("whistle_why", about=f"{about} {scene.case.summary}".strip()),))


def tried(scene: Scene) -> Shown:
    """What was tried below the district, as the case's file has it."""
    return Shown("words", (), (tried_so_far(scene.v, scene.v.parts.casework.file(scene.case.id)),))


def reply(scene: Scene) -> Shown:
    """What the resident will read: the first of the standard replies stands in it, the others can be chosen."""
    v, found = scene.v, scene.v.law.replies_for(scene.case.category)
    options = tuple(Option(named(one.texts, v.language), named(one.names, v.language)) for one in found)
    usual = options[0].value if options else v.t("standard_reply", about=v.plain_category(scene.case.category))
    return Shown("reply", options, (usual,))


def answer(scene: Scene) -> Shown:
    """An answer: to a resident with the standard replies to choose from, to a superior in one's own words."""
    return reply(scene)._replace(value=()) if scene.command is c.AnswerOnTheSpot else Shown("words")


def summary(scene: Scene) -> Shown:
    """The public words of the case."""
    return Shown("words", (), (scene.case.summary,))


def _kind(case: Case) -> str:
    return WhistleKind.RESIDENT_NEED if case.wants_answer else WhistleKind.KEY_WORK


def _outcome(case: Case) -> str:
    called = case.callback
    if called is None or not called.contacted:
        return Outcome.UNREACHABLE if case.wants_answer and case.attempts else Outcome.SOLVED
    return Outcome.SOLVED if called.solved else Outcome.EXPLAINED


GROUNDS: Mapping[type[Command], Ground] = {
    c.RequestSuspension: Ground.SUSPENSION,
    c.RequestExclusion: Ground.EXCLUSION,
    c.CancelCase: Ground.CANCELLATION,
}
CONTROLS: Mapping[str, Control] = {
    "addressee": addressee,
    "answer": answer,
    "attitude": marks,
    "by": more_time,
    "category": category,
    "comment": words,
    "departments": whistled_departments,
    "done": words,
    "grade": _choice("URGENCIES", Grade, lambda _scene: Grade.ROUTINE),
    "into": other_case,
    "kind": _choice("WHISTLE_KINDS", WhistleKind, lambda s: _kind(s.case)),
    "lead": one_department,
    "legal_basis": line,
    "level": _choice("LIGHTS", ("yellow", "red"), lambda _scene: "yellow"),
    "outcome": _choice("OUTCOMES", (o for o in Outcome if o is not Outcome.UNKNOWN), lambda s: _outcome(s.case)),
    "place": place,
    "quality": marks,
    "reason": reason,
    "reply": reply,
    "review": day,
    "satisfied": _choice("SATISFIED", Satisfied),
    "solved": yes_no,
    "speed": marks,
    "step": steps,
    "suggested": another_department,
    "summary": summary,
    "support": supporting_departments,
    "text": words,
    "tried": tried,
    "unit": another_department,
    "why": why,
}
