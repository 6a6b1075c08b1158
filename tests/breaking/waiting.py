"""Waiting for something to be so: looked at again and again, until a deadline."""

from collections.abc import Callable
from threading import Event
from time import monotonic

PAUSE = 0.005  # seconds between looks


def until(so: Callable[[], object], patience: float = 30) -> None:
    """Return once it is so. Raises TimeoutError."""
    deadline = monotonic() + patience
    while not so():
        if monotonic() > deadline:
            raise TimeoutError(so.__qualname__)
        Event().wait(PAUSE)
