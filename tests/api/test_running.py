"""For whoever runs it: readiness, figures, numbers to ask by, and what a fault tells."""

import re
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from fastapi.testclient import TestClient

from domain.actors import Actor
from domain.commands import LogCase
from domain.states import Source
from tests.api.office import Office
from tests.api.people import CLERK, GRID, LEADER, PLEA, SUPERVISOR, WORKER, logged
from tests.granted import made_a_demo
from workflow.casework import Order


def test_ready(hall: Office) -> None:
    case = logged(hall)
    ready = hall.client.get("/readyz").json()
    assert ready["status"] == "ready" and ready["log"] == ready["boards"] == case["position"]


def test_boards_that_do_not_follow_are_seen(hall: Office) -> None:
    hall.whole.boards.stop()
    log = LogCase(category="0406", place=GRID, source=Source.PATROL)
    order = Order(command=log, actor=Actor("worker", *WORKER), now=hall.time.now, id=uuid4())
    hall.whole.casework.open_case(uuid4(), order)
    ready = hall.client.get("/readyz")
    assert (ready.status_code, ready.json()["status"], ready.json()["boards"]) == (200, "degraded", 0)


def test_without_the_keys_it_is_not_ready(hall: Office, tmp_path: Path) -> None:
    hall.whole.keys.engine.dispose()
    for file in tmp_path.glob("keys.db*"):
        file.unlink()
    (tmp_path / "keys.db").mkdir()  # a file that is gone would be made anew
    ready = hall.client.get("/readyz")
    assert (ready.status_code, ready.json()["code"], ready.headers["Retry-After"]) == (503, "busy", "1")
    said = {"category": "0406", "place": GRID, "source": "hotline", "narrative": "words"}
    assert hall.post(CLERK, "/cases", said).status_code == 503
    assert hall.client.get("/healthz").status_code == 200


def figure(hall: Office, name: str, **labels: str) -> float:
    """One line of the metrics; 0 where there is none yet."""
    text = hall.client.get("/metrics", headers=hall.headers(WORKER)).text
    wanted = ",".join(f'{label}="{value}"' for label, value in labels.items())
    found = re.search(rf"^{re.escape(f'{name}{{{wanted}}}' if wanted else name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def refusals(hall: Office) -> float:
    """How many there were, of any code."""
    text = hall.client.get("/metrics", headers=hall.headers(WORKER)).text
    return sum(float(count) for count in re.findall(r"^whistle_refusals_total\{.*\} (\S+)$", text, re.MULTILINE))


def test_commands_are_counted_by_what_became_of_them(hall: Office) -> None:
    def counts() -> list[float]:
        results = ("done", "refused", "stale")
        return [figure(hall, "whistle_commands_total", command="BlowWhistle", result=result) for result in results]

    before, refused_before = counts(), refusals(hall)
    case = logged(hall)
    path = f"/cases/{case['case']}/whistles"
    answers = [hall.post(who, path, {"plea": PLEA}, seen=1) for who in (CLERK, LEADER, LEADER)]
    assert [answer.status_code for answer in answers] == [403, 201, 412]
    assert [now - then for now, then in zip(counts(), before, strict=True)] == [1, 1, 1]
    assert refusals(hall) == refused_before + 1
    assert figure(hall, "whistle_refusals_total", code=answers[0].json()["code"]) >= 1
    assert figure(hall, "whistle_log_position") == hall.whole.boards.head()
    assert figure(hall, "whistle_writer_queue") == 0


def test_every_answer_has_a_number(hall: Office) -> None:
    ours = hall.client.get("/healthz").headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", ours)
    assert hall.client.get("/healthz", headers={"X-Request-ID": "proxy-7"}).headers["x-request-id"] == "proxy-7"
    for bad in ("a b", "x" * 65, '"><script>'):
        assert hall.client.get("/healthz", headers={"X-Request-ID": bad}).headers["x-request-id"] != bad


def test_a_fault_tells_its_number_and_nothing_else(hall: Office) -> None:
    async def broken() -> None:
        raise RuntimeError("secret-of-the-house")

    hall.client.app.add_api_route("/broken", broken)  # type: ignore[attr-defined]
    answer = TestClient(hall.client.app, raise_server_exceptions=False).get("/broken", headers={"X-Request-ID": "n-1"})
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert answer.json()["arguments"] == {"number": "n-1"} and "secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff" and answer.headers["x-request-id"] == "n-1"


def test_the_reference_lends_a_token_in_a_demo_store_only(hall: Office) -> None:
    assert hall.client.get("/docs/start.js").text.startswith('const token = "";')
    made_a_demo(hall.whole, hall.time.now)
    starts = [hall.client.get("/docs/start.js") for _ in range(2)]
    lent = [re.match(r'const token = "(whistle_[\w-]+)";', start.text) for start in starts]
    assert lent[0] and lent[1] and lent[0][1] == lent[1][1]
    assert starts[0].headers["cross-origin-resource-policy"] == "same-origin"
    assert starts[0].headers["cache-control"] == "no-store"
    me = hall.client.get("/api/v1/me", headers={"Authorization": f"Bearer {lent[0][1]}"}).json()
    assert me["role"] == "street_clerk"
    hall.time.goes_on(hours=25)
    later = re.match(r'const token = "(whistle_[\w-]+)";', hall.client.get("/docs/start.js").text)
    assert later and later[1] != lent[0][1]
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert hall.client.get(f"/docs/assets/{asset}").status_code == 200


def test_time_that_is_held_is_seen_by_all_who_can_do_something_about_it(hall: Office) -> None:
    logged(hall)
    hall.whole.clockwork.tick(hall.time.now)
    hall.time.now += timedelta(days=3)
    ready = hall.client.get("/readyz").json()
    assert (ready["status"], ready["held"]) == ("degraded", "leapt")
    assert (figure(hall, "whistle_timers_held"), figure(hall, "whistle_timers_due")) == (1.0, 1.0)
    hall.client.cookies.set("whistle", hall.session(*SUPERVISOR))
    page = hall.client.get("/boards/district?lang=en", headers={"Accept": "text/html"}).text
    assert "What happens by itself is held" in page and "misses of 1 cases wait" in page
    hall.whole.clockwork.release(hall.time.now)
    ready = hall.client.get("/readyz").json()
    assert (ready["status"], ready["held"]) == ("ready", "")
    assert (figure(hall, "whistle_timers_held"), figure(hall, "whistle_timers_due")) == (0.0, 1.0)
    assert 'id="held"' not in hall.client.get("/boards/district?lang=en", headers={"Accept": "text/html"}).text
