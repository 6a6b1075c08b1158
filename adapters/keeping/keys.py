"""Keys are kept apart, and not for long: an erasure is complete when the last backup of its keys has expired.

After a restore today's key store is used. Where that is lost, the newest backup of keys takes its place, and what the log
says is erased is destroyed once more.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, insert, select

from adapters.keeping.folder import Backup, alone, backups, draft, named, remove
from adapters.keeping.manifest import KEYS, BackupError, Manifest, check, listed, write
from adapters.keeping.sqlite import frozen
from adapters.sealing.tables import KEYS as SCRIPTS
from adapters.sealing.tables import case_keys, erasures
from adapters.store.engine import engine_at, reading, transaction
from adapters.store.errors import explained
from adapters.store.migrate import migrate, standing

FILE = "keys.db"
AT_ONCE = 5_000  # rows


def keep(keys: str, folder: Path, now: datetime, kept: timedelta, programs: dict[str, str]) -> Sequence[str]:
    """Write the key store to a folder of its own; what has expired there goes. Returns what went. Raises BackupError."""
    with alone(folder):
        engine = engine_at(keys)
        try:
            with draft(folder, named(now, KEYS)) as writing:
                _copied(engine, writing / FILE)
                tables = {"keys": standing(engine, SCRIPTS)}
                about = Manifest(
                    KEYS, engine.dialect.name, now, tables, programs, expires_at=now + kept, files=listed(writing)
                )
                write(writing, about)
        finally:
            engine.dispose()
        return [remove(one) for one in backups(folder, KEYS) if (until := one.manifest.expires_at) and until <= now]


def newest(folder: Path, now: datetime) -> Backup:
    """The newest backup of keys, checked to the byte. Raises BackupError."""
    found = backups(folder, KEYS)
    if not found:
        raise BackupError(f"there is no backup of keys in {folder}")
    last = Backup(found[-1].folder, check(found[-1].folder))
    if last.manifest.expires_at and last.manifest.expires_at <= now:
        raise BackupError(
            f"{last.folder} expired at {last.manifest.expires_at.isoformat()}: what was erased since would come back"
        )
    return last


def bring(backup: Backup, keys: str) -> None:
    """A backup of keys becomes the key store, which must be empty. What the log erased since is still to be carried out again.

    Raises BackupError, Busy, Unavailable.
    """
    kept, store = frozen(backup.folder / FILE), engine_at(keys)
    try:
        migrate(store, SCRIPTS)
        if _count(store):
            raise BackupError("the key store is not empty: today's is used, leave --keys-from out")
        _poured(kept, store)
    finally:
        kept.dispose()
        store.dispose()


def masters(keys: Engine) -> set[str]:
    """Which master keys have wrapped what is there. Raises Unavailable."""
    with explained(), reading(keys).connect() as connection:
        return set(connection.scalars(select(case_keys.c.master).where(case_keys.c.wrapped.is_not(None)).distinct()))


def _count(keys: Engine) -> int:
    with explained(), reading(keys).connect() as connection:
        return connection.scalar(select(func.count()).select_from(case_keys)) or 0


def _copied(keys: Engine, target: Path) -> None:
    copy = engine_at(f"sqlite:///{target}")
    try:
        migrate(copy, SCRIPTS)
        _poured(keys, copy)
    finally:
        copy.dispose()  # the last connection leaves one file


def _poured(source: Engine, target: Engine) -> None:
    """Every row, in one look."""
    with explained(), source.connect() as reader, transaction(target) as writer:
        for table in (case_keys, erasures):
            for page in reader.execution_options(yield_per=AT_ONCE).execute(select(table)).mappings().partitions():
                writer.execute(insert(table), [dict(row) for row in page])
