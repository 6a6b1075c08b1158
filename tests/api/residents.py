"""Residents for tests: a demo store, somebody at its public door without cookie or script, and staff who act meanwhile."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from httpx2 import Response

from tests.api.browsers import Markup, form
from tests.api.office import Office, office
from tests.api.people import (
    DISPATCHER,
    GRID,
    LEADER,
    PLEA,
    SUPERVISOR,
    WATER,
    WORKER,
)
from tests.granted import made_a_demo

CANARY = "canary-7f3e"
WORDS = f"{CANARY} the lamp before my door is dark"
LAMP = "LD-002-01"
OURS = {"Sec-Fetch-Site": "same-origin"}
HERE = re.compile(r"/r/([0-9A-Z-]{30})")


@contextmanager
def demo(home: Path) -> Iterator[Office]:
    """A demo store."""
    with office(home) as opened:
        made_a_demo(opened.whole, opened.time.now)
        yield opened


class Resident:
    """Somebody at the public door, whose browser has no script and no cookie."""

    def __init__(self, hall: Office, client: TestClient | None = None, language: str = "en") -> None:
        """By the hall's own client, or by one that comes from elsewhere."""
        self.hall, self.client, self.language = hall, client or hall.client, language
        self.page, self.receipt = "", ""
        self.answer: Response | None = None

    def goes_to(self, path: str) -> "Resident":
        self.client.cookies.clear()
        return self._got(self.client.get(path, headers=self._headers()))

    def sends(self, path: str, said: Any = None, **more: Any) -> "Resident":
        self.client.cookies.clear()
        return self._got(self.client.post(path, data=said or {}, headers={**self._headers(), **OURS}, **more))

    def reports(self, **said: str) -> "Resident":
        """Fills in the form that a poster's code leads to."""
        self.goes_to(f"/report?place={GRID}&category=0110")
        form = next(form for form in self.forms() if form["action"].startswith("/report"))
        self.sends("/report", {**form["fields"], "narrative": WORDS, **said})
        found = HERE.search(str(self.answer.url)) if self.answer else None
        self.receipt = found[1] if found else ""
        return self

    def does(self, command: str, **said: str) -> "Resident":
        form = next(f for f in self.looks().forms() if f["action"].endswith(f"/do/{command}"))
        return self.sends(form["action"], {**form["fields"], **said})

    def looks(self) -> "Resident":
        return self.goes_to(f"/r/{self.receipt}")

    def forms(self) -> list[dict[str, Any]]:
        found = re.findall(r'<form method="post" action="([^"]+)"[^>]*>(.*?)</form>', self.page, re.DOTALL)
        return [form(*one) for one in found]

    @property
    def may(self) -> set[str]:
        return {form["action"].rsplit("/", 1)[1] for form in self.forms() if "/r/" in form["action"]}

    @property
    def status(self) -> int:
        assert self.answer is not None
        return self.answer.status_code

    @property
    def case(self) -> dict[str, Any]:
        """As the office has it."""
        number = re.search(r"540102-\d{8}-\d{4}", self.looks().page)
        assert number
        line = self.hall.get(SUPERVISOR, "/cases", number=number[0]).json()["cases"][0]
        found: dict[str, Any] = self.hall.get(SUPERVISOR, f"/cases/{line['case']}").json()
        return found

    def _headers(self) -> dict[str, str]:
        return {"Accept-Language": self.language, "Accept": "text/html"}

    def _got(self, answer: Response) -> "Resident":
        self.answer, self.page = answer, answer.text
        if answer.headers["content-type"].startswith("text/html"):
            assert Markup(answer.text).faults == []
        self.hall.whole.boards.catch_up()
        return self


def worked_on(hall: Office, case: dict[str, Any]) -> dict[str, Any]:
    case = hall.act(LEADER, case, "whistles", {"plea": PLEA})
    case = hall.act(DISPATCHER, case, "assignments", {"lead": "water"})
    return hall.act(WATER, case, "assignments/water/report-in", {"on_the_spot": True})


def verified(hall: Office, case: dict[str, Any]) -> dict[str, Any]:
    case = hall.act(WATER, case, "result", {"done": "cable spliced", "reply": "The lamp burns again."})
    return hall.act(WORKER, case, "verification", {"passed": True})
