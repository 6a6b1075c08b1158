"""The same by the API: a command line for each button, with the body that its form would send."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from shlex import quote
from typing import Any

from api.pages.acting.actions import Action
from api.pages.acting.asked import Asked
from api.pages.acting.filling import filled
from api.pages.acting.giving import NAMES
from api.pages.reading import Reading
from api.resources import BY_COMMAND
from domain.case import Case

EXAMPLES: Mapping[str, str] = {"yes_no": "yes", "marks": "5", "case": "00000000-0000-0000-0000-000000000000"}


@dataclass(frozen=True, slots=True)
class Line:
    """One command line, and the button that does the same."""

    action: Action
    text: str


def lines(v: Reading, case: Case, actions: tuple[Action, ...]) -> tuple[Line, ...]:
    """A command line for each button."""
    return tuple(Line(action, _line(v, case, action)) for action in actions)


def _line(v: Reading, case: Case, action: Action) -> str:
    body = json.dumps(body_of(v, action), ensure_ascii=False)
    return (
        f'curl -X POST "$BASE{action.href}" -H "Authorization: Bearer $TOKEN" \\\n'
        f'  -H "Content-Type: application/json" -H "Idempotency-Key: $(uuidgen)" -H \'If-Match: "{case.version}"\' \\\n'
        f"  -d {quote(body)}"
    )


def body_of(v: Reading, action: Action) -> dict[str, Any]:
    """What the form sends as it stands; an example where a field that is needed is empty."""
    said = {name: [value] for name, value in action.given.items()}
    said |= {field.name: list(field.value) or _example(v, field) for field in action.fields}
    return filled(BY_COMMAND[NAMES[action.command]].form, said)


def _example(v: Reading, field: Asked) -> list[str]:
    if not field.needed:
        return []
    chosen = next((option.value for option in field.options if option.value), "")
    return [chosen or field.latest or EXAMPLES.get(field.control) or v.t("curl_example", field=v.label(field.leaf))]
