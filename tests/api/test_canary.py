"""A marked report lives through every step, goes out by every way, and is erased: afterwards nothing of it is anywhere.

Looked for are its words as they were typed, spelled in other ways, its picture, and whatever could be turned back into
them: the keys, as they were kept and as they are.
"""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import httpx2
import pytest
from PIL import Image
from sqlalchemy import select, update

from adapters.boards.tables import TOLD, requests
from adapters.erasing import Erasing
from adapters.sealing import Sealing
from adapters.sealing.tables import case_keys
from adapters.store.engine import PRAGMAS
from adapters.store.tables import commands, events, photos
from adapters.tokens import DEMO
from domain.actors import Actor, Role
from domain.events import CaseLogged
from domain.privacy import Clear, Sealed, Secrecy
from tests.adapters.outbox import receivers as r
from tests.adapters.outbox.post import Post, address, post, webhook
from tests.adapters.photos.making import saved
from tests.api.people import (
    CLERK,
    DISPATCHER,
    DISTRICT,
    GRID,
    HOTLINE,
    LEADER,
    PLEA,
    STREET,
    SUPERVISOR,
    WATER,
    WORKER,
    forgotten,
)
from tests.api.test_photos import added
from tests.breaking.serving import environ, free_port
from tests.breaking.waiting import until

NAME, NUMBER, HOME = "canary-name-4f81", "13700990042", "canary 金丝雀巷 7 号"
WORDS, NOTE = "canary-words: 门前的井盖不见了", "canary-note: the neighbour has the key"
SAID = (NAME, NUMBER, HOME, WORDS, NOTE)
TAKEN_OUT = ("/api/v1/cases.csv", "/api/v1/cases.json", "/api/v1/cases.xes", "/api/v1/cases.ocel.json")
OPENLY = ("/", "/flow", "/privacy", "/public", "/r")
MOVING = ("version", "recorded_at", "waits")  # what an erasure changes on the boards: that nobody can be called
PIECE = 48  # bytes of a picture that stand for it


@dataclass
class Life:
    """One report in a running store, and all that could give it away."""

    town: Post
    folder: Path
    case: dict[str, Any] = field(default_factory=dict)
    wanted: dict[str, list[bytes]] = field(default_factory=dict)
    out: dict[str, bytes] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        return UUID(self.case["case"])

    # --- lived

    def lived(self) -> None:
        """Through every step to its end, by mail, hook and gateway, called back and rated, each command sent twice."""
        act, hall = self._twice, self.town.hall
        reporter = {"name": NAME, "phone": NUMBER, "address": HOME}
        said = {"category": "0406", "place": GRID, "source": "hotline", "narrative": WORDS, "reporter": reporter}
        key = str(uuid4())
        first, again = (hall.post(HOTLINE, "/cases", said, key=key) for _ in range(2))
        assert first.json() == again.json(), first.text
        self.case = first.json()
        act(CLERK, "notes", {"text": NOTE})
        picture = saved(marked(), "JPEG", quality=95)
        (photo,) = added(hall, WORKER, self.case["case"], picture)
        self._marked(picture, hall.whole.photos.read(self.id, UUID(photo)) or b"")
        self._look()
        act(LEADER, "whistles", {"plea": PLEA})
        act(DISPATCHER, "assignments", {"lead": "water"})
        act(WATER, "assignments/water/report-in", {"on_the_spot": True})
        act(WATER, "result", {"done": "a new lid", "reply": "There is a lid again."})
        act(WORKER, "verification", {"passed": True})
        act(CLERK, "callbacks", {"contacted": True, "solved": True, "satisfied": "yes"})
        act(CLERK, "closure", {"outcome": "solved"})
        act(LEADER, "assignments/water/rating", {"speed": 5, "quality": 5, "attitude": 5})
        self.town.ticks(3)

    def _look(self) -> None:
        self.case = self.town.hall.get(CLERK, f"/cases/{self.case['case']}").json()

    def _twice(self, who: tuple[Role, str], path: str, said: dict[str, Any]) -> None:
        hall, key = self.town.hall, str(uuid4())
        for _ in range(2):
            answer = hall.post(who, f"/cases/{self.case['case']}/{path}", said, seen=self.case["version"], key=key)
            assert answer.status_code == 201, answer.text
        self.case = answer.json()
        self.town.tick()

    def _marked(self, sent: bytes, kept: bytes) -> None:
        for name, content in (("sent", sent), ("kept", kept)):
            at = len(content) // 2
            self.wanted[f"picture as {name}"] = [
                content[at : at + PIECE],
                base64.b64encode(content[at - at % 3 :][:PIECE]),
            ]

    def erased(self) -> None:
        found = forgotten(self.town.hall, self.case["case"])
        self.town.hall.whole.boards.wait_for(found["position"])
        self.town.ticks(2)

    # --- looked for

    def remembers(self) -> None:
        """Everything that could be turned back into the words, while it is there: the keys, kept and bare, and what they sealed of pictures."""
        whole = self.town.hall.whole
        with whole.keys.engine.connect() as connection:
            rows = connection.execute(select(case_keys).where(case_keys.c.case_id == self.id)).all()
        with whole.log.engine.connect() as connection:
            pictures = [
                bytes(one) for one in connection.scalars(select(photos.c.bytes).where(photos.c.case_id == self.id))
            ]
            marks = {row.key: bytes(row.fingerprint) for row in connection.execute(select(commands))}
        private = {
            str(e.command)
            for e in whole.casework.file(self.id)
            if isinstance(e.event, CaseLogged) or type(e.event).__name__ == "NoteAdded"
        }
        self.wanted["wrapped keys"] = [bytes(row.wrapped) for row in rows]
        self.wanted["bare keys"] = [whole.keys.to_unseal(self.id, Secrecy(row.secrecy), row.number) for row in rows]
        self.wanted["sealed pictures"] = [one[len(one) // 2 :][:PIECE] for one in pictures]
        self.wanted["marks of what was sent"] = [mark for key, mark in marks.items() if key in private]
        assert all(self.wanted.values()) and len(rows) == 3
        self.wanted["words"] = [spelled for said in SAID for spelled in spellings(said)]

    def goes_out(self) -> None:
        """By every way there is, for whoever sees most."""
        hall, token = self.town.hall, self.town.hall.headers(SUPERVISOR)
        for path in (*TAKEN_OUT, f"/api/v1/cases/{self.case['case']}/history", "/metrics"):
            answer = hall.client.get(path, headers=token)
            assert answer.status_code == 200, f"{path} {answer.text}"
            self.out[path] = answer.content
        for path in OPENLY:
            self.out[path] = hall.client.get(path, headers={"Accept": "text/html"}).content
        hall.client.cookies.set("whistle", hall.session(*HOTLINE))
        for path in (
            f"/cases/{self.case['case']}",
            f"/cases/{self.case['case']}/file",
            f"/hotline/calls/{self.case['number']}",
        ):
            self.out[path] = hall.client.get(path, headers={"Accept": "text/html"}).content
        hall.client.cookies.clear()

    def hits(self, *but: str) -> dict[str, list[str]]:
        """What is found, and where: in every file of the store and of its server, and in whatever went out."""
        folders = [self.folder]
        if not self.town.hall.whole.settings.log.startswith("sqlite"):
            folders.append(Path(str(self.town.hall.whole.log.engine.url.query["host"])))
        found: dict[str, list[str]] = {}
        for what, wanted in self.wanted.items():
            where = [name for folder in folders for name in scanned(folder, wanted)]
            where += [name for name, content in self.out.items() if any(one in content for one in wanted)]
            if where and what not in but:
                found[what] = where
        return found

    def boards(self) -> list[dict[str, Any]]:
        with self.town.hall.whole.boards.engine.connect() as connection:
            rows = [
                row._asdict()
                for table in TOLD[:4]
                if table is not requests
                for row in connection.execute(select(table)).all()
            ]
        return [{name: value for name, value in row.items() if name not in MOVING} for row in rows]

    def figures(self) -> Any:
        return self.town.hall.get(SUPERVISOR, "/figures", of=DISTRICT).json()

    def log(self) -> list[tuple[Any, ...]]:
        with self.town.hall.whole.log.engine.connect() as connection:
            rows = connection.execute(select(events).order_by(events.c.position)).all()
        return [(row.position, row.stream, row.version, row.name, bytes(row.body)) for row in rows]


def marked() -> Image.Image:
    """A pattern that nothing compresses away."""
    return Image.effect_noise((320, 200), 90).convert("RGB")


SCAN = """
import sys
from pathlib import Path
folder, *wanted = sys.stdin.read().split("\\n")
wanted = [bytes.fromhex(one) for one in wanted]
for path in Path(folder).rglob("*"):
    content = path.read_bytes() if path.is_file() else b""
    if any(one in content for one in wanted):
        print(path)
"""


def scanned(folder: Path, wanted: list[bytes]) -> list[str]:
    """The files below that hold any of it; by a process apart, since to close a database's file lets go of SQLite's locks."""
    said = "\n".join([str(folder), *(one.hex() for one in wanted)])
    ran = subprocess.run([sys.executable, "-c", SCAN], input=said, capture_output=True, text=True, check=True)
    return ran.stdout.splitlines()


def spellings(said: str) -> list[bytes]:
    """As it was typed, and as a careless program would write it."""
    raw = said.encode()
    return [
        raw,
        said.encode("utf-16-le"),
        base64.b64encode(raw)[:-4],
        raw.hex().encode(),
        json.dumps(said)[1:-1].encode(),
        quote(said).encode(),
    ]


@contextmanager
def living(tmp_path: Path, url: str = "") -> Iterator[Life]:
    """A report that has lived, in a store whose messages have left by real doors."""
    with post(tmp_path / "home", url) as town, r.mailbox() as box, r.hook() as hook:
        hall = town.hall
        hall.whole.tokens.create(Actor("demo", Role.STREET_CLERK, STREET), DEMO, hall.time.now)
        mail = f"mailto://127.0.0.1:{box.port}?from=whistle@city.example&to=water@city.example"
        gateway = f"json://127.0.0.1:{hook.port}/sms/{{phone}}"
        town.reached_by(
            webhook(hook.url, "*"), address(mail, "water", name="mail"), address(gateway, "reporter", name="sms")
        )
        life = Life(town, tmp_path)
        life.lived()
        assert box.mails and any(NUMBER in one.path for one in hook.came), (
            "the gateway was told the number, as it must be"
        )
        yield life


@pytest.fixture(params=["sqlite", "postgresql"])
def life(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Life]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    with living(tmp_path, url) as lived:
        yield lived


def served(life: Life) -> None:
    """A real server looks after the same store for a while, and says on its standard error what it has to say."""
    settings, hall = life.town.hall.whole.settings, life.town.hall
    port, said = free_port(), life.folder / "server.err"
    command = [sys.executable, "-m", "api", "serve", "--home", str(settings.home), "--port", str(port), "--no-work"]
    with said.open("wb") as err, subprocess.Popen(command, env=environ(settings), stderr=err, stdout=err) as server:
        base = f"http://127.0.0.1:{port}"
        try:
            until(lambda: _answers(base), patience=120)
            with httpx2.Client(base_url=base, trust_env=False) as client:
                client.cookies.set("whistle", hall.session(*HOTLINE))
                for path in (f"/hotline/calls/{life.case['number']}", "/cases", f"/cases/{life.case['case']}"):
                    life.out[f"served {path}"] = client.get(path).content
                client.post("/api/v1/cases", content=json.dumps({"narrative": 7}), headers=hall.headers(HOTLINE))
                life.out["served /metrics"] = client.get("/metrics", headers=hall.headers(SUPERVISOR)).content
        finally:
            server.terminate()
            server.wait(30)


def _answers(base: str) -> bool:
    try:
        return httpx2.get(f"{base}/healthz", trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False


@pytest.mark.slow
def test_after_an_erasure_nothing_of_it_is_anywhere(life: Life) -> None:
    life.remembers()
    life.goes_out()
    served(life)
    found = life.hits()
    assert "wrapped keys" in found and "sealed pictures" in found, "the control: the scanner sees what is there"
    assert "words" not in found or all(not one.endswith((".db", "-wal", ".err")) for one in found["words"])
    before = (life.boards(), life.figures(), life.log())

    life.erased()
    life.out.clear()
    life.goes_out()
    served(life)
    on_postgres = not life.town.hall.whole.settings.log.startswith("sqlite")
    out_of_reach = (
        ("sealed pictures", "marks of what was sent") if on_postgres else ()
    )  # in pg_wal until it is recycled
    assert life.hits(*out_of_reach) == {}
    (done,) = life.town.hall.whole.erasing.of(life.id)
    assert (done.keys, done.photos, [str(code) for code in done.left]) == (3, 1, ["log_remains"] if on_postgres else [])
    assert (life.boards(), life.figures()) == before[:2]
    log = life.log()
    assert log[: len(before[2])] == before[2] and [row[3] for row in log[len(before[2]) :]] == [
        "erasure-requested",
        "grant-given",  # the officer's own
        "reporter-erased",
    ]
    assert len(life.town.hall.whole.casework.file(life.id)) > 10, "the rest reads as before"


# --- seeded faults


def careless_pragmas(monkeypatch: pytest.MonkeyPatch) -> None:
    careless = tuple(pragma.replace("secure_delete = ON", "secure_delete = OFF") for pragma in PRAGMAS)
    monkeypatch.setattr("adapters.store.engine.PRAGMAS", careless)
    monkeypatch.setattr("adapters.sealing.keys.lying_about", lambda *_: False)


def keys_that_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.sealing.keys.update", lambda table: update(table).where(case_keys.c.number < 0))
    monkeypatch.setattr("adapters.sealing.keys.KeyStore._readable", lambda *_: False)
    monkeypatch.setattr("adapters.sealing.keys.lying_about", lambda *_: False)


def pictures_that_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Erasing, "_pictures", lambda *_: ())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("fault", "what"),
    [(careless_pragmas, "sealed pictures"), (keys_that_stay, "wrapped keys"), (pictures_that_stay, "sealed pictures")],
)
def test_a_careless_erasure_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Any, what: str) -> None:
    fault(monkeypatch)
    with living(tmp_path) as life:
        life.remembers()
        life.erased()
        assert what in life.hits()


@pytest.mark.slow
def test_words_in_clear_in_one_event_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(_self: object, case: UUID, thing: Any) -> Any:
        words = getattr(thing, "text", None)
        return (
            replace(thing, text=Sealed(words.secrecy, words.text))
            if isinstance(words, Clear)
            else sealed(_self, case, thing)
        )

    sealed: Any = Sealing.seal
    monkeypatch.setattr(Sealing, "seal", careless)
    with living(tmp_path) as life:
        life.wanted["words"] = [spelled for said in SAID for spelled in spellings(said)]
        life.erased()
        assert any(name.endswith(("log.db", "log.db-wal")) for name in life.hits()["words"])
