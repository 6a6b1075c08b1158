"""Boards as they are answered: every share with its rate, null where nobody could be counted."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from adapters.boards.shares import Share


def figures(told: Any) -> Any:  # noqa: ANN401 - a board, and what it holds
    """The same as plain values, ready for JSON."""
    match told:
        case Share():
            return {"numerator": told.numerator, "denominator": told.denominator, "rate": told.rate}
        case Mapping():
            return {key: figures(value) for key, value in told.items()}
        case tuple() | list():
            return [figures(value) for value in told]
        case _ if is_dataclass(told):
            return {field.name: figures(getattr(told, field.name)) for field in fields(told)}
        case _:
            return told
