"""Tables come and change whole or not at all: twice, by two at once, and killed in the middle."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Column, DateTime, Engine, Integer, MetaData, Table, Uuid, bindparam, exc, inspect, select, text

from adapters.store.engine import engine_at
from adapters.store.migrate import LOG, NotMigratedError, Scripts, check, create, migrate
from adapters.store.tables import metadata, photos
from tests.adapters.store.processes import in_processes

FIRST = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "1", None
def upgrade():
    op.create_table("shelf", sa.Column("id", sa.Integer, primary_key=True))
    op.bulk_insert(sa.table("shelf", sa.column("id")), [{"id": 1}])
"""
SECOND = """
import sqlalchemy as sa, sys, pathlib
from alembic import op
revision, down_revision = "2", "1"
def upgrade():
    with op.batch_alter_table("shelf") as shelf:
        shelf.add_column(sa.Column("label", sa.Text, nullable=False, server_default="x"))
        shelf.alter_column("id", new_column_name="number")
    THEN
    op.create_table("drawer", sa.Column("id", sa.Integer, primary_key=True))
"""
WAIT = 'print("in the middle", flush=True); sys.stdin.readline()'
RUN = """
import sys
from pathlib import Path
from adapters.store.engine import engine_at
from adapters.store.migrate import Scripts, migrate
migrate(engine_at(sys.argv[1]), Scripts("shelf", Path(sys.argv[2])))
"""


@pytest.fixture
def empty(url: str) -> Iterator[Engine]:
    """A database without tables."""
    engine = engine_at(url)
    yield engine
    engine.dispose()


@pytest.fixture
def shelf(tmp_path: Path) -> Scripts:
    """A set of migrations of somebody else, of two steps."""
    folder = tmp_path / "50% of a shelf"
    folder.mkdir()
    (folder / "first.py").write_text(FIRST)
    then(folder, "pass")
    return Scripts("shelf", folder)


def then(folder: Path, statement: str) -> None:
    """What happens in the middle of the second step."""
    (folder / "second.py").write_text(SECOND.replace("THEN", statement))


def tables(engine: Engine) -> set[str]:
    """What there is."""
    return set(inspect(engine).get_table_names())


def address(engine: Engine) -> str:
    """Where."""
    return engine.url.render_as_string(hide_password=False)


def test_the_migrations_make_the_tables_of_the_code(empty: Engine) -> None:
    migrate(empty)

    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": LOG.version_table})
        assert compare_metadata(context, metadata) == []
    assert {name for name in tables(empty) if name != LOG.version_table} == set(metadata.tables)


def test_the_comparison_finds_a_forgotten_migration(empty: Engine) -> None:
    migrate(empty)
    changed = MetaData()
    Table("events", changed, Column("position", Integer, primary_key=True))

    with empty.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), changed)


def test_again_does_nothing(empty: Engine, shelf: Scripts) -> None:
    for _ in range(2):
        migrate(empty, shelf)

    assert tables(empty) == {"shelf", "drawer", "shelf_version"}


def test_sets_do_not_disturb_each_other(empty: Engine, shelf: Scripts) -> None:
    migrate(empty, shelf)
    with pytest.raises(
        NotMigratedError, match=r"the log is at nothing and this program needs \d+: run `whistle migrate`"
    ):
        check(empty)

    migrate(empty)

    check(empty)
    check(empty, shelf)


def test_a_database_of_a_newer_program_is_refused(empty: Engine, shelf: Scripts) -> None:
    migrate(empty, shelf)
    (shelf.folder / "second.py").unlink()

    with pytest.raises(NotMigratedError, match="the shelf is at 2 and this program needs 1"):
        check(empty, shelf)


def migrate_at_once(url: str, folder: Path) -> None:
    """In a process of its own, with the others."""
    engine = engine_at(url)
    migrate(engine)
    migrate(engine, Scripts("shelf", folder))
    check(engine)


def open_new_files(folder: Path, count: int) -> None:
    """In a process of its own, with the others: each file becomes WAL when somebody first connects."""
    for number in range(count):
        engine = engine_at(f"sqlite:///{folder / f'{number}.db'}")
        engine.connect().close()
        engine.dispose()


@pytest.mark.slow
def test_a_new_file_is_opened_by_several_at_once(tmp_path: Path) -> None:
    in_processes(open_new_files, *[(tmp_path, 100)] * 4)


@pytest.mark.slow
def test_two_processes_at_once(empty: Engine, shelf: Scripts) -> None:
    in_processes(migrate_at_once, *[(address(empty), shelf.folder)] * 2)

    check(empty, shelf)


def test_a_step_that_fails_undoes_all(empty: Engine, shelf: Scripts) -> None:
    then(shelf.folder, 'op.execute("INSERT INTO nowhere VALUES (1)")')
    with pytest.raises(exc.DBAPIError):
        migrate(empty, shelf)
    assert tables(empty) == set()

    then(shelf.folder, "pass")
    migrate(empty, shelf)
    check(empty, shelf)


def test_a_migration_killed_in_the_middle_can_be_repeated(empty: Engine, shelf: Scripts) -> None:
    migrate(empty)
    before = tables(empty)
    then(shelf.folder, WAIT)
    command = [sys.executable, "-c", RUN, address(empty), str(shelf.folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "in the middle\n"
        process.kill()

    assert tables(empty) == before, "nothing of it stayed behind"
    then(shelf.folder, "pass")
    migrate(empty, shelf)
    with empty.connect() as connection:
        assert connection.execute(text("SELECT number, label FROM shelf")).all() == [(1, "x")]


def test_tables_that_can_be_rebuilt_are_made_at_once(empty: Engine) -> None:
    board = MetaData()
    Table("grid_board", board, Column("id", Integer, primary_key=True))

    for _ in range(2):
        create(empty, board)

    assert tables(empty) == {"grid_board"}


def test_what_a_column_had_cleared_waits_for_a_clerk_once_more(empty: Engine, tmp_path: Path) -> None:
    """Nothing could be blacked out then; the photo itself stays."""
    before = tmp_path / "before"
    before.mkdir()
    for path in LOG.folder.glob("v000[1-6]*.py"):
        (before / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    migrate(empty, Scripts(LOG.name, before))
    photo = {"id": UUID(int=7), "case": UUID(int=1), "at": datetime(2026, 3, 2, tzinfo=UTC)}
    kept = text(
        "INSERT INTO photos (id, case_id, bytes, size, made_at, cleared) VALUES (:id, :case, :bytes, 6, :at, :cleared)"
    ).bindparams(
        bindparam("id", type_=Uuid), bindparam("case", type_=Uuid), bindparam("at", type_=DateTime(timezone=True))
    )
    with empty.begin() as connection:
        connection.execute(kept, {**photo, "bytes": b"sealed", "cleared": True})
    migrate(empty)
    with empty.connect() as connection:
        (row,) = connection.execute(select(photos)).all()
    assert (row.id, row.bytes, row.size, row.copy_of) == (UUID(int=7), b"sealed", 6, None) and not hasattr(
        row, "cleared"
    )
