"""A town in which every form beside the moves of a case can be sent again and again: what it names, and what is filled in."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from httpx2 import Response
from sqlalchemy import update

from adapters.outbox.tables import messages
from adapters.sealing import code_of
from domain.actors import Actor
from domain.exports import AskForExport, Extract
from tests.adapters.photos.making import taken
from tests.api.office import Office, office
from tests.api.people import CLERK, DISTRICT, GRID, HOTLINE, LEADER, at_work
from tests.api.posting import Pair, dead_letter, posts
from tests.api.test_public_door import opened_to
from tests.granted import granted

PREVIEW = "/cases/{case}/do/{command}/preview"
SHUT, OPEN = "[]", '["report", "receipt"]'  # which doors the city opens


@dataclass
class Town:
    """A store in which all of it can be done, again and again."""

    hall: Office
    case: Mapping[str, Any]
    reported: Mapping[str, Any]
    message: UUID
    open: bool
    turn: int = 0

    def fresh(self) -> dict[str, str]:
        """What the addresses name: what a form uses up is there anew, and nobody has come too often."""
        self.turn += 1
        whole, now = self.hall.whole, self.hall.time.now
        whole.log.run(lambda connection: connection.exec_driver_sql("DELETE FROM throttles")).result()
        dead = update(messages).where(messages.c.id == self.message).values(state="dead")
        whole.outbox.writer.run(lambda connection: connection.execute(dead)).result()
        clerk = granted(whole, Actor(f"{CLERK[0]}-{CLERK[1]}", *CLERK), now)
        somebody = granted(whole, Actor(f"new-{self.turn}", *CLERK), now)
        asked = AskForExport(extract=Extract.of("cases", {"open": "yes"}), rows=5, reason="a report")
        waits = whole.directory.handle(somebody.staff, asked, somebody, now, uuid4())
        kept = whole.saved_filters.keep(clerk, "mine", {"open": "yes"}, now)
        return {
            "case": self.case["case"], "command": "ReportResult", "message": str(self.message), "wanted": str(kept.id),
            "who": somebody.staff, "number": str(waits.version if waits else 0), "board": "district", "code": DISTRICT, "name": "streets",
            "receipt": self.reported["receipt"],
        }  # fmt: skip

    def ready(self, form: str, pair: Pair | None, **instead: str) -> Callable[[], Response]:
        """All that it takes for somebody in an office, or for nobody, to send a form."""
        address = "/r/{receipt}/do/AddNote" if form == "/r/{receipt}/do/{command}" else form
        path, said = address.format(**{**self.fresh(), **instead}), SAID.get(form, NOTHING)(self)
        secret = self.hall.session(*pair) if pair else ""
        files = [("photo", ("a.jpg", PHOTO, "image/jpeg"))] if form.endswith("/photos") else None
        return lambda: posts(self.hall, path, said, secret, files=files)


Given = Callable[[Town], dict[str, Any]]
NOTHING: Given = lambda _: {}  # noqa: E731 - as in the table
PHOTO = taken((30, 20))
OFFICE = {"office": f"{CLERK[0]} {CLERK[1]}"}
CALL = {"category": "0604", "place": GRID, "summary": "x"}
LED = {"role": LEADER[0], "unit": LEADER[1]}
SAID: Mapping[str, Given] = {
    PREVIEW: lambda town: {"seen": town.case["version"], "done": "x", "reply": "y"},
    "/log": lambda _: {**CALL, "source": "patrol", "seen_near": "yes"},
    "/hotline": lambda _: CALL,
    "/look-over": lambda _: {"summary": "call 13800138000"},
    "/place": lambda _: {"lat": "29.65", "lon": "91.13"},
    "/cases/saved": lambda _: {"name": "ours"},
    "/staff": lambda town: {"who": f"unheard-of-{town.turn}", **LED},
    "/staff/{who}/grants": lambda _: LED,
    "/staff/{who}/ended-grants": lambda _: {"role": CLERK[0], "unit": CLERK[1], "reason": "x"},
    "/staff/{who}/departure": lambda _: {"reason": "x"},
    "/exports/cases": lambda _: {"reason": "a report"},
    "/exports/boards/{board}/{code}/{name}": lambda _: {"reason": "a report"},
    "/exports/{who}/{number}/refusal": lambda _: {"reason": "no report"},
    "/sign-in": lambda _: OFFICE,
    "/sign-in/local": lambda _: {"name": "post-1", "password": "a guess", "code": "123456"},
    "/sign-in/office": lambda _: OFFICE,
    "/report": lambda _: {"place": GRID, "category": "0110", "nature": "need", "narrative": "dark"},
    "/r": lambda town: {"number": town.reported["number"], "code": code_of(town.hall.whole.master, UUID(town.reported["case"]))},
    "/r/{receipt}/do/{command}": lambda _: {"text": "dark"},
}  # fmt: skip


def _short(city: Path) -> Path:
    """One row is taken out alone."""
    policy = city / "policy.toml"
    policy.write_text(policy.read_text(encoding="utf-8").replace("rows = 1000", "rows = 1"), encoding="utf-8")
    return city


@contextmanager
def opened(home: Path, doors: str) -> Iterator[Town]:
    """A case that somebody works on, one that was reported, and a letter that never arrived."""
    with office(home / "store", _short(opened_to(home, doors))) as hall:
        said = {"category": "0604", "place": GRID, "source": "hotline", "reporter": {"name": "n"}}
        case, reported = at_work(hall), hall.post(HOTLINE, "/cases", said).json()
        hall.whole.boards.catch_up()
        yield Town(hall, case, reported, dead_letter(hall, UUID(case["case"])), doors != SHUT)
