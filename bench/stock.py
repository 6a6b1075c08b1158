"""The same work in the library's own way: an aggregate with decorated methods over the library's own stores."""

from pathlib import Path
from uuid import UUID

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from sqlalchemy import make_url

BATCH = 500


class Matter(Aggregate):
    """A case, as short as it can be: as many events as ours has in the line that is measured."""

    @event("Logged")
    def __init__(self, category: str, place: str, summary: str) -> None:
        """It was logged."""
        self.category, self.place, self.summary = category, place, summary
        self.state, self.lead, self.support = "logged", "", tuple[str, ...]()

    @event("Whistled")
    def whistle(self, why: str, tried: str) -> None:
        """The street calls."""
        self.why, self.tried, self.state = why, tried, "escalated"

    @event("Assigned")
    def assign(self, lead: str, support: list[str]) -> None:
        """Departments are named."""
        self.lead, self.support, self.state = lead, tuple(support), "assigned"

    @event("Acknowledged")
    def acknowledge(self, unit: str) -> None:
        """A department signs."""
        self.signed = unit


class Matters(Application[UUID]):
    """The library's application as it comes."""

    def begun(self, count: int) -> list[UUID]:
        """As many matters, assigned."""
        made = [_assigned() for _ in range(count)]
        for start in range(0, count, BATCH):
            self.save(*made[start : start + BATCH])
        return [matter.id for matter in made]

    def acknowledged(self, matter_id: UUID) -> None:
        """One whole command."""
        matter: Matter = self.repository.get(matter_id)
        matter.acknowledge("water")
        self.save(matter)


def _assigned() -> Matter:
    matter = Matter("0401", "110001001001", "water on the pavement")
    matter.whistle("no powers", "asked the owner")
    matter.assign("water", [])
    return matter


def on_sqlite(folder: Path) -> dict[str, str]:
    """The library's SQLite store."""
    return {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": str(folder / "stock.db")}


def on_postgresql(url: str) -> dict[str, str]:
    """The library's PostgreSQL store, on psycopg 3."""
    address = make_url(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": address.database or "",
        "POSTGRES_HOST": str(address.query["host"]),
        "POSTGRES_PORT": "5432",
        "POSTGRES_USER": address.username or "",
        "POSTGRES_PASSWORD": "none",
        "POSTGRES_POOL_SIZE": "16",
    }
