"""The words by which a case is found: any two neighbouring characters, of what everybody may read, and of nothing else."""

from dataclasses import replace

import pytest

from domain.events import About
from tests.district import DISTRICT, STREET
from tests.spec import given
from tests.steps import logged
from tests.town import RUBBISH, TOWN
from workflow.finding import categories_called, pairs, pairs_of, places_called


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("漏水", {"漏水"}),
        ("房屋漏水", {"房屋", "屋漏", "漏水"}),
        ("水，电", set()),  # a stop is between them
        ("Pump 7a", {"pu", "um", "mp", "7a"}),
        ("ＡＢ１２", {"ab", "b1", "12"}),  # wide letters
        ("ཆུ་ལམ", {"ཆུ", "ལམ"}),
        ("水", set()),
        ("", set()),
        ("a_b", set()),
    ],
)
def test_pairs(text: str, found: set[str]) -> None:
    assert pairs(text) == found


def test_a_case_is_found_by_its_summary_and_what_it_is_about() -> None:
    case = given(logged()).case
    assert case is not None
    case = replace(case, summary="桥下积水", about=About("b-1", "Old bridge"))
    assert pairs_of(case) == pairs("桥下积水") | pairs("Old bridge") == pairs("桥下积水 old BRIDGE")


def test_categories_and_places_are_found_by_their_names_or_codes() -> None:
    rubbish = TOWN.taxonomy.by_code[RUBBISH]
    for words in (*rubbish.names.values(), rubbish.names["en"].upper(), RUBBISH, f" {rubbish.names['zh'][:2]} "):
        assert rubbish in categories_called(TOWN, words)
    street = TOWN.places.by_code[STREET]
    for words in (*street.names.values(), STREET):
        assert street in places_called(TOWN, words)
    assert not [place for place in places_called(TOWN, DISTRICT) if place.code == DISTRICT]
    for words in ("", "的", "nothing of the kind"):
        assert not list(categories_called(TOWN, words)) and not list(places_called(TOWN, words))
