"""How large a run is: the full one, the quick one, and one so tiny that only a test wants it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """What each line takes for its size."""

    rounds: int = 3
    seconds: float = 4.0  # for each figure, each round
    clients: tuple[int, ...] = (1, 16, 64)  # of the log
    callers: int = 16  # of commands
    connections: int = 16  # over HTTP
    events: int = 1_000_000  # that boards are rebuilt from
    live: int = 100_000  # that boards follow
    runner_events: int = 20_000  # that the library's runner is told
    cases: int = 1_000_000  # on the boards
    open_cases: int = 100_000
    past_cases: int = 1_000_000  # every row of theirs that ever stood
    looks: int = 200  # at each board
    logs: tuple[int, ...] = (10_000, 100_000, 1_000_000, 5_000_000)  # entries in the log
    commands: int = 500  # at each size of the log
    imported: int = 20_000  # rows of a file
    listeners: int = 1_000  # who hold a stream open
    actions: int = 200  # whose showing is waited for
    opened_cases: int = 420  # in the store whose pages are opened
    opened_times: int = 7  # each page
    year: int = 100_000  # cases of a generated year


FULL = Sizes()
QUICK = Sizes(
    rounds=1,
    seconds=1.0,
    clients=(1, 64),
    events=20_000,
    live=4_000,
    runner_events=2_000,
    cases=10_000,
    open_cases=1_000,
    past_cases=2_000,
    looks=20,
    logs=(2_000, 20_000),
    commands=60,
    imported=1_000,
    listeners=200,
    actions=24,
    opened_cases=60,
    opened_times=2,
    year=1_000,
)
TINY = Sizes(
    rounds=1,
    seconds=0.5,
    clients=(2,),
    callers=2,
    connections=2,
    events=300,
    live=300,
    runner_events=100,
    cases=200,
    open_cases=20,
    past_cases=60,
    looks=3,
    logs=(200, 400),
    commands=5,
    imported=50,
    listeners=20,
    actions=4,
    opened_cases=20,
    opened_times=1,
    year=120,
)
