"""What a folder says is what the jurisdiction is; a spreadsheet's ways do no harm; what is shipped is in order."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from adapters.jurisdictions import read, shipped
from adapters.jurisdictions.settings import line_of, lines_of
from domain.actors import Role
from domain.jurisdiction import Jurisdiction
from domain.places import Path as Way
from domain.places import Rung
from domain.policy import Ground, Step, Window
from domain.states import Clock, Level, Nature, Source, Urgency
from domain.worktime import Limit
from tests.adapters.jurisdictions.town import more, swap, town
from tests.shared_data import shared

STAFFED = frozenset(Role) - {Role.PARTNER, Role.RESIDENT, Role.SYSTEM}


def law(folder: Path) -> Jurisdiction:
    return read(folder).jurisdiction


def test_what_a_folder_says(tmp_path: Path) -> None:
    folder = town(tmp_path / "town")
    more("categories.csv", "05,,停水,no water,need,water; roads,street;grid")(folder)
    more("categories.csv", "0501,05,全停,none at all,need,water,nowhere")(folder)
    more("limits.csv", "05,resolve,routine,24 hours")(folder)
    more("limits.csv", '05,resolve,routine,"4 working hours, step stop work"')(folder)
    more("policy.toml", 'hotline = "street"')(folder)
    told = law(folder)
    assert (told.code, told.edition, told.names["en"]) == ("100", "100@0", "Small Town")
    assert told.places.path("100-1-1-2") == Way("100", "100-1", "100-1-1", "100-1-1-2")
    no_water = told.taxonomy.by_code["05"]
    assert (no_water.nature, no_water.departments, no_water.is_leaf) == (Nature.NEED, ("water", "roads"), False)
    assert no_water.handled_at == {Level.STREET, Level.GRID}
    assert told.taxonomy.by_code["0501"].handled_at == frozenset()
    both = (Limit.parse("24 hours"), Limit.parse("4 working hours, step stop work"))
    assert told.limits("0501", Clock.RESOLVE, Urgency.ROUTINE) == both
    assert told.limits("01", Clock.RESOLVE, Urgency.ROUTINE) == (Limit.parse("7 days"),)
    assert told.policy.windows[Window.RETURN] == Limit.parse("1 working day")
    assert told.policy.level_at_log == {Source.HOTLINE: Level.STREET}
    assert told.things["lamp-1"].place == "100-1-1-1"
    assert not told.calendar.worked(date(2026, 1, 2)) and told.calendar.worked(date(2026, 1, 4))
    assert told.calendar.known_until == date(2026, 12, 31)


def test_what_lies_below_a_sensitive_category_is_sensitive(tmp_path: Path) -> None:
    folder = town(tmp_path / "town")
    swap("categories.csv", "handled_at", "handled_at,sensitive")(folder)
    for line in (
        "05,,噪声,noise,,,,yes",
        "0501,05,施工噪声,construction noise,complaint,roads,,",
        "06,,停水,no water,need,,,no",
    ):
        more("categories.csv", line)(folder)
    assert law(folder).taxonomy.sensitive == {"05", "0501"}
    assert law(shipped("minimal")).taxonomy.sensitive == frozenset()
    assert law(shipped("chengguan")).taxonomy.sensitive == {"0301", "0506", "0606", "0608", "0609"}


def test_standard_replies_are_the_categorys_own_before_everybodys(tmp_path: Path) -> None:
    folder = town(tmp_path / "town")
    more("categories.csv", "0101,01,滴漏,dripping,incident,water,")(folder)
    more("replies.csv", "0101,扫净,swept,已扫净。,It was swept.")(folder)
    told = law(folder)
    assert [reply.names["en"] for reply in told.replies_for("0101")] == ["swept", "looked at", "done"]
    assert [reply.texts["zh"] for reply in told.replies_for("01")] == ["已看过。", "已办好。"]
    assert [reply.names["en"] for reply in told.replies_for("no such")] == ["done"]
    assert read(shipped("minimal")).jurisdiction.replies_for("01") == ()
    assert len({reply.category for reply in read(shipped("chengguan")).jurisdiction.replies}) > 10


def test_a_spreadsheets_ways_do_no_harm(tmp_path: Path) -> None:
    plain, kept = town(tmp_path / "plain"), town(tmp_path / "kept")
    for path in kept.rglob("*.csv"):
        text = path.read_text(encoding="utf-8").replace(",", " , ").replace("\n", " ,,\n\n")
        path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert law(kept) == law(plain)


def test_remarks_are_for_people(tmp_path: Path) -> None:
    folder = town(tmp_path / "town")
    swap("departments.csv", "code,name_zh,name_en", "# said, by us\ncode,name_zh,name_en,# remark")(folder)
    swap("departments.csv", "water,水务,Water", "water,水务,Water,by phone only")(folder)
    assert law(folder).departments["water"].names == {"zh": "水务", "en": "Water"}


def test_rungs_may_be_said_where_depth_would_mislead(tmp_path: Path) -> None:
    folder = town(tmp_path / "town")
    swap("places.csv", "code,parent,name_zh,name_en", "code,parent,name_zh,name_en,rung")(folder)
    more("places.csv", "100-3,100,北街,North Street,street")(folder)
    more("places.csv", "100-3-1,100-3,北网格,North grid,grid")(folder)
    assert law(folder).places.path("100-3-1") == Way("100", "100-3", "", "100-3-1")


def test_english_alone_is_enough(tmp_path: Path) -> None:
    folder = town(tmp_path / "town")
    swap("jurisdiction.toml", '{ zh = "小城", en = "Small Town" }', '{ en = "Small Town" }')(folder)
    swap("jurisdiction.toml", '["zh", "en"]', '["en"]')(folder)
    swap("departments.csv", "water,水务,Water", "water,,Water")(folder)
    assert law(folder).departments["water"].names == {"en": "Water"}


def test_problems_forbid_the_jurisdiction(tmp_path: Path) -> None:
    folder = town(tmp_path / "town")
    more("staff.csv", "x,mayor,100,,")(folder)
    with pytest.raises(ValueError, match=r"staff\.csv:25"):
        _ = read(folder).jurisdiction


def test_where_a_setting_stands() -> None:
    lines = lines_of('a = 1\n[b]\nc = 2\n"d" = { e = 3 }\n[b.f]\n[[g]]\nh = 1\n[[g]]\nh = 2\n')
    paths = [("a",), ("b", "c"), ("b", "d", "e"), ("b", "f", "x"), ("g", "1", "h"), ("g", "2"), ("z",)]
    assert [line_of(lines, path) for path in paths] == [1, 3, 4, 5, 7, 8, 0]


@pytest.mark.parametrize("name", ["chengguan", "minimal"])
def test_what_is_shipped_is_in_order(name: str) -> None:
    found = read(shipped(name))
    assert [problem.text("en") for problem in found.problems] == []
    told = found.jurisdiction
    assert {grant.role for grant in told.grants} == STAFFED
    units = {grant.unit for grant in told.grants}
    assert units == {*told.places.by_code, *told.departments}
    assert set(told.policy.reasons) == set(Ground) and set(told.policy.windows) == set(Window)


def test_staff_are_titles() -> None:
    for grant in law(shipped("chengguan")).grants:
        assert grant.staff == f"{grant.role.replace('_', '-')}-{grant.unit}"


def test_chengguan() -> None:
    told = law(shipped("chengguan"))
    rungs = Counter(place.rung for place in told.places.by_code.values())
    assert (rungs[Rung.DISTRICT], rungs[Rung.STREET], rungs[Rung.COMMUNITY]) == (1, 12, 53)
    of = Counter(place.parent for place in told.places.by_code.values() if place.rung is Rung.GRID)
    assert len(of) == 53 and set(of.values()) <= {2, 3, 4}
    assert all(code.startswith(place.parent) for code, place in told.places.by_code.items())
    assert told.places.by_code["540102002001001"].names["zh"] == "绕赛社区第一网格"
    assert told.policy.off == frozenset() and 18 <= len(told.departments) <= 24
    leaves = [category for category in told.taxonomy.by_code.values() if category.is_leaf]
    assert len(leaves) > 40 and all(category.departments for category in leaves)
    assert {thing.kind for thing in told.things.values()} == {"building", "organisation", "component"}
    assert [one.number for one in told.emergency] == ["110", "119", "120"] and told.emergency[0].names["en"] == "police"


@pytest.mark.parametrize(
    ("category", "limits"),
    [
        ("0102", ["1 working day"]),
        ("0104", ["5 working hours"]),
        ("0406", ["4 working hours"]),
        ("0101", ["15 working days", "4 working hours, step stop work"]),
        ("0601", ["24 hours"]),
        ("0602", ["24 hours"]),
        ("0603", ["24 hours"]),
        ("0604", ["24 hours"]),
        ("0503", ["7 days"]),
    ],
)
def test_chengguans_limits(category: str, limits: list[str]) -> None:
    told = law(shipped("chengguan")).limits(category, Clock.RESOLVE, Urgency.ROUTINE)
    assert [str(limit) for limit in told] == limits


@pytest.mark.parametrize("level", ["streets", "communities"])
def test_chengguans_codes_and_names_are_the_official_ones(level: str) -> None:
    with shared(f"division/lhasa_chengguan_540102_{level}.csv").open(encoding="utf-8") as file:
        official = {row["code"]: row["name"] for row in csv.DictReader(file)}
    rung = Rung.STREET if level == "streets" else Rung.COMMUNITY
    places = law(shipped("chengguan")).places.by_code.values()
    assert {place.code: place.names["zh"] for place in places if place.rung is rung} == official


def test_minimal_is_the_four_words() -> None:
    told = law(shipped("minimal"))
    assert told.policy.off == frozenset(Step)
    rungs = Counter(place.rung for place in told.places.by_code.values())
    assert (rungs[Rung.STREET], rungs[Rung.GRID], len(told.departments)) == (2, 3, 3)
    assert told.calendar.decisions == {} and told.calendar.known_until is None
