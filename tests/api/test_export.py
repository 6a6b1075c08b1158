"""`whistle export`: to a file that is whole or not there, by the same filters, with every mistake in one line."""

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from adapters.jurisdictions import shipped
from api import taking_out
from api.__main__ import app
from api.shell import Mistake
from tests.api.office import office
from tests.api.people import logged


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    with office(folder, shipped("chengguan")) as hall:
        logged(hall, summary="=1+1")
        logged(hall, category="0102", source="home_visit")
    return folder


def exported(home: Path, *said: str) -> Any:
    return CliRunner().invoke(app, ["export", *said, *(("--home", str(home)) if said[0] == "cases" else ())])


def test_each_form_to_a_file(home: Path, tmp_path: Path) -> None:
    files = {form: tmp_path / form for form in ("csv", "json", "xes", "ocel")}
    for form, file in files.items():
        assert exported(home, "cases", str(file), "--as", form, "--lang", "en").exit_code == 0
    rows = list(csv.reader(StringIO(files["csv"].read_bytes().decode("utf-8-sig"), newline="")))
    assert rows[0][0] == "Number" and {row[2] for row in rows[1:]} == {"'=1+1", ""}
    assert b"\r\n" in files["csv"].read_bytes() and b"\r\r" not in files["csv"].read_bytes()
    assert len(json.loads(files["json"].read_text(encoding="utf-8"))) == 2
    assert len(ET.parse(files["xes"]).findall("{*}trace")) == 2  # noqa: S314 - our own
    assert len(json.loads(files["ocel"].read_text(encoding="utf-8"))["events"]) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(files)


def test_filters_are_those_of_the_list(home: Path) -> None:
    ran = exported(home, "cases", "-", "--as", "json", "--where", "category=0102", "--where", "open=yes")
    assert [one["category"] for one in json.loads(ran.stdout)] == ["0102"]
    assert json.loads(exported(home, "cases", "-", "--as", "json", "--where", "state=closed").stdout) == []


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("state", "write --where name=value"),
        ("state=dreaming", "state: "),
        ("colour=red", "colour: "),
        ("limit=3", "limit: "),
    ],
)
def test_what_is_no_filter_is_said_in_one_line(where: str, told: str) -> None:
    with pytest.raises(Mistake, match=told):
        taking_out.filters_of([where], "en")


def test_what_is_not_finished_never_has_the_name(tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text("before", encoding="utf-8")

    def pieces() -> Any:
        yield "half"
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        taking_out.written(file, pieces())
    assert file.read_text(encoding="utf-8") == "before" and list(tmp_path.iterdir()) == [file]


def test_the_steps_that_the_tables_allow(home: Path, tmp_path: Path) -> None:
    assert exported(home, "steps", str(tmp_path / "steps.json")).exit_code == 0
    told = json.loads((tmp_path / "steps.json").read_text(encoding="utf-8"))
    moves = {step["name"]: step["moves"] for step in told["steps"]}
    assert ["nothing", "logged"] in moves["case-logged"] and ["case-logged", "handling-begun"] in told["pairs"]
    assert ["case-logged", "case-closed"] not in told["pairs"] and all(moves.values())
