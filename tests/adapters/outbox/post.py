"""A town's post: its cases, its outbox, and channels as a file of them says."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from adapters.outbox import Outbox, channels_of
from adapters.outbox.tables import messages
from api.access import looked
from tests.adapters.outbox.receivers import SECRET
from tests.api.office import Office, office
from tests.api.people import CLERK, DISPATCHER, HOTLINE, LEADER, PLEA, STREET, WATER, assigned

PHONE = "139-8765-4321"
A_WHILE = timedelta(days=3)  # longer than any wait
ALLOWED = 'allow = ["127.0.0.0/8"]\n'


def webhook(url: str, *to: str, name: str = "hook", secret: str = SECRET, language: str = "en") -> str:
    """A webhook as it stands in the file."""
    return (
        f'[[channel]]\nname = "{name}"\nto = {list(to or ["water"])}\nurl = "{url}"\n'
        f'secret = "{secret}"\nlanguage = "{language}"\n'
    )


def address(said: str, *to: str, name: str = "mail", language: str = "zh") -> str:
    """Any other address as it stands in the file."""
    return f'[[channel]]\nname = "{name}"\nto = {list(to or ["water"])}\naddress = "{said}"\nlanguage = "{language}"\n'


@dataclass
class Post:
    """An office, and its outbox."""

    hall: Office
    file: Path
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = self.hall.whole.outbox
        self.outbox.following.follow()

    @property
    def now(self) -> datetime:
        return self.hall.time.now

    def reached_by(self, *channels: str, **more: Any) -> Outbox:
        """From here on the file of channels says this."""
        self.file.write_text(ALLOWED + "".join(channels))
        whole = self.hall.whole
        found = channels_of(self.file, {})
        self.outbox = Outbox(
            whole.outbox.writer, whole.boards, whole.casework, whole.sealing, found, looked, dice=Random(4), **more
        )
        return self.outbox

    def tick(self, later: timedelta = timedelta(0)) -> int:
        """The boards follow, and the outbox does all that is due, now or later."""
        self.hall.whole.boards.catch_up()
        return self.outbox.tick(self.now + later)

    def ticks(self, times: int = 12) -> None:
        """Long enough, in steps, that whatever may be tried was tried."""
        for n in range(times):
            self.tick(n * A_WHILE)

    def rows(self, **only: Any) -> list[Any]:
        """What stands in the outbox, in the log's order."""
        wanted = select(messages).order_by(messages.c.position, messages.c.id)
        for name, value in only.items():
            wanted = wanted.where(messages.c[name] == value)
        with self.outbox.engine.connect() as connection:
            return list(connection.execute(wanted))

    def kinds(self, unit: str = "water") -> list[str]:
        """What a unit is told, in order."""
        return [row.kind for row in self.rows(unit=unit)]

    def to_reporters(self) -> list[Any]:
        return [row for row in self.rows() if row.reporter]

    # --- lives

    def assigned(self, **said: Any) -> dict[str, Any]:
        return assigned(self.hall, **said)

    def called(self, **said: Any) -> dict[str, Any]:
        """Somebody calls the hotline, and leaves a number."""
        reporter = {"name": "CANARY-NAME", "phone": PHONE, "address": "CANARY-HOME"}
        form = {
            "category": "0406", "place": STREET, "source": "hotline", "reporter": reporter, "narrative": "CANARY-WORDS", "summary": "CANARY-SUMMARY",
        }  # fmt: skip
        answer = self.hall.post(HOTLINE, "/cases", {**form, **said})
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def lived(self) -> dict[str, Any]:
        """A case of somebody who called, through every step that the reporter hears of; a canary in every field of staff."""
        act, case = self.hall.act, self.called()
        case = act(CLERK, case, "notes", {"text": "CANARY-NOTE"})
        case = act(LEADER, case, "whistles", {"plea": {**PLEA, "why": "CANARY-WHY", "tried": "CANARY-TRIED"}})
        case = act(DISPATCHER, case, "assignments", {"lead": "water"})
        case = act(WATER, case, "assignments/water/acknowledgement")
        case = act(WATER, case, "assignments/water/report-in", {"on_the_spot": True})
        case = act(WATER, case, "requests/extension", {"by": "2 working days", "reason": "CANARY-EXTENSION"})
        case = act(LEADER, case, "requests/1/decision", {"granted": True, "reason": "CANARY-GRANT"})
        return act(WATER, case, "result", {"done": "CANARY-DONE", "reply": "The drain runs free again."})


@contextmanager
def post(home: Path, url: str = "") -> Iterator[Post]:
    """An empty office's post: the outbox begins before anything has happened."""
    with office(home / "store", url=url) as hall:
        yield Post(hall, home / "channels.toml")


def ids(found: list[Any]) -> list[UUID]:
    return [UUID(str(one.id)) for one in found]
