"""One recovery: the right backup is found, checked, laid down and cut back to its moment, on either engine."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from adapters.keeping import recovering, restoring
from adapters.keeping.cutting import cut
from adapters.keeping.folder import Backup, backups, chosen, line
from adapters.keeping.kept import Databases, unless_too_old
from adapters.keeping.manifest import BASE, BackupError, check
from adapters.store.engine import engine_at
from adapters.store.migrate import migrate

SQLITE = "sqlite"


@dataclass(slots=True)
class Recovery:
    """What comes back, up to which moment, and where to; `position` is the last of its log, once it is laid."""

    folder: Path
    to: datetime | None
    databases: Databases
    files: dict[str, Path]
    follows: Sequence[Path] = ()  # databases that are made again from the log: what lies there is of another one
    data: Path | None = None  # PostgreSQL: of the new cluster
    wal: Path | None = None  # PostgreSQL: archived log files
    position: int = 0

    @contextmanager
    def laid(self) -> Iterator[tuple[Backup, str]]:
        """The backup that was used, and on PostgreSQL the address of the cluster while it runs. Raises BackupError."""
        used = self._base() if self.wal and self.to else chosen(self.folder, self.to)
        if used.manifest.engine == SQLITE:
            if self.wal or self.data:
                raise BackupError("this backup is of SQLite: --into and --wal are for PostgreSQL")
            yield self._on_sqlite(used), ""
        else:
            with self._on_postgresql(used) as url:
                yield used, url

    def _on_sqlite(self, used: Backup) -> Backup:
        restoring.unless_there(self.follows)
        self.position = restoring.lay(line(self.folder, used), self.databases, self.to)
        restoring.put_files(used, self.files)
        return used

    @contextmanager
    def _on_postgresql(self, used: Backup) -> Iterator[str]:
        if self.data is None:
            raise BackupError("say --into: the data folder of the new cluster, which is still empty")
        if self.databases[-1].engine == SQLITE:
            raise BackupError(
                "this backup is of PostgreSQL: say its address (--database-url), of which user and database are used"
            )
        check(used.folder)
        unless_too_old(self.databases, dict(used.manifest.tables), used.manifest.programs.get("whistle", "?"))
        recovering.lay(used.folder, self.data, self.wal)
        with recovering.running(self.data, self.databases[-1].url, self.wal, self.to) as url:
            self._cut_back(url)
            restoring.put_files(used, self.files)
            yield url

    def _cut_back(self, url: str) -> None:
        engine = engine_at(url)
        try:
            for one in self.databases:
                migrate(engine, one.scripts)
            self.position = cut(engine, engine, engine, self.to)
        finally:
            engine.dispose()

    def _base(self) -> Backup:
        """The newest that was complete by then: log files lead from there to the moment. Raises BackupError."""
        found = [one for one in backups(self.folder, BASE) if self.to and one.manifest.taken_at <= self.to]
        if not found:
            raise BackupError(
                f"no backup in {self.folder} was complete by {self.to and self.to.isoformat()}; leave --wal out to cut a later one back"
            )
        return found[-1]
