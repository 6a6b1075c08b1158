"""Tables come and change here, under a lock and in one transaction: killed in the middle, nothing has happened.

Each set of tables that cannot be rebuilt (the log, the keys, …) is a `Scripts`: a name, so its own version table, and a
folder of alembic revisions inside its package. Boards can be rebuilt from the log: they are made by `create` from their
metadata, and a board whose tables have changed is dropped and told again. Nothing here needs alembic's command line.
"""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, MetaData

from adapters.store.engine import transaction
from adapters.store.errors import explained

LOCK = 0x5EED_0107
PATIENCE = 60.0  # seconds to wait for another's migration
HERE = Path(__file__).parent / "migrations"

_alone = Lock()  # alembic's `context` is one for the whole process


@dataclass(frozen=True, slots=True)
class Scripts:
    """A named set of migrations; `folder` holds its revisions, and nothing else."""

    name: str
    folder: Path

    @property
    def version_table(self) -> str:
        """Where a database says how far this set has come."""
        return f"{self.name}_version"


LOG = Scripts("log", HERE / "log")


class NotMigratedError(Exception):
    """The tables are not those that this program needs."""


def migrate(engine: Engine, scripts: Scripts = LOG) -> None:
    """Bring a set's tables up to date; done already, it does nothing. Raises Busy after a minute behind another."""
    with _alone, transaction(engine, patience=PATIENCE, lock=LOCK) as connection:
        config = _config(scripts)
        config.attributes.update(connection=connection, version_table=scripts.version_table)
        command.upgrade(config, "head")


def create(engine: Engine, metadata: MetaData) -> None:
    """Make what tables are missing, at once, for tables that can be rebuilt or live in memory."""
    with transaction(engine, patience=PATIENCE, lock=LOCK) as connection:
        metadata.create_all(connection)


def check(engine: Engine, scripts: Scripts = LOG) -> None:
    """Raises NotMigratedError unless the tables are exactly those of this program; Unavailable."""
    needed = set(ScriptDirectory.from_config(_config(scripts)).get_heads())
    found = _found(engine, scripts)
    if found != needed:
        msg = f"the {scripts.name} is at {_said(found)} and this program needs {_said(needed)}: run `whistle migrate`"
        raise NotMigratedError(msg)


def standing(engine: Engine, scripts: Scripts = LOG) -> str:
    """How far a set's tables have come; '' where there are none. Raises Unavailable."""
    return "+".join(sorted(_found(engine, scripts)))


def knows(scripts: Scripts, standing: str) -> bool:
    """Whether this program has ever heard of tables that stand so."""
    return set(standing.split("+")) <= {
        one.revision for one in ScriptDirectory.from_config(_config(scripts)).walk_revisions()
    }


def _found(engine: Engine, scripts: Scripts) -> set[str]:
    with explained(), engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": scripts.version_table})
        return set(context.get_current_heads())


def _said(revisions: set[str]) -> str:
    return " and ".join(sorted(revisions)) or "nothing"


def _config(scripts: Scripts) -> Config:
    config = Config()
    for option, folder in (("script_location", HERE), ("version_locations", scripts.folder)):
        config.set_main_option(option, str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return config
