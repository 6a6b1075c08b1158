"""People at work: each sends one command after the other, and keeps what they were told of each."""

import json
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Event
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from domain.actors import Role
from tests.breaking.town import GRID
from tests.breaking.waiting import until

SEEN, DONE, BUSY = 200, 201, 503
PACE = 0.02  # seconds before somebody tries again
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A command: whose, where, what, on which version; `makes` names the entries that it writes when it is done."""

    role: Role
    path: str
    form: Json
    makes: tuple[str, ...]
    seen: int | None = None
    key: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered, and when; the status is 0 where no answer came."""

    said: Said
    began: float
    ended: float
    status: int = 0
    body: Json = field(default_factory=dict)
    retry_after: str | None = None
    cut: str = ""  # how the line was cut, where no answer came

    @property
    def done(self) -> bool:
        """Whether it was acknowledged."""
        return self.status == DONE


@dataclass(frozen=True, slots=True)
class Look:
    """Which version somebody saw, and when."""

    began: float
    ended: float
    version: int


class Person:
    """Somebody with a connection of their own; `told` is all that they were told, `looks` what they saw."""

    def __init__(self, port: int, tokens: Mapping[Role, str], patience: float = 30) -> None:
        """`patience` is how many seconds they wait for an answer."""
        self.told: list[Told] = []
        self.looks: list[Look] = []
        self._tokens = tokens
        self._line = HTTPConnection("127.0.0.1", port, timeout=patience)

    def say(self, said: Said) -> Told:
        """Send it once."""
        began = monotonic()
        try:
            status, body, retry_after = self._asked("POST", said.path, said.form, self._headers(said))
        except (OSError, HTTPException) as cut:
            self._line.close()
            told = Told(said, began, monotonic(), cut=type(cut).__name__)
        else:
            told = Told(said, began, monotonic(), status, body, retry_after)
        self.told.append(told)
        return told

    def insist(self, said: Said) -> Told:
        """Send it, under its key, until it is done."""
        until(lambda: self.say(said).done)
        return self.told[-1]

    def look(self, case: str) -> Json:
        """The case as it stands."""
        headers, began = {"Authorization": f"Bearer {self._tokens[Role.STREET_CLERK]}"}, monotonic()
        status, body, _ = self._asked("GET", f"/cases/{case}", None, headers)
        assert status == SEEN, body
        self.looks.append(Look(began, monotonic(), body["version"]))
        return body

    def work(self, life: "Life", over: Event) -> None:
        """Live a life until it is over; what was not done is sent again, under its key."""
        said = next(life)
        while not over.is_set():
            if (told := self.say(said)).done:
                said = life.send(told.body)
            else:
                over.wait(PACE)
        self.close()

    def finish(self) -> None:
        """Send again, until it is done, what was not."""
        done = {told.said.key for told in self.told if told.done}
        for said in {told.said.key: told.said for told in self.told if told.said.key not in done}.values():
            self.insist(said)
        self.close()

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def _headers(self, said: Said) -> dict[str, str]:
        seen = {} if said.seen is None else {"If-Match": f'"{said.seen}"'}
        token = self._tokens[said.role]
        return {"Authorization": f"Bearer {token}", "Idempotency-Key": str(said.key), "Accept-Language": "en", **seen}

    def _asked(
        self, method: str, path: str, form: Json | None, headers: dict[str, str]
    ) -> tuple[int, Json, str | None]:
        body = None if form is None else json.dumps(form)
        self._line.request(method, f"/api/v1{path}", body, {**headers, "Content-Type": "application/json"})
        answer = self._line.getresponse()
        said, is_json = answer.read(), "json" in answer.getheader("Content-Type", "")
        return answer.status, json.loads(said) if is_json else {}, answer.getheader("Retry-After")


# --- what they say

Life = Generator[Said, Json, None]


def log(**more: str) -> Said:
    """A new case."""
    form = {"category": "01", "place": GRID, "source": "patrol", **more}
    return Said(Role.GRID_WORKER, "/cases", form, ("case-logged",))


def whistle(case: Json) -> Said:
    """An emergency that names its lead: two entries."""
    plea = {"kind": "emergency", "why": "a main burst", "tried": "the valve was closed"}
    said, makes = {"plea": plea, "lead": "water"}, ("whistle-blown", "case-assigned")
    return Said(Role.STREET_LEADER, f"/cases/{case['case']}/whistles", said, makes, case["version"])


def merge(case: Json, into: Json) -> Said:
    """A case goes on inside another: an entry in each."""
    path, makes = f"/cases/{case['case']}/merger", ("case-merged", "case-joined")
    return Said(Role.STREET_CLERK, path, {"into": into["case"]}, makes, case["version"])


def note(case: Json, text: str = "seen") -> Said:
    """A sealed word; it makes nobody stale."""
    path = f"/cases/{case['case']}/notes"
    return Said(Role.STREET_CLERK, path, {"text": text}, ("note-added",), case["version"])


def life(hot: Json) -> Life:
    """A busy day: cases of one's own, two entries at a time, two files at a time, and a case that all write on."""
    while True:
        one = yield log()
        one = yield whistle(one)
        yield note(hot)
        other = yield log(narrative="water on the pavement")
        yield merge(other, one)
        yield note(hot)


def all_told(people: Iterable[Person]) -> list[Told]:
    """What everybody was told."""
    return [told for person in people for told in person.told]
