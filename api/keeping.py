"""`whistle backup` and `whistle restore`: a store is kept, and comes back; what must lie apart is held apart."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from adapters.keeping import Backup, BackupError, Kept, Wish, keys, postgresql, take, tried, verifying
from adapters.keeping.recovery import Recovery
from adapters.outbox import OUTBOX
from adapters.seal import SEAL
from adapters.seal.verifying import verified
from adapters.sealing import read_master_key
from adapters.security import SECURITY
from adapters.store.engine import engine_at
from adapters.store.migrate import LOG
from api.app import VERSION
from api.sealing import sentence
from api.settings import Settings
from api.shell import Home, Mistake, Url, err, out, settings_of
from api.whole import Whole, compose, real_time

PROGRAMS = {"whistle": VERSION, "sqlite": sqlite3.sqlite_version}
Folder = Annotated[Path | None, typer.Argument(help="The folder of backups; otherwise WHISTLE_BACKUPS")]


def databases(settings: Settings) -> Sequence[Kept]:
    """What is kept, the log as the last: what follows it must never be ahead of it. Boards and past follow from the log."""
    return (
        Kept("outbox", settings.outbox, OUTBOX),
        Kept("seal", settings.seal, SEAL),
        Kept("security", settings.security, SECURITY),
        Kept("log", settings.log, LOG),
    )


def files(settings: Settings) -> Mapping[str, Path]:
    """What is kept besides. Never the master key."""
    return {"channels.toml": settings.channels}


def follows(settings: Settings) -> Sequence[Path]:
    """On SQLite the files that are made again from the log."""
    return [Kept("", url, LOG).path for url in (settings.boards, settings.past) if url.startswith("sqlite")]


def backup(
    folder: Folder = None,
    keys_to: Annotated[
        Path | None, typer.Option(help="Keep the key store too, in this folder; otherwise WHISTLE_KEY_BACKUPS")
    ] = None,
    keys_days: Annotated[int, typer.Option(help="Days after which a backup of keys is removed", min=1)] = 7,
    keep: Annotated[int, typer.Option(help="Remove what is older than so many days; 0 keeps all", min=0)] = 0,
    base_days: Annotated[int, typer.Option(help="Days after which a new base is made (SQLite)", min=0)] = 7,
    url: Url = "",
    home: Home = None,
    *,
    whole: Annotated[bool, typer.Option(help="Make a base now")] = False,
) -> None:
    """Keep the store while it is used: a base, else what has come since. Keys go to a folder of their own, or nowhere."""
    settings = settings_of(url, home)
    folder, keys_to = _said(folder or settings.backups), keys_to or settings.key_backups
    apart(settings, folder, keys_to)
    wish = Wish(databases(settings), files(settings), PROGRAMS, timedelta(days=base_days), timedelta(days=keep) if keep else None, whole)  # fmt: skip
    made, gone = take(wish, folder, real_time)
    out.print(f"{made.manifest.kind} up to position {made.manifest.head.position}: {made.folder}", markup=False)
    for name in gone:
        out.print(f"removed: {name}", markup=False)
    _keys_kept(settings, keys_to, keys_days)
    for lack in _lacks(settings):
        err.print(f"missing: {lack}", markup=False)


def _keys_kept(settings: Settings, folder: Path | None, days: int) -> None:
    if folder is None:
        err.print("missing: the key store is kept nowhere (--keys-to): without it no sealed word is ever read again")
        return
    gone = keys.keep(settings.keys, folder, real_time(), timedelta(days=days), PROGRAMS)
    out.print(f"keys, for {days} days: {folder}", markup=False)
    for name in gone:
        out.print(f"expired: {name}", markup=False)


def _lacks(settings: Settings) -> Iterator[str]:
    if settings.log.startswith("sqlite"):
        return
    engine = engine_at(settings.log)
    try:
        yield from postgresql.lacks(engine)
    finally:
        engine.dispose()


def apart(settings: Settings, folder: Path, keys_to: Path | None) -> None:
    """Whoever has a backup of the log must not have the keys with it. Raises BackupError."""
    held = {"the key store": _file_of(settings.keys), "the master key": settings.master_key}
    for what, path in held.items():
        for written in filter(None, (folder, keys_to)):
            if path and (_within(path, written) or _within(written, path.parent)):
                raise BackupError(
                    f"{written} lies with {what} ({path}): choose a folder elsewhere, best on another disk"
                )
    if keys_to and (_within(folder, keys_to) or _within(keys_to, folder)):
        raise BackupError(f"{keys_to} lies with the backups of the log in {folder}: keys go to a folder apart")
    if postgresql.together(settings.log, settings.keys):
        raise BackupError(
            "the key store is on the log's own PostgreSQL server: a base backup would take it along; put it elsewhere (WHISTLE_KEYS_URL)"
        )


def _within(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _file_of(url: str) -> Path | None:
    return Kept("keys", url, LOG).path if url.startswith("sqlite") else None


def restore(
    folder: Folder = None,
    to: Annotated[str, typer.Option(help="A moment, ISO 8601 with its zone; otherwise all that is there")] = "",
    keys_from: Annotated[Path | None, typer.Option(help="Only where today's key store is lost: its backups")] = None,
    into: Annotated[Path | None, typer.Option(help="PostgreSQL: the data folder of the new cluster")] = None,
    wal: Annotated[Path | None, typer.Option(help="PostgreSQL: the folder of archived log files")] = None,
    url: Url = "",
    home: Home = None,
    *,
    attempt: Annotated[bool, typer.Option("--try", help="Only see whether it would work; nothing stays")] = False,
) -> None:
    """Bring a store back as it was, and look through it. Today's keys are used: what was erased stays erased."""
    settings = settings_of(url, home)
    folder = _said(folder or settings.backups)
    old_keys = keys.newest(keys_from, real_time()) if keys_from else None
    with _aside(settings, attempt=attempt, with_keys=old_keys is None) as place:
        _unless_keyless(place, old_keys)
        recovery = Recovery(folder, _moment(to), databases(place), dict(files(place)), follows(place), into, wal)
        used, faults = _restored(recovery, place, old_keys, attempt=attempt)
    for fault in faults:
        err.print(f"wrong: {fault}", markup=False)
    if attempt:
        tried.note(folder, used, real_time(), faults)
        if into:
            shutil.rmtree(into)  # it was empty, or not there
    if faults:
        raise Mistake(f"{len(faults)} things are wrong with what came back from {used.folder}")
    out.print("tried, and in order; nothing of it stays" if attempt else "in order")


def _restored(
    recovery: Recovery, place: Settings, old_keys: Backup | None, *, attempt: bool
) -> tuple[Backup, list[str]]:
    with recovery.laid() as (used, url):
        if url:
            moved: dict[str, Any] = {one.name: url for one in fields(place) if getattr(place, one.name) == place.log}
            place = replace(place, **moved)
        out.print(f"up to position {recovery.position}, out of {used.folder}", markup=False)
        return used, [*_looked_through(place, old_keys, recovery.position, attempt=attempt)]


def _looked_through(place: Settings, old_keys: Backup | None, position: int, *, attempt: bool) -> Iterator[str]:
    """The log; then keys, seal and boards over it."""
    log = engine_at(place.log)
    try:
        if old_keys:
            keys.bring(old_keys, place.keys)
            out.print(f"keys as of {old_keys.manifest.taken_at.isoformat()}")
        yield from verifying.faults(log)
    finally:
        log.dispose()
    with closing(compose(place)) as whole:
        yield from _keys_looked_through(whole, position, theirs=bool(old_keys) or not attempt)
        yield from _seal_looked_through(whole)
        yield from verifying.told_anew(whole.boards, whole.past)


def _keys_looked_through(whole: Whole, position: int, *, theirs: bool) -> Iterator[str]:
    """Where the keys are the restored store's own (`theirs`), what its log has erased is carried out; today's are left alone."""
    if theirs:
        whole.erasing.taken_back(position)
        again = whole.erasing.carry_out(whole.now())
        out.print(f"erased once more, because the log says so: {again}")
    if keys.masters(whole.keys.engine) - {one.id for one in whole.master.held.keys}:
        yield "the key store holds keys that another master key wraps"


def _seal_looked_through(whole: Whole) -> Iterator[str]:
    """The log is as it was sealed and signed, as far as the seal had come by then."""
    while whole.seal.grow():
        pass  # what was cut back is hashed anew: what had been signed before the moment is held against that
    report = verified(whole.seal.engine, whole.log.engine, [whole.seal.key.public])
    yield from (sentence(fault, "en") for fault in report.faults)


@contextmanager
def _aside(settings: Settings, *, attempt: bool, with_keys: bool) -> Iterator[Settings]:
    """Where it comes back to; to try it, a folder that is gone afterwards."""
    if not attempt:
        settings.home.mkdir(parents=True, exist_ok=True)
        yield settings
        return
    with TemporaryDirectory(prefix="whistle-try-") as made:
        said = {} if settings.log.startswith("sqlite") else {"WHISTLE_DATABASE_URL": settings.log}
        elsewhere = Settings.of({**said, **settings.secrets}, home=Path(made))
        yield replace(
            elsewhere,
            keys=settings.keys if with_keys else elsewhere.keys,
            master_key=settings.master_key,
            seal_key=settings.seal_key,
        )


def _unless_keyless(settings: Settings, old_keys: Backup | None) -> None:
    """Raises Mistake, MasterKeyError."""
    read_master_key(settings.master_key)
    path = _file_of(settings.keys)
    if path and old_keys and path.exists():
        raise Mistake(f"there is a key store {path}: today's is used, leave --keys-from out")
    if path and not old_keys and not path.exists():
        raise Mistake(f"there is no key store {path}: bring today's here, or say --keys-from where it is lost")


def _said(folder: Path | None) -> Path:
    if folder is None:
        raise Mistake("say which folder of backups, or set WHISTLE_BACKUPS")
    return folder


def _moment(said: str) -> datetime | None:
    with suppress(ValueError):
        if not said or (moment := datetime.fromisoformat(said)).tzinfo:
            return moment if said else None
    raise Mistake(f"{said} is no moment with its zone: write 2026-03-02T11:59:00+08:00")
