"""Texts that are markup, formulas or tricks: through every field of every command and form, and out again by every way there is."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest
from httpx2 import Response
from typer.testing import CliRunner

from adapters.tokens import DEMO
from api.__main__ import app
from api.demo_month import month
from api.examples import EXAMPLES
from api.pages import reading
from domain.actors import Actor, Role
from tests.api.browsers import Markup, Person, form
from tests.api.office import Office, office
from tests.api.people import CLERK, DISPATCHER, DISTRICT, HOTLINE, STREET, SUPERVISOR, WATER, WORKER, logged
from tests.api.residents import Resident, demo
from tests.api.test_permitted import OTHERS, QUERIES, looks, rows
from tests.spite import REFUSED, TEXTS, Spiteful, texts_in

ROLES = ((Role.STREET_LEADER, STREET), WORKER, SUPERVISOR, HOTLINE, (Role.ADMIN, DISTRICT), WATER)
RUNS = re.compile(r"<(?:spite|svg on|img src=x|script>spite)|spitespite", re.IGNORECASE)
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def runs(attribute: str, value: str) -> bool:
    """Whether an address would run something."""
    return attribute in ("href", "src", "action", "xlink:href") and value.strip().lower().startswith("javascript:")


class Made(HTMLParser):
    """What of somebody's words became part of the page."""

    def __init__(self, page: str) -> None:
        """Read a page."""
        super().__init__()
        self.faults: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        bad = [name for name, value in attrs if name.startswith(("on", "spite")) or runs(name, value or "")]
        self.faults += [f"<{tag} {bad}>"] if bad or "spite" in tag else []


def faults(answer: Response) -> Iterator[str]:
    """What of somebody's words is more than words in an answer."""
    where = f"{answer.request.url.path}: "
    kind = answer.headers.get("content-type", "").split(";")[0]
    if answer.status_code >= 500:
        yield f"{where}{answer.status_code}"
    if any(
        "spite" in f"{name}{value}".lower() and name.lower() != "location" for name, value in answer.headers.items()
    ):
        yield f"{where}in a header"
    if kind == "text/html":
        found = (
            Markup(answer.text).faults
            + Made(answer.text).faults
            + RUNS.findall(answer.text)
            + TURNING.findall(answer.text)
        )
        yield from (f"{where}{one!r}" for one in found)
    elif kind == "text/csv":
        for line in csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))):
            yield from (
                f"{where}{cell!r}" for cell in line if cell.startswith(("=", "+", "-spite", "@", "\t", "\r", "\n"))
            )
    elif kind in ("application/json", "application/problem+json"):
        json.loads(answer.text)
    elif kind == "application/xml":
        names = {part.tag.rsplit("}", 1)[-1] for part in ET.fromstring(answer.text).iter()}  # noqa: S314 - our own
        yield from (f"{where}{name}" for name in names if "spite" in name)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A demo's month, every word of which is spiteful."""
    with office(tmp_path_factory.mktemp("spite")) as hall:
        for _ in month(Spiteful(hall.whole.casework), hall.whole.law, hall.time.now - timedelta(minutes=1), 80):  # type: ignore[arg-type]  # as Casework
            pass
        hall.whole.tokens.create(Actor("demo", Role.STREET_CLERK, STREET), DEMO, hall.time.now)
        hall.whole.boards.catch_up()
        yield hall


def cases(hall: Office) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = hall.get(SUPERVISOR, "/cases", limit=50).json()["cases"]
    return found


# --- out by every way


def every_look(hall: Office) -> Iterator[Response]:
    for row in rows():
        if row.needs in ("stream", "receipt") or row.path == "/static/":
            continue
        named = "{case}" in row.path or "{wanted}" in row.path or "{number}" in row.path
        for case in cases(hall)[:25] if named else cases(hall)[:1]:
            said = {"case": case["case"], "wanted": case["number"], "number": case["number"], "photo": str(uuid4())}
            for who in ROLES:
                for name in ("csv", "json"):
                    yield looks(hall, row, {**OTHERS, **said, "form": name}, who)
                    if "{form}" not in row.path:
                        break
        hall.time.goes_on(1)


@pytest.mark.slow
def test_every_word_stays_a_word_on_every_page_and_in_every_answer(town: Office) -> None:
    answers = list(every_look(town))
    texts = [one.text for one in answers]
    shown = [text for text in TEXTS if any(re.sub(r"\W.*", "", text[:12]) in page for page in texts)]
    assert len(answers) > 500 and len(shown) == len(TEXTS) and sum("spite" in page for page in texts) > 100
    assert sorted({fault for one in answers for fault in faults(one)}) == []


@pytest.mark.slow
def test_every_word_stays_a_word_on_the_command_line(town: Office, tmp_path: Path) -> None:
    home, run = str(town.whole.settings.home), CliRunner().invoke
    for case in cases(town)[:25]:
        told = run(app, ["story", case["number"], "--home", home])
        assert told.exit_code == 0 and "\x1b" not in told.output and "\x9b" not in told.output
    for form_ in ("csv", "json", "xes", "ocel"):
        assert run(app, ["export", "cases", "--as", form_, str(tmp_path / "out"), "--home", home]).exit_code == 0


def test_what_is_shown_as_it_came_is_found(town: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, with one template that trusts a case's summary; and with one that lets words turn others round."""
    who = {"case": "", "number": "", "photo": "", "command": "AddNote", "receipt": "x", "form": "csv"}
    pages = [row for row in rows() if row.path == "/cases/{wanted}"]
    with monkeypatch.context() as patch:
        loaded = reading.TEMPLATES.loader
        assert loaded is not None
        source = loaded.get_source(reading.TEMPLATES, "case.html")[0]
        bent = re.sub(
            r"\{\{ v\.spoken\(case\.summary\) \}\}|\{\{ case\.summary \}\}", "{{ case.summary|safe }}", source
        )
        assert bent != source
        patch.setattr(reading.TEMPLATES, "cache", None)
        real = loaded.get_source
        patch.setattr(
            loaded, "get_source", lambda env, name: (bent, None, None) if name == "case.html" else real(env, name)
        )
        found = [
            fault
            for one in cases(town)[:40]
            for fault in faults(looks(town, pages[0], {**who, "wanted": one["number"]}, SUPERVISOR))
        ]
        assert any("spite" in one for one in found)
    with monkeypatch.context() as patch:
        patch.setattr(reading, "TURNING", ())
        found = [
            fault
            for one in cases(town)[:40]
            for fault in faults(looks(town, pages[0], {**who, "wanted": one["number"]}, SUPERVISOR))
        ]
        assert any("u202e" in one for one in found)


# --- in through every field


def forms(hall: Office) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every command of the API: its address, its form's name and schema."""
    document = hall.client.get("/openapi.json").json()
    for path, methods in document["paths"].items():
        if "post" in methods and "requestBody" in methods["post"]:
            name = methods["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
            yield path.removeprefix("/api/v1"), name, document["components"]["schemas"]


def put(example: Any, said: Any) -> Any:
    return {
        **example,
        **{
            name: put(example.get(name) or {}, value) if isinstance(value, dict) else value
            for name, value in said.items()
        },
    }


@pytest.mark.slow
def test_every_field_of_every_command_takes_it_as_words_or_refuses_it(hall: Office) -> None:
    case = logged(hall)
    fields, kept = set[str](), 0
    for path, name, schemas in forms(hall):
        address = (
            path.replace("{case}", case["case"])
            .replace("{unit}", "water")
            .replace("{number}", "1")
            .replace("{filter_id}", case["case"])
        )
        for text in (*TEXTS, *REFUSED):
            for field, said in texts_in(schemas[name], schemas, lambda _name, text=text: text):  # type: ignore[misc]  # its default
                fields.add(f"{name}.{field}")
                body = json.dumps(put(EXAMPLES.get(name, {}), said)).encode()
                headers = hall.headers(
                    DISPATCHER if "assign" in path else CLERK,
                    **{"Idempotency-Key": str(uuid4()), "If-Match": '"1"', "Content-Type": "application/json"},
                )
                answer = hall.client.post(f"/api/v1{address}", content=body, headers=headers)
                kept += answer.status_code == 201
                assert list(faults(answer)) == [], (name, field, text)
                assert answer.status_code in (201, 400, 403, 404, 409, 412, 422), (name, field, text, answer.text)
                assert text not in REFUSED or answer.status_code != 201 or "Code" in field, (name, field, text)
    assert len(fields) > 50 and kept > 20
    hall.whole.boards.catch_up()
    assert not hall.whole.boards.parked()


@pytest.mark.slow
def test_every_field_of_every_form_takes_it_as_words_or_refuses_it(town: Office) -> None:
    sent = set[tuple[str, str]]()
    for who in ROLES:
        person = Person(town, who)
        for path in (
            f"/cases/{cases(town)[0]['case']}",
            f"/cases/{cases(town)[9]['case']}",
            "/log",
            "/hotline",
            "/cases",
            "/boards/district",
        ):
            page = person._client.get(path, headers={"Accept": "text/html"}).text  # noqa: SLF001 - the same browser
            for action, body in re.findall(r'<form method="post" action="([^"]+)"[^>]*>(.*?)</form>', page, re.DOTALL):
                made = form(action, body)
                for field in made["fields"]:
                    if (made["action"].rsplit("/", 1)[-1], field) in sent or "sign-out" in action:
                        continue
                    sent.add((made["action"].rsplit("/", 1)[-1], field))
                    for text in (*TEXTS, *REFUSED[:3]):
                        answer = person._client.post(made["action"], data={**made["fields"], field: text}, headers={"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}, follow_redirects=False)  # noqa: SLF001 # fmt: skip
                        assert list(faults(answer)) == [], (action, field, text)
    assert len(sent) > 40


def test_every_question_takes_it_as_words_or_refuses_it(town: Office) -> None:
    names = (
        "did",
        "of",
        "lang",
        "q",
        "next",
        "words",
        "number",
        "as_of",
        "kind",
        "day",
        "state",
        "before",
        "place",
        "category",
        "case",
        "to",
    )
    case = cases(town)[0]
    said = {
        "case": case["case"],
        "wanted": case["number"],
        "number": case["number"],
        "photo": str(uuid4()),
        "nth": 1,
        "who": "x",
    }
    said |= {"command": "AddNote", "receipt": "x", "form": "csv", "code": STREET, "name": "response"}
    town.client.cookies.clear()
    town.client.cookies.set("whistle", town.session(*SUPERVISOR))
    asked = 0
    for row in rows():
        if row.needs in ("stream", "receipt") or row.path.startswith(("/static/", "/api/", "/metrics", "/cases.")):
            continue
        for n, text in enumerate((*TEXTS, *REFUSED[:3])):
            query = {**QUERIES.get(row.path, {}), names[n % len(names)]: text, names[(n + 5) % len(names)]: text}
            answer = town.client.get(
                row.path.format(**said), params=query, headers={"Accept": "text/html"}, follow_redirects=False
            )
            assert list(faults(answer)) == [], (row.path, query)
            assert "\n" not in answer.headers.get("location", "") and not answer.headers.get("location", "").startswith(
                ("//", "http", "javascript")
            )
            asked += 1
    assert asked > 1000


@pytest.mark.slow
def test_a_resident_s_words_stay_words(tmp_path: Path) -> None:
    with demo(tmp_path) as hall:
        for n, text in enumerate(TEXTS):
            hall.time.goes_on(6 * n % 7 + 6)
            resident = Resident(hall).reports(narrative=text, **{"reporter.name": text[:90]})
            assert resident.receipt, text
            for path in (f"/r/{resident.receipt}", f"/r/{resident.receipt}/receipt"):
                answer = resident.goes_to(path).answer
                assert answer is not None and list(faults(answer)) == [], text
            number = resident.case["number"]
            for who in (CLERK, HOTLINE):
                page = Person(hall, who)._client.get(f"/cases/{number}", headers={"Accept": "text/html"})  # noqa: SLF001 - the same browser
                assert list(faults(page)) == [], text
