"""A PostgreSQL server that archives its log files, as docs/running.md has it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.breaking.waiting import until
from tests.postgres import Server, _binaries

COMMAND = "test ! -f {wal}/%f && cp %p {wal}/%f.part && sync {wal}/%f.part && mv {wal}/%f.part {wal}/%f"


@contextmanager
def an_archiving_server(**settings: str) -> Iterator[tuple[Server, Path]]:
    """It runs; and the folder of its archive. `settings` are added to its own."""
    server = Server(_binaries())
    wal = owned(server, "wal")
    said = {"archive_mode": "on", "archive_command": f"'{COMMAND.format(wal=wal)}'", **settings}
    with (server.folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.writelines(f"{name} = {value}\n" for name, value in said.items())
    server.start()
    try:
        yield server, wal
    finally:
        server.stop("immediate")
        shutil.rmtree(server.folder)


def owned(server: Server, name: str) -> Path:
    """A folder that belongs to whoever runs the server."""
    folder = server.folder / name
    folder.mkdir()
    os.chown(folder, (owner := server.folder.stat()).st_uid, owner.st_gid)
    return folder


def archived(server: Server, wal: Path) -> None:
    """All that was committed by now is in the archive."""
    engine = create_engine(server.url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        name = connection.scalar(text("SELECT pg_walfile_name(pg_switch_wal())"))
    engine.dispose()
    until((wal / str(name)).exists)
