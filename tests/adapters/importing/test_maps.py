"""A map is checked whole before a row is read: what is wrong is said with its line."""

from pathlib import Path

import pytest

from adapters.importing import Map, MapError, read_map, shipped_maps
from domain.jurisdiction import Jurisdiction

SOUND = """system = "old"
id = "no"
opened = "from"
resolved = "to"
[category]
column = "what"
[department]
column = "who"
[category.values]
"broken main" = "0406"
[source]
column = "how"
otherwise = "partner"
[state]
column = "state"
open = ["open"]
closed = ["shut"]
"""


def mapped(law: Jurisdiction, tmp_path: Path, text: str) -> Map:
    path = tmp_path / "old.toml"
    path.write_text(text, encoding="utf-8")
    return read_map(path, law)


FAULTS = {
    "no TOML": ("id = \n", "old.toml:1: This is not valid TOML"),
    "nothing needed": ("", "old.toml: “category.column” is missing."),
    "an unknown field": (SOUND.replace('id = "no"', 'id = "no"\nidd = "x"'), "old.toml:3: “idd” is not known here."),
    "a number": (SOUND.replace('id = "no"', "id = 7"), "old.toml:2: “id” should be text in quotation marks."),
    "a category that is none": (SOUND.replace("0406", "9999"), "old.toml:10: There is no category 9999."),
    "a category with parts": (SOUND.replace("0406", "04"), "old.toml:10: There is no category 04."),
    "a source that is none": (SOUND.replace('"partner"', '"pigeon"'), "old.toml:13: The source “pigeon” is none of: counter,"),
    "a place that is none": (SOUND + '[place]\nblank = "7"\n', "old.toml:19: There is no place 7."),
    "a department that is none": (
        SOUND.replace('"who"', '"who"\notherwise = "police"'),
        "old.toml:9: There is no department police.",
    ),
    "a zone that is none": ('zone = "Mars/Olympus"\n' + SOUND, "old.toml:1: There is no time zone “Mars/Olympus”."),
    "an encoding that is none": ('encoding = "morse"\n' + SOUND, "old.toml:1: There is no encoding “morse”."),
    "a delimiter of two": ('delimiter = "::"\n' + SOUND, "old.toml:1: “delimiter” should be one character."),
    "states without a column": (SOUND.replace('column = "state"\n', ""), "old.toml:14: “state.column” is missing."),
}  # fmt: skip


def test_a_sound_map(law: Jurisdiction, tmp_path: Path) -> None:
    by = mapped(law, tmp_path, SOUND)
    assert by.columns == ("no", "from", "to", "state", "what", "who", "how")
    assert by.zone == law.calendar.tz
    assert by.place.code("") == law.code


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_wrong_is_said_with_its_line(law: Jurisdiction, tmp_path: Path, fault: str) -> None:
    text, says = FAULTS[fault]
    with pytest.raises(MapError) as wrong:
        mapped(law, tmp_path, text)
    assert any(line.startswith(says) for line in str(wrong.value).splitlines()), str(wrong.value)


def test_all_that_is_wrong_is_said_at_once(law: Jurisdiction, tmp_path: Path) -> None:
    with pytest.raises(MapError) as wrong:
        mapped(law, tmp_path, SOUND.replace("0406", "9999").replace('"partner"', '"pigeon"').replace('id = "no"', ""))
    assert len(wrong.value.problems) == 3


def test_words_mean_what_the_map_says_else_what_the_jurisdiction_calls_by_them(
    law: Jurisdiction, tmp_path: Path
) -> None:
    category = mapped(law, tmp_path, SOUND).category
    name = law.taxonomy.by_code["0406"].names["en"]
    assert [category.code(said) for said in ("broken main", "0406", f" {name.upper()} ", "no such thing", "")] == [
        "0406", "0406", "0406", "", "",
    ]  # fmt: skip


def test_a_name_of_two_places_means_neither(law: Jurisdiction, tmp_path: Path) -> None:
    """Only a code, or the map, can say which one is meant."""
    places = [place for place in law.places.by_code.values() if place.code.startswith("540102002")]
    twice = next(place for place in places if [p.names["zh"] for p in places].count(place.names["zh"]) == 1)
    by = mapped(law, tmp_path, SOUND + '[place]\ncolumn = "where"\n')
    assert by.place.code(twice.names["zh"]) == twice.code
    assert by.place.code("居委会") == ""


def test_shipped_maps_have_the_columns_of_their_files() -> None:
    assert set(shipped_maps()) == {"boston311", "nyc311"}
