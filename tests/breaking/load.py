"""Load: several people at work until something has happened."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event

from tests.breaking.people import BUSY, Person, Told, all_told, life, log
from tests.breaking.town import Town
from tests.breaking.waiting import until

PEOPLE = 8


@dataclass(frozen=True)
class Load:
    """People at work, and what they have been told so far."""

    people: Sequence[Person]

    def told(self) -> list[Told]:
        """By everybody."""
        return all_told(self.people)

    def refused(self) -> int:
        """How many times somebody was told to try again."""
        return sum(one.status == BUSY for one in self.told())

    def done(self) -> int:
        """How many commands were acknowledged."""
        return sum(one.done for one in self.told())

    def comes_to(self, done: int) -> None:
        """Wait for as many acknowledgements."""
        until(lambda: self.done() >= done)

    def goes_on(self, more: int = 20) -> None:
        """Wait for some more."""
        self.comes_to(self.done() + more)

    def is_refused(self, more: int = 20) -> None:
        """Wait until people were told so some more times."""
        wanted = self.refused() + more
        until(lambda: self.refused() >= wanted)


def strange(told: Iterable[Told], *, fine: Collection[str]) -> list[Told]:
    """Answers that are neither 201, nor one of these problems with 503 and a time to try again."""
    return [
        one
        for one in told
        if not one.done and not (one.status == BUSY and one.retry_after == "1" and one.body["code"] in fine)
    ]


@contextmanager
def at_work(town: Town, *ports: int, people: int = PEOPLE, settle: Callable[[], None] = lambda: None) -> Iterator[Load]:
    """People at these servers until the block ends; then `settle`, and until each has their answer."""
    over = Event()
    staff = [Person(ports[n % len(ports)], town.tokens) for n in range(people)]
    hot = staff[0].insist(log()).body
    with ThreadPoolExecutor(people) as threads:
        working = [threads.submit(person.work, life(hot), over) for person in staff]
        try:
            yield Load(staff)
        finally:
            over.set()
            settle()
    for one in working:
        one.result()
