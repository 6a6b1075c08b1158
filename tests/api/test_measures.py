"""Figures over HTTP: defined in both languages, within reach only, and each number leads to the list of its cases."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from adapters.boards.definitions import FIGURES
from api.demo_month import month
from api.figured import Asked, span_of
from domain.actors import Role
from domain.jurisdiction import Jurisdiction
from domain.policy import Assessment
from tests.api.office import START, Office, office
from tests.api.people import DISPATCHER, DISTRICT, GRID, STREET, SUPERVISOR, WATER, WORKER

CLERK, ANOTHER = (Role.STREET_CLERK, STREET), "540102003"
URBAN = (Role.DEPARTMENT_CLERK, "urban_management")


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office after a month."""
    with office(tmp_path_factory.mktemp("busy")) as opened:
        whole = opened.whole
        for _ in month(whole.casework, whole.law, START, 100):
            pass
        whole.boards.catch_up()
        yield opened


def test_every_figure_is_defined_in_both_languages(busy: Office) -> None:
    told = busy.get(WORKER, "/figures").json()
    assert [one["name"] for one in told] == [figure.name for figure in FIGURES]
    assert all(one[key][language] for one in told for key in ("title", "definition") for language in ("zh", "en"))
    assert {one["kind"] for one in told} == {"rate", "time"}


def listed(hall: Office, who: tuple[Role, str], address: str) -> int:
    """How many cases a list has, on all its pages."""
    n, before = 0, 0
    while True:
        page = hall.client.get(f"{address}&limit=40&before={before}", headers=hall.headers(who)).json()
        n, before = n + len(page["cases"]), page["next"]
        if not before:
            return n


@pytest.mark.parametrize(
    ("who", "by"), [(SUPERVISOR, "street"), (SUPERVISOR, "top_category"), (CLERK, "department"), (URBAN, "street")]
)
def test_a_number_leads_to_exactly_its_cases(busy: Office, who: tuple[Role, str], by: str) -> None:
    told = busy.get(who, "/figures/in_time", by=by, period="all").json()
    assert told["units"]
    for unit in (*told["units"], told["total"]):
        rate = unit["rate"]
        wanted = {
            "numerator": rate["counted"],
            "denominator": rate["sample"],
            "excluded": rate["excluded"],
            "unknown": rate["unknown"],
        }
        assert {part: listed(busy, who, address) for part, address in unit["cases"].items()} == wanted
        assert (rate["share"]["rate"] is None) == (rate["sample"] < told["shown_from"]) or not rate["sample"]


def test_whose_figures_somebody_sees(busy: Office) -> None:
    def seen(who: tuple[Role, str], **asked: str) -> int:
        return busy.get(who, "/figures/whistle", period="all", **asked).status_code

    for of in (DISTRICT, STREET, ANOTHER, GRID, "water"):
        assert seen(DISPATCHER, of=of) == 200
    assert [seen(CLERK, of=of) for of in (STREET, GRID, ANOTHER, DISTRICT, "water")] == [200, 200, 404, 404, 404]
    assert [seen(WATER, of=of) for of in ("water", "roads", STREET)] == [200, 404, 404]
    own = busy.get(CLERK, "/figures/whistle", period="all", by="street").json()
    whole = busy.get(SUPERVISOR, "/figures/whistle", period="all", by="street").json()
    assert [unit["unit"] for unit in own["units"]] == [STREET] and len(whole["units"]) > 5
    assert own["total"]["rate"] == next(unit["rate"] for unit in whole["units"] if unit["unit"] == STREET)
    nobody = busy.get((Role.ADMIN, ""), "/figures/whistle", period="all", by="street").json()
    assert nobody["units"] == [] and nobody["total"]["rate"]["sample"] == 0


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/figures/nothing", 404, "no_such_figure"), ("/figures/overdue_open?cohort=closed", 422, "no_such_cohort"),
        ("/figures/in_time?period=april", 422, "this, last, all, 2026-04"), ("/figures/in_time?by=staff", 422, "by"),
        ("/figures/in_time?period=2026-13", 422, "this, last, all"), ("/figures/in_time?since=yesterday", 422, "since"),
        ("/cases?figure=happiness", 422, "in_time"), ("/cases?figure=in_time&part=best", 422, "part"),
        ("/cases?cohort=born", 422, "cohort"), ("/cases?until=soon", 422, "until"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(busy: Office, path: str, status: int, said: str) -> None:
    answer = busy.client.get(f"/api/v1{path}", headers=busy.headers(SUPERVISOR))
    assert answer.status_code == status and said in answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def law(hall: Office, starts: int) -> Jurisdiction:
    policy = replace(hall.whole.law.policy, assessment=Assessment(month_starts=starts))
    return replace(hall.whole.law, policy=policy)


def test_a_period_is_a_month_of_this_city(busy: Office) -> None:
    now = datetime(2026, 4, 18, 15, 59, tzinfo=UTC)  # a minute to midnight in Lhasa
    for then, last_day in ((now, date(2026, 4, 18)), (now + timedelta(minutes=1), date(2026, 5, 18))):
        span = span_of(law(busy, 19), Asked(), then)
        assert span.until == datetime(last_day.year, last_day.month, 18, 16, tzinfo=UTC)
    this, last = (span_of(law(busy, 1), Asked(period=period), now) for period in ("this", "last"))
    assert (last.until, this.until) == (this.since, datetime(2026, 4, 30, 16, tzinfo=UTC))
    since = span_of(law(busy, 1), Asked(since=date(2026, 2, 3)), now)
    assert (since.since, since.until) == (datetime(2026, 2, 2, 16, tzinfo=UTC), None)
    assert span_of(law(busy, 1), Asked(period="all"), now).since is None
    with pytest.raises(ValidationError):
        Asked(period="2026-4")


def test_the_shipped_policy_is_assessed_as_it_says(busy: Office) -> None:
    assert busy.whole.law.policy.assessment == Assessment()
    shipped = (Path(__file__).parents[2] / "jurisdictions" / "chengguan" / "policy.toml").read_text(encoding="utf-8")
    assert "[assessment]\nmonth_starts = 1 " in shipped
