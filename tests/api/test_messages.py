"""Messages over HTTP, on their page, and on the command line: who may look, what is shown, and dead letters given another life."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select
from standardwebhooks import Webhook

from adapters.jurisdictions import shipped
from adapters.outbox import listed
from adapters.outbox.tables import followed
from api.locale import TEXTS
from api.whole import Whole
from domain.actors import Actor, Role
from domain.commands import LogCase, ReferUp
from domain.states import Source
from tests.adapters.outbox import receivers as r
from tests.adapters.outbox.post import ALLOWED, PHONE, Post, address, post, webhook
from tests.api.browsers import Person, seen
from tests.api.office import settled
from tests.api.people import CLERK, COMMUNITY, DISPATCHER, DISTRICT, GRID, STREET, SUPERVISOR, WATER
from tests.api.test_command_line import TOP, whistle
from tests.api.test_style_sheets import SHEETS, unstyled
from tests.api.test_time_by_hand import opened
from tests.breaking.waiting import until
from workflow.casework import Order
from workflow.messages import Kind

ADMIN = (Role.ADMIN, DISTRICT)
GRID_WORKER = Actor("worker", Role.GRID_WORKER, GRID)
COMMUNITY_CLERK = Actor("community", Role.COMMUNITY, COMMUNITY)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Post]:
    """A post with one dead letter to water, one message that waits, and a reporter who was told."""
    with post(tmp_path) as opened, r.hook(r.in_turn(r.fails(410))) as hook, r.hook() as sms:
        gateway = address(f"json://127.0.0.1:{sms.port}/{{phone}}", "reporter", name="sms")
        opened.reached_by(webhook(hook.url, "water"), gateway)
        opened.lived()
        opened.tick()
        opened.assigned(to="roads")
        opened.hall.whole.boards.catch_up()
        opened.outbox.following.follow()
        yield opened


def test_the_supervisor_and_the_it_people_look_and_nobody_else(town: Post) -> None:
    for who, status in {SUPERVISOR: 200, ADMIN: 200, CLERK: 404, DISPATCHER: 404, WATER: 404}.items():
        assert town.hall.get(who, "/messages").status_code == status, who
        assert seen(town.hall, "/messages", who=who).status_code == status, who
        assert seen(town.hall, "/messages/preview", who=who).status_code == status, who
        assert town.hall.post(who, f"/messages/{uuid4()}/replays").status_code == 404
    assert seen(town.hall, "/messages", who=None).url.path == "/sign-in"
    assert (Role.ADMIN, DISTRICT) == ADMIN and town.hall.get((Role.ADMIN, "540103"), "/messages").status_code == 404


def test_what_is_shown(town: Post) -> None:
    said = town.hall.get(SUPERVISOR, "/messages").json()
    assert (said["dead"], said["failing"]) == (1, 0) and said["waiting"] > 0 < said["delivered_today"]
    dead = town.hall.get(SUPERVISOR, "/messages", state="dead").json()["messages"]
    assert [(one["kind"], one["unit"], one["reason"]) for one in dead] == [("assigned", "water", "http_410")]
    assert dead[0]["number"].startswith("540102-20260302-") and dead[0]["next_at"] is None
    delivered = town.hall.get(SUPERVISOR, "/messages", state="delivered").json()["messages"]
    assert {one["to_reporter"] for one in delivered} == {True, False}
    assert town.hall.get(SUPERVISOR, "/messages", limit=1).json()["messages"][0]["state"] == "waiting"
    assert town.hall.get(SUPERVISOR, "/messages", state="nonsense").status_code == 422


def test_how_a_reporter_is_reached_is_shown_nowhere(town: Post) -> None:
    pages = [
        seen(town.hall, path, language).text for path in ("/messages", "/messages/preview") for language in ("zh", "en")
    ]
    answers = [*pages, town.hall.get(SUPERVISOR, "/messages").text, str(town.hall.get(SUPERVISOR, "/metrics").text)]
    assert all(unstyled(page, SHEETS) == set() for page in pages)
    for text in answers:
        assert PHONE not in text and "13987654321" not in text and "CANARY" not in text


def test_a_dead_letter_lives_again_once(town: Post) -> None:
    (dead,) = listed(town.outbox, "dead")
    answer = town.hall.post(SUPERVISOR, f"/messages/{dead.id}/replays")
    assert (answer.status_code, answer.json()["state"], answer.json()["tries"]) == (201, "waiting", 0)
    again = town.hall.post(SUPERVISOR, f"/messages/{dead.id}/replays")
    assert (again.status_code, again.json()["code"]) == (409, "not_a_dead_letter")
    missing = town.hall.post(SUPERVISOR, f"/messages/{uuid4()}/replays")
    assert (missing.status_code, missing.json()["code"]) == (404, "no_such_message")
    town.tick()
    assert listed(town.outbox, "dead") == ()


def test_the_page_s_own_button_does_the_same(town: Post) -> None:
    person = Person(town.hall, SUPERVISOR).goes_to("/messages?state=dead")
    (form,) = [one for one in person.forms() if one["action"].endswith("/replays")]
    person.sends(form["action"], **form["fields"])
    assert TEXTS["messages_replayed"][1] in person.page
    person.sends(form["action"], **form["fields"])
    assert TEXTS["messages_not_dead"][1] in person.page and person.status == 200
    elsewhere = town.hall.client.post(form["action"], headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403


def test_every_reason_and_state_has_words(town: Post) -> None:

    rooms = Path(__file__).parents[2] / "adapters" / "outbox"
    source = "".join((rooms / name).read_text() for name in ("working.py", "sending.py", "writing.py"))
    said = re.findall(r'Outcome\("(\w+)"|NoLongerPossible\("(\w+)"|Verdict\("\w+", "(\w+)"', source)
    reasons = {one for found in said for one in found if one}
    assert len(reasons) > 8 and not {one for one in reasons if f"messages_why_{one}" not in TEXTS}


def test_a_preview_of_every_kind_and_of_a_real_case(town: Post) -> None:
    page = seen(town.hall, "/messages/preview", "en").text
    assert page.count('<div class="card">') == len(Kind)
    number = town.hall.get(SUPERVISOR, "/messages", state="dead").json()["messages"][0]["number"]
    client = town.hall.client
    real = client.get("/messages/preview", params={"case": number, "lang": "en"}).text
    assert "The drain runs free again." in real and number in real and "CANARY" not in real
    none = client.get("/messages/preview", params={"case": "540102-20260302-99", "lang": "en"}).text
    assert TEXTS["messages_preview_none"][1] in none


def test_whoever_runs_it_sees_how_it_stands(town: Post) -> None:
    ready = town.hall.client.get("/readyz").json()
    assert ready["status"] == "ready" and ready["messages"]["dead"] == 1 and ready["messages"]["waiting"] > 0
    metrics = town.hall.client.get("/metrics", headers=town.hall.headers(SUPERVISOR)).text
    assert 'whistle_messages{state="dead"} 1.0' in metrics and "whistle_messages_oldest_seconds " in metrics


# --- the command line


def test_a_worker_sends_what_its_file_says_until_it_is_told_to_stop(tmp_path: Path) -> None:
    """The whole way, in real time: a secret of the environment, and a receiver that checks by its own library."""
    settings = settled(tmp_path / "store", shipped("chengguan"))
    with r.hook() as hook:
        settings.channels.write_text(ALLOWED + webhook(hook.url, STREET, secret="env:WHISTLE_SECRET_STREET"))  # noqa: S106 - a name
        environ = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONUNBUFFERED": "1", "WHISTLE_SECRET_STREET": r.SECRET}
        command = [sys.executable, "-m", "api", "work", "--home", str(settings.home)]
        with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout and "working" in process.stdout.readline()
            with opened(replace(settings, channels=tmp_path / "none")) as whole:
                until(lambda: _begun(whole))
                case, now = uuid4(), whole.now()
                log = LogCase(category="0406", place=GRID, source=Source.PATROL)
                whole.casework.open_case(case, Order(command=log, actor=GRID_WORKER, now=now, id=uuid4()))
                up = Order(command=ReferUp("too large"), actor=GRID_WORKER, now=now, id=uuid4())
                whole.casework.handle(case, up)
                whole.casework.handle(case, replace(up, actor=COMMUNITY_CLERK, id=uuid4()))
            until(lambda: hook.taken)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
    (got,) = hook.taken
    said = Webhook(r.SECRET).verify(got.body, got.headers)
    assert (said["type"], said["data"]["unit"], said["data"]["case"]) == ("case.referred", STREET, str(case))


def _begun(whole: Whole) -> bool:
    """Whether the outbox follows the log: what happened before, it tells nobody."""
    with whole.outbox.engine.connect() as connection:
        return connection.execute(select(followed)).first() is not None


def test_by_hand(town: Post) -> None:
    home = town.hall.whole.settings.home
    shown = whistle("messages", home=home)
    (dead,) = listed(town.outbox, "dead")
    assert shown.returncode == 0 and f"{dead.id} assigned to water: http_410" in shown.stdout
    assert whistle("messages", "replay", str(dead.id), home=home).stdout.strip() == "it is sent again"
    gone = whistle("messages", "replay", str(dead.id), home=home)
    assert (gone.returncode, gone.stderr.strip()) == (2, f"whistle: there is no dead letter {dead.id}")
    preview = whistle("messages", "preview", "near_due", "--language", "en", home=home).stdout
    assert preview.startswith("Near due\nCase 540102-20260302-1 (")
    assert whistle("messages", "rebuild", home=home).stdout.startswith("followed up to position ")


def test_the_file_of_channels_is_checked(town: Post) -> None:
    home = town.hall.whole.settings.home
    none = whistle("messages", "check", home=home)
    assert none.returncode == 2 and "there is no" in none.stderr
    file = home / "channels.toml"
    file.write_text(webhook("https://city.example/hook"))
    assert whistle("messages", "check", home=home).stdout.strip() == "in order: 1 channels"
    file.write_text(webhook("https://city.example/hook", "watr"))
    assert "channels.toml: hook: there is no unit watr in" in whistle("messages", "check", home=home).stderr
    file.write_text(webhook("http://city.example/hook"))
    for command in (("messages", "check"), ("timers",)):
        bad = whistle(*command, home=home)
        assert bad.returncode == 2 and bad.stderr.strip().count("\n") == 0, bad.stderr
        assert "channels.toml: hook: url: write https://" in bad.stderr
