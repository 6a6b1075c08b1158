"""Words of a case that may tell who somebody is, as they are shown to the clerk who looks at them."""

from dataclasses import dataclass

from api.pages.reading import Reading
from domain.case import Case
from domain.commands import ClearWords
from domain.unsealed import Mark
from workflow.ask import Probe

LOOKING = Probe(ClearWords)


@dataclass(frozen=True, slots=True)
class Marked:
    """One field of an entry; its text in pieces, each with what it is ('': nothing in particular)."""

    entry: int
    field: str
    pieces: tuple[tuple[str, str], ...]


def marks_of(v: Reading, case: Case) -> tuple[Marked, ...]:
    """What whoever is signed in may say is fine; nothing where they may not."""
    if v.actor is None or v.then or LOOKING not in v.parts.casework.open_to(case, v.actor, v.now):
        return ()
    return tuple(Marked(mark.words.version, mark.words.field.rsplit(".", 1)[-1], _pieces(mark)) for mark in case.marks)


def _pieces(mark: Mark) -> tuple[tuple[str, str], ...]:
    pieces, at = [], 0
    for one in mark.findings:
        pieces += [(mark.words.text[at : one.start], ""), (mark.words.text[one.start : one.end], one.kind.value)]
        at = one.end
    return tuple((text, kind) for text, kind in (*pieces, (mark.words.text[at:], "")) if text)
