"""An office for tests: a whole application over a real store, staff with tokens, and a client that speaks as them."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from fastapi.testclient import TestClient
from httpx2 import Response

from adapters.jurisdictions import Editions, shipped
from adapters.store.engine import engine_at
from adapters.store.writer import Writer
from api.app import create_app
from api.settings import Settings
from api.whole import Whole, compose, prepare
from domain.actors import Actor, Role
from tests.granted import granted

HERE = "http://localhost"  # nobody signs in over a plain connection to anywhere else
START = datetime(2026, 3, 2, 2, tzinfo=UTC)


@dataclass
class Time:
    """A clock that goes when told to."""

    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def goes_on(self, hours: float = 1) -> None:
        self.now += timedelta(hours=hours)


def settled(home: Path, folder: Path, url: str = "") -> Settings:
    """A store with a jurisdiction loaded; of a shipped one a copy, which is quicker made."""
    settings = Settings.of({"WHISTLE_DATABASE_URL": url} if url else {}, home=home)
    fresh = not home.exists() or not any(home.iterdir())
    if fresh and not url and folder in (shipped("chengguan"), shipped("minimal")):
        shutil.copytree(_pattern(folder).name, home, dirs_exist_ok=True)
    else:
        _settle(settings, folder)
    return settings


@cache
def _pattern(folder: Path) -> TemporaryDirectory[str]:
    made = TemporaryDirectory(prefix="store-")
    _settle(Settings.of({}, home=Path(made.name)), folder)
    return made


def _settle(settings: Settings, folder: Path) -> None:
    prepare(settings)
    writer = Writer(engine_at(settings.log))
    Editions(writer).load(folder, START)
    writer.close()
    writer.engine.dispose()


@dataclass
class Office:
    """The application, and everybody's tokens."""

    whole: Whole
    client: TestClient
    time: Time
    tokens: dict[tuple[Role, str, int], str] = field(default_factory=dict)

    def token(self, role: Role, unit: str) -> str:
        """The token of a member of staff, made when first needed in a year: none outlives one."""
        now = self.whole.now()
        key = role, unit, now.year
        if key not in self.tokens:
            actor = granted(self.whole, Actor(f"{role}-{unit}", role, unit), now)
            self.tokens[key] = self.whole.tokens.create(actor, "test", now).secret
        return self.tokens[key]

    @property
    def staff(self) -> set[str]:
        """Everybody who has a token, as the log knows them."""
        return {f"{role}-{unit}" for role, unit, _ in self.tokens}

    def session(self, role: Role, unit: str) -> str:
        """A session of a member of staff."""
        now = self.whole.now()
        actor = granted(self.whole, Actor(f"{role}-{unit}", role, unit), now)
        return self.whole.sessions.begin(actor, now)

    def headers(self, who: tuple[Role, str], **more: str) -> dict[str, str]:
        """What a call of somebody carries."""
        return {"Authorization": f"Bearer {self.token(*who)}", "Accept-Language": "en", **more}

    def get(self, who: tuple[Role, str], path: str, **parameters: Any) -> Response:
        """Somebody looks."""
        return self.client.get(f"/api/v1{path}", params=parameters, headers=self.headers(who))

    def post(
        self, who: tuple[Role, str], path: str, said: Any = None, *, seen: int | None = None, key: str = ""
    ) -> Response:
        """Somebody gives a command; `seen` is the version, None for a new case."""
        more = {"Idempotency-Key": key or str(uuid4())}
        if seen is not None:
            more["If-Match"] = f'"{seen}"'
        return self.client.post(f"/api/v1{path}", json=said or {}, headers=self.headers(who, **more))

    def act(self, who: tuple[Role, str], case: dict[str, Any], path: str, said: Any = None) -> dict[str, Any]:
        """Somebody acts on a case as it was last seen; the case after it."""
        self.time.goes_on()
        answer = self.post(who, f"/cases/{case['case']}/{path}", said, seen=case["version"])
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found


@contextmanager
def office(home: Path, folder: Path | None = None, url: str = "") -> Iterator[Office]:
    """An office over a fresh store."""
    time = Time()
    whole = compose(settled(home, folder or shipped("chengguan"), url), time)
    with TestClient(create_app(whole), base_url=HERE) as client:
        yield Office(whole, client, time)
    whole.close()
