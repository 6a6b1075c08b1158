"""One's own city in ten minutes: what is written out of three tables checks at once."""

from pathlib import Path

import pytest

from adapters.jurisdictions import NotEmptyError, Reading, new, read
from adapters.jurisdictions.skeleton import TEMPLATES, NoDistrictError
from adapters.jurisdictions.tables import COLUMNS
from domain.actors import Role
from tests.boston import make_jurisdiction, requests
from tests.shared_data import shared

PLACES = "code,parent,name_en,name_fr\nD,,Town,Ville\nS,D,Street,Rue\nC,S,Community,Quartier\nG,C,Grid,Carreau\n"
DEPARTMENTS = "code,name_en,name_fr\nwater,Water,Eau\n"
CATEGORIES = "code,parent,name_en,name_fr,departments\n1,,leak,fuite,water\n"


def begun(
    top: Path, places: str | bytes = PLACES, departments: str = DEPARTMENTS, zone: str = "Europe/Paris"
) -> Reading:
    """The folder out of these tables, read."""
    tables = [top / name for name in ("p.csv", "d.csv", "c.csv")]
    for table, text in zip(tables, (places, departments, CATEGORIES), strict=True):
        table.write_bytes(text if isinstance(text, bytes) else text.encode())
    new(top / "city", *tables, zone=zone)
    return read(top / "city")


def test_it_checks_at_once(tmp_path: Path) -> None:
    told = begun(tmp_path, zone="Europe/Berlin").jurisdiction
    assert (told.code, told.calendar.zone, told.names) == ("D", "Europe/Berlin", {"en": "Town", "fr": "Ville"})
    assert {grant.role for grant in told.grants} == set(Role) - {Role.PARTNER, Role.RESIDENT, Role.SYSTEM}
    assert {grant.unit for grant in told.grants} == {"D", "S", "C", "G", "water"}


def test_every_file_explains_itself(tmp_path: Path) -> None:
    begun(tmp_path)
    for name in ("jurisdiction.toml", "policy.toml", "limits.csv", "staff.csv", "README.md"):
        assert (tmp_path / "city" / name).read_text(encoding="utf-8").startswith("#")


def test_every_column_is_explained() -> None:
    told = (TEMPLATES / "README.md").read_text(encoding="utf-8").splitlines()
    for file, columns in COLUMNS.items():
        line = next(line for line in told if line.startswith(f"| {file}"))
        assert [c for c in (*columns.needed, *columns.possible) if f"`{c}`" not in line] == []
        assert ("`name_…`" in line, "`text_…`" in line) == (columns.named, columns.worded)


def test_names_and_codes_may_hold_anything(tmp_path: Path) -> None:
    places = PLACES.replace("D,,Town", '"D ""1"", a\\b",,"The ""Town"", by {code}"').replace(
        "S,D", '"S,1","D ""1"", a\\b"'
    )
    told = begun(tmp_path, places.replace("C,S", 'C,"S,1"')).jurisdiction
    assert (told.code, told.names["en"]) == ('D "1", a\\b', 'The "Town", by {code}')
    assert told.places.path("G").street == "S,1"


def test_out_of_a_spreadsheet(tmp_path: Path) -> None:
    assert begun(tmp_path, b"\xef\xbb\xbf" + PLACES.replace("\n", "\r\n").encode()).problems == ()


@pytest.mark.parametrize(
    ("places", "code"),
    [
        (PLACES.replace("G,C", "G,X"), "no_such_parent"),
        (PLACES.replace("_fr\n", "_fr,rung\n").replace("Carreau", "Carreau,avenue"), "no_such_rung"),
        (PLACES + "H,G,House,Maison\n", "too_deep"),
        (PLACES + "x,y,X,X\ny,x,Y,Y\n", "circle"),
        (PLACES.replace("Rue", "Ruelle à côté").encode("latin-1"), "not_utf8"),
    ],
)
def test_tables_that_disagree_are_written_for_the_check_to_tell(tmp_path: Path, places: str | bytes, code: str) -> None:
    assert code in {problem.code for problem in begun(tmp_path, places).problems}


@pytest.mark.parametrize("places", ["", "code,name\nD,Town\n", "a;b\nc;d\n", PLACES.replace("D,,", "D,G,")])
def test_without_a_district_nothing_is_written(tmp_path: Path, places: str) -> None:
    with pytest.raises(NoDistrictError, match="one row without a parent"):
        begun(tmp_path, places)
    assert not (tmp_path / "city").exists()


def test_a_table_that_is_missing_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text(PLACES, encoding="utf-8")
    with pytest.raises(FileNotFoundError):
        new(tmp_path / "city", tmp_path / "p.csv", tmp_path / "d.csv", tmp_path / "c.csv")
    assert not (tmp_path / "city").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "city").mkdir()
    (tmp_path / "city" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(NotEmptyError, match="nothing is overwritten"):
        begun(tmp_path)
    assert [path.name for path in (tmp_path / "city").iterdir()] == ["mine.txt"]


def test_a_citys_own_places_departments_and_types(tmp_path: Path) -> None:
    rows = requests(shared("requests/boston311_2011h2_shared_6000.csv"), 6000)
    told = read(make_jurisdiction(tmp_path / "city", rows)).jurisdiction
    assert set(told.departments) == {row.department for row in rows}
    assert set(told.taxonomy.by_code) == {row.type for row in rows}
    assert {row.neighborhood for row in rows} <= set(told.places.by_code)
