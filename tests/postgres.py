"""A real PostgreSQL server of our own, as a plain user, for as long as the tests run."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, text

INSTALLED = "/usr/lib/postgresql"
NUMBERS = count(1)


class Server:
    """Listens on a socket in its own folder only, so that no port is taken. fsync stays on."""

    def __init__(self, binaries: Path) -> None:
        """Make an empty cluster; `start` comes next."""
        self._binaries = binaries
        self.running = False
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._user = _plain_user()
        if self._user:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self._call(
            "initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--no-instructions"
        )

    def start(self) -> None:
        """Return once it answers."""
        options = f"-k {self.folder} -c listen_addresses= -c max_connections=200"
        self._call("pg_ctl", "start", "--wait", f"--log={self.folder / 'log'}", f"--options={options}")
        self.running = True

    def stop(self, mode: str = "fast") -> None:
        """`immediate` is what a power cut looks like."""
        self._call("pg_ctl", "stop", "--wait", f"--mode={mode}")
        self.running = False

    def url(self, database: str = "postgres") -> str:
        """The address of a database."""
        query = {"host": str(self.folder)}
        return URL.create("postgresql+psycopg2", "postgres", database=database, query=query).render_as_string()

    def administer(self, statement: str) -> None:
        """One statement outside of any transaction."""
        engine = create_engine(self.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def processes(self) -> list[int]:
        """The process that listens, and those that it has started."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        return [first, *map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split())]

    def _call(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._binaries / program, f"--pgdata={self.folder / 'data'}", *arguments],
            user=self._user and self._user.pw_uid,
            group=self._user and self._user.pw_gid,
            extra_groups=[] if self._user else None,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=(output := (self.folder / "output").open("w+")),  # a pipe would wait for the server's end
            stderr=subprocess.STDOUT,
            check=False,
            timeout=120,
        )
        with output:
            output.seek(0)
            assert not done.returncode, output.read()


@contextmanager
def a_server() -> Iterator[Server]:
    """A server that runs; nothing of it stays."""
    server = Server(_binaries())
    server.start()
    try:
        yield server
    finally:
        if server.running:
            server.stop("immediate")
        shutil.rmtree(server.folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """One server for the whole run; a test that stops it must start it again."""
    with a_server() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """A fresh, empty database."""
    name = f"test_{next(NUMBERS)}"
    postgres_server.administer(f"CREATE DATABASE {name}")
    yield postgres_server.url(name)
    postgres_server.administer(f"DROP DATABASE {name} WITH (FORCE)")


def _binaries() -> Path:
    found = [Path(on_path).resolve().parent] if (on_path := shutil.which("initdb")) else []
    found += sorted(Path(INSTALLED).glob("*/bin"), key=lambda folder: float(folder.parent.name))
    for folder in reversed(found):
        if (folder / "initdb").exists():
            return folder
    missing = "PostgreSQL's server programs (initdb, pg_ctl) are not installed"
    if os.environ.get("CI") == "true":
        pytest.fail(missing)
    pytest.skip(missing)


def _plain_user() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.skip("root, and no plain user to run PostgreSQL as")
