"""A backup is written: on SQLite a base, or what has come since the one before; the outbox before the log, so that it is never ahead."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.keeping import postgresql, sqlite
from adapters.keeping.folder import Backup, alone, draft, named, remove_old, sound
from adapters.keeping.kept import LOG, Databases, Kept, engine_of, goes_on, head_of
from adapters.keeping.manifest import BASE, MORE, BackupError, Head, Manifest, hash_of, listed, write
from adapters.store.engine import engine_at

SQLITE = "sqlite"
UNDER_WAY = timedelta(seconds=10)  # a command waits for 4 at most between its moment and its commit
OVERLAP = timedelta(hours=1)  # clocks of workers that note what became of a message
NEW_BASE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be kept, and how."""

    databases: Databases
    files: Mapping[str, Path] = field(default_factory=dict)  # by their names in the backup
    programs: Mapping[str, str] = field(default_factory=dict)
    new_base: timedelta = NEW_BASE
    keep: timedelta | None = None
    whole: bool = False


def take(wish: Wish, folder: Path, clock: Callable[[], datetime]) -> tuple[Backup, Sequence[str]]:
    """One more backup, and which old ones went. Raises BackupError, Unavailable."""
    with alone(folder):
        made = _lite(wish, folder, clock()) if engine_of(wish.databases) == SQLITE else _server(wish, folder, clock)
        gone = remove_old(folder, made.manifest.taken_at, wish.keep) if wish.keep else ()
    return made, gone


def _lite(wish: Wish, folder: Path, now: datetime) -> Backup:
    revisions = {one.name: one.revision() for one in wish.databases}
    before = None if wish.whole else _to_go_on_from(wish, folder, revisions, now)
    kind = MORE if before else BASE
    with draft(folder, name := named(now, kind)) as writing:
        for kept in wish.databases:
            _one(kept, writing, before)
        head = _head(writing, before)
        manifest = Manifest(kind, SQLITE, now, revisions, wish.programs, head, _until(head, now))
        if before:
            manifest = replace(manifest, after=before.folder.name, after_sha256=hash_of(before.folder))
        manifest = _closed(wish, writing, manifest)
    return Backup(folder / name, manifest)


def _one(kept: Kept, writing: Path, before: Backup | None) -> None:
    if before is None:
        sqlite.base(kept, writing / kept.file)
        return
    since = before.manifest.taken_at.astimezone(UTC) - OVERLAP
    known = {"position": before.manifest.head.position, "since": f"{since:%Y-%m-%d %H:%M:%S.%f}"}
    sqlite.more(kept, writing / kept.file, before.folder / kept.file, known)


def _to_go_on_from(wish: Wish, folder: Path, revisions: Mapping[str, str], now: datetime) -> Backup | None:
    """The newest backup, if this log goes on from it, with the same tables, and its base is not too old."""
    found = sound(folder)
    bases = [one for one in found if one.manifest.kind == BASE]
    if not bases or now - bases[-1].manifest.taken_at >= wish.new_base:
        return None
    newest, log = found[-1], engine_at(_log(wish.databases).url)
    try:
        fits = (
            newest.manifest.engine == SQLITE and newest.manifest.tables == revisions and newest.manifest.taken_at < now
        )
        return newest if fits and goes_on(log, newest.manifest.head) else None
    finally:
        log.dispose()


def _head(writing: Path, before: Backup | None) -> Head:
    """Where the log of this backup ends; where nothing came, as before."""
    copy = sqlite.frozen(writing / f"{LOG}.db")
    try:
        head = head_of(copy)
    finally:
        copy.dispose()
    return before.manifest.head if before and not head.position else head


def _until(head: Head, now: datetime) -> datetime:
    """Moments never go back along positions, so before the last one nothing can come any more; nor before what is under way."""
    settled = now - UNDER_WAY
    return max(head.recorded_at, settled) if head.recorded_at else settled


def _server(wish: Wish, folder: Path, clock: Callable[[], datetime]) -> Backup:
    """All of a server. What was recorded before it began is surely in it."""
    log, began = _log(wish.databases), clock()
    engine = engine_at(log.url)
    try:
        head, version = head_of(engine), postgresql.version(engine)
        revisions = {one.name: one.revision() for one in wish.databases}
        with draft(folder, name := named(began, BASE)) as writing:
            postgresql.base(engine, writing)
            about = {**wish.programs, "postgresql": version}
            manifest = Manifest(BASE, engine.dialect.name, clock(), revisions, about, head, _until(head, began))
            manifest = _closed(wish, writing, manifest)
    finally:
        engine.dispose()
    return Backup(folder / name, manifest)


def _closed(wish: Wish, writing: Path, manifest: Manifest) -> Manifest:
    """With the other files, and the manifest as the last one."""
    for name, path in wish.files.items():
        if path.is_file():
            shutil.copyfile(path, writing / name)
            (writing / name).chmod(0o600)
    whole = replace(manifest, files=listed(writing))
    write(writing, whole)
    return whole


def _log(databases: Databases) -> Kept:
    if databases[-1].name != LOG:
        raise BackupError("the log is to be kept last")
    return databases[-1]
