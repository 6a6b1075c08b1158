"""Where it is measured: a temporary folder, SQLite files in it, and a PostgreSQL server of our own."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from adapters.store.engine import engine_at
from adapters.store.migrate import migrate
from tests import postgres

SQLITE, POSTGRESQL = "sqlite", "postgresql"
SLOW, SLOW_US = f"{POSTGRESQL}, fsync + 2 ms", 2_000
SHIM = Path(__file__).with_name("slow_fsync.c")


class NoServerError(RuntimeError):
    """PostgreSQL's programs are not here, or nobody to run them as."""


class NoCompilerError(RuntimeError):
    """There is no gcc."""


@dataclass
class Ground:
    """Empty databases of the chosen engines, as many as are asked for."""

    engines: tuple[str, ...]
    folder: Path
    _open: ExitStack
    _numbers: Iterator[int] = field(default_factory=count)
    _server: postgres.Server | None = None

    def url(self, engine: str) -> str:
        """The address of an empty database. Raises NoServerError."""
        if engine == SQLITE:
            return f"sqlite:///{self.home() / 'log.db'}"
        return fresh(self.server, f"bench_{next(self._numbers)}")

    def log(self, engine: str) -> Engine:
        """An empty log."""
        opened = engine_at(self.url(engine))
        migrate(opened)
        self._open.callback(opened.dispose)
        return opened

    def home(self) -> Path:
        """An empty folder."""
        home = self.folder / f"home_{next(self._numbers)}"
        home.mkdir()
        return home

    @property
    def server(self) -> postgres.Server:
        """The one server of the run. Raises NoServerError."""
        if self._server is None:
            self._server = self._open.enter_context(served())
        return self._server

    def slow_server(self, delay_us: int) -> AbstractContextManager[postgres.Server]:
        """A server whose every fsync takes longer. Raises NoServerError, NoCompilerError."""
        return served(_preloaded(self.folder), delay_us)


@contextmanager
def ground(*engines: str) -> Iterator[Ground]:
    """A place to measure; everything in it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, ExitStack() as opened:
        yield Ground(engines, Path(folder), opened)


def fresh(server: postgres.Server, name: str) -> str:
    """The address of a new database of a server."""
    server.administer(f"CREATE DATABASE {name}")
    return server.url(name)


def binaries() -> Path:
    """Where PostgreSQL's programs are. Raises NoServerError."""
    try:
        return postgres._binaries()  # noqa: SLF001 - the tests' own rule
    except pytest.skip.Exception as missing:
        raise NoServerError(str(missing)) from None


@contextmanager
def served(shim: Path | None = None, delay_us: int = 0) -> Iterator[postgres.Server]:
    """A server, started and stopped."""
    server = postgres.Server(binaries())
    with _preloading(server, shim, delay_us) if shim else ExitStack():
        server.start()
    try:
        yield server
    finally:
        server.stop("immediate")
        shutil.rmtree(server.folder)


@contextmanager
def _preloading(server: postgres.Server, shim: Path, delay_us: int) -> Iterator[None]:
    """What is started inside gets the shim; it must lie where the server's user can read it."""
    mine = shutil.copy(shim, server.folder / shim.name)
    Path(mine).chmod(0o755)
    more = {"LD_PRELOAD": str(mine), "FSYNC_DELAY_US": str(delay_us)}
    before = {name: os.environ.get(name) for name in more}
    os.environ.update(more)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _preloaded(folder: Path) -> Path:
    compiler, library = shutil.which("gcc"), folder / "slow_fsync.so"
    if compiler is None:
        raise NoCompilerError("gcc is not installed, so no slow disk can be pretended")
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, SHIM, "-ldl"], check=True)
    return library
