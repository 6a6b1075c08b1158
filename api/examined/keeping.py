"""Whether what is lost today could be brought back, and was ever tried."""

from datetime import datetime, timedelta
from pathlib import Path

from adapters.keeping import BackupError, backups, tried
from adapters.keeping.manifest import KEYS
from api.examined.findings import Deployment, Findings, ok, unknown, unsafe

DAILY = timedelta(hours=26)
QUARTERLY = timedelta(days=100)
FOREIGN = 0o077


def backup(d: Deployment) -> Findings:
    """There is one of today, and nobody else reads it."""
    folder = d.settings.backups
    if folder is None:
        yield unsafe(
            "no folder of backups is known", "set WHISTLE_BACKUPS, and run `whistle backup` every hour (deploy/)"
        )
        return
    yield from _age(folder, d.now)
    if folder.is_dir() and folder.stat().st_mode & FOREIGN:
        yield unsafe(f"{folder} is open to others", f"chmod 700 {folder}")
    if _same_disk(folder, d.settings.home):
        yield unknown(
            f"{folder} is on the disk of the store, and goes when that goes",
            "see that it is copied to another machine, or set WHISTLE_BACKUPS to another disk",
        )


def _same_disk(one: Path, other: Path) -> bool:
    return one.is_dir() and other.is_dir() and one.stat().st_dev == other.stat().st_dev


def _age(folder: Path, now: datetime) -> Findings:
    try:
        found = backups(folder)
    except BackupError as error:
        yield unsafe(str(error), "remove it, and run `whistle backup --whole`")
        return
    if not found or now - found[-1].manifest.taken_at > DAILY:
        last = (
            f"the last is of {found[-1].manifest.taken_at.isoformat(timespec='minutes')}" if found else "there is none"
        )
        yield unsafe(
            f"no backup is younger than a day: {last}",
            "see why: systemctl status whistle-backup; then `whistle backup`",
        )
    else:
        yield ok(f"the last backup is of {found[-1].manifest.taken_at.isoformat(timespec='minutes')}")


def tried_out(d: Deployment) -> Findings:
    """A backup that nobody has ever restored is a hope."""
    folder = d.settings.backups
    last = tried.last(folder) if folder else None
    if last is None or d.now - last.at > QUARTERLY:
        yield unsafe("no backup was restored for a try in the last hundred days", "run `whistle restore --try`")
    elif last.faults:
        yield unsafe(
            f"the last try found {last.faults} things wrong with {last.backup}",
            "run `whistle restore --try`, and read what it says",
        )
    else:
        yield ok(f"a backup was restored for a try at {last.at.isoformat(timespec='minutes')}")


def keys(d: Deployment) -> Findings:
    """Keys are kept, elsewhere, and no longer than was said."""
    folder = d.settings.key_backups
    if folder is None:
        yield unsafe(
            "the key store is kept nowhere",
            "set WHISTLE_KEY_BACKUPS, or keep it by other means: without it nothing sealed is ever read again",
        )
        return
    try:
        found = backups(folder, KEYS)
    except BackupError as error:
        yield unsafe(str(error), "remove it, and run `whistle backup`")
        return
    expired = [one for one in found if (until := one.manifest.expires_at) and until <= d.now]
    if expired:
        yield unsafe(
            f"{len(expired)} backups of keys have expired and are still there: erasures are not complete",
            "run `whistle backup`, which removes them",
        )
    if not found or d.now - found[-1].manifest.taken_at > DAILY:
        yield unsafe("no backup of the keys is younger than a day", "run `whistle backup`")
    elif not expired:
        yield ok(f"the keys are kept until {found[-1].manifest.expires_at:%Y-%m-%d}")
