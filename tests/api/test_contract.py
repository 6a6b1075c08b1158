"""The OpenAPI document is true: whatever is sent, no 5xx, and no answer that the document does not name."""

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from domain.actors import Role
from tests.api.office import Office, office
from tests.api.people import DISPATCHER, LEADER, PLEA, WORKER, logged

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
CALLERS = (WORKER, LEADER, DISPATCHER, (Role.DEPARTMENT_CLERK, "water"))


MODES = pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])


@pytest.fixture(params=["sqlite", "postgresql"])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    with office(tmp_path, url=url) as opened:
        yield opened


def probed(hall: Office, mode: GenerationMode, examples: int) -> int:
    """Send what the document allows, or what it does not; how many answers were checked. Afterwards the boards follow."""
    case = hall.act(LEADER, logged(hall), "whistles", {"plea": PLEA})
    case = hall.act(DISPATCHER, case, "assignments", {"lead": "water"})
    schema = schemathesis.openapi.from_asgi("/openapi.json", hall.client.app)
    answers = 0
    for operation in (result.ok() for result in schema.get_all_operations()):
        answers += _operation(hall, operation, mode, case, examples)
    hall.whole.boards.wait_for(hall.whole.boards.head())
    assert not hall.whole.boards.parked()
    return answers


def _operation(hall: Office, operation: object, mode: GenerationMode, case: dict[str, object], examples: int) -> int:
    checked = [0]

    def probe(sent: schemathesis.Case) -> None:
        checked[0] += 1
        if "case" in (sent.path_parameters or {}) and checked[0] % 2:
            sent.path_parameters["case"] = case["case"]
        who = CALLERS[checked[0] % len(CALLERS)]
        version = hall.whole.casework.case(UUID(str(case["case"]))).version
        headers = hall.headers(who, **{"Idempotency-Key": str(uuid4()), "If-Match": f'"{version}"'})
        sent.call_and_validate(headers=headers if checked[0] % 5 else {}, checks=CHECKS)

    quiet = list(HealthCheck)
    run = settings(
        max_examples=examples, deadline=None, suppress_health_check=quiet, phases=[Phase.generate], derandomize=True
    )
    if mode is GenerationMode.NEGATIVE and not operation.body and not operation.query:  # type: ignore[attr-defined]
        return 0  # nothing can be said wrong there
    strategy = operation.as_strategy(generation_mode=mode)  # type: ignore[attr-defined]
    from hypothesis import given  # noqa: PLC0415 - beside its use

    run(given(strategy)(probe))()
    return checked[0]


@MODES
@pytest.mark.slow
def test_many_of_everything(hall: Office, mode: GenerationMode) -> None:
    assert probed(hall, mode, examples=60) >= 3000
