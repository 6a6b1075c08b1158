"""The OpenAPI document: every form has an example that it takes, and the district's rules take the first ones."""

import pytest

from api.examples import EXAMPLES
from api.resources import RESOURCES
from api.routes.cases import CarryOverForm, LogCaseForm
from domain.actors import Role
from tests.api.office import Office
from tests.api.people import CLERK, DISPATCHER, DISTRICT, HOTLINE, LEADER, WATER

FORMS = {form.__name__: form for form in (LogCaseForm, CarryOverForm, *(resource.form for resource in RESOURCES))}


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_form_takes_its_example(name: str) -> None:
    FORMS[name].model_validate(EXAMPLES[name])


def test_no_example_is_of_a_form_that_is_gone() -> None:
    assert set(EXAMPLES) == set(FORMS)


def test_the_document_shows_them_and_says_what_comes_back(hall: Office) -> None:
    document = hall.client.get("/openapi.json").json()
    for name, example in EXAMPLES.items():
        assert document["components"]["schemas"][name]["examples"] == [example]
    assigning = document["paths"]["/api/v1/cases/{case}/assignments"]["post"]
    assert {"ETag", "Location"} <= set(assigning["responses"]["201"]["headers"])
    assert {"200", "201", "400", "401", "403", "404", "409", "412", "413", "415", "422", "428", "429", "503"} == set(
        assigning["responses"]
    )
    key = next(one for one in assigning["parameters"] if one["name"] == "idempotency-key")
    assert {"type": "string", "format": "uuid"} in key["schema"]["anyOf"]


def test_a_case_goes_its_way_by_the_examples(hall: Office) -> None:
    case = hall.post(HOTLINE, "/cases", EXAMPLES["LogCaseForm"]).json()
    assert case["receipt"]
    for who, path, form in (
        (LEADER, "whistles", "BlowWhistleForm"),
        (DISPATCHER, "assignments", "AssignCaseForm"),
        (WATER, "assignments/water/acknowledgement", "AcknowledgeForm"),
        (WATER, "assignments/water/report-in", "ReportInForm"),
        (CLERK, "notes", "AddNoteForm"),
        (WATER, "requests/extension", "RequestExtensionForm"),
        (WATER, "requests/1/withdrawal", "Form"),
        (WATER, "requests/suspension", "RequestSuspensionForm"),
    ):
        case = hall.act(who, case, path, EXAMPLES[form])
    hall.time.goes_on()
    carried = hall.post((Role.PARTNER, DISTRICT), "/carried-over-cases", EXAMPLES["CarryOverForm"])
    assert carried.status_code == 201, carried.text


def test_the_language_is_that_of_the_header_unless_the_address_says_another(hall: Office) -> None:
    case = hall.post(HOTLINE, "/cases", EXAMPLES["LogCaseForm"]).json()

    def told(language: str, **address: str) -> str:
        more = {"Accept-Language": language}
        path = f"/api/v1/cases/{case['case']}/history"
        text: str = hall.client.get(path, params=address, headers={**hall.headers(LEADER), **more}).json()[0]["text"]
        return text

    assert told("en") == told("zh", lang="en") != told("zh") == told("en", lang="zh") == told("fr")
