"""Categories: a configurable tree with codes from the path, because names repeat."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from domain.places import Names
from domain.states import Clock, Level, Nature, Urgency
from domain.worktime import Limit

Limits = Mapping[tuple[Clock, Urgency], tuple[Limit, ...]]


@dataclass(frozen=True, slots=True)
class Category:
    """One node of the tree: who usually solves it, where it may be handled, how long it may take."""

    code: str
    names: Names
    parent: str = ""
    nature: Nature = Nature.INCIDENT
    departments: tuple[str, ...] = ()  # the usual lead first, then the usual supports
    handled_at: frozenset[Level] = frozenset(Level)  # rungs that may handle it themselves
    limits: Limits = field(default_factory=dict)  # what differs from the policy's limits
    external_code: str = ""
    is_leaf: bool = True
    sensitive: bool = False  # where it happens would point at somebody: no hot spot, no place on a public map


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The tree, by code; `system` names the external code system and its version."""

    by_code: Mapping[str, Category] = field(default_factory=lambda: MappingProxyType({}))
    system: str = ""

    @classmethod
    def of(cls, categories: Iterable[Category], system: str = "") -> "Taxonomy":
        """The tree of these categories."""
        return cls(MappingProxyType({category.code: category for category in categories}), system)

    @property
    def sensitive(self) -> frozenset[str]:
        """The codes of the sensitive categories; what lies below one is sensitive too."""
        return frozenset(
            code for code in self.by_code if any(self.by_code[above].sensitive for above in self._up(code))
        )

    @property
    def tops(self) -> tuple[str, ...]:
        """The categories that have no parent."""
        return tuple(code for code, category in self.by_code.items() if not category.parent)

    def below(self, code: str) -> tuple[str, ...]:
        """A category and all that lie below it."""
        return tuple(one for one in self.by_code if code in self._up(one))

    def _up(self, code: str) -> Iterator[str]:
        while code:
            yield code
            code = self.by_code[code].parent

    def limit(self, code: str, clock: Clock, urgency: Urgency) -> tuple[Limit, ...]:
        """The category's own limits for a clock, else its parent's, and so on; () where the tree says nothing."""
        limits = (self.by_code[above].limits.get((clock, urgency)) for above in self._up(code))
        return next(filter(None, limits), ())
