"""Browsers for tests, without script: what a page is made of, and somebody who follows its links and fills in its forms."""

import re
from html.parser import HTMLParser
from typing import Any

from httpx2 import Response

from domain.actors import Role
from tests.api.office import Office
from tests.api.people import SUPERVISOR

VOID = {"meta", "link", "br", "circle", "path", "rect", "input", "img"}


class Markup(HTMLParser):
    """What a page is made of; unbalanced tags, double ids and inline style or script are noted as faults."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.ids: set[str] = set()
        self.named: set[str] = set()
        self.links: set[str] = set()
        self.headings: list[str] = []
        self.language = ""
        self.feed(page)
        self.faults += [f"left open: {tag}" for tag in self.open]
        self.faults += [f"no such id: {name}" for name in self.named - self.ids]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.open.append(tag)
        if tag == "html":
            self.language = said["lang"]
        if (
            said.get("id") in self.ids
            or "style" in said
            or tag == "style"
            or (tag == "script" and not said.get("src", "").startswith("/static/"))
            or any(n[:2] == "on" for n in said)
        ):
            self.faults.append(f"{tag} {said}")
        self.ids |= {said["id"]} if "id" in said else set()
        self.named |= set(said.get("aria-labelledby", "").split())
        self.links |= {said["href"]} if tag == "a" else set()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"closes nothing: {tag}")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("h1", "h2"):
            self.headings.append(" ".join(data.split()))


def form(action: str, body: str) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for tag in re.findall(r"<input [^>]*>", body):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if said.get("type") in ("checkbox", "radio") and " checked" not in tag:
            continue
        if said.get("type") == "checkbox":
            fields.setdefault(said["name"], []).append(said["value"])
        else:
            fields[said["name"]] = said.get("value", "")
    fields |= dict(re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', body, re.DOTALL))
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', body, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options) or re.search(
            r'<option value="([^"]*)"', options
        )
        fields[name] = chosen[1] if chosen else ""
    return {"action": action, "fields": fields, "way": fields.get("way", ""), "unit": fields.get("unit", "")}


class Person:
    """Somebody with a browser whose script is off: follows links, fills in forms, presses buttons."""

    def __init__(self, hall: Office, who: tuple[Role, str]) -> None:
        """`who` is the office that is signed in."""
        self.hall, self.who, self.page = hall, who, ""
        self.answer: Response | None = None

    def goes_to(self, path: str) -> "Person":
        return self._got(self._client.get(path))

    def does(self, command: str, unit: str = "", way: str = "", **said: str | list[str]) -> "Person":
        """Presses a button of the page, or fills in its form: what stands in it stays unless something else is said."""
        form = next(
            f
            for f in self.forms()
            if f["action"].endswith(f"/do/{command}") and f["way"] == way and f["unit"] in ("", unit)
        )
        fields: dict[str, Any] = {**form["fields"], **{name.replace("__", "."): value for name, value in said.items()}}
        return self._got(self._client.post(form["action"], data=fields, headers={"Sec-Fetch-Site": "same-origin"}))

    def forms(self) -> list[dict[str, Any]]:
        return [
            form(*found)
            for found in re.findall(r'<form method="post" action="([^"]+)"[^>]*>(.*?)</form>', self.page, re.DOTALL)
        ]

    def sends(self, path: str, **said: Any) -> "Person":
        return self._got(self._client.post(path, data=said, headers={"Sec-Fetch-Site": "same-origin"}))

    @property
    def status(self) -> int:
        assert self.answer is not None
        return self.answer.status_code

    @property
    def _client(self) -> Any:
        self.hall.client.cookies.clear()
        self.hall.client.cookies.set("whistle", self.hall.session(*self.who))
        self.hall.client.headers["Accept-Language"] = "en"
        return self.hall.client

    def _got(self, answer: Response) -> "Person":
        self.answer, self.page = answer, answer.text
        assert Markup(answer.text).faults == []
        self.hall.time.goes_on(0.2)
        return self


def seen(
    hall: Office, path: str, language: str = "zh", who: tuple[Role, str] | None = SUPERVISOR, **headers: str
) -> Response:
    """A page as a person gets it: with a session, no token."""
    hall.client.cookies.clear()
    if who:
        hall.client.cookies.set("whistle", hall.session(*who))
    return hall.client.get(path, params={"lang": language}, headers={"Accept": "text/html", **headers})
