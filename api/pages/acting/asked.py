"""What a form asks: one control for each field of a command."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import timedelta
from functools import cache
from typing import Any, get_type_hints

from api.pages.acting.controls import CONTROLS, Option, Scene
from domain import commands as c
from domain.commands import Command
from domain.events import Plea
from domain.worktime import IN_DAYS


@dataclass(frozen=True, slots=True)
class Asked:
    """One field: its name in the form, which control it has, and what stands in it at first."""

    name: str
    control: str  # words | line | one | many | yes_no | marks | day
    needed: bool
    options: tuple[Option, ...] = ()
    value: tuple[str, ...] = ()
    latest: str = ""  # of a day

    @property
    def leaf(self) -> str:
        """The last part of the name: what it is called on pages."""
        return self.name.rsplit(".", 1)[-1]

    @property
    def text(self) -> str:
        """What stands in it, where that is one text."""
        return next(iter(self.value), "")


# What a page does not ask: coordinates of things, other systems' fields, and what only an emergency may name.
LEFT_OUT = frozenset({"about", "at", "evidence", "photo", "contacted", "on_the_spot", "request", "number", "upto"})
LEFT_OUT_OF: Mapping[type[Command], frozenset[str]] = {c.BlowWhistle: frozenset({"lead", "support"})}
HINTS: Any = cache(get_type_hints)
NEEDED_ANYWAY = frozenset({"solved", "satisfied"})  # optional in the command, but not once somebody was reached


def asked(scene: Scene, given: Iterable[str] = ()) -> tuple[Asked, ...]:
    """The fields that a page asks for a command; `given` are said already."""
    leave = {*LEFT_OUT, *LEFT_OUT_OF.get(scene.command, ()), *given}
    return tuple(_asked(scene, name, needed) for name, needed in _names(scene.command) if name not in leave)


def _asked(scene: Scene, name: str, needed: bool) -> Asked:  # noqa: FBT001 - a field of a field
    leaf = name.rsplit(".", 1)[-1]
    control, options, value = CONTROLS[leaf](scene)
    return Asked(
        name, control, needed or leaf in NEEDED_ANYWAY, options, value, _latest(scene) if control == "day" else ""
    )


def _latest(scene: Scene) -> str:
    most = scene.v.law.policy.maxima.suspension
    today = scene.v.now.astimezone(scene.v.law.calendar.tz).date()
    return (today + timedelta(days=int(most.amount))).isoformat() if most.unit in IN_DAYS else ""


def _names(kind: type[Any], before: str = "") -> tuple[tuple[str, bool], ...]:
    """Every field, those of a part by its name and theirs; and whether it must be said."""
    hints, found = HINTS(kind), list[tuple[str, bool]]()
    for one in fields(kind):
        if hints[one.name] is Plea:
            found.extend(_names(Plea, f"{before}{one.name}."))
        else:
            found.append((f"{before}{one.name}", one.default is MISSING))
    return tuple(found)
