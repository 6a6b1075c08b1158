"""Forms: what is sent to a resource, made from the commands themselves, strict about what they do not know."""

from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, StrictInt, create_model

from adapters.store.tables import WRITABLE
from domain import commands as c
from domain.declarations import SECRECY_OF
from domain.privacy import Clear, Private, Sealed
from domain.worktime import EARLIEST, LATEST, Limit

LONGEST = 4000  # characters of a text
SMALLEST, LARGEST = -(2**31), 2**31 - 1
MOST = 10_000  # of a limit's own unit


def _limit(text: str) -> str:
    limit = Limit.parse(text)
    if limit.amount > MOST:
        msg = f"a limit is at most {MOST} of its unit"
        raise ValueError(msg)
    return str(Limit.parse(str(limit)))  # what is stored is this text: it must read back


def _moment(said: datetime) -> datetime:
    if not EARLIEST < said.date() < LATEST:
        msg = f"a moment lies between {EARLIEST} and {LATEST}"
        raise ValueError(msg)
    return said.astimezone(UTC)


Text = Annotated[str, Field(max_length=LONGEST, pattern=WRITABLE)]
Code = Annotated[str, Field(max_length=100, pattern=WRITABLE)]
Number = Annotated[StrictInt, Field(ge=SMALLEST, le=LARGEST)]
LimitText = Annotated[
    str,
    Field(max_length=100, examples=["5 working days"], description="amount and unit, as in limits.csv"),
    AfterValidator(_limit),
]
Moment = Annotated[AwareDatetime, AfterValidator(_moment)]
WHEN = "As it stood at a moment, by what was recorded until then; with its time zone, and not later than now"
SIMPLE: dict[Any, Any] = {
    str: Text,
    int: Number,
    bool: StrictBool,
    datetime: Moment,
    Limit: LimitText,
    date: Annotated[date, Field(ge=EARLIEST, le=LATEST)],
    UUID: UUID,
}
PRIVATE = {Clear, Sealed}
CONTACTS = ("name", "phone", "address")


_hints: Any = cache(get_type_hints)


class Form(BaseModel):
    """A form that refuses what it does not know."""

    model_config = ConfigDict(extra="forbid")


def form_of(command: type[Any], *, leave_out: tuple[str, ...] = (), name: str = "", **extra: Any) -> type[Form]:  # noqa: ANN401 - annotations
    """The form of a dataclass: its fields, but those that the address says already."""
    hints, made = _hints(command), dict[str, Any](extra)
    for field in fields(command):
        if field.name not in leave_out:
            default = ... if field.default is MISSING else field.default
            made[field.name] = (_type(hints[field.name]), default)
    return create_model(name or f"{command.__name__}Form", __base__=Form, __doc__=command.__doc__, **made)


def _type(hint: Any) -> Any:  # noqa: ANN401 - any annotation
    if hint in SIMPLE:
        return SIMPLE[hint]
    options = set(get_args(hint)) if isinstance(hint, UnionType) or get_origin(hint) is not None else set()
    if options & PRIVATE:
        return Text | None if type(None) in options else Text
    if type(None) in options:
        return _type(next(option for option in get_args(hint) if option is not type(None))) | None
    if get_origin(hint) is tuple:
        return Annotated[list[_type(get_args(hint)[0])], Field(max_length=100)]  # type: ignore[misc]  # made at run time
    if is_dataclass(hint):
        return form_of(hint)  # type: ignore[arg-type]  # a dataclass type
    return hint


def command_of(kind: type[Any], form: BaseModel, **given: Any) -> Any:  # noqa: ANN401 - a command, or a part of one
    """The command that a form asks for; private words are wrapped at once."""
    hints = _hints(kind)
    said = {field.name: getattr(form, field.name) for field in fields(kind) if hasattr(form, field.name)}
    values = {name: _value(hints[name], value, name) for name, value in said.items()}
    return kind(**{**values, **given})


def _value(hint: Any, value: Any, name: str) -> Any:  # noqa: ANN401 - any annotation, any value
    if value is None:
        return None
    options = set(get_args(hint))
    if hint == Private or options & PRIVATE:
        return Clear(SECRECY_OF[name], value)
    if isinstance(value, BaseModel):
        kinds: list[Any] = [option for option in options if is_dataclass(option)]
        return command_of(kinds[0] if kinds else hint, value)
    if isinstance(value, list):
        return tuple(value)
    return Limit.parse(value) if hint is Limit else value


LogCaseForm = form_of(c.LogCase, leave_out=("receipt",))
