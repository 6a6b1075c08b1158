"""A city's own requests as a jurisdiction and as lives of cases: places, departments and types out of its file."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from adapters.jurisdictions import new

ZONE = ZoneInfo("America/New_York")
DISTRICT, UNKNOWN = "the-city", "unknown"
OFF = 'off = ["call_back", "rating"]'


@dataclass(frozen=True)
class Request:
    """One row, as far as it is used."""

    id: str
    opened: datetime
    closed: datetime | None
    type: str
    department: str
    neighborhood: str
    names: Mapping[str, str] = field(compare=False, default_factory=dict)  # as the file says them


def requests(path: Path, count: int) -> list[Request]:
    """The first rows; local times become UTC."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_request(row) for row in islice(csv.DictReader(file), count)]


def _request(row: dict[str, str]) -> Request:
    closed = _utc(row["closed_dt"]) if row["case_status"] == "Closed" else None
    place = code(row["neighborhood"]) or UNKNOWN
    return Request(
        row["case_enquiry_id"],
        _utc(row["open_dt"]),
        closed,
        code(row["type"]),
        code(row["department"]),
        place,
        {**row, "neighborhood": row["neighborhood"].strip() or UNKNOWN},
    )


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def code(name: str) -> str:
    """A name as a code."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split())


def make_jurisdiction(folder: Path, rows: list[Request]) -> Path:
    """A folder out of their own places, departments and types, by the skeleton that any city begins with."""
    tables = folder.parent / "tables"
    tables.mkdir()
    places = [("code", "parent", "name_en"), (DISTRICT, "", "Boston")]
    for code_, name in sorted({(row.neighborhood, row.names["neighborhood"]) for row in rows}):
        places += [(code_, DISTRICT, name), (f"{code_}-c", code_, f"{name} community")]
        places += [(f"{code_}-g", f"{code_}-c", f"{name} grid")]
    usual = {kind: _usual(rows, kind) for kind in {row.type for row in rows}}
    types = sorted({(row.type, "", row.names["type"], usual[row.type]) for row in rows})
    departments = sorted({(row.department, row.names["department"]) for row in rows})
    _write(tables / "places.csv", places)
    _write(tables / "departments.csv", [("code", "name_en"), *departments])
    _write(tables / "categories.csv", [("code", "parent", "name_en", "departments"), *types])
    new(folder, tables / "places.csv", tables / "departments.csv", tables / "categories.csv", zone=ZONE.key)
    policy = folder / "policy.toml"
    policy.write_text(policy.read_text(encoding="utf-8").replace("off = []", OFF), encoding="utf-8")
    return folder


def _usual(rows: list[Request], kind: str) -> str:
    return Counter(row.department for row in rows if row.type == kind).most_common(1)[0][0]


def _write(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def in_time(rows: list[Request]) -> Iterator[tuple[datetime, Request, bool]]:
    """What happened, in order of time: each request opened, and closed where it was."""
    opened = [(row.opened, 0, n, row) for n, row in enumerate(rows)]
    closed = [(max(row.closed, row.opened), 1, n, row) for n, row in enumerate(rows) if row.closed]
    for at, ending, _, row in sorted(opened + closed, key=lambda moment: moment[:3]):
        yield at, row, bool(ending)
