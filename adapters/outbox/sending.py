"""Sending: one message over one way, within a time; what came of it in a word, and never a word of what was sent."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from uuid import UUID

import requests
from apprise import NotifyFormat
from apprise.plugins.email import NotifyEmail
from standardwebhooks import Webhook

from adapters.calling import PATIENCE, Network, calling
from adapters.outbox.channels import PHONE, Channel, instance
from workflow.saying import Text

WAITS = (5.0, 10.0)  # seconds for the connection, and between two bytes
LONGEST_WAIT = timedelta(days=1)  # that a receiver may ask for
FINE, GONE = range(200, 300), 410
MOVED = range(300, 400)

# They tell of addresses, and so of telephone numbers; what came of a call stands in the outbox.
for _library in ("apprise", "urllib3", "requests"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: '' where it arrived, else why not; how long the receiver wants to be left alone; whether for good."""

    reason: str = ""
    wait: timedelta = timedelta(0)
    for_good: bool = False


ARRIVED = Outcome()


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes over a way: the message's own id, its text, and for programs its kind and all it says."""

    id: UUID
    kind: str
    at: datetime
    text: Text
    says: Mapping[str, Any] = field(default_factory=dict)
    phone: str = field(default="", repr=False)


def sent(
    way: Channel, letter: Letter, now: datetime, allow: tuple[Network, ...], patience: float = PATIENCE
) -> Outcome:
    """Send it once."""
    with calling(allow, patience) as call:
        outcome = _webhook(way, letter, now) if way.url else _address(way, letter)
    if outcome.reason and call.refused:
        return Outcome("address_refused")
    return Outcome("too_late") if outcome.reason and call.late else outcome


def _address(way: Channel, letter: Letter) -> Outcome:
    plugin = instance(way.address.replace(PHONE, letter.phone))
    if plugin is None:
        return Outcome("not_an_address", for_good=True)
    if isinstance(plugin, NotifyEmail):
        plugin.headers["X-Whistle-Id"] = str(letter.id)
    # Said to be plain text: else a mail shows what somebody wrote as HTML.
    fine = plugin.notify(title=letter.text.title, body=letter.text.body, body_format=NotifyFormat.TEXT)
    return ARRIVED if fine else Outcome("not_taken")


def _webhook(way: Channel, letter: Letter, now: datetime) -> Outcome:
    """Signed by Standard Webhooks, by each secret that stands now; the answer's body is not read."""
    body = json.dumps(
        {"type": f"case.{letter.kind}", "timestamp": letter.at.isoformat(), "data": dict(letter.says)},
        ensure_ascii=False,
    )
    signatures = (Webhook(secret).sign(str(letter.id), now.astimezone(UTC), body) for secret in way.secret)
    headers = {
        "content-type": "application/json",
        "user-agent": "Whistle",
        "webhook-id": str(letter.id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
    with requests.Session() as session:
        session.trust_env = False  # no proxy and no password that only this machine knows
        asked: dict[str, Any] = {"allow_redirects": False, "stream": True, "timeout": WAITS}
        try:
            with session.post(way.url, data=body.encode(), headers=headers, **asked) as answer:
                return _outcome(answer, now)
        except requests.Timeout:
            return Outcome("too_late")
        except requests.RequestException:
            return Outcome("no_answer")


def _outcome(answer: requests.Response, now: datetime) -> Outcome:
    if answer.status_code in FINE:
        return ARRIVED
    reason = "redirected" if answer.status_code in MOVED else f"http_{answer.status_code}"
    return Outcome(reason, _asked_to_wait(answer.headers.get("retry-after", ""), now), answer.status_code == GONE)


def _asked_to_wait(said: str, now: datetime) -> timedelta:
    """Seconds, or a date; nothing where it is neither, and a day at the most."""
    try:
        wait = timedelta(seconds=int(said)) if said.isdecimal() else parsedate_to_datetime(said) - now
    except (ValueError, TypeError, OverflowError):
        return timedelta(0)
    return min(max(wait, timedelta(0)), LONGEST_WAIT)
