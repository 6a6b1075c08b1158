"""Spite: texts that are markup, formulas, commands or tricks somewhere; and a month of cases whose every word is one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import count
from typing import Any, get_args, get_type_hints
from uuid import UUID

from domain import commands as c
from domain.privacy import Clear
from workflow.casework import Done, Order

CANARY = "spite"
# Each can be kept: what cannot is refused, see REFUSED. Whatever would run would call `spite()`, or make something of that name.
TEXTS = (
    "<script>spite()</script><spite-tag>",
    '"><img src=x onerror=spite()><spite-tag>',
    "' onmouseover='spite()' spite-attr='1",
    '" autofocus onfocus="spite()" spite-attr="1',
    "</textarea></title></style></script><svg onload=spite()><spite-tag>",
    "<svg><a xlink:href='javascript:spite()'><text y=20>spite</text></a></svg>",
    "javascript:spite()//",
    "{{'spite'*2}}{% raw %}${spite()}#{spite()}<%= spite() %>",
    "]]><spite-tag/><!--spite",
    "<!ENTITY spite SYSTEM 'file:///etc/passwd'>&spite;",
    "=cmd|' /C spite'!A0",
    "@SUM(1+9)*spite()",
    "+spite\n=1+1",
    "-spite\r\nSet-Cookie: spite=1\r\n\r\n<spite-tag>",
    "spite\r\nX-Spite: 1",
    "'; DROP TABLE events; -- spite",
    "%s%n%x {0} {spite} %(spite)s",
    "../../../../etc/passwd%00spite",
    "..\\..\\spite",
    "\u202espite\u202d\u2066\u2067 gnp.exe",
    "\u2069\u2069\u202espite",
    "spite\u2028\u2029\ufeff\u200b",
    "spite \U0001f600\U0001f469\u200d\U0001f692 \ufffe\uffff",
    "spite" + "W" * 600,
    "Z\u0351\u036b\u0343" * 40 + "spite",
    "event: over\ndata: spite\n\n",
    '{"spite": true}',
)
REFUSED = ("\x00spite", "spite\x1b[2J", "spite\x9b2J", "\ud800spite", "x" * 4001)
CODES = {
    "category", "place", "lead", "support", "unit", "step", "suggested", "receipt", "department", "departments", "level", "addressee", "edition",
    "external_id", "subject", "code", "against",
}  # fmt: skip
BY_CODE = (c.RequestSuspension, c.RequestExclusion)  # whose reason is of a list

_next = count()


def text() -> str:
    """The next of them."""
    return TEXTS[next(_next) % len(TEXTS)]


def spoiled(command: Any) -> Any:
    """The same command, or part of one, with every free text replaced; also one that was left empty."""
    hints = get_type_hints(type(command))
    said = {
        field.name: _spoiled(hints[field.name], getattr(command, field.name))
        for field in fields(command)
        if field.name not in CODES
    }
    if isinstance(command, BY_CODE):
        said.pop("reason", None)
    return replace(command, **said)


def _spoiled(hint: Any, value: Any) -> Any:
    kinds = {hint, *get_args(hint)}
    if isinstance(value, Clear):
        return Clear(value.secrecy, text())
    if is_dataclass(value) and not isinstance(value, type):
        return spoiled(value)
    if str in kinds and type(value) is str:
        return text()
    return value


@dataclass
class Spiteful:
    """Casework whose every order says something spiteful."""

    casework: Any

    def open_case(self, case: UUID, order: Order) -> Done:
        """As Casework.open_case."""
        done: Done = self.casework.open_case(case, replace(order, command=spoiled(order.command)))
        return done

    def handle(self, case: UUID, order: Order) -> Done:
        """As Casework.handle."""
        done: Done = self.casework.handle(case, replace(order, command=spoiled(order.command)))
        return done

    def __getattr__(self, name: str) -> Any:
        return getattr(self.casework, name)


def texts_in(form: dict[str, Any], schemas: dict[str, Any], put: Callable[[str], Any]) -> Iterator[tuple[str, Any]]:
    """Every text of a JSON form, by its schema: its path, and the form with something else in it."""
    for name, schema in form.get("properties", {}).items():
        for one in (schema, *schema.get("anyOf", ())):
            if (
                one.get("type") == "string"
                and "enum" not in one
                and one.get("format") not in ("date", "date-time", "uuid")
            ):
                yield name, {name: put(name)}
            inner = one.get("$ref", "").rsplit("/", 1)[-1] or one.get("items", {}).get("$ref", "").rsplit("/", 1)[-1]
            if inner in schemas:
                yield from ((f"{name}.{path}", {name: said}) for path, said in texts_in(schemas[inner], schemas, put))
