"""Several processes that begin at the same moment."""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from typing import TypeVar

T = TypeVar("T")

_start: list[Barrier] = []


def in_processes(act: Callable[..., T], *arguments: tuple[object, ...]) -> list[T]:
    """What `act` returns in each of as many processes as there are arguments. Raises what any of them raised."""
    spawn = get_context("spawn")
    start = spawn.Barrier(len(arguments))
    with ProcessPoolExecutor(len(arguments), spawn, initializer=_expect, initargs=(start,)) as processes:
        running = [processes.submit(_begin, act, *one) for one in arguments]
        return [process.result(timeout=120) for process in running]


def _expect(start: Barrier) -> None:
    _start.append(start)


def _begin(act: Callable[..., T], *arguments: object) -> T:
    _start[0].wait(timeout=60)
    return act(*arguments)
