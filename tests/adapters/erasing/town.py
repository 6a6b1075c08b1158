"""A real store with cases of all kinds that ended, or did not, over the years; what is private in them can be read or not."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

from adapters.erasing import Ended, ended
from adapters.sealing import KeyDestroyed, seals_of
from api.settings import Settings
from api.whole import Whole, compose
from domain import commands as c
from domain.actors import Actor, Role
from domain.commands import Command
from domain.events import Reporter
from domain.privacy import Clear, Sealed, Secrecy
from domain.states import Source, State
from tests.api.people import DISTRICT, GRID, STREET
from workflow.casework import Order

BEGAN = datetime(2026, 3, 2, 2, tzinfo=UTC)
HOTLINE, CLERK = Actor("hotline-1", Role.HOTLINE, DISTRICT), Actor("clerk-1", Role.STREET_CLERK, STREET)
OFFICER = Actor("officer-1", Role.DATA_OFFICER, DISTRICT)
PICTURE = b"\xff\xd8 a marked picture \xff\xd9"


@dataclass
class Town:
    """The parts of a running store, and a clock that goes when told to."""

    settings: Settings
    now: datetime = BEGAN
    whole: Whole = field(init=False)

    def __post_init__(self) -> None:
        self.whole = compose(self.settings, lambda: self.now)

    def again(self) -> None:
        """As after a restart."""
        self.whole.close()
        self.whole = compose(self.settings, lambda: self.now)

    def logs(self, words: str = "words", contact: str = "13900004711") -> UUID:
        """A case with everything private in it but photos."""
        case, said = uuid4(), lambda text: Clear(Secrecy.CONTACT, text)
        reporter = Reporter(said("name"), said(contact), said("home")) if contact else None
        narrative = Clear(Secrecy.NARRATIVE, words) if words else None
        command = c.LogCase(
            category="0604", place=GRID, source=Source.HOTLINE, narrative=narrative, reporter=reporter, receipt=f"hash of {case}" if contact else ""
        )  # fmt: skip
        self.whole.casework.open_case(case, self._order(HOTLINE, command))
        return case

    def does(self, case: UUID, command: Command, actor: Actor = CLERK) -> None:
        self.whole.casework.handle(case, self._order(actor, command))

    def adds_a_photo(self, case: UUID, picture: bytes = PICTURE) -> UUID:
        photo = uuid4()
        self.whole.photos.keep(case, {photo: picture}, self.now)
        self.does(case, c.AddPhoto(Clear(Secrecy.PHOTOS, str(photo))))
        return photo

    def _order(self, actor: Actor, command: Command) -> Order:
        return Order(command=command, actor=actor, now=self.now, id=uuid4())

    # --- what may be read

    def readable(self, case: UUID) -> set[Secrecy]:
        """The classes of which something can be read; one that is readable in part counts as readable."""
        return {seal.secrecy for name, seal in self.seals(case) if self.read(case, name, seal) is not None}

    def seals(self, case: UUID) -> Iterator[tuple[str, Sealed]]:
        """Every seal in a case's file, with the name of its field."""
        for entry in self.whole.casework.file(case):
            for seal in seals_of(entry.event):
                reporter = getattr(entry.event, "reporter", None)
                holders = [one for one in (entry.event, reporter) if one is not None]
                names = [n for one in holders for n in type(one).__dataclass_fields__ if getattr(one, n) is seal]
                yield names[0], seal

    def read(self, case: UUID, name: str, seal: Sealed) -> str | None:
        try:
            return self.whole.sealing.unseal(case, name, seal)
        except KeyDestroyed:
            return None

    # --- what time erases

    def foreseen(self) -> list[Ended]:
        return self._ended(write=False)

    def erased(self) -> list[Ended]:
        """By the system, and carried out."""
        found = self._ended(write=True)
        self.whole.erasing.carry_out(self.now)
        self.whole.boards.catch_up()
        return found

    def _ended(self, *, write: bool) -> list[Ended]:
        self.whole.boards.catch_up()
        return list(ended(self.whole.boards.engine, self.whole.casework, self.now, write=write))


def peopled(town: Town, dice: Random, cases: int) -> list[UUID]:
    """Cases that were logged over two years: some open, some ended one way or another, some come back, some in others."""
    found: list[UUID] = []
    for _ in range(cases):
        town.now += timedelta(days=dice.choice((0, 1, 9, 30)), minutes=dice.randrange(600))
        case = town.logs(dice.choice(("", "words")), dice.choice(("", "13900004711")))
        for _ in range(dice.choice((0, 0, 1, 2))):
            town.adds_a_photo(case)
        if dice.random() < 0.3:
            town.does(case, c.AddNote(Clear(Secrecy.NARRATIVE, "a note")))
        found.append(case)
        if dice.random() < 0.8:
            _ends(town, dice, case, found)
        if dice.random() < 0.2:
            _comes_back(town, dice.choice(found))
    return found


def _ends(town: Town, dice: Random, case: UUID, known: list[UUID]) -> None:
    town.now += timedelta(days=dice.choice((0, 3, 20)))
    others = [one for one in known if one != case and town.whole.casework.case(one).state.is_open]
    merges = others and dice.random() < 0.3
    town.does(case, c.MergeCase(dice.choice(others)) if merges else c.CancelCase("mistake"))


def _comes_back(town: Town, case: UUID) -> None:
    match town.whole.casework.case(case).state:
        case State.CANCELLED:
            town.does(case, c.RestoreCase("again"))
        case State.MERGED:
            town.does(case, c.UnmergeCase("another"))


def copied(folder: Path) -> dict[Path, bytes]:
    """The key store's files as a backup has them."""
    return {path: path.read_bytes() for path in folder.glob("keys.db*")}


def put_back(files: dict[Path, bytes], folder: Path) -> None:
    """A key store out of a backup."""
    for path in folder.glob("keys.db*"):
        path.unlink()
    for path, content in files.items():
        path.write_bytes(content)
