"""All stories, out of their files, told once by the true tables: who else wants to know what they say asks here."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from importlib import import_module
from pathlib import Path

from domain.commands import Command
from tests.spec import Story as Life
from tests.spec import Tables, given, playing
from workflow.ask import Refused

FILES = sorted((Path(__file__).parent / "workflow").glob("test_*.py"))
Story = Callable[[], None]


def stories() -> Iterator[Story]:
    """Every test of every file that tells stories."""
    for module in (import_module(f"tests.workflow.{file.stem}") for file in FILES):
        if vars(module).get("given") is given:
            for word, story in vars(module).items():
                if word.startswith("test_"):
                    yield from each(story)


def each(story: Callable[..., None]) -> Iterator[Story]:
    """A story for each of its parameters."""
    marks = [mark for mark in getattr(story, "pytestmark", ()) if mark.name == "parametrize"]
    yield from (partial(story, *values) for mark in marks for values in mark.args[1])
    if not marks:
        yield story


@cache
def told() -> tuple[tuple[Story, Tables], ...]:
    """Every story, with the tables that heard it."""
    return tuple((story, heard(story)) for story in stories())


def heard(story: Story) -> Tables:
    """What the true tables hear of a story."""
    with playing(Tables()) as tables:
        story()
    return tables


def lives() -> list[Life]:
    """Every case file of every story, as its story left it."""
    return [life for _, tables in told() for life in tables.lives if life.file]


def refusals() -> list[Refused]:
    """Every refusal of every story."""
    return [refused for _, tables in told() for refused in tables.refusals]


def about(command: type[Command] | None) -> list[Story]:
    """The stories in which a command is given, those that are about it first; all of them for None."""
    those = [(story, tables) for story, tables in told() if command in tables.asked | {None}]
    return [story for story, tables in sorted(those, key=lambda each: command not in each[1].about)]


def fails(story: Story) -> bool:
    """Whether a story does not hold under the tables that are played."""
    try:
        story()
    except (AssertionError, Refused, LookupError, TypeError, AttributeError):
        return True
    return False
