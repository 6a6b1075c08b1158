"""Files, disks and clocks: what lies where, who may read it, and whether there is room."""

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from adapters.examining import file_system, last_moment
from adapters.keeping import Kept
from adapters.keeping.postgresql import together
from adapters.sealing import MasterKeyError, read_master_key
from adapters.store.migrate import LOG
from api.examined.findings import Deployment, Findings, ok, unknown, unsafe
from api.keeping import databases, follows
from api.settings import Settings

NETWORKS = ("nfs", "cifs", "smb", "9p", "ceph", "glusterfs", "fuse.sshfs", "lustre", "afs", "virtiofs")
OTHERS = 0o007  # mode bits of those who are neither owner nor group
LEAST, PART = 1 << 30, 0.05  # of a disk: bytes, and its part
OUT_OF_STEP = 5  # what the kernel says where nobody keeps its clock
GRACE = timedelta(seconds=1)


def files(settings: Settings) -> Iterator[Path]:
    """The databases that are files."""
    keys = Kept("keys", settings.keys, LOG)
    yield from (kept.path for kept in (*databases(settings), keys) if kept.engine == "sqlite")
    yield from follows(settings)


def master_key(d: Deployment) -> Findings:
    """It can be read, by nobody else, belongs to us, and does not lie with what it opens."""
    path = d.settings.master_key
    try:
        read_master_key(path)
    except MasterKeyError as error:
        yield unsafe(str(error), "put the key there, or say where it is (WHISTLE_MASTER_KEY_FILE)")
        return
    if path.stat().st_uid not in {0, os.geteuid()}:
        yield unsafe(f"{path} belongs to somebody else", f"chown it to whoever runs Whistle: chown $USER {path}")
    if any(path.resolve().parent == file.resolve().parent for file in files(d.settings)):
        yield unsafe(
            f"{path} lies with the databases: whoever copies the folder opens every seal",
            "move it, and set WHISTLE_MASTER_KEY_FILE",
        )
    else:
        yield ok("the master key is read by its owner only, and lies apart from the databases")


def home(d: Deployment) -> Findings:
    """Nobody else reads the folder of databases."""
    mode = d.settings.home.stat().st_mode
    if mode & OTHERS:
        yield unsafe(f"{d.settings.home} is open to others (mode {mode & 0o777:o})", f"chmod 700 {d.settings.home}")
    else:
        yield ok("others do not come into the home folder")


def keys_apart(d: Deployment) -> Findings:
    """The key store is not on the server of the log, nor with its backups."""
    keys, backups, apart = d.settings.keys, d.settings.backups, d.settings.key_backups
    path = Kept("keys", keys, LOG).path.resolve() if keys.startswith("sqlite") else None
    if together(d.settings.log, keys):
        yield unsafe(
            "the key store is on the log's own server: its backups take the keys along",
            "put it elsewhere, and set WHISTLE_KEYS_URL",
        )
    elif backups and path and (path.is_relative_to(backups.resolve()) or backups.resolve().is_relative_to(path.parent)):
        yield unsafe(
            f"backups ({backups}) lie with the key store",
            "set WHISTLE_BACKUPS to a folder elsewhere, best on another disk",
        )
    elif (
        backups
        and apart
        and (apart.resolve().is_relative_to(backups.resolve()) or backups.resolve().is_relative_to(apart.resolve()))
    ):
        yield unsafe(
            f"backups of keys ({apart}) lie with those of the log", "set WHISTLE_KEY_BACKUPS to a folder apart"
        )
    else:
        yield ok("keys lie apart from the log's backups")


def network_disk(d: Deployment) -> Findings:
    """SQLite locks and shares memory: over a network neither can be relied on."""
    for path in files(d.settings):
        kind = file_system(path, d.mounts)
        if kind.startswith(NETWORKS):
            yield unsafe(
                f"{path} lies on a network file system ({kind}): SQLite loses data there",
                "move it to a disk of this machine, or use PostgreSQL",
            )
            return
        if not kind:
            yield unknown(f"on what kind of disk {path} lies, the kernel does not say")
            return
    yield ok("no SQLite file lies on a network")


def room(d: Deployment) -> Findings:
    """A log that cannot grow takes no command."""
    folders = {
        folder
        for folder in (d.settings.home, d.settings.backups, *(path.parent for path in files(d.settings)))
        if folder and folder.is_dir()
    }
    scarce = [folder for folder in sorted(folders) if _scarce(folder)]
    yield from (unsafe(f"the disk of {folder} is nearly full", "make room, or take a larger disk") for folder in scarce)
    if not scarce:
        yield ok("there is room on the disks")


def _scarce(folder: Path) -> bool:
    disk = shutil.disk_usage(folder)
    return disk.free < min(LEAST, disk.total / 2) or disk.free < PART * disk.total


def clock(d: Deployment) -> Findings:
    """A clock behind the log makes every command wait for yesterday."""
    last = last_moment(d.whole.log.engine) if d.whole else None
    if last and d.now < last - GRACE:
        yield unsafe(
            f"the clock is {last - d.now} behind the last event of the log",
            "set it right (timedatectl), before anybody works",
        )
    else:
        yield ok("the clock is not behind the log")


def kept_in_step(d: Deployment) -> Findings:
    """Whether somebody corrects the clock, as far as the kernel knows."""
    if d.kernel is None or d.kernel == OUT_OF_STEP:
        yield unknown(
            "the kernel knows of nobody who keeps the clock in step",
            "see that NTP runs (timedatectl); a host may do it for its machines",
        )
    else:
        yield ok("the clock is kept in step")
