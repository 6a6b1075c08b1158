"""What a database is asked, for tests of how often, and of how it goes about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

Said = tuple[str, Any]  # a statement, and its values


@contextmanager
def statements(engine: Engine | type[Engine]) -> Iterator[list[Said]]:
    """While this lasts, every statement to an engine, or to any, is added to the list."""
    said: list[Said] = []

    def heard(_connection: object, _cursor: object, statement: str, values: Any, *_more: object) -> None:
        said.append((statement, values))

    event.listen(engine, "before_cursor_execute", heard)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", heard)


def plan(engine: Engine, said: Said) -> list[str]:
    """The steps in which SQLite goes about a statement, which is whole: nothing may be put before it once more."""
    statement, values = said
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        return [str(row[-1]) for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", values)]
