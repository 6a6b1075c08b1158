"""Doors: how often somebody may come through them; those of the public are open where the city opens them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from math import ceil
from typing import Annotated

from fastapi import Depends, Request

from api.noting import network_of
from api.pages.reading import Reader, Reading
from api.pages.routing import PageError
from api.problems import Trouble
from api.rates import minutes, taken, until_free
from api.security import Parts
from api.whole import Whole
from domain.actors import Actor, Role
from domain.policy import Door


class NotOpenError(PageError):
    """The city has not opened this door to the public."""

    def __init__(self) -> None:
        """The page says so."""
        super().__init__("trouble", 403, title="not_open", way="not_open_way")


class TooOftenError(PageError):
    """Too often within a while."""

    def __init__(self, wait: timedelta) -> None:
        """`wait` is how long until it is free again."""
        self.minutes = minutes(wait)
        seconds = str(ceil(wait.total_seconds()))
        super().__init__("resident_too_often", 429, {"Retry-After": seconds}, minutes=self.minutes)


def _open(door: Door) -> Callable[[Reader], Reading]:
    def through(v: Reader) -> Reading:
        if not v.opens(door):
            raise NotOpenError
        return v

    return through


ToReport = Annotated[Reading, Depends(_open(Door.REPORT))]
ByReceipt = Annotated[Reading, Depends(_open(Door.RECEIPT))]
ToFigures = Annotated[Reading, Depends(_open(Door.FIGURES))]


def _figures_to_programs(whole: Parts) -> Whole:
    if not (whole.tokens.is_demo() or Door.FIGURES in whole.law.policy.doors):
        raise Trouble("not_open")
    return whole


FiguresToPrograms = Annotated[Whole, Depends(_figures_to_programs)]


def as_resident(v: Reading, receipt: str = "") -> Reading:
    """The same reading by whoever holds this receipt (its hash); whoever is signed in besides has no say here."""
    return replace(v, actor=Actor("resident", Role.RESIDENT, receipt))


def client_of(request: Request, v: Reading) -> str:
    """The network that a request comes from, today: tomorrow it is somebody else, and nobody can tell who it was."""
    return f"{network_of(request.scope)} {v.now.date()}"


def knock(v: Reading, action: str, *whose: str) -> None:
    """Take one of what is free for each of these. Raises TooOftenError."""
    for one in whose:
        _let_in(taken(v.parts, action, one))


def peep(v: Reading, action: str, whose: str) -> None:
    """Whether one is free; nothing is taken. Raises TooOftenError."""
    _let_in(until_free(v.parts, action, whose))


def _let_in(wait: timedelta) -> None:
    if wait:
        raise TooOftenError(wait)
