"""A small town's store: its staff have tokens, and it can be opened, as a process that starts again would open it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.jurisdictions import shipped
from adapters.store.batch import LOCK
from adapters.store.engine import engine_at, transaction
from api.settings import Settings
from api.whole import Whole, compose
from domain.actors import Actor, Role
from tests.api.office import START, settled
from tests.granted import granted

GRID, STREET = "100-1-1-1", "100-1"
STAFF = {
    Role.GRID_WORKER: Actor("worker", Role.GRID_WORKER, GRID),
    Role.STREET_CLERK: Actor("clerk", Role.STREET_CLERK, STREET),
    Role.STREET_LEADER: Actor("leader", Role.STREET_LEADER, STREET),
}


@dataclass(frozen=True)
class Town:
    """Where everything is, and by what its staff are known."""

    settings: Settings
    tokens: Mapping[Role, str]

    @contextmanager
    def opened(self) -> Iterator[Whole]:
        """All parts over what is on disk now."""
        whole = compose(self.settings)
        try:
            yield whole
        finally:
            whole.close()


def founded(home: Path, url: str = "") -> Town:
    """A town with an empty log."""
    settings = settled(home, shipped("minimal"), url)
    with Town(settings, {}).opened() as whole:
        tokens = {
            role: whole.tokens.create(granted(whole, actor, START), "test", START).secret
            for role, actor in STAFF.items()
        }
    return Town(settings, tokens)


@contextmanager
def locked(town: Town) -> Iterator[None]:
    """Somebody else writes, and does not come to an end."""
    elsewhere = engine_at(town.settings.log)
    with transaction(elsewhere, lock=LOCK):
        yield
    elsewhere.dispose()
