"""Messages arrive: in order, at least once, under one id, whatever the receiver does; and what cannot be delivered is seen."""

import logging
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from ipaddress import ip_network
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import Table, delete
from standardwebhooks import Webhook, WebhookVerificationError

from adapters.outbox import listed, message, replay, standing
from adapters.outbox.channels import Channel
from adapters.outbox.sending import ARRIVED, LONGEST_WAIT, Letter, Outcome, sent
from adapters.outbox.tables import followed, messages
from adapters.outbox.working import LEASE, OLD, TRIES, backoff
from tests.adapters.outbox import receivers as r
from tests.adapters.outbox.post import A_WHILE, Post, address, ids, webhook
from tests.breaking.waiting import until
from workflow.saying import Text

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
ID, ALLOWED = UUID(int=7), (ip_network("127.0.0.0/8"),)


def test_a_unit_hears_of_its_case_by_a_webhook_in_order(town: Post) -> None:
    with r.hook() as hook:
        town.reached_by(webhook(hook.url))
        town.lived()
        town.ticks(1)
        assert [one.said["type"] for one in hook.came] == ["case.assigned", "case.granted"]
        first = hook.came[0].said["data"]
        assert first["unit"] == "water" and first["part"] == "lead" and first["number"].startswith("540102-20260302-")
        assert first["text"].startswith(f"Case {first['number']} (") and "as lead, due 2026-" in first["text"]
        assert ids(hook.came) == ids(town.rows(unit="water"))
        assert {row.state for row in town.rows(unit="water")} == {"delivered"}


BAD = [
    r.fails(500),
    r.fails(429, retry_after="3600"),
    r.fails(302, location="/elsewhere"),
    r.closes,
    r.takes_it_and_dies,
    r.fails(404),
]


def test_whatever_the_receiver_does_nothing_is_lost_and_the_order_stays(town: Post) -> None:
    with r.hook(r.in_turn(*BAD)) as hook:
        town.reached_by(webhook(hook.url))
        town.lived()
        town.ticks(9)
        assert len(hook.came) == len(BAD) + 2
        assert len(set(ids(hook.came[: len(BAD) + 1]))) == 1, "the later message waits, and the id stays"
        assert [one.said["type"] for one in hook.taken] == ["case.assigned", "case.granted"]
        assert {one.path for one in hook.came} == {"/hook"}, "no redirect is followed"
        assert {one.body for one in hook.came[: len(BAD) + 1]} == {hook.came[0].body}


@pytest.mark.parametrize("behaves", [r.hangs, r.drips], ids=["hangs", "drips"])
def test_who_hangs_is_hung_up_on(behaves: r.Behaviour) -> None:
    with r.hook(r.in_turn(behaves)) as hook:
        assert said_to(hook, patience=0.5).reason == "too_late"
        assert said_to(hook, patience=0.5).reason == ""


def test_an_endless_answer_is_not_read() -> None:
    with r.hook(r.in_turn(r.floods)) as hook:
        assert said_to(hook, patience=30).reason == ""


def way(hook: r.Hook, *secrets: str) -> Channel:
    return Channel(name="hook", to=("water",), url=hook.url, secret=secrets or (r.SECRET,))


def said_to(hook: r.Hook, *secrets: str, patience: float = 5) -> Outcome:
    now = datetime.now(UTC)
    letter = Letter(ID, "assigned", now, Text("title", "words"), {"text": "字"})
    return sent(way(hook, *secrets), letter, now, ALLOWED, patience)


def test_the_receiver_verifies_the_signature_by_its_own_library_also_while_a_secret_is_changed() -> None:
    with r.hook() as hook:
        said_to(hook)
        said_to(hook, r.SECRET, r.NEXT_SECRET)
    one, both = hook.came
    assert Webhook(r.SECRET).verify(one.body, one.headers)["type"] == "case.assigned"
    assert one.id == str(ID)
    with pytest.raises(WebhookVerificationError):
        Webhook(r.NEXT_SECRET).verify(one.body, one.headers)
    for secret in (r.SECRET, r.NEXT_SECRET):
        assert Webhook(secret).verify(both.body, both.headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(r.SECRET).verify(one.body + b" ", one.headers)


def test_how_long_a_receiver_wants_to_be_left_alone_is_heard_up_to_a_day() -> None:
    answers = ("120", "999999999", "Fri, 31 Dec 2100 23:59:59 GMT", "soon", "-5")
    with r.hook(r.in_turn(*(r.fails(429, retry_after=said) for said in answers))) as hook:
        waits = [said_to(hook).wait for _ in answers]
    assert waits == [2 * MINUTE, LONGEST_WAIT, LONGEST_WAIT, timedelta(0), timedelta(0)]


def test_mail_comes_by_a_real_mail_server_that_first_refuses(town: Post) -> None:
    with r.mailbox("451 later") as box:
        town.reached_by(address(f"mailto://127.0.0.1:{box.port}?from=whistle@city.example&to=water@city.example"))
        town.assigned()
        town.tick()
        (row,) = town.rows(unit="water")
        assert (row.state, row.tries, row.reason, box.mails) == ("waiting", 1, "not_taken", [])
        town.tick(A_WHILE)
        (mail,) = box.mails
        assert f"X-Whistle-Id: {row.id}".encode() in mail and b"water@city.example" in mail


def test_what_somebody_wrote_is_shown_as_it_was_written() -> None:
    written = 'see <a href="https://evil.example">here</a> & **there**'
    with r.mailbox() as box:
        said = f"mailto://127.0.0.1:{box.port}?from=whistle@city.example&to=water@city.example"
        letter = Letter(ID, "closed", datetime.now(UTC), Text("title", written))
        assert sent(Channel(name="mail", to=("water",), address=said), letter, datetime.now(UTC), ALLOWED) == ARRIVED
        parts = list(message_from_bytes(box.mails[0]).walk())
    assert [part.get_content_type() for part in parts] == ["text/plain"]
    assert written in parts[0].get_payload(decode=True).decode()  # type: ignore[union-attr]  # bytes


def test_only_the_way_that_failed_is_tried_again(town: Post) -> None:
    with r.hook() as well, r.hook(r.in_turn(r.fails(500))) as ill:
        town.reached_by(webhook(well.url, name="well"), webhook(ill.url, name="ill"))
        town.assigned()
        town.ticks(2)
        assert (len(well.came), len(ill.came)) == (1, 2)
        assert town.rows(unit="water")[0].reached == "ill well"


def test_a_dead_letter_is_kept_shown_and_given_another_life(town: Post, caplog: pytest.LogCaptureFixture) -> None:
    with r.hook(r.in_turn(*[r.fails(503)] * TRIES)) as hook, caplog.at_level(logging.ERROR):
        outbox = town.reached_by(webhook(hook.url))
        town.lived()
        town.ticks(TRIES + 2)
        (dead,) = listed(outbox, "dead")
        assert (dead.kind, dead.unit, dead.tries, dead.reason) == ("assigned", "water", TRIES, "http_503")
        assert f"dead letter: message {dead.id} (assigned) to water: http_503" in caplog.text
        assert [one.said["type"] for one in hook.taken] == ["case.granted"], "what is dead holds nobody up"
        assert standing(outbox, town.now).dead == 1
        assert replay(outbox, dead.id, town.now) and not replay(outbox, dead.id, town.now)
        town.tick()
        found = message(outbox, dead.id)
        assert found and found.state == "delivered" and hook.taken[-1].id == str(dead.id)


def test_a_receiver_that_is_gone_is_not_asked_again(town: Post) -> None:
    with r.hook(r.in_turn(r.fails(410))) as hook:
        town.reached_by(webhook(hook.url))
        town.assigned()
        town.ticks(3)
        assert (len(hook.came), town.rows(unit="water")[0].state) == (1, "dead")


def test_a_recipient_who_is_slow_keeps_one_sender_busy_and_no_other_waiting(town: Post) -> None:
    outbox = town.outbox
    for to in ("water", "water", "roads"):
        town.assigned(to=to)
    town.hall.whole.boards.catch_up()
    outbox.following.follow()

    def taken(now: datetime) -> list[str]:
        return sorted(row.unit for row in iter(lambda: outbox.take(now), None))

    assert taken(town.now) == ["540102", "roads", "water"], "each of them once, however much waits for them"
    assert taken(town.now) == []
    assert taken(town.now + LEASE) == ["540102", "roads", "water"], "whoever had them in hand has died"


def test_a_worker_whose_message_was_taken_over_does_not_speak_for_it_any_more(town: Post) -> None:
    with r.hook() as hook:
        slow = town.reached_by(webhook(hook.url, "540102", "water"))
        town.assigned()
        town.hall.whole.boards.catch_up()
        slow.following.follow()
        row = slow.take(town.now)
        assert row
        other = town.reached_by(webhook(hook.url, "540102", "water"))
        assert other.send(town.now + LEASE) > 0
        slow.note(row, slow.verdict(row, [Outcome("no_answer")], ()), town.now)
        assert {one.state for one in town.rows(unit=row.unit)} == {"delivered"}


def test_waits_grow_over_three_days_and_no_two_are_alike() -> None:
    dice = Random(1)
    waits = [backoff(n, dice) for n in range(TRIES - 1)]
    assert waits == sorted(waits) and 2 * DAY < sum(waits, timedelta(0)) < 4 * DAY
    assert len({backoff(3, dice) for _ in range(20)}) == 20


def forget(town: Post, *tables: Table) -> None:
    """As if they had never been written."""
    town.outbox.writer.run(lambda connection: [connection.execute(delete(table)) for table in tables]).result()


def test_a_new_outbox_does_not_shout_years_at_people(town: Post) -> None:
    with r.hook() as hook:
        town.assigned()
        forget(town, messages, followed)
        outbox = town.reached_by(webhook(hook.url))
        town.tick()
        assert outbox.following.retell() == town.hall.whole.boards.head()
        town.tick()
        assert (town.rows(), hook.came) == ([], [])


def test_after_a_month_in_which_nobody_sent_it_is_no_news_any_more(town: Post) -> None:
    with r.hook() as hook:
        town.reached_by(webhook(hook.url))
        town.assigned()
        town.tick(OLD + 1 * DAY)
        assert ({(row.state, row.reason) for row in town.rows()}, hook.came) == ({("impossible", "too_old")}, [])


def test_an_old_dead_letter_is_sent_again_all_the_same(town: Post) -> None:
    with r.hook(r.in_turn(r.fails(410))) as hook:
        outbox = town.reached_by(webhook(hook.url))
        town.assigned()
        town.tick()
        (dead,) = listed(outbox, "dead")
        assert replay(outbox, dead.id, town.now + 2 * OLD)
        town.tick(2 * OLD)
        assert [one.id for one in hook.taken] == [str(dead.id)]


def test_told_once_more_from_the_log_nothing_is_sent_twice(town: Post) -> None:
    with r.hook() as hook:
        outbox = town.reached_by(webhook(hook.url))
        town.lived()
        town.ticks(1)
        before, came = town.rows(), len(hook.came)
        outbox.following.retell()
        town.ticks(2)
        assert town.rows() == before and len(hook.came) == came > 0


def test_what_was_lost_of_the_outbox_comes_again_under_the_same_id(town: Post) -> None:
    outbox = town.outbox
    town.lived()
    outbox.following.follow()
    before = [row.id for row in town.rows()]
    forget(town, messages)
    outbox.following.retell()
    assert [row.id for row in town.rows()] == before


def test_what_ended_long_ago_is_forgotten_and_never_told_again(town: Post) -> None:
    with r.hook(r.in_turn(r.fails(410))) as hook:
        outbox = town.reached_by(webhook(hook.url))
        town.lived()
        town.ticks(1)
        before, came = town.rows(), len(hook.came)
        assert outbox.following.forget(town.now - DAY) == 0 and town.rows() == before
        assert outbox.following.forget(town.now + DAY) == len(before) - 1
        assert [row.state for row in town.rows()] == ["dead"]
        outbox.following.retell()
        town.ticks(1)
        assert len(hook.came) == came and [row.state for row in town.rows()] == ["dead"]


def test_who_hangs_delays_no_command_no_other_unit_and_not_the_clockwork(town: Post) -> None:
    with r.hook(lambda _: r.hangs) as hanging, r.hook() as well:
        outbox = town.reached_by(webhook(hanging.url, "water", name="ill"), webhook(well.url, "roads", name="well"))
        town.assigned(to="water")
        outbox.start(lambda then=town.now + DAY: then)  # no lease runs out meanwhile
        try:
            until(lambda: hanging.came)
            town.assigned(to="roads")  # two commands
            until(lambda: well.came)
            assert town.hall.whole.clockwork.tick(town.now) >= 0
            assert len(hanging.came) == 1, "and it still hangs"
            assert {row.state for row in town.rows(unit="water")} == {"waiting"}
        finally:
            outbox.stop()


def test_who_has_no_channel_is_not_told_and_nothing_waits_for_them(town: Post) -> None:
    town.reached_by()
    town.lived()
    town.ticks(1)
    assert {row.state for row in town.rows()} == {"nobody"}
    assert standing(town.outbox, town.now).oldest is None


def test_nothing_is_sent_before_the_boards_have_given_its_case_a_number(town: Post) -> None:
    town.hall.whole.boards.stop()
    with r.hook() as hook:
        outbox = town.reached_by(webhook(hook.url))
        town.assigned()
        assert outbox.tick(town.now) == 0
        town.tick()
        assert [one.said["data"]["number"][:7] for one in hook.came] == ["540102-"]
