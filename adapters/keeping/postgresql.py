"""Backups on PostgreSQL are the server's own: a base backup, and the log files that it archives."""

import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from adapters.keeping.manifest import BackupError
from adapters.store.engine import engine_at, reading
from adapters.store.errors import explained

INSTALLED = Path("/usr/lib/postgresql")  # Debian's and Ubuntu's place
# How libpq's programs are told where a server is: a password on a command line could be read by everybody.
SAID_BY = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}  # fmt: skip
ARCHIVING = text(
    "SELECT current_setting('archive_mode') AS mode, current_setting('wal_level') AS level, failed_count, "
    "coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) AS failing, last_failed_wal, last_archived_wal "
    "FROM pg_stat_archiver"
)
OTHERWISE = text("SELECT spcname FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')")
BASE, WAL = "base.tar", "pg_wal.tar"


def base(engine: Engine, target: Path) -> None:
    """All of the server that a database is on, with the log files that make it whole. Raises BackupError."""
    with explained(), reading(engine).connect() as connection:
        elsewhere = connection.scalars(OTHERWISE).all()
    if elsewhere:
        raise BackupError(f"the tablespace {elsewhere[0]} is not kept by this command: use pg_basebackup by hand")
    run(
        ["pg_basebackup", "--pgdata", str(target), "--format=tar", "--wal-method=stream", "--checkpoint=fast", "--no-sync", "--manifest-checksums=SHA256"],
        version(engine), of(engine),
    )  # fmt: skip


def version(engine: Engine) -> str:
    """The server's: 15.6."""
    with explained(), reading(engine).connect() as connection:
        return str(connection.scalar(text("SHOW server_version"))).split()[0]


def lacks(engine: Engine) -> Iterator[str]:
    """What the server's settings leave open: without an archive only moments of base backups come back as they were."""
    with explained(), reading(engine).connect() as connection:
        found = connection.execute(ARCHIVING).one()
    if found.mode == "off":
        yield "archive_mode is off: set archive_mode = on and archive_command (docs/running.md), and start the server again"
    elif found.last_archived_wal is None:
        yield "no log file was archived yet: see that archive_command is set and works (docs/running.md)"
    if found.failing:
        yield f"archiving fails since {found.last_failed_wal}: the server's own log says why"
    if found.level == "minimal":
        yield "wal_level is minimal: set wal_level = replica, and start the server again"


def together(one: str, other: str) -> bool:
    """Whether two addresses lead to one server: whatever copies it copies both."""
    if any(not url.startswith("postgresql") for url in (one, other)):
        return False
    return _identity(one) == _identity(other)


def _identity(url: str) -> int:
    engine = engine_at(url)
    try:
        with explained(), reading(engine).connect() as connection:
            return int(connection.scalar(text("SELECT system_identifier FROM pg_control_system()")))
    finally:
        engine.dispose()


def of(engine: Engine) -> dict[str, str]:
    """Where a server is, as libpq's programs read it from their environment."""
    _, said = engine.dialect.create_connect_args(engine.url)
    return {variable: str(said[name]) for name, variable in SAID_BY.items() if said.get(name)}


def run(
    command: list[str], version: str, environ: Mapping[str, str] | None = None, *, owner: Path | None = None
) -> None:
    """One of PostgreSQL's own programs, of the server's release, as the owner of a folder. Raises BackupError."""
    program = programs(version) / command[0]
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, and what we tell it
        [str(program), *command[1:]], env={**os.environ, **(environ or {})}, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, check=False, **(as_owner(owner) if owner else {}),
    )  # fmt: skip
    if done.returncode:
        said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()] or [
            f"exit code {done.returncode}"
        ]
        raise BackupError(f"{command[0]}: {said[-1].split('error: ')[-1].strip()}")


def programs(version: str) -> Path:
    """The folder of a release's programs: Debian's, else by PATH. Raises BackupError."""
    major = version.split(".", maxsplit=1)[0]
    debian = INSTALLED / major / "bin"
    if debian.is_dir():
        return debian
    found = shutil.which("pg_ctl") or shutil.which("pg_basebackup")
    folder = Path(found).resolve().parent if found else None
    if folder is None or _major(folder) != major:
        raise BackupError(f"PostgreSQL's programs of release {major} are not here: install postgresql-{major}")
    return folder


def as_owner(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root; root lets it run as whoever owns the folder that it works in. Raises BackupError."""
    if os.geteuid():
        return {}
    owner = folder.stat()
    if not owner.st_uid:
        raise BackupError(f"{folder} belongs to root: give it to whoever runs PostgreSQL (chown postgres {folder})")
    home = pwd.getpwuid(owner.st_uid).pw_dir
    return {
        "user": owner.st_uid,
        "group": owner.st_gid,
        "extra_groups": [],
        "cwd": home if Path(home).is_dir() else "/",
    }


def _major(folder: Path) -> str:
    said = subprocess.run(  # noqa: S603 - as above
        [str(folder / "pg_basebackup"), "--version"], capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"(\d+)", said)
    return found.group(1) if found else ""
