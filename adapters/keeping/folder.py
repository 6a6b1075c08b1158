"""A folder of backups: one writer at a time, each backup whole or not there, old ones removed, the right one found."""

import fcntl
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from adapters.keeping.manifest import BASE, MORE, BackupError, Manifest, check, hash_of, read, sync
from adapters.sealing.files import keep_entry

LOCK, DRAFT = ".lock", ".part"
MINE = 0o700  # nobody else reads a backup
SPELLED = "%Y-%m-%dT%H-%M-%S.%fZ"


@dataclass(frozen=True, slots=True)
class Backup:
    """One that is there."""

    folder: Path
    manifest: Manifest


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Nobody else writes here meanwhile; what a killed writer left behind goes. Raises BackupError."""
    folder.mkdir(parents=True, exist_ok=True, mode=MINE)
    with (folder / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"another backup is being written to {folder}") from None
        for left in folder.glob(f".*{DRAFT}"):
            shutil.rmtree(left)
        yield


@contextmanager
def draft(folder: Path, name: str) -> Iterator[Path]:
    """A folder to write into; under its name, and on disk, when all went well, otherwise gone."""
    writing = folder / f".{name}{DRAFT}"
    writing.mkdir(mode=MINE)
    try:
        yield writing
        sync(writing)
        writing.rename(folder / name)
    except BaseException:
        shutil.rmtree(writing, ignore_errors=True)
        raise
    keep_entry(folder)


def named(taken_at: datetime, kind: str) -> str:
    """The name of a backup: names sort as their moments do."""
    return f"{taken_at:{SPELLED}}.{kind}"


def backups(folder: Path, *kinds: str) -> list[Backup]:
    """All that are there, oldest first. Raises BackupError where one cannot be read."""
    return [Backup(path, read(path)) for path in _folders(folder, *kinds)]


def sound(folder: Path) -> list[Backup]:
    """Those that can be read: one that is damaged keeps nobody from making the next."""
    found = []
    for path in _folders(folder):
        with suppress(BackupError):
            found.append(Backup(path, read(path)))
    return found


def _folders(folder: Path, *kinds: str) -> list[Path]:
    wanted = kinds or (BASE, MORE)
    return sorted(path for path in folder.glob("[!.]*") if path.is_dir() and path.suffix.lstrip(".") in wanted)


def chosen(folder: Path, to: datetime | None) -> Backup:
    """The first that has all that was recorded up to a moment, else the newest of all. Raises BackupError."""
    there = _folders(folder)
    if not there:
        raise BackupError(f"there is no backup in {folder}")
    if to is None:
        return Backup(there[-1], read(there[-1]))
    found = backups(folder)
    for one in found:
        if one.manifest.complete_until and one.manifest.complete_until > to:
            return one
    until = max((one.manifest.complete_until for one in found if one.manifest.complete_until), default=None)
    raise BackupError(
        f"what was recorded up to {to.isoformat()} is in no backup here: they are complete up to {until and until.isoformat()}"
    )


def line(folder: Path, last: Backup) -> Sequence[Backup]:
    """A backup and those that it goes on from, the base first, each checked to the byte. Raises BackupError."""
    found = [Backup(last.folder, check(last.folder))]
    while (first := found[0]).manifest.after:
        before = folder / first.manifest.after
        if not before.is_dir():
            raise BackupError(f"{first.folder} goes on from {first.manifest.after}, which is not there")
        if hash_of(before) != first.manifest.after_sha256:
            raise BackupError(f"{first.folder} does not go on from {before}: that is another one")
        found.insert(0, Backup(before, check(before)))
    return found


def remove_old(folder: Path, now: datetime, kept: timedelta) -> Sequence[str]:
    """A base and all that goes on from it, when the last of them is older; the newest never. Returns what went."""
    lines: list[list[Backup]] = []
    for one in sound(folder):
        if one.manifest.kind == BASE or not lines:
            lines.append([])
        lines[-1].append(one)
    old = [one for mine in lines[:-1] if mine[-1].manifest.taken_at < now - kept for one in reversed(mine)]
    return [remove(one) for one in old]


def remove(backup: Backup) -> str:
    """It is no backup any more from one moment to the next; then its bytes go."""
    gone = backup.folder.rename(backup.folder.with_name(f".{backup.folder.name}{DRAFT}"))
    shutil.rmtree(gone)
    return backup.folder.name
