"""What a browser sent: a form with its key, the version that was seen, and where to come back to."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request

from api.pages.acting.filling import Said
from api.pages.routing import Code, NoPageError, our_own
from api.problems import Trouble

LARGEST_NUMBER = 10_000
FRAME = ("key", "seen", "back", "way", "anyway")  # what a form has besides what somebody filled in


async def said_of(request: Request) -> AsyncIterator[Said]:
    """The fields of a form; its files are taken elsewhere, and closed once there is an answer."""
    async with request.form() as form:
        yield {name: [value for value in form.getlist(name) if isinstance(value, str)] for name in form}


FormSaid = Annotated[Said, Depends(said_of)]


def first(said: Said, name: str) -> str:
    """The one value of a field; '' where there is none."""
    return next(iter(said.get(name, ())), "")


def key_of(said: Said) -> str:
    """The form's key. Raises NoPageError where it has none: then it is none of ours."""
    try:
        return str(UUID(first(said, "key")))
    except ValueError:
        raise NoPageError from None


def anew(said: Said, error: Exception) -> Said:
    """What was filled in, for another try: under a new key where the old one is used up by what was sent before."""
    used_up = isinstance(error, Trouble) and error.code in ("key_of_another", "id_taken")
    return {name: value for name, value in said.items() if name not in ("key", "case")} if used_up else said


def answers(said: Said) -> dict[str, list[str]]:
    """What somebody filled in or chose."""
    return {name: list(values) for name, values in said.items() if name not in FRAME}


@dataclass(frozen=True)
class Sent:
    """A form that asks for a command on a case."""

    command: str
    key: str
    seen: int
    back: str
    way: str
    unit: str
    number: int
    said: Said

    @property
    def id(self) -> str:
        """The same name as the action's."""
        return "-".join(str(part) for part in ("do", self.command, self.way, self.unit, self.number or "") if part)


def sent(command: Code, said: FormSaid) -> Sent:
    """What was sent for a command. Raises NoPageError where it can be no form of ours."""
    return Sent(
        command=command,
        key=key_of(said),
        seen=number_of(first(said, "seen")),
        back=our_own(first(said, "back") or "/"),
        way=first(said, "way"),
        unit=first(said, "unit"),
        number=number_of(first(said, "number") or "0"),
        said=said,
    )


def number_of(text: str) -> int:
    """A version, or a number within a case. Raises NoPageError where a form of ours would say none such."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST_NUMBER)) else -1
    if not 0 <= number <= LARGEST_NUMBER:
        raise NoPageError
    return number


FormSent = Annotated[Sent, Depends(sent)]
