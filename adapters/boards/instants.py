"""Instants as whole seconds in the database, for counting by hours and days and for measuring how long something took."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

QUARTER = 900  # seconds: every zone's hours begin on a quarter of an hour


class unix(FunctionElement[int]):  # noqa: N801 - written as SQL's functions are
    """The whole seconds of an instant since 1970, in UTC."""

    type = BigInteger()
    inherit_cache = True


@compiles(unix, "postgresql")
def _postgresql(element: Any, compiler: Any, **more: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    return f"CAST(floor(extract(epoch FROM {compiler.process(element.clauses, **more)})) AS BIGINT)"


@compiles(unix, "sqlite")
def _sqlite(element: Any, compiler: Any, **more: Any) -> str:  # noqa: ANN401 - SQLAlchemy's
    # Without its fraction, which strftime would round.
    return f"CAST(strftime('%s', substr({compiler.process(element.clauses, **more)}, 1, 19)) AS INTEGER)"


def quarter_of(instant: ColumnElement[Any]) -> ColumnElement[int]:
    """The quarter of an hour that an instant lies in, counted since 1970."""
    return unix(instant) // QUARTER


def beginning_of(quarter: int) -> datetime:
    """When such a quarter begins."""
    return datetime.fromtimestamp(quarter * QUARTER, UTC)
