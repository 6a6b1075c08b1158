"""What is kept: databases by name, the log as the last of them. Boards and their past follow from the log, and are not."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Row, make_url, select

from adapters.keeping.manifest import BackupError, Head
from adapters.store.engine import engine_at, reading
from adapters.store.errors import explained
from adapters.store.migrate import Scripts, knows, standing
from adapters.store.tables import events

LOG = "log"
LAST = select(events).order_by(events.c.position.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A database that cannot be made again from another one."""

    name: str
    url: str
    scripts: Scripts

    @property
    def engine(self) -> str:
        """Which one it is on: sqlite, or postgresql."""
        return make_url(self.url).get_backend_name()

    @property
    def path(self) -> Path:
        """Its file, on SQLite."""
        return Path(make_url(self.url).database or "")

    @property
    def file(self) -> str:
        """What it is called in a backup."""
        return f"{self.name}.db"

    def revision(self) -> str:
        """How far its tables have come. Raises Unavailable."""
        engine = engine_at(self.url)
        try:
            return standing(engine, self.scripts)
        finally:
            engine.dispose()


Databases = Sequence[Kept]


def engine_of(databases: Databases) -> str:
    """The one engine that all are on. Raises BackupError."""
    engines = {one.engine for one in databases}
    if len(engines) > 1:
        raise BackupError(
            "some databases are on SQLite and some on PostgreSQL: they cannot be of one moment; put them on one"
        )
    return engines.pop()


def head_of(log: Engine) -> Head:
    """The last event of a log. Raises Unavailable."""
    with explained(), reading(log).connect() as connection:
        row = connection.execute(LAST).first()
    return _head(row) if row else Head()


def goes_on(log: Engine, head: Head) -> bool:
    """Whether a log still has the event that was its last once. Raises Unavailable."""
    with explained(), reading(log).connect() as connection:
        row = connection.execute(select(events).where(events.c.position == head.position)).first()
    return row is not None and _head(row) == head


def _head(row: Row[Any]) -> Head:
    said = f"{row.position}|{row.stream}|{row.version}|{row.name}|".encode() + row.body
    return Head(row.position, row.recorded_at, sha256(said).hexdigest())


def unless_too_old(databases: Databases, revisions: dict[str, str], program: str) -> None:
    """Raises BackupError where a backup's tables are newer than this program."""
    for one in databases:
        if (found := revisions.get(one.name, "")) and not knows(one.scripts, found):
            raise BackupError(
                f"the {one.name} of this backup is at {found}, written by Whistle {program}: this program is too old for it"
            )
