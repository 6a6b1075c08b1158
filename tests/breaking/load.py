"""Load: several people at work until something has happened."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event

from tests.breaking.people import Person, Told, all_told, life, log
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

    def done(self) -> int:
        """How many commands were acknowledged."""
        return sum(one.done for one in self.told())

    def comes_to(self, done: int) -> None:
        """Wait for as many acknowledgements."""
        until(lambda: self.done() >= done)


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
