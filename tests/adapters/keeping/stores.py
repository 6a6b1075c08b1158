"""A store with cases in it, and what of it can be told from what came back."""

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Table, select

from adapters.jurisdictions import shipped
from adapters.store.engine import engine_at
from adapters.store.tables import events
from api.settings import Settings
from api.whole import Whole, compose
from domain import commands as c
from domain.actors import Actor, Role
from domain.events import Reporter
from domain.privacy import Clear, Secrecy
from domain.states import Source
from tests.api.office import settled
from tests.breaking.town import GRID
from workflow.casework import Order

HOTLINE = Actor("hotline", Role.HOTLINE, "100")
CATEGORY = "01"
CANARY = "canary-金丝雀-4d7e"


@dataclass(frozen=True)
class Store:
    """Where it is."""

    home: Path
    url: str = ""

    @classmethod
    def at(cls, home: Path, url: str = "") -> "Store":
        """A new one, with a small town's data loaded and nobody's case in it."""
        settled(home, shipped("minimal"), url)
        return cls(home, url)

    @property
    def settings(self) -> Settings:
        return Settings.of({"WHISTLE_DATABASE_URL": self.url} if self.url else {}, home=self.home)

    def logged(self, at: datetime, count: int = 1, words: str = CANARY) -> list[UUID]:
        """New cases, with private words."""
        cases = [uuid4() for _ in range(count)]
        with closing(compose(self.settings)) as whole:
            for case in cases:
                log_case(whole, case, at, words)
        return cases

    def rows(self, table: Table = events) -> list[tuple[Any, ...]]:
        """Every row, in the order of its key."""
        engine = engine_at(self.settings.log)
        with engine.connect() as connection:
            found = [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key.columns))]
        engine.dispose()
        return found


def log_case(whole: Whole, case: UUID, at: datetime, words: str = CANARY) -> None:
    """Somebody calls the hotline."""
    reporter = Reporter(phone=Clear(Secrecy.CONTACT, words))
    log = c.LogCase(
        category=CATEGORY,
        place=GRID,
        source=Source.HOTLINE,
        reporter=reporter,
        narrative=Clear(Secrecy.NARRATIVE, words),
    )
    whole.casework.open_case(case, Order(command=log, actor=HOTLINE, now=at, id=uuid4()))


def manifest(folder: Path) -> dict[str, Any]:
    """What a backup says of itself."""
    said: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return said


def there(folder: Path) -> Sequence[str]:
    """The backups in a folder, by their kinds, oldest first."""
    return [path.suffix.lstrip(".") for path in sorted(folder.glob("[!.]*")) if path.is_dir()]


def newest(folder: Path) -> Path:
    """The newest backup in a folder."""
    return max(path for path in folder.glob("[!.]*") if path.is_dir())
