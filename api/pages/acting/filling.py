"""What a browser sent, as the form of a resource takes it: names with dots are parts, and nothing stands for nothing."""

from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel

Said = Mapping[str, Sequence[str]]
YES_NO = {"yes": True, "no": False}


def filled(form: type[BaseModel], said: Said, before: str = "") -> dict[str, Any]:
    """The values that were sent for a form; what was left empty is left out where it may be."""
    found = {}
    for name, field in form.model_fields.items():
        value = _value(field.annotation, said, before + name)
        if value not in (None, "", [], {}) or (value == "" and field.is_required()):
            found[name] = value
    return found


def _value(hint: Any, said: Said, name: str) -> Any:  # noqa: ANN401 - any annotation
    kinds = _kinds(hint)
    part = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), None)
    if part:
        return filled(part, said, f"{name}.") if any(sent.startswith(f"{name}.") for sent in said) else None
    values = [value.strip() for value in said.get(name, ())]
    if any(get_origin(kind) is list for kind in kinds):
        return [value for value in values if value]
    return _one(kinds, values[-1] if values else "")


def _one(kinds: tuple[Any, ...], text: str) -> Any:  # noqa: ANN401 - as above
    if bool in kinds:
        return YES_NO.get(text, text or None)
    if int in kinds and text.isascii() and text.lstrip("-").isdigit():
        return int(text)
    return text


def _kinds(hint: Any) -> tuple[Any, ...]:  # noqa: ANN401 - as above
    """What a hint may be, without Annotated and Optional around it."""
    if get_origin(hint) in (Union, UnionType):
        return tuple(kind for option in get_args(hint) for kind in _kinds(option))
    bare = get_args(hint)[0] if hasattr(hint, "__metadata__") else hint
    return (bare,) if bare is hint else _kinds(bare)
