"""A note beside the backups: which was tried, when, and what was wrong. A backup that nobody has ever restored is a hope."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from adapters.keeping.folder import Backup

FILE = "tried.json"


@dataclass(frozen=True, slots=True)
class Tried:
    """The last try."""

    backup: str
    at: datetime
    faults: int


_OF_JSON = TypeAdapter(Tried)


def note(folder: Path, backup: Backup, at: datetime, faults: Sequence[str]) -> None:
    """Write down what came of a try; what was wrong is said to whoever tried, here only how much."""
    draft = folder / f".{FILE}"
    draft.write_bytes(_OF_JSON.dump_json(Tried(backup.folder.name, at, len(faults))))
    draft.replace(folder / FILE)


def last(folder: Path) -> Tried | None:
    """The last try; None where there was none."""
    try:
        return _OF_JSON.validate_json((folder / FILE).read_bytes())
    except (OSError, ValidationError):
        return None
