"""`whistle import`: another system's file with a progress bar, what was rejected and why, and how many rows became what."""

import csv
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import Progress

from adapters.importing import Importer, Map, Outcome, Rejected, bring, read_map, rows_of, shipped_maps
from api.whole import Whole
from domain.jurisdiction import Jurisdiction

SHOWN = 20  # different reasons on the screen; every row in the report


class NoSuchMapError(ValueError):
    """Neither a file nor the name of a map that is shipped."""


class NoMomentError(ValueError):
    """What is said to be a moment is none, or lies ahead."""


def map_named(name: str, law: Jurisdiction) -> Map:
    """A map by file or by shipped name. Raises NoSuchMapError, MapError."""
    path = Path(name) if Path(name).is_file() else shipped_maps().get(name)
    if path is None:
        msg = f"there is no map {name}; shipped are {', '.join(shipped_maps())}"
        raise NoSuchMapError(msg)
    return read_map(path, law)


def moment_of(said: str, whole: Whole) -> datetime:
    """A moment in ISO 8601, in the district's zone where it names none; now where nothing is said. Raises NoMomentError."""
    if not said:
        return whole.now()
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        msg = f"{said} is no moment; say, for example, 2014-01-01 or 2014-01-01T18:00"
        raise NoMomentError(msg) from None
    at = at if at.tzinfo else at.replace(tzinfo=whole.law.calendar.tz)
    if at > whole.now():
        msg = f"{said} lies ahead"
        raise NoMomentError(msg)
    return at


@dataclass(slots=True)
class Report:
    """What is told of rejected rows: every one in a file, where one is given; the reasons, with their numbers, on the screen."""

    lang: str
    file: TextIO | None = None
    lines: dict[str, list[int]] = field(default_factory=dict)  # reason -> first line, and how many

    def reject(self, row: Rejected) -> None:
        """One more."""
        sentence = row.sentence(self.lang)
        if self.file:
            csv.writer(self.file).writerow((row.line, row.id, row.code, sentence))
        self.lines.setdefault(sentence, [row.line, 0])[1] += 1

    def show(self, console: Console) -> None:
        """The commonest reasons."""
        for sentence, (first, n) in sorted(self.lines.items(), key=lambda reason: -reason[1][1])[:SHOWN]:
            console.print(f"{n} × {sentence} (first in line {first})", markup=False)
        if len(self.lines) > SHOWN:
            console.print(f"… and {len(self.lines) - SHOWN} other reasons", markup=False)


@dataclass(frozen=True, slots=True)
class Bringing:
    """One file on its way in."""

    whole: Whole
    file: Path
    map: Map
    as_of: datetime
    write: bool = field(default=True, kw_only=True)

    def told(self, progress: Progress, report: Report) -> Counter[type[Outcome]]:
        """How many rows became what; the boards have them afterwards."""
        law = self.whole.law
        importer = Importer(
            self.whole.casework, self.whole.log.engine, law.code, self.map.system, self.as_of, write=self.write
        )
        count: Counter[type[Outcome]] = Counter()
        with progress.open(self.file, "r", encoding=self.map.encoding, newline="", description=self.file.name) as file:
            for outcome in bring(importer, rows_of(file, self.map, law, self.as_of)):
                count[type(outcome)] += 1
                if isinstance(outcome, Rejected):
                    report.reject(outcome)
        self.whole.boards.catch_up()
        return count
