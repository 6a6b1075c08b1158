"""Another city's file, in its own dialect: every row becomes a command by the shipped map, but those that say closed and not when."""

import csv
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.importing import Rejected, read_map, rows_of, shipped_maps
from adapters.importing.rows import Row
from domain.jurisdiction import Department, Jurisdiction
from domain.places import Place, Places, Rung
from domain.states import State
from domain.taxonomy import Category, Taxonomy
from tests.shared_data import shared

FILES = ("requests/nyc311_20220501_allagencies.csv", "requests/nyc311_202503_allagencies.csv")


def knowing(law: Jurisdiction, rows: list[dict[str, str]]) -> Jurisdiction:
    """The same district with that city's own boards, agencies and types."""

    def codes(column: str) -> list[str]:
        return sorted({row[column] for row in rows} - {""})

    boards = (Place(name, Rung.STREET, {"en": name}, law.code) for name in codes("Community Board"))
    return replace(
        law,
        places=Places.of([law.places.by_code[law.code], *boards]),
        taxonomy=Taxonomy.of(Category(name, {"en": name}) for name in codes("Complaint Type")),
        departments={name: Department(name, {"en": name}) for name in codes("Agency")},
    )


@pytest.mark.parametrize("name", FILES)
def test_every_row_becomes_a_command_or_is_not_proven(law: Jurisdiction, name: str) -> None:
    path: Path = shared(name)
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    theirs = knowing(law, rows)
    by = read_map(shipped_maps()["nyc311"], theirs)
    with path.open(encoding=by.encoding, newline="") as file:
        found = list(rows_of(file, by, theirs, datetime(2026, 1, 1, tzinfo=UTC)))
    read = [row for row in found if isinstance(row, Row)]
    unproven = {row["Unique Key"] for row in rows if row["Status"] == "Closed" and not row["Closed Date"]}
    assert {(row.id, row.code) for row in found if isinstance(row, Rejected)} == {
        (id_, "closed_when") for id_ in unproven
    }
    closed = sum(row["Status"] == "Closed" for row in rows) - len(unproven)
    still = len(rows) - closed - len(unproven)
    assert Counter(row.command.state for row in read) == {State.CLOSED: closed, State.ASSIGNED: still}
    assert {row.command.due for row in read} == {None}
