"""Whatever is wrong with a folder is found, with file and line, and all of it in one run."""

from pathlib import Path

import pytest

from adapters.jurisdictions import read
from adapters.jurisdictions.problems import SENTENCES
from tests.adapters.jurisdictions.town import AREAS, SQUARE, Spoil, both, instead, more, swap, town, without

PLACES, DEPARTMENTS, CATEGORIES = "places.csv", "departments.csv", "categories.csv"
LIMITS, THINGS, STAFF, REPLIES = "limits.csv", "things.csv", "staff.csv", "replies.csv"
SETTINGS, POLICY, AREA, CALENDAR = "jurisdiction.toml", "policy.toml", "places/streets.geojson", "calendars/town.toml"
HEAD = "code,parent,name_zh,name_en"
METRES = SQUARE.replace("[2, 2]", "[5000, 4000]")
BOW = '{"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [2, 1], [1, 2], [1, 1]]]}'
OFF = 'off = ["report_in", "verification", "call_back", "whistle_approval", "rating"]'
NESTED = swap(SETTINGS, "nested_codes = false", "nested_codes = true")
RUNGED = swap(PLACES, HEAD, HEAD + ",rung")
SENSITIVE = swap(CATEGORIES, "departments,handled_at", "departments,handled_at,sensitive")
EXCLUSION = (
    'force_majeure = { zh = "不可抗力", en = "force majeure" }\n'
    'beyond_powers = { zh = "超出职权", en = "beyond our powers" }\n'
    'unreasonable = { zh = "诉求不合理", en = "not a reasonable demand" }\n'
)

# code, file, line, how it is brought about
FAULTS: tuple[tuple[str, str, int, Spoil], ...] = (
    # tables as such
    ("no_file", DEPARTMENTS, 0, without(DEPARTMENTS)),
    ("not_utf8", PLACES, 0, instead(PLACES, "code,parent,name_zh\n1,,城\n".encode("gbk"))),
    ("not_csv", PLACES, 10, more(PLACES, '100-3,100,"北街,North Street')),
    ("no_column", PLACES, 1, swap(PLACES, "code,parent", "code,above")),
    ("unknown_column", CATEGORIES, 1, swap(CATEGORIES, "departments", "department")),
    ("too_many_cells", LIMITS, 20, more(LIMITS, "01,resolve,routine,4 working hours, step stop work")),
    ("missing", PLACES, 10, more(PLACES, ",100,北街,North Street")),
    ("duplicate", DEPARTMENTS, 5, more(DEPARTMENTS, "water,水,Water again")),
    # places
    ("no_such_parent", PLACES, 10, more(PLACES, "100-3,99,北街,North Street")),
    ("circle", PLACES, 10, more(PLACES, "a,b,甲,A\nb,a,乙,B")),
    ("one_district", PLACES, 10, more(PLACES, "200,,大城,Big Town")),
    ("one_district", PLACES, 0, swap(PLACES, "100,,", "100,100-1,")),
    ("code_of_parent", PLACES, 10, both(NESTED, more(PLACES, "300,100,北街,North Street"))),
    ("too_deep", PLACES, 10, more(PLACES, "100-1-1-1-1,100-1-1-1,楼,House")),
    ("no_such_rung", PLACES, 10, both(RUNGED, more(PLACES, "100-3,100,北街,North,avenue"))),
    ("wrong_rung", PLACES, 10, both(RUNGED, more(PLACES, "100-3,100-1-1,北街,North,street"))),
    ("wrong_rung", PLACES, 10, both(RUNGED, more(PLACES, "100-3,100-1,北街,North,street"))),
    ("no_name", PLACES, 10, more(PLACES, "100-3,100,北街,")),
    # departments and categories
    ("no_name", DEPARTMENTS, 5, more(DEPARTMENTS, "gas,,Gas")),
    ("no_such_parent", CATEGORIES, 6, more(CATEGORIES, "0501,05,停水,no water,need,water,")),
    ("circle", CATEGORIES, 6, more(CATEGORIES, "05,05,停水,no water,need,water,")),
    ("no_such_department", CATEGORIES, 6, more(CATEGORIES, "05,,停水,no water,need,wtaer,")),
    ("listed_twice", CATEGORIES, 6, more(CATEGORIES, "05,,停水,no water,need,water;water,")),
    ("no_such_nature", CATEGORIES, 6, more(CATEGORIES, "05,,停水,no water,wish,water,")),
    ("no_such_level", CATEGORIES, 6, more(CATEGORIES, "05,,停水,no water,need,water,house")),
    ("not_yes_or_no", CATEGORIES, 6, both(SENSITIVE, more(CATEGORIES, "05,,噪声,noise,complaint,water,,perhaps"))),
    # limits
    ("no_such_category", LIMITS, 20, more(LIMITS, "77,resolve,routine,1 day")),
    ("no_such_clock", LIMITS, 20, more(LIMITS, "01,lunch,routine,1 day")),
    ("no_such_urgency", LIMITS, 20, more(LIMITS, "01,resolve,hurried,1 day")),
    ("not_a_limit", LIMITS, 20, more(LIMITS, "01,resolve,routine,soon")),
    ("not_a_limit", LIMITS, 20, more(LIMITS, "01,resolve,routine,0 days")),
    ("too_long", LIMITS, 20, more(LIMITS, "01,resolve,routine,99999999999999 days")),
    ("limit_twice", LIMITS, 20, more(LIMITS, "*,sign,routine,2 days")),
    ("step_alone", LIMITS, 20, more(LIMITS, '01,resolve,routine,"4 working hours, step stop work"')),
    ("clock_without_limit", LIMITS, 0, swap(LIMITS, "*,verify,routine,1 working day\n", "")),
    # things and staff
    ("no_such_kind", THINGS, 4, more(THINGS, "f,flat,Flat 3,100-1")),
    ("no_such_kind", THINGS, 4, more(THINGS, "p,person,Somebody,100-1")),
    ("no_such_kind", THINGS, 4, more(THINGS, "h,household,Household 3,100-1")),
    ("missing", THINGS, 4, more(THINGS, "h,building,,100-1")),
    ("no_such_place", THINGS, 4, more(THINGS, "h,building,House,100-9")),
    ("no_such_category", REPLIES, 4, more(REPLIES, "77,好,good,好。,Good.")),
    ("no_name", REPLIES, 4, more(REPLIES, "*,好,,好。,Good.")),
    ("no_text", REPLIES, 4, more(REPLIES, "*,好,good,,Good.")),
    ("no_such_role", STAFF, 25, more(STAFF, "x,mayor,100,,")),
    ("role_and_unit", STAFF, 25, more(STAFF, "x,street_leader,100-1-1,,")),
    ("role_and_unit", STAFF, 25, more(STAFF, "x,street_leader,water,,")),
    ("role_and_unit", STAFF, 25, more(STAFF, "x,department_clerk,100,,")),
    ("not_an_office", STAFF, 25, more(STAFF, "x,system,100,,")),
    ("missing", STAFF, 25, more(STAFF, ",hotline,100,,")),
    ("not_a_date", STAFF, 25, more(STAFF, "x,hotline,100,tomorrow,")),
    ("ends_before_it_begins", STAFF, 25, more(STAFF, "x,hotline,100,2026-02-01,2026-01-31")),
    ("grant_twice", STAFF, 25, more(STAFF, "hotline-100,hotline,100,,")),
    ("no_staff", STAFF, 0, swap(STAFF, "dispatcher-100,dispatcher,100,,\n", "")),
    # settings
    ("no_file", SETTINGS, 0, without(SETTINGS)),
    ("not_toml", SETTINGS, 5, swap(SETTINGS, "zone =", "zone : ")),
    ("missing", SETTINGS, 0, swap(SETTINGS, "code =", "# code =")),
    ("wants_text", SETTINGS, 2, swap(SETTINGS, '"100"', "100")),
    ("wants_table", SETTINGS, 3, swap(SETTINGS, '{ zh = "小城", en = "Small Town" }', '"Small Town"')),
    ("no_name", SETTINGS, 3, swap(SETTINGS, ', en = "Small Town"', "")),
    ("missing", SETTINGS, 4, swap(SETTINGS, '["zh", "en"]', "[]")),
    ("no_such_zone", SETTINGS, 5, swap(SETTINGS, "Asia/Shanghai", "Asia/Nowhere")),
    ("unknown_field", SETTINGS, 6, swap(SETTINGS, "nested_codes", "nested")),
    ("wants_yes_or_no", SETTINGS, 6, swap(SETTINGS, "nested_codes = false", 'nested_codes = "no"')),
    ("no_such_calendar", SETTINGS, 9, swap(SETTINGS, 'calendar = "town"', 'calendar = "city"')),
    ("wants_list", SETTINGS, 12, swap(SETTINGS, "[1, 2, 3, 4, 5]", '"1-5"')),
    ("not_weekdays", SETTINGS, 12, swap(SETTINGS, "[1, 2, 3, 4, 5]", "[0, 1]")),
    ("not_a_time", SETTINGS, 13, swap(SETTINGS, "09:00-12:00", "morning")),
    ("hours_out_of_order", SETTINGS, 13, swap(SETTINGS, "09:00-12:00", "12:00-09:00")),
    ("hours_out_of_order", SETTINGS, 13, swap(SETTINGS, "09:00-12:00", "09:00-14:00")),
    ("hours_out_of_order", SETTINGS, 13, swap(SETTINGS, "09:00-12:00", "13:00-00:00")),
    ("wants_time", SETTINGS, 14, swap(SETTINGS, "# cutoff = 17:00:00", 'cutoff = "17:00"')),
    (
        "not_a_number",
        SETTINGS,
        17,
        more(SETTINGS, '[[emergency]]\nnumber = "one one zero"\nnames = { zh = "警察", en = "police" }'),
    ),
    ("no_name", SETTINGS, 18, more(SETTINGS, '[[emergency]]\nnumber = "110"\nnames = { zh = "警察" }')),
    # policy
    ("no_file", POLICY, 0, without(POLICY)),
    ("unknown_field", POLICY, 8, swap(POLICY, "near =", "nearly =")),
    ("missing", POLICY, 0, swap(POLICY, "version =", "# version =")),
    ("no_such_step", POLICY, 6, swap(POLICY, '"rating"', '"rest"')),
    ("no_such_reaction", POLICY, 12, swap(POLICY, '"refer_up"', '"fire"')),
    ("no_such_door", POLICY, 8, swap(POLICY, "near =", 'doors = ["window"]\nnear =')),
    ("report_without_receipt", POLICY, 8, swap(POLICY, "near =", 'doors = ["report"]\nnear =')),
    ("wants_number", POLICY, 8, swap(POLICY, "near = 0.8", 'near = "most"')),
    ("not_a_first_day", POLICY, 55, swap(POLICY, "month_starts = 1 ", "month_starts = 31 ")),
    ("not_a_weight", POLICY, 59, swap(POLICY, "mostly = 0.9", "mostly = 9.0")),
    ("weights_not_one", POLICY, 54, swap(POLICY, "response = 0.1", "response = 0.2")),
    ("not_a_share", POLICY, 8, swap(POLICY, "near = 0.8", "near = 80")),
    ("no_such_command", POLICY, 16, swap(POLICY, "# [who]", "[who]\nDance = ['hotline']\n#")),
    ("nobody_may", POLICY, 16, swap(POLICY, "# [who]", "[who]\nCloseCase = []\n#")),
    ("no_such_role", POLICY, 16, swap(POLICY, "# [who]", "[who]\nCloseCase = ['mayor']\n#")),
    ("no_such_window", POLICY, 20, swap(POLICY, "[windows]", '[windows]\nlunch = "1 hour"')),
    ("not_a_limit", POLICY, 20, swap(POLICY, 'return = "1 working day"', 'return = "soon"')),
    ("wants_whole_number", POLICY, 28, swap(POLICY, "extensions = 2", 'extensions = "2"')),
    ("not_a_number", POLICY, 28, swap(POLICY, "extensions = 2", "extensions = 0")),
    ("unknown_field", POLICY, 28, swap(POLICY, "extensions = 2", "extensoins = 2")),
    ("missing", POLICY, 48, swap(POLICY, EXCLUSION, "")),
    ("no_such_list", POLICY, 48, swap(POLICY, "[reasons.exclusion]", "[reasons.exclusive]")),
    ("no_name", POLICY, 37, swap(POLICY, ', en = "waiting for funds"', "")),
    ("no_such_class", POLICY, 66, swap(POLICY, "photos = ", "pictures = ")),
    ("not_a_limit", POLICY, 64, swap(POLICY, 'contact = "180 days"', 'contact = "for ever"')),
    ("not_in_days", POLICY, 64, swap(POLICY, 'contact = "180 days"', 'contact = "180 working days"')),
    ("not_in_days", POLICY, 65, swap(POLICY, 'narrative = "730 days"', 'narrative = "0.5 days"')),
    ("not_in_days", POLICY, 65, swap(POLICY, 'narrative = "730 days"', 'narrative = "730 days, from next day"')),
    ("not_a_number", POLICY, 70, swap(POLICY, "rows = 1000", "rows = 0")),
    ("not_a_number", POLICY, 71, swap(POLICY, "days = 7", "days = -1")),
    ("too_long", POLICY, 71, swap(POLICY, "days = 7", "days = 367")),
    ("wants_whole_number", POLICY, 70, swap(POLICY, "rows = 1000", 'rows = "all"')),
    ("no_such_source", POLICY, 76, more(POLICY, 'dream = "street"')),
    ("no_such_level", POLICY, 76, more(POLICY, 'hotline = "attic"')),
    ("state_never_reached", POLICY, 6, swap(POLICY, "# [who]", "[who]\nCancelCase = []\n#")),
    ("no_way_to_closing", POLICY, 6, swap(POLICY, OFF, "off = []\n[who]\nCloseCase = []\nAnswerOnTheSpot = []\n[x]")),
    # calendars and areas
    ("not_toml", CALENDAR, 1, instead(CALENDAR, "code : town\n")),
    ("missing", CALENDAR, 0, swap(CALENDAR, "version =", "# version =")),
    ("unknown_field", CALENDAR, 3, swap(CALENDAR, "known_until", "known")),
    ("wants_date", CALENDAR, 3, swap(CALENDAR, "2026-12-31", '"2026"')),
    ("no_date", CALENDAR, 5, swap(CALENDAR, "from = 2026-01-01", "from = 1")),
    ("bad_days", CALENDAR, 5, swap(CALENDAR, "to = 2026-01-03", "to = 2025-01-03")),
    ("bad_days", CALENDAR, 5, swap(CALENDAR, 'source = "notice 1"', "")),
    ("day_twice", CALENDAR, 11, swap(CALENDAR, "2026-01-04", "2026-01-03")),
    ("wants_list", CALENDAR, 3, instead(CALENDAR, 'code = "town"\nversion = "1"\noff = 3\n')),
    ("wants_table", CALENDAR, 3, instead(CALENDAR, 'code = "town"\nversion = "1"\noff = [3]\n')),
    ("wants_text", CALENDAR, 3, instead(CALENDAR, 'code = "town"\nversion = "1"\nextends = 3\n')),
    ("no_such_calendar", SETTINGS, 9, instead(CALENDAR, 'code = "town"\nversion = "1"\nextends = "town"\n')),
    ("calendar_twice", "calendars/two.toml", 1, instead("calendars/two.toml", 'code = "town"\nversion = "2"\n')),
    ("not_geojson", AREA, 1, instead(AREA, "{")),
    ("not_geojson", AREA, 0, instead(AREA, "[]")),
    ("not_geojson", AREA, 0, instead(AREA, '{"type": "FeatureCollection", "features": null}')),
    ("no_polygon", AREA, 0, instead(AREA, '{"type": "FeatureCollection", "features": [null]}')),
    ("no_polygon", AREA, 2, instead(AREA, AREAS.replace(SQUARE, BOW, 1))),
    ("no_polygon", AREA, 2, instead(AREA, AREAS.replace(SQUARE, "null", 1))),
    ("no_polygon", AREA, 2, instead(AREA, AREAS.replace(SQUARE, '{"type": "Point", "coordinates": [1, 1]}', 1))),
    ("outside_the_world", AREA, 2, instead(AREA, AREAS.replace(SQUARE, METRES, 1))),
    ("area_twice", AREA, 3, instead(AREA, AREAS.replace("100-2", "100-1"))),
    ("area_twice", "places/x.geojson", 3, instead("places/x.geojson", AREAS)),
    ("no_such_place", AREA, 3, instead(AREA, AREAS.replace("100-2", "100-9"))),
)


def found(folder: Path) -> set[tuple[str, str, int]]:
    return {(problem.code, problem.file, problem.line) for problem in read(folder).problems}


def test_the_town_is_sound(tmp_path: Path) -> None:
    assert found(town(tmp_path / "town")) == set()


@pytest.mark.parametrize(("code", "file", "line", "spoil"), FAULTS, ids=[f"{f[0]}-{f[1]}-{f[2]}" for f in FAULTS])
def test_a_seeded_fault_is_found(tmp_path: Path, code: str, file: str, line: int, spoil: Spoil) -> None:
    folder = town(tmp_path / "town")
    spoil(folder)
    assert (code, file, line) in found(folder)


OF_MAPS = {"no_such_encoding", "one_character"}  # tests/adapters/importing/test_maps.py


def test_every_sentence_has_its_fault() -> None:
    assert set(SENTENCES) - {fault[0] for fault in FAULTS} == OF_MAPS


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_problem_says_where_and_what(tmp_path: Path, language: str) -> None:
    for number, (_, _, _, spoil) in enumerate(FAULTS):
        folder = town(tmp_path / str(number))
        spoil(folder)
        for problem in read(folder).problems:
            assert problem.text(language).startswith(problem.file)
            assert "{" not in problem.text(language).replace("{ … }", "")


APPENDED = [
    (PLACES, 10, "no_such_parent", "100-3,99,北街,North Street"),
    (DEPARTMENTS, 5, "duplicate", "water,水,Water"),
    (CATEGORIES, 6, "no_such_department", "05,,停水,no water,need,gas,"),
    (LIMITS, 20, "not_a_limit", "01,resolve,routine,soon"),
    (THINGS, 4, "no_such_kind", "p,person,Somebody,100-1"),
    (STAFF, 25, "no_such_role", "x,mayor,100,,"),
    (POLICY, 76, "no_such_source", 'dream = "street"'),
    (CALENDAR, 15, "no_date", '[[off]]\nname = "x"\nsource = "y"'),
]


def test_all_of_it_in_one_run(tmp_path: Path) -> None:
    folder = town(tmp_path / "town")
    for file, _, _, line in APPENDED:
        more(file, line)(folder)
    instead(AREA, "{")(folder)
    swap(SETTINGS, "Asia/Shanghai", "Asia/Nowhere")(folder)
    wanted = {(code, file, line) for file, line, code, _ in APPENDED}
    assert found(folder) == wanted | {("not_geojson", AREA, 1), ("no_such_zone", SETTINGS, 5)}


def test_settings_that_cannot_be_read_hide_nothing_else(tmp_path: Path) -> None:
    folder = town(tmp_path / "town")
    instead(SETTINGS, "code = ")(folder)
    more(STAFF, "x,mayor,100,,")(folder)
    assert {code for code, _, _ in found(folder)} == {"not_toml", "no_such_role"}


@pytest.mark.parametrize("file", [PLACES, DEPARTMENTS, CATEGORIES])
def test_a_table_that_is_missing_is_one_problem_not_a_hundred(tmp_path: Path, file: str) -> None:
    folder = town(tmp_path / "town")
    without(file)(folder)
    assert found(folder) == {("no_file", file, 0)}


def test_a_folder_of_nothing(tmp_path: Path) -> None:
    assert {(code, file) for code, file, _ in found(tmp_path)} == {
        ("no_file", name) for name in (PLACES, DEPARTMENTS, CATEGORIES, LIMITS, STAFF, SETTINGS, POLICY)
    }
