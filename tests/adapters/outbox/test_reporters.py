"""A reporter is told over a sealed number: opened only to send, kept nowhere, and after an erasure never again; and hears nothing of staff."""

import json
import logging
from pathlib import Path
from uuid import UUID

import pytest

from adapters.outbox.channels import reachable_at
from domain.actors import Role
from domain.privacy import Secrecy
from tests.adapters.outbox import receivers as r
from tests.adapters.outbox.post import PHONE, Post, address, webhook
from tests.api.people import CLERK, DISPATCHER, DISTRICT, HOTLINE, forgotten

DIALLED = "13987654321"


def gateway(hook: r.Hook) -> str:
    """An SMS gateway, which gets the number in the address."""
    return address(f"json://127.0.0.1:{hook.port}/sms/{{phone}}", "reporter", name="sms")


def test_a_reporter_hears_what_became_of_it(town: Post, caplog: pytest.LogCaptureFixture) -> None:
    with r.hook() as hook, caplog.at_level(logging.INFO, "whistle.access"):
        town.reached_by(gateway(hook))
        town.lived()
        town.ticks(1)
        assert {one.path.rstrip("/") for one in hook.came} == {f"/sms/{DIALLED}"}
        said = [one.said["message"] for one in hook.came]
        assert [one.said["title"] for one in hook.came] == ["您的反映已受理", "办理时间延长", "办理结果"]
        assert said[2].endswith("The drain runs free again.") and "预计2026-" in said[1]
        looks = [line for line in caplog.messages if "role=system" in line and "field=phone" in line]
        assert len(looks) == 3 and DIALLED not in caplog.text


def everything_of(town: Post) -> bytes:
    """What the outbox has kept."""
    return "".join(map(str, town.rows())).encode() + b"".join(
        path.read_bytes() for path in Path(town.hall.whole.settings.home).glob("outbox.db*")
    )


def test_the_number_is_kept_nowhere_and_no_word_of_a_case_either(town: Post) -> None:
    with r.hook(r.in_turn(r.fails(500), r.closes)) as hook:
        town.reached_by(gateway(hook))
        town.lived()
        town.ticks(4)
        assert hook.taken
    kept = everything_of(town)
    for word in (PHONE, DIALLED, "CANARY", "drain"):
        assert word.encode() not in kept


def test_what_a_reporter_may_not_see_is_in_no_byte_that_leaves(town: Post) -> None:
    with r.hook() as hook, r.mailbox() as box:
        mail = f"mailto://127.0.0.1:{box.port}?from=a@city.example&to={{phone}}@sms.city.example"
        town.reached_by(
            gateway(hook),
            address(mail, "reporter", name="mail"),
            webhook(hook.url, "*", name="units"),
            address(f"mailto://127.0.0.1:{box.port}?from=a@city.example&to=unit@city.example", "*", name="unitmail"),
        )
        case = town.lived()
        case = town.hall.act(CLERK, case, "verification", {"passed": False, "reason": "CANARY-FAILED"})
        case = town.hall.act(HOTLINE, case, "urges", {"reason": "CANARY-URGED"})
        supervise = {"level": "yellow", "addressee": "water", "reason": "CANARY-WATCHED"}
        case = town.hall.act((Role.SUPERVISOR, DISTRICT), case, "supervisions", supervise)
        case = town.hall.act(DISPATCHER, case, "reassignment", {"lead": "roads", "reason": "CANARY-REASSIGNED"})
        town.ticks(1)
        left = b"".join(one.body + json.dumps(one.headers).encode() for one in hook.came) + b"".join(box.mails)
        assert len(hook.came) > 10 and len(box.mails) > 10
        assert b"CANARY" not in left and b"hotline-" not in left and b"street_leader-" not in left
        to_units = [one for one in hook.came if one.path == "/hook"]
        assert DIALLED.encode() not in b"".join(one.body for one in to_units)
        assert b"runs free again" in left, "and what was written for the public is"


def test_after_an_erasure_nothing_can_be_sent_any_more(town: Post) -> None:
    with r.hook(r.in_turn(r.fails(500))) as hook:
        town.reached_by(gateway(hook))
        case = town.called()
        town.tick()
        assert [row.state for row in town.to_reporters()] == ["waiting"]
        forgotten(town.hall, case["case"])
        town.ticks(3)
        (row,) = town.to_reporters()
        assert (row.state, row.reason, len(hook.came)) == ("impossible", "erased", 1)


def test_a_number_whose_key_alone_is_destroyed_is_not_dialled_either(town: Post) -> None:
    with r.hook() as hook:
        town.reached_by(gateway(hook))
        case = town.called()
        town.hall.whole.keys.destroy(UUID(case["case"]), tuple(Secrecy))
        town.ticks(1)
        (row,) = town.to_reporters()
        assert (row.state, row.reason, hook.came) == ("impossible", "erased", [])


@pytest.mark.parametrize("said", ["ask my daughter", "139", "1" * 20, "139@evil.example/?x=", ""])
def test_what_is_no_number_is_not_dialled(said: str, town: Post) -> None:
    with r.hook() as hook:
        town.reached_by(gateway(hook))
        town.called(reporter={"phone": said} if said else {"name": "somebody"})
        town.ticks(1)
        assert hook.came == []
        assert {(row.state, row.reason) for row in town.to_reporters()} <= {("impossible", "no_number")}


def test_a_number_goes_into_an_address_safely() -> None:
    assert reachable_at(PHONE) == DIALLED
    assert reachable_at("+86 (139) 8765 4321") == "%2B8613987654321"
    assert [reachable_at(bad) for bad in ("139/../x", "١٢٣٤٥٦٧", "13987654321\n@x", "{phone}", "1e10")] == [""] * 5


def test_where_no_channel_reaches_reporters_no_number_is_opened(town: Post, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "whistle.access"):
        town.reached_by()
        town.called()
        town.ticks(1)
        assert [row.state for row in town.to_reporters()] == ["nobody"]
        assert "field=phone" not in caplog.text


def test_who_reported_a_case_that_goes_on_inside_another_hears_of_it(town: Post) -> None:
    with r.hook() as hook:
        town.reached_by(gateway(hook))
        outer, inner = town.called(), town.called(reporter={"phone": "13011112222"})
        town.hall.act(CLERK, inner, "merger", {"into": outer["case"], "reason": "the same"})
        version = town.hall.get(CLERK, f"/cases/{outer['case']}").json()
        town.hall.act(CLERK, version, "handling")
        handled = town.hall.get(CLERK, f"/cases/{outer['case']}").json()
        town.hall.act(CLERK, handled, "result", {"done": "x", "reply": "It is dry."})
        town.ticks(1)
        told = {
            one.path.rstrip("/")[-11:]: one.said["message"] for one in hook.came if "It is dry" in one.said["message"]
        }
        numbers = {phone: said.split("540102-")[1].split("）")[0] for phone, said in told.items()}
        assert numbers.keys() == {DIALLED, "13011112222"} and len(set(numbers.values())) == 2, "each by its own number"
