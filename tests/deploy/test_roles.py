"""The roles of deploy/postgresql/roles.sql can do what they must, and not more; and what doctor says of them."""

import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, exc, make_url, text

from api.doctor import findings
from api.examined.findings import Deployment
from api.settings import Settings
from api.whole import compose, prepare, real_time
from tests.adapters.keeping.stores import log_case
from tests.api.test_command_line import TOP
from tests.breaking.archiving import an_archiving_server, archived
from tests.breaking.serving import PYTHON, environ
from tests.breaking.waiting import until
from tests.postgres import Server, _binaries

pytestmark = pytest.mark.slow
ROLES = TOP / "deploy" / "postgresql" / "roles.sql"


def as_role(url: str, role: str) -> str:
    """The same database, as somebody else."""
    return make_url(url).set(username=role).render_as_string()


def told(engine: Engine, *statements: str) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


@pytest.fixture(scope="module")
def archiving() -> Iterator[tuple[Server, Path]]:
    with an_archiving_server() as (server, wal):
        yield server, wal


@pytest.fixture(scope="module")
def settings(archiving: tuple[Server, Path], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """As docs/running.md has it: the owner migrates and loads, the application works."""
    server, _ = archiving
    server.administer("CREATE DATABASE whistle")
    for role in ("whistle_owner LOGIN", "whistle_app LOGIN", "whistle_backup LOGIN REPLICATION"):
        server.administer(f"CREATE ROLE {role}")
    admin = create_engine(server.url("whistle"))
    told(admin, "GRANT CREATE ON SCHEMA public TO whistle_owner")
    home = tmp_path_factory.mktemp("roles") / "home"
    prepare(owner := Settings.of({"WHISTLE_DATABASE_URL": as_role(server.url("whistle"), "whistle_owner")}, home=home))
    admin.dispose()
    said = [
        _binaries() / "psql",
        "-h",
        server.folder,
        "-U",
        "postgres",
        "-d",
        "whistle",
        "-v",
        "ON_ERROR_STOP=1",
        "-qf",
        ROLES,
    ]
    subprocess.run(said, check=True)
    settings = replace(
        owner, **{name: as_role(owner.log, "whistle_app") for name in ("log", "boards", "past", "outbox")}
    )
    said = [*PYTHON, "jurisdiction", "load", str(TOP / "jurisdictions" / "minimal"), "--home", str(home)]
    ran = subprocess.run(said, env=environ(settings), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return settings


def test_the_application_does_its_work(settings: Settings) -> None:
    with closing(compose(settings)) as whole:
        log_case(whole, case := uuid4(), real_time())
        whole.boards.catch_up()
        whole.past.catch_up()
        assert whole.casework.file(case) and whole.boards.position() == whole.past.position() > 0
        whole.outbox.tick(real_time())
        whole.clockwork.tick(real_time() + timedelta(days=1))
    ran = subprocess.run(
        [*PYTHON, "rebuild", "--home", str(settings.home)], env=environ(settings), capture_output=True, text=True, check=False
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    "rewriting",
    [
        "UPDATE events SET name = 'x'",
        "DELETE FROM events",
        "TRUNCATE events",
        "DROP TABLE events",
        "UPDATE editions SET code = 'x'",
    ],
)
def test_it_cannot_rewrite_history(settings: Settings, rewriting: str) -> None:
    engine = create_engine(settings.log)
    with engine.connect() as connection, pytest.raises(exc.ProgrammingError, match=r"permission denied|must be owner"):
        connection.execute(text(rewriting))
    engine.dispose()


def test_the_one_who_keeps_may_read_and_copy(settings: Settings, tmp_path: Path) -> None:
    keeper = replace(settings, log=as_role(settings.log, "whistle_backup"))
    said = [
        *PYTHON,
        "backup",
        str(tmp_path / "kept"),
        "--keys-to",
        str(tmp_path / "keys"),
        "--home",
        str(settings.home),
    ]
    ran = subprocess.run(said, env=environ(keeper), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    engine = create_engine(keeper.log)
    with engine.connect() as connection, pytest.raises(exc.ProgrammingError, match="permission denied"):
        connection.execute(text("INSERT INTO editions VALUES ('x', 1, 'x', 'x', now())"))
    engine.dispose()


# --- doctor


def unsafe(settings: Settings) -> dict[str, list[str]]:
    """What the checks of PostgreSQL find."""
    said: dict[str, list[str]] = {}
    with closing(compose(settings)) as whole:
        for name, one in findings(Deployment(settings, real_time(), whole, "", "", 0)):
            if name.startswith("postgresql") and one.state != "ok":
                said.setdefault(name, []).append(one.what)
    return said


def test_all_is_well(settings: Settings, archiving: tuple[Server, Path]) -> None:
    archived(*archiving)
    assert unsafe(settings) == {}


@pytest.mark.parametrize(
    ("setting", "value", "lost"),
    [
        ("fsync", "off", "destroys"),
        ("full_page_writes", "off", "half written"),
        ("synchronous_commit", "off", "can be lost"),
    ],
)
def test_a_setting_that_loses_data(
    settings: Settings, archiving: tuple[Server, Path], setting: str, value: str, lost: str
) -> None:
    server, _ = archiving
    with changed(server, f"ALTER SYSTEM SET {setting} = {value}", f"ALTER SYSTEM RESET {setting}"):
        found = unsafe(settings)
    assert lost in str(found["postgresql settings"]) and list(found) == ["postgresql settings"]


def test_a_role_that_may_too_much(settings: Settings, archiving: tuple[Server, Path]) -> None:
    server, _ = archiving
    owner = replace(settings, **{name: as_role(settings.log, "whistle_owner") for name in ("log", "outbox")})
    assert "owns the log's tables" in str(unsafe(owner)["postgresql role"])
    with changed(server, "ALTER ROLE whistle_app BYPASSRLS", "ALTER ROLE whistle_app NOBYPASSRLS"):
        assert "passes by row security" in str(unsafe(settings)["postgresql role"])
    with changed(server, "ALTER ROLE whistle_app SUPERUSER", "ALTER ROLE whistle_app NOSUPERUSER"):
        assert "is a superuser" in str(unsafe(settings)["postgresql role"])


def test_archiving_that_fails(settings: Settings, archiving: tuple[Server, Path]) -> None:
    server, wal = archiving
    before = "ALTER SYSTEM RESET archive_command"
    with changed(server, "ALTER SYSTEM SET archive_command = 'false'", before):
        switched(server)
        until(lambda: "archiving fails" in str(unsafe(settings).get("postgresql archive")))
    archived(server, wal)
    until(lambda: unsafe(settings) == {})


def test_a_line_in_clear(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its socket it does not leave the machine; of a network there is none here, so its answer is seeded."""
    assert "postgresql connection" not in unsafe(settings)
    monkeypatch.setattr("adapters.examining.LINE", text("SELECT false AS sealed, false AS here"))
    assert "in clear" in str(unsafe(settings)["postgresql connection"])
    monkeypatch.setattr("adapters.examining.LINE", text("SELECT true AS sealed, false AS here"))
    assert "postgresql connection" not in unsafe(settings)


def switched(server: Server) -> None:
    engine = create_engine(server.url())
    told(engine, "SELECT pg_logical_emit_message(false, 'test', 'x')", "SELECT pg_switch_wal()")
    engine.dispose()


@contextmanager
def changed(server: Server, change: str, back: str) -> Iterator[None]:
    """Something of the server is otherwise while this lasts."""
    for statement in (change, "SELECT pg_reload_conf()"):
        server.administer(statement)
    try:
        yield
    finally:
        for statement in (back, "SELECT pg_reload_conf()"):
            server.administer(statement)
