"""A backup on PostgreSQL becomes a cluster: its base is laid down, archived log files are played up to a moment, and it is promoted.

It runs on a socket of its own, seen by nobody, until it has been looked through; then it is stopped, for its operator to start.
"""

import re
import shlex
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from os import chown, geteuid
from pathlib import Path
from time import sleep

from sqlalchemy import make_url

from adapters.keeping.manifest import BackupError
from adapters.keeping.postgresql import BASE, WAL, as_owner, run
from adapters.keeping.writing import UNDER_WAY

SEGMENT = re.compile(r"[0-9A-F]{8}([0-9A-F]{8})([0-9A-F]{8})")
WHOLE = 0x1_0000_0000  # bytes that the middle part of a log file's name counts
PAUSE = 0.2  # seconds between looks at a server that starts
TOO_LATE = "recovery ended before configured recovery target was reached"
LINE = "local all all trust\n"  # nobody but the owner of the socket's folder comes to it


def lay(backup: Path, data: Path, wal: Path | None) -> None:
    """A data folder out of a base, whose owner runs PostgreSQL. Raises BackupError."""
    if data.exists() and any(data.iterdir()):
        raise BackupError(f"{data} is not empty: a restore writes over nothing")
    owner = data if data.exists() else data.parent
    as_owner(owner)
    data.mkdir(exist_ok=True)
    _own(data, owner)
    for name, folder in ((BASE, data), (WAL, data / "pg_wal")):
        with tarfile.open(backup / name) as packed:
            packed.extractall(folder, filter="data")
    data.chmod(0o700)
    if wal:
        _unless_gap(data, wal)
        (data / "recovery.signal").touch()
    for path in data.rglob("*"):
        _own(path, data)


@contextmanager
def running(data: Path, url: str, wal: Path | None, to: datetime | None) -> Iterator[str]:
    """The address of a database of the cluster, played up to shortly after a moment. Raises BackupError."""
    version = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    with _private(data) as folder:
        try:
            _start(data, folder, version, wal, to)
            yield make_url(url).set(host=None, port=None, password=None, query={"host": str(folder)}).render_as_string()
        finally:
            if _lives(data):
                run(["pg_ctl", "stop", "--wait", f"--pgdata={data}", "--mode=fast"], version, owner=data)


def _start(data: Path, folder: Path, version: str, wal: Path | None, to: datetime | None) -> None:
    """What was under way at the moment is let in too, and cut off afterwards by when it was recorded."""
    try:
        _started(data, folder, version, wal, to + UNDER_WAY if to and wal else None)
    except BackupError as error:
        if TOO_LATE not in _log(folder):
            raise BackupError(f"PostgreSQL did not start: {_fatal(folder) or error}") from None
        _started(data, folder, version, wal, None)  # the archive ends before that, and has no gap: all of it is wanted


def _started(data: Path, folder: Path, version: str, wal: Path | None, until: datetime | None) -> None:
    said = {
        "config_file": str(folder / "postgresql.conf"), "hba_file": str(folder / "pg_hba.conf"), "ident_file": str(folder / "pg_ident.conf"),
        "listen_addresses": "", "unix_socket_directories": str(folder), "ssl": "off", "hot_standby": "off", "archive_mode": "off",
        "shared_preload_libraries": "", "recovery_target_action": "promote", "logging_collector": "off", "log_destination": "stderr",
        "restore_command": f"cp {shlex.quote(str(wal))}/%f %p" if wal else "",
        "recovery_target_time": until.isoformat() if until else "",
    }  # fmt: skip
    options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in said.items())
    start = ["pg_ctl", "start", "--wait", f"--pgdata={data}", f"--log={folder / 'log'}", f"--options={options}"]
    run(start, version, owner=data)
    while not _open(folder, version):  # however long it takes to play all the log files
        if not _lives(data):
            raise BackupError(_fatal(folder) or "PostgreSQL ended")
        sleep(PAUSE)


def _lives(data: Path) -> bool:
    return (data / "postmaster.pid").exists()


def _open(folder: Path, version: str) -> bool:
    """Whether it takes connections: it has been promoted by then."""
    try:
        run(["pg_isready", "--quiet", "--host", str(folder)], version)
    except BackupError:
        return False
    return True


@contextmanager
def _private(data: Path) -> Iterator[Path]:
    """A folder for the socket and the settings, which nobody else comes into."""
    folder = Path(tempfile.mkdtemp(prefix="whistle-"))
    for name, content in (("postgresql.conf", ""), ("pg_hba.conf", LINE), ("pg_ident.conf", "")):
        (folder / name).write_text(content, encoding="ascii")
    for path in (folder, *folder.iterdir()):
        _own(path, data)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _unless_gap(data: Path, wal: Path) -> None:
    """Where one archived log file is missing, PostgreSQL takes that for the end. Raises BackupError."""
    have = {number for path in (data / "pg_wal").iterdir() if (number := _number(path)) is not None}
    archived = {number for path in wal.iterdir() if (number := _number(path)) is not None}
    later = have | {number for number in archived if number > max(have)}
    missing = sorted(set(range(min(later), max(later))) - later)
    if missing:
        raise BackupError(
            f"{wal} has a gap: {len(missing)} log files are missing after {max(n for n in later if n < missing[0]):X}"
        )


def _number(path: Path) -> int | None:
    """Which log file of all it is, on whatever timeline."""
    found = SEGMENT.fullmatch(path.name)
    return int(found[1], 16) * (WHOLE // path.stat().st_size) + int(found[2], 16) if found else None


def _own(path: Path, like: Path) -> None:
    if not geteuid():
        chown(path, like.stat().st_uid, like.stat().st_gid, follow_symlinks=False)


def _log(folder: Path) -> str:
    path = folder / "log"
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _fatal(folder: Path) -> str:
    return next(
        (line.split("FATAL:")[-1].strip() for line in reversed(_log(folder).splitlines()) if "FATAL:" in line), ""
    )
