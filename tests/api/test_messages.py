"""Messages over HTTP, on their page, and on the command line: who may look, what is shown, and dead letters given another life."""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from adapters.outbox import listed
from api.locale import TEXTS
from domain.actors import Role
from tests.adapters.outbox import receivers as r
from tests.adapters.outbox.post import PHONE, Post, address, post, webhook
from tests.api.browsers import Person, seen
from tests.api.people import CLERK, DISPATCHER, DISTRICT, SUPERVISOR, WATER
from tests.api.test_command_line import whistle
from tests.api.test_style_sheets import SHEETS, unstyled
from workflow.messages import Kind

ADMIN = (Role.ADMIN, DISTRICT)


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
