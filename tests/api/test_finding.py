"""Words find cases: by the API, on the page of the register, and for those who may see them."""

import html

from tests.api.office import Office
from tests.api.people import CLERK, STREET, SUPERVISOR, WATER, logged

LAMP = "LD-002-01"


def found(hall: Office, who: tuple, words: str) -> list[str]:  # type: ignore[type-arg]  # a role and its unit
    hall.whole.boards.catch_up()
    return [one["case"] for one in hall.get(who, "/cases", words=words).json()["cases"]]


def test_by_the_api(hall: Office) -> None:
    first, second = logged(hall, summary="桥下积雪"), logged(hall, summary="河边积雪很深")
    assert found(hall, CLERK, "积雪") == [second["case"], first["case"]]
    assert found(hall, CLERK, "桥下积雪") == [first["case"]]
    assert found(hall, SUPERVISOR, "河边") == [second["case"]]
    assert found(hall, WATER, "积雪") == []  # not theirs
    assert hall.get(CLERK, "/cases", words="x" * 101).status_code == 422
    assert hall.get(CLERK, "/cases", words="nul\0").status_code == 422
    short = hall.get(CLERK, "/cases", words="雪 ！").json()["errors"]
    assert [one["where"] for one in short] == [["query", "words"]]


def test_on_the_page(hall: Office) -> None:
    case = logged(hall, summary="桥下积雪")
    logged(hall, summary="路灯不亮")
    hall.whole.boards.catch_up()
    hall.client.cookies.set("whistle", hall.session(*CLERK))
    page = hall.client.get("/cases?words=积雪&lang=en", headers={"Accept": "text/html"}).text
    assert case["number"] in page and "路灯不亮" not in page
    assert 'name="words"' in page and 'value="积雪"' in page and "Words of the summary, a category or place: " in page
    nothing = hall.client.get("/cases?words=月亮&lang=en", headers={"Accept": "text/html"}).text
    assert "No case meets these filters" in nothing
    short = hall.client.get("/cases?words=雪&lang=en", headers={"Accept": "text/html"})
    assert short.status_code == 422 and "At least two neighbouring letters" in short.text
    taken = hall.client.get("/cases.csv?words=积雪&lang=zh").text
    assert case["number"] in taken and taken.count("\n") <= 3


def test_what_it_is_about_finds_it_and_is_shown(hall: Office) -> None:
    case = logged(hall, summary="不亮", about={"code": LAMP, "label": hall.whole.law.things[LAMP].label})
    assert found(hall, CLERK, "路灯") == [case["case"]]
    (line,) = hall.get(CLERK, "/cases", words="路灯").json()["cases"]
    assert line["about"] == LAMP
    hall.client.cookies.set("whistle", hall.session(*CLERK))
    label = html.escape(hall.whole.law.things[LAMP].label)
    page = hall.client.get("/cases?words=路灯&lang=zh", headers={"Accept": "text/html"}).text
    assert label in page[page.index('id="found"') :] and label in hall.client.get("/cases.csv?words=路灯&lang=zh").text


def test_a_name_leads_to_the_cases_of_what_is_so_called(hall: Office) -> None:
    def page(words: str, who: tuple) -> str:  # type: ignore[type-arg]  # a role and its unit
        hall.client.cookies.set("whistle", hall.session(*who))
        text: str = hall.client.get(f"/cases?words={words}&lang=en", headers={"Accept": "text/html"}).text
        return text

    law = hall.whole.law
    kind, street = law.taxonomy.by_code["0406"], law.places.by_code[STREET]
    assert "category=0406" in page(kind.names["zh"], CLERK) and "category=0406" in page(kind.names["en"], CLERK)
    assert f"street={STREET}" in page(street.names["zh"], SUPERVISOR)
    other = next(p for p in law.places.by_code.values() if p.rung is street.rung and p.code != STREET)
    assert f"street={other.code}" in page(other.names["zh"], SUPERVISOR)
    assert f'href="/cases?street={other.code}' not in page(other.names["zh"], CLERK)  # not within reach
    assert "So called" not in page("nothing of the kind", CLERK)
