"""A backup on SQLite is laid down beside where it belongs, cut back to its moment, and takes its place in one go."""

import os
import shutil
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from adapters.keeping import sqlite
from adapters.keeping.cutting import cut
from adapters.keeping.folder import Backup
from adapters.keeping.kept import LOG, Databases, Kept, unless_too_old
from adapters.keeping.manifest import BackupError
from adapters.store.engine import engine_at
from adapters.store.migrate import migrate

BESIDE = ("", "-wal", "-shm")  # what SQLite keeps with a database
OUTBOX, SEAL = "outbox", "seal"


def unless_there(paths: Iterable[Path]) -> None:
    """Raises BackupError where there is something already: nothing is ever written over."""
    for path in paths:
        for end in BESIDE:
            if Path(f"{path}{end}").exists():
                raise BackupError(f"{path}{end} is there already: move it away, a restore writes over nothing")


def lay(line: Sequence[Backup], databases: Databases, to: datetime | None) -> int:
    """The databases of a backup as they were, their tables brought up to date; returns the last position. Raises BackupError."""
    unless_there(one.path for one in databases)
    last = line[-1].manifest
    unless_too_old(databases, dict(last.tables), last.programs.get("whistle", "?"))
    laid = {one.name: _laid(line, one) for one in databases}
    position = _cut_back(laid, databases, to)
    for one in databases:
        _take_place(laid[one.name], one.path)
    return position


def put_files(backup: Backup, files: dict[str, Path]) -> Sequence[Path]:
    """The other files, where there is none; returns those that were put."""
    put = []
    for name, path in files.items():
        if name in backup.manifest.files and not path.exists():
            shutil.copyfile(backup.folder / name, path)
            path.chmod(0o600)
            put.append(path)
    return put


def _laid(line: Sequence[Backup], kept: Kept) -> Path:
    draft = kept.path.with_name(f".{kept.file}.restoring")
    for end in BESIDE:
        Path(f"{draft}{end}").unlink(missing_ok=True)
    draft.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(line[0].folder / kept.file, draft)
    for after in line[1:]:
        sqlite.put_on(draft, after.folder / kept.file)
    return draft


def _cut_back(laid: dict[str, Path], databases: Databases, to: datetime | None) -> int:
    engines = {name: engine_at(f"sqlite:///{path}") for name, path in laid.items()}
    try:
        for one in databases:
            migrate(engines[one.name], one.scripts)
        return cut(engines[LOG], engines[OUTBOX], engines[SEAL], to)
    finally:
        for engine in engines.values():
            engine.dispose()


def _take_place(draft: Path, path: Path) -> None:
    for found in (draft, draft.parent):
        opened = os.open(found, os.O_RDONLY)
        os.fsync(opened)
        os.close(opened)
    draft.rename(path)
