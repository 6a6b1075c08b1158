"""Secrets are printed nowhere: marked ones are planted wherever one can be, and all that a run prints under faults is searched."""

import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from adapters.outbox import BadChannelsError, channels_of
from adapters.sealing import MasterKeyError, read_master_key
from adapters.store.engine import UnknownDatabaseError, engine_at
from adapters.store.errors import explained
from adapters.tokens import Held
from api.settings import Settings
from domain.actors import Actor, Role
from tests.api.office import Office
from tests.api.people import CLERK, DISTRICT, SUPERVISOR, WORKER
from tests.api.residents import Resident, demo
from tests.api.test_command_line import whistle

SEED = "canary"
ADDRESSES = (
    "postgresql+psycopg2://u:canary-1@127.0.0.1:1/db",
    "postgresql+psycopg2://u:canary-2@127.0.0.1:port/db",
    "postgresql+psycopg2://u:a/canary-3@127.0.0.1/db",
    "postgresql+psycopg2://u:canary-4?canary-5=canary-6@127.0.0.1/db",
    "postgresql+psycopg2://u@127.0.0.1:1/db?password=canary-7",
    "postgresql+psycopg2://u@127.0.0.1:1/db?canary-8=canary-9",
    "postgresql+psycopg2://u:canary-10@[::1/db",
    "mysql://u:canary-11@127.0.0.1/db",
    "canary-12",
)
URLS = (
    "WHISTLE_DATABASE_URL",
    "WHISTLE_BOARDS_URL",
    "WHISTLE_PAST_URL",
    "WHISTLE_KEYS_URL",
    "WHISTLE_OUTBOX_URL",
    "WHISTLE_SECURITY_URL",
)


@dataclass
class Heard:
    """All that was printed, logged and answered, and the secrets that may not be in it."""

    words: list[str] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)

    def found(self) -> set[str]:
        """What should not have been printed."""
        every = "\n".join(self.words)
        return {secret for secret in {*self.secrets, SEED} if secret in every}


@pytest.fixture
def heard(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Iterator[Heard]:
    found = Heard()
    with caplog.at_level(logging.DEBUG):
        yield found
    found.words += [caplog.text, *capfd.readouterr()]
    assert found.found() == set()


# --- the command line


def ran(heard: Heard, home: Path, *words: str) -> int:
    told = whistle(*words, home=home)
    heard.words += [told.stdout, told.stderr]
    return told.returncode


COMMANDS = (
    ("migrate",),
    ("serve",),
    ("work",),
    ("timers",),
    ("messages",),
    ("security",),
    ("token", "create", "admin", DISTRICT),
    ("story", "1"),
)


@pytest.mark.parametrize("name", URLS)
def test_an_address_that_leads_nowhere(heard: Heard, hall: Office, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    home = hall.whole.settings.home
    for address in ADDRESSES:
        monkeypatch.setenv(name, address)
        ran(heard, home, "migrate")  # of boards and their past it makes no tables
        assert ran(heard, home, "serve") == 2, (name, address)
    assert {ran(heard, home, *command) for command in COMMANDS[1:]} == {2}


def test_a_master_key_that_is_none(heard: Heard, hall: Office) -> None:
    file = hall.whole.settings.master_key
    heard.secrets.add(file.read_text().strip())
    for content in ("canary", "canary\n" * 50, "Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5", file.read_text() + "canary"):
        file.write_text(content)
        heard.secrets.add(content.strip())
        assert {ran(heard, hall.whole.settings.home, *command) for command in COMMANDS[1:]} == {2}
    file.chmod(0o644)
    assert ran(heard, hall.whole.settings.home, "serve") == 2


CHANNELS = (
    'canary = "x"',
    '[[channel]]\nname = "x"\nto = ["water"]\nlanguage = "zh"\naddress = "other://u:canary@h"',
    '[[channel]]\nname = "x"\nto = ["water"]\nlanguage = "zh"\naddress = "canary"',
    '[[channel]]\nname = "x"\nto = ["water"]\nurl = "https://u:canary@h/canary"\nsecret = "canary"',
    '[[channel]]\nname = "x"\nto = ["water"]\nurl = "https://h"\nsecret = "env:WHISTLE_SECRET_X"',
    '[[channel]]\nname = "x"\nto = ["water"]\nsecret = ["canary", "canary", "canary"]',
    'name = "canary',
)


@pytest.mark.parametrize("content", CHANNELS)
def test_a_file_of_channels_that_is_wrong(
    heard: Heard, hall: Office, monkeypatch: pytest.MonkeyPatch, content: str
) -> None:
    if content == CHANNELS[0]:
        content = content.replace("canary", "seed")  # the name of a line may be told, what stands in it may not
    monkeypatch.setenv("WHISTLE_SECRET_X", "canary")
    hall.whole.settings.channels.write_text(content)
    assert {ran(heard, hall.whole.settings.home, *command) for command in (("messages", "check"), ("serve",))} == {2}


def test_what_is_made_is_shown_once_and_where_it_is_asked_for(hall: Office) -> None:
    made = whistle("token", "create", "auditor", DISTRICT, home=hall.whole.settings.home)
    secret = made.stdout.strip()
    assert secret.startswith("whistle_") and secret not in made.stderr
    assert secret not in whistle("security", "--json", home=hall.whole.settings.home).stdout


# --- a server under faults


def asked(heard: Heard, client: TestClient, method: str, path: str, **more: Any) -> None:
    answer = client.request(method, path, **more)
    heard.words += [
        answer.text,
        *(f"{name}: {value}" for name, value in answer.headers.items() if name != "set-cookie"),
    ]


def test_tokens_sessions_and_receipts_under_faults(
    heard: Heard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with demo(tmp_path) as hall:
        tokens = {who: hall.token(*who) for who in (CLERK, WORKER, SUPERVISOR)}
        session, receipt = hall.session(*CLERK), Resident(hall).reports().receipt
        heard.secrets |= {*tokens.values(), session, hall.whole.settings.master_key.read_text().strip()}

        async def broken(request: Any) -> None:
            raise RuntimeError("broken")

        hall.client.app.add_route("/broken", broken, methods=["GET", "POST"])  # type: ignore[attr-defined]
        client = TestClient(hall.client.app, raise_server_exceptions=False, cookies={"whistle": session})
        bearer = {"Authorization": f"Bearer {tokens[CLERK]}", "Accept": "application/json"}
        for path in (
            "/broken",
            "/metrics",
            "/api/v1/me",
            "/api/v1/cases/x",
            "/openapi.json",
            "/docs",
            "/readyz",
            "/healthz",
        ):
            asked(heard, client, "GET", path, headers=bearer)
            asked(
                heard, client, "POST", path, headers={**bearer, "Content-Type": "application/json"}, content=b'{"canar'
            )
        for path in ("/broken", "/boards", "/cases", "/security", "/nowhere"):
            asked(heard, client, "GET", path, headers={"Accept": "text/html"})
        asked(
            heard,
            client,
            "POST",
            "/sign-in",
            data={"token": f"{tokens[CLERK]}x"},
            headers={"Sec-Fetch-Site": "same-origin", "Accept": "text/html"},
        )
        asked(heard, client, "GET", "/metrics", headers={"Authorization": "Bearer canary"})
        monkeypatch.setattr(hall.whole.tokens, "_engine", engine_at("postgresql+psycopg2://u:canary-99@127.0.0.1:1/db"))
        asked(heard, client, "GET", "/api/v1/me", headers=bearer)
        hall.whole.security.settle(hall.time.now)
        for file in tmp_path.glob("security.db*"):
            raw = file.read_bytes()
            assert not [secret for secret in (*heard.secrets, receipt) if secret.encode() in raw]
        heard.secrets.add(receipt)
        heard.words += [repr(hall.whole.settings), repr(hall.whole.security), repr(hall.whole.master)]


# --- what it looks like to somebody who prints it


def printed(hall: Office) -> Iterator[str]:
    whole, actor = hall.whole, Actor("x", Role.AUDITOR, DISTRICT)
    poisoned = replace(
        whole.settings, **{one.name: f"postgresql://u:canary@h/{one.name}" for one in fields(Settings) if one.type == "str" or one.type is str},
        secrets={"WHISTLE_SECRET_X": "canary"},
    )  # fmt: skip
    for one in (
        poisoned,
        replace(whole, settings=poisoned),
        whole.master,
        whole.tokens.create(actor, "x", hall.time.now),
        Held(actor, None),
    ):
        yield from (repr(one), str(one), f"{one}")
    with suppress(UnknownDatabaseError):
        engine_at("mysql://u:canary@h")
    yield repr(engine_at("postgresql+psycopg2://u:canary@127.0.0.1:1/db"))
    try:
        with explained(), engine_at("postgresql+psycopg2://u:canary@127.0.0.1:1/db").connect():
            pass
    except Exception:  # noqa: BLE001 - whatever it is, it is printed
        yield traceback.format_exc().replace("u:canary@127", "")  # the line of this test


def test_whoever_prints_an_object_prints_no_secret(hall: Office) -> None:
    every = "\n".join(printed(hall))
    assert "canary" not in every and not re.search(r"whistle_[\w-]{20,}", every)
    master = json.dumps(hall.whole.settings.master_key.read_text().strip())
    assert master not in every


def test_what_is_printed_is_found(hall: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings as they would print themselves, and an error that repeats an address."""
    monkeypatch.setattr(Settings, "__repr__", lambda self: f"Settings({self.log}, {self.secrets})")
    assert "canary" in "\n".join(printed(hall))
    leaky = Heard(["connection to postgresql://u:canary-1@h failed"], {"x"})
    assert leaky.found() == {SEED}


def test_what_is_said_of_a_wrong_file_names_no_secret(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_text("canary")
    (tmp_path / "master.key").chmod(0o600)
    with pytest.raises(MasterKeyError) as key:
        read_master_key(tmp_path / "master.key")
    (tmp_path / "channels.toml").write_text(CHANNELS[2])
    with pytest.raises(BadChannelsError) as channels:
        channels_of(tmp_path / "channels.toml", {})
    assert "canary" not in f"{key.value}{channels.value}"
