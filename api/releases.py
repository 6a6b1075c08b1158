"""Long lists: whether one goes out, and what is asked and said about it, from wherever it comes; all of it is noted."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from uuid import uuid4

from adapters.security import Kind
from adapters.staff import members
from api.noting import noted
from api.security import releases_exports
from api.whole import Whole
from domain.actors import Actor
from domain.exports import AskForExport, Export, ExportCommand, Extract, RefuseExport, ReleaseExport, Stage
from domain.staff import Member
from workflow.ask import Refused
from workflow.releasing import released

Theirs = tuple[str, Export]  # whose, and what


class HeldBack(Refused):
    """A list does not go out now: which, and how long it is."""

    def __init__(self, why: Refused, extract: Extract, rows: int) -> None:
        """`why` says what is possible instead."""
        super().__init__(why.code, **why.arguments)
        self.possible, self.extract, self.rows = why.possible, extract, rows


def let_out(whole: Whole, actor: Actor, extract: Extract, rows: int) -> None:
    """Before any of a list goes out: one that is long needs a release. Raises HeldBack."""
    member = whole.directory.member(actor.staff)
    try:
        released(member, actor, extract, rows, whole.now(), whole.law)
    except Refused as why:
        noted(whole, Kind.EXPORT_HELD, actor, code=why.code, list=extract.name, rows=str(rows))
        raise HeldBack(why, extract, rows) from None


def asked(whole: Whole, actor: Actor, extract: Extract, rows: int, reason: str) -> Export:
    """Ask another to release a list; what waits or is released then. Raises Refused, ContendedError."""
    member = _said(whole, actor.staff, AskForExport(extract=extract, rows=rows, reason=reason), actor)
    return _known(member.export(actor.role, actor.unit, extract, whole.now()) if member else None)


def decided(whole: Whole, staff: str, command: ReleaseExport | RefuseExport, actor: Actor) -> Export:
    """Release what `staff` asked for, or refuse it; how it stands then. Raises Refused, ContendedError."""
    member = _said(whole, staff, command, actor)
    return _known(member.asking(command.number) if member else None)


def _said(whole: Whole, staff: str, command: ExportCommand, actor: Actor) -> Member | None:
    member = whole.directory.handle(staff, command, actor, whole.now(), uuid4())
    noted(whole, Kind.EXPORT_DECIDED, actor, command=type(command).__name__)
    return member


def _known(export: Export | None) -> Export:
    if export is None:
        raise Refused("no_such_export")
    return export


def seen_by(whole: Whole, actor: Actor) -> list[Theirs]:
    """What waits, then all else, each newest first: everybody's for whoever releases, else one's own."""
    now = whole.now()
    found = sorted(_within(whole, actor), key=lambda one: one[1].asked_at, reverse=True)
    return sorted(found, key=lambda one: one[1].stage(now) is not Stage.WAITS)


def _within(whole: Whole, actor: Actor) -> Iterator[Theirs]:
    now = whole.now()
    for member in _whose(whole, actor):
        for export in member.exports:
            gone = not member.may_act(export.role, export.unit, now)
            yield member.staff, replace(export, ended=export.ended or gone)


def _whose(whole: Whole, actor: Actor) -> Iterable[Member]:
    if releases_exports(whole.law, actor):
        return members(whole.log.engine)
    own = whole.directory.member(actor.staff)
    return (own,) if own else ()
