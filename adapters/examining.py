"""What a disk, a clock and a server say of themselves, for whoever examines a deployment."""

import ctypes
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select, text

from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.tables import events

MOUNTS = Path("/proc/self/mountinfo")
TIMEX = 512  # bytes, more than the kernel's struct timex has
SETTINGS = text(
    "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit')"
)
ROLE = text(
    "SELECT rolname AS role, rolsuper AS super, rolbypassrls AS bypasses, "
    "EXISTS (SELECT FROM pg_class WHERE oid = to_regclass('events') AND pg_has_role(current_user, relowner, 'USAGE')) AS owner "
    "FROM pg_roles WHERE rolname = current_user"
)
LINE = text(
    "SELECT coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS sealed, "
    "coalesce(inet_client_addr() << '127.0.0.0/8' OR inet_client_addr() = '::1', true) AS here"
)


def file_system(path: Path, mounts: str) -> str:
    """What kind of file system a path lies on, by the kernel's own list: ext4, nfs4; '' where it is not known."""
    place, best, kind = str(path.resolve()), "", ""
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split()
        point = fields[4].replace("\\040", " ") if len(fields) > 4 else ""  # noqa: PLR2004 - its fifth field
        inside = point and (place == point or place.startswith(point.rstrip("/") + "/"))
        if inside and len(point) >= len(best):
            best, kind = point, after.split()[0] if after else ""
    return kind


def kernel_clock() -> int | None:
    """What the kernel says of its clock: 5 where nobody keeps it in step; None where it cannot be asked."""
    try:
        return int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(TIMEX)))
    except (AttributeError, OSError):
        return None


def last_moment(log: Engine) -> datetime | None:
    """When the last event was recorded. Raises Unavailable."""
    last = select(events.c.recorded_at).order_by(events.c.position.desc()).limit(1)
    with explained(), reading(log).connect() as connection:
        found: datetime | None = connection.scalar(last)
    return found


def server(log: Engine) -> Mapping[str, str]:
    """The settings of a PostgreSQL server that decide whether what is acknowledged stays. Raises Unavailable."""
    with explained(), reading(log).connect() as connection:
        return {row.name: row.setting for row in connection.execute(SETTINGS)}


def role(log: Engine) -> tuple[str, tuple[str, ...]]:
    """As whom we are there, and what that role could do that it need not. Raises Unavailable."""
    with explained(), reading(log).connect() as connection:
        found = connection.execute(ROLE).one()
    powers = {
        "is a superuser": found.super,
        "passes by row security": found.bypasses,
        "owns the log's tables": found.owner,
    }
    return found.role, tuple(words for words, so in powers.items() if so)


def in_clear(log: Engine) -> bool:
    """Whether what we say to the server goes over a network unsealed. Raises Unavailable."""
    with explained(), reading(log).connect() as connection:
        found = connection.execute(LINE).one()
    return not (found.sealed or found.here)
