"""What is kept of the past: each row that the boards ever had, from which position of the log until which.

The tables are those of the boards, and follow them: a column or index that is added there is kept here too. What is open
stands for a short while, what has ended for ever. So rows that stand open lie in numbered *volumes*, as in an office's
ledger: when a volume is full, the next begins, and what is still open is carried forward into it. Whoever asks about a
moment reads one volume, and the rows of what had ended (SETTLED), however long the log is.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, PrimaryKeyConstraint, Table, Text

from adapters.boards.tables import SCHEMA, TOLD, assignments, cases, endings, pairs, requests, timers
from adapters.store.tables import NAMES, Instant
from domain.states import RequestState

PAST_SCHEMA = SCHEMA * 1000 + 1  # the boards' own, and ours: changed whenever what is kept here changes
FOREVER = 2**62  # until when a row stands that still does
SETTLED = 0  # the volume of what has ended: it is never carried forward
metadata = MetaData(naming_convention=NAMES)

checkpoint = Table(
    "past_checkpoint",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("schema", Integer, nullable=False),
)

volumes = Table(
    "past_volumes",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("begins", BigInteger, nullable=False),  # the first position that is asked of it
    Column("ends", BigInteger, nullable=False),  # the last
)


def _kept(live: Table) -> Table:
    return Table(
        live.name.replace("board_", "past_"),
        metadata,
        # First of all: of a column behind the 63rd SQLite does not see that an index has it, and reads the row.
        Column("volume", Integer),
        Column("stood_from", BigInteger),
        Column("stood_until", BigInteger, nullable=False),
        *(Column(column.name, column.type, nullable=column.nullable) for column in live.c),
        PrimaryKeyConstraint(*(column.name for column in keys(live)), "volume", "stood_from"),
    )


def keys(live: Table) -> list[Column[Any]]:
    """What a row is known by."""
    return list(live.primary_key) or list(live.c)


KEPT: Mapping[Table, Table] = {live: _kept(live) for live in (*TOLD, pairs) if live not in (timers, endings)}

# What is carried forward while it stands; everything else is settled, though it may change once more.
OPEN: Mapping[Table, Callable[[Mapping[str, Any]], bool]] = {
    cases: lambda row: bool(row["open"]),
    assignments: lambda row: bool(row["at_work"]),
    requests: lambda row: row["state"] == RequestState.PENDING.value,
}


def _columns(kept: Table, index: Index) -> Iterable[Column[Any]]:
    """The volume before all others, so that no other is read; behind them where the order of an index is what it is for.

    The stretch comes behind the instant by which an index is searched: it is compared in every row that is searched, and
    to come to it the databases unpack what stands before.
    """
    columns = [kept.c[column.name] for column in index.columns]
    stretch = [kept.c[name] for name in ("stood_until", "stood_from", "first") if name in kept.c]
    if index.unique or columns[-1].name == "first":
        return dict.fromkeys((*columns, kept.c.volume, *stretch))
    found_by = next((n for n, column in enumerate(columns, 1) if isinstance(column.type, Instant)), len(columns))
    return dict.fromkeys((kept.c.volume, *columns[:found_by], *stretch, *columns[found_by:]))


# By a receipt, or a number of elsewhere, a case is found as it is now: nobody comes with one to the past.
OF_NOW = ("ix_board_cases_receipt", "ix_board_cases_external_id")

for _live, _past in KEPT.items():
    for _index in sorted(_live.indexes, key=lambda index: str(index.name)):
        if _index.name in OF_NOW:
            continue
        _some = {f"{engine}_where": _index.dialect_options[engine]["where"] for engine in ("postgresql", "sqlite")}
        Index(str(_index.name).replace("ix_board_", "ix_past_"), *_columns(_past, _index), **_some)
