"""A town hall with real browsers: a demo store behind a real server on loopback, and people with a Chromium each."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from adapters.jurisdictions import shipped
from api.app import create_app
from api.serving import GRACE, Server
from api.whole import Whole, compose, real_time
from domain.actors import Actor, Role
from tests.api.office import Office, Time, settled
from tests.granted import granted, made_a_demo

Who = tuple[Role, str]
PHONE, TABLET, DESK = (412, 915), (768, 1024), (1440, 900)
expect.set_options(timeout=10_000)


@dataclass
class Hall:
    """The server, its store, and everybody's windows."""

    whole: Whole
    address: str
    browser: Browser
    office: Office
    windows: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def window(
        self, who: Who | None = None, *, size: tuple[int, int] = DESK, language: str = "zh-CN", dark: bool = False,
        script: bool = True, touch: bool = False, **more: Any,
    ) -> Page:  # fmt: skip
        """A fresh browser, as somebody who is signed in; what its console complains of is a fault."""
        context = self.browser.new_context(
            base_url=self.address, viewport={"width": size[0], "height": size[1]}, locale=language, has_touch=touch,
            color_scheme="dark" if dark else "light", java_script_enabled=script, reduced_motion="reduce", **more,
        )  # fmt: skip
        self.windows.append(context)
        if who:
            self.sign_in(context, who)
        page = context.new_page()
        self.watch(page)
        return page

    def watch(self, page: Page) -> None:
        """Notes what the console says is wrong, and what the page throws."""
        page.on(
            "console",
            lambda said: self.faults.append(f"{page.url}: {said.text}") if said.type in ("error", "warning") else None,
        )
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))

    def sign_in(self, context: BrowserContext, who: Who) -> None:
        """A session for an office, in this browser."""
        staff = next((g.staff for g in self.whole.law.grants if (g.role, g.unit) == who), f"{who[0]}-{who[1]}")
        secret = self.whole.sessions.begin(granted(self.whole, Actor(staff, *who), self.whole.now()), self.whole.now())
        context.add_cookies([{"name": "whistle", "value": secret, "url": self.address}])

    def close_windows(self) -> None:
        """Everybody goes home; nobody's console may have complained."""
        for context in self.windows:
            context.close()
        faults, self.windows, self.faults = self.faults, [], []
        assert not faults, faults


def axe(page: Page) -> list[str]:
    """What axe finds on a page: rule, and where. It is a script: where script is off, it would never answer."""
    assert page.evaluate("matchMedia('(scripting: enabled)').matches"), "axe is a script, and script is off here"
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in found for node in one["nodes"]]


def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def chromium() -> str:
    """Where Chromium is. Skips where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        pytest.skip("no Chromium on this machine: apt install chromium")
    return found


@contextmanager
def playing() -> Iterator[Playwright]:
    """Playwright, driven from a test."""
    with sync_playwright() as playwright:
        yield playwright


@contextmanager
def hall(
    home: Path, browser: Browser, *, now: Time | None = None, demo: bool = True, folder: Path | None = None
) -> Iterator[Hall]:
    """A hall over a fresh demo store of the shipped district, without cases; in real time where no clock is given."""
    whole = compose(settled(home, folder or shipped("chengguan")), now or real_time)
    if demo:
        made_a_demo(whole, whole.now() - timedelta(days=60))
    app = create_app(whole)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        server = Server(app, log_level="warning")
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            pass
        office = Office(whole, TestClient(app), now or Time(datetime.now(UTC)))
        opened = Hall(whole, f"http://127.0.0.1:{port}", browser, office)
        try:
            yield opened
        finally:
            server.should_exit = True
            thread.join(GRACE + 5)
            whole.close()


def logged_case(hall: Hall, who: Who, **said: Any) -> dict[str, Any]:
    """A case through the API, for a test that is about what follows."""
    answer = hall.office.post(who, "/cases", said, key=str(uuid4()))
    assert answer.status_code == 201, answer.text
    hall.whole.boards.wait_for(answer.json()["position"])
    found: dict[str, Any] = answer.json()
    return found


def acted(hall: Hall, who: Who, case: dict[str, Any], path: str, said: Any = None) -> dict[str, Any]:
    """Somebody acts through the API meanwhile, and every board knows it; the case after it."""
    found = hall.office.act(who, case, path, said)
    hall.whole.boards.wait_for(found["position"])
    return found
