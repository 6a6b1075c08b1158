"""The command line as a city's IT people use it: one line and exit code 2 for every mistake."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from socket import socket
from time import monotonic
from urllib.request import urlopen

import pytest

from adapters.jurisdictions import shipped
from api.__main__ import main

TOP = Path(__file__).parent.parent.parent


@dataclass
class Ran:
    """What a command said, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


def whistle(*words: str, home: Path, said: str = "") -> Ran:
    """Run the command as a person would, in the folder beside the store."""
    out, err, code = StringIO(), StringIO(), 0
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.chdir(home.parent)
        patch.setenv("WHISTLE_HOME", str(home))
        patch.setattr(sys, "argv", ["whistle", *words])
        patch.setattr(sys, "stdin", StringIO(said))
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
    return Ran(code, out.getvalue(), err.getvalue())


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "store"


def test_from_migrate_to_a_token(home: Path) -> None:
    assert whistle("migrate", home=home).returncode == 0
    assert whistle("migrate", home=home).returncode == 0
    assert "100@1" in whistle("jurisdiction", "load", str(shipped("minimal")), home=home).stdout
    assert "100@1" in whistle("jurisdiction", "load", str(shipped("minimal")), home=home).stdout
    token = whistle("token", "create", "grid_worker", "100-1-1-1", home=home).stdout.strip()
    assert re.fullmatch(r"whistle_[\w-]{43}", token)
    assert "boards told up to position 1" in whistle("rebuild", home=home).stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("story", "nothing"), "the master key"),
        (("jurisdiction", "check", "nowhere"), "no folder nowhere"),
        (("migrate", "--database-url", "mysql://x"), "neither SQLite nor PostgreSQL"),
    ],
)
def test_a_mistake_before_anything_is_there(home: Path, words: tuple[str, ...], says: str) -> None:
    home.mkdir()
    ran = whistle(*words, home=home)
    assert ran.returncode == 2
    assert says in ran.stderr and len(ran.stderr.strip().splitlines()) == 1


def test_a_store_without_a_jurisdiction(home: Path) -> None:
    whistle("migrate", home=home)
    ran = whistle("story", "nothing", home=home)
    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1) and "no jurisdiction is loaded" in ran.stderr


def test_mistakes_with_a_store(home: Path) -> None:
    whistle("jurisdiction", "load", str(shipped("minimal")), home=home)
    for words, says in (
        (("story", "100-20260101-0001"), "there is no case 100-20260101-0001"),
        (("token", "create", "grid_worker", "999"), "999 is neither a place nor a department"),
        (("token", "create", "grid_worker", "100-1"), "grid_worker acts for a grid, and 100-1 is none"),
        (("token", "create", "department_head", "100"), "department_head acts for a department, and 100 is none"),
        (
            ("serve", "--host", "0.0.0.0"),
            "can be reached by others: name the proxies that bring TLS in WHISTLE_PROXIES",
        ),
        (("serve", "--tls-key", str(home / "master.key")), "--tls-certificate and --tls-key go together"),
    ):
        ran = whistle(*words, home=home)
        assert (ran.returncode, len(ran.stderr.strip().splitlines())) == (2, 1), ran.stderr
        assert says in ran.stderr


def test_due_dates_of_lines(home: Path) -> None:
    home.mkdir()
    week = {
        "tz": "America/New_York",
        "workdays": [0, 1, 2, 3, 4],
        "holidays": [],
        "cutoff": "17:00",
        "restart": "08:30",
    }
    line = json.dumps({"id": 7, "opened": "2011-07-01T08:10:44", "working_days": 2, "calendar": week})
    ran = whistle("due-dates", home=home, said=f"{line}\n\n{line}\n")
    assert [json.loads(one) for one in ran.stdout.splitlines()] == [{"id": 7, "due": "2011-07-05T08:10:44-04:00"}] * 2
    bad = whistle("due-dates", home=home, said=f"{line}\nnonsense\n")
    assert (bad.returncode, bad.stderr.splitlines()[0][:15]) == (2, "whistle: line 2")


def test_one_s_own_city(home: Path) -> None:
    tables = home.parent
    (tables / "p.csv").write_text(
        "code,parent,name_en\nD,,Town\nS,D,Street\nC,S,Community\nG,C,Grid\n", encoding="utf-8"
    )
    (tables / "d.csv").write_text("code,name_en\nwater,Water\n", encoding="utf-8")
    (tables / "c.csv").write_text("code,parent,name_en,departments\n1,,leak,water\n", encoding="utf-8")
    made = whistle("jurisdiction", "new", "town", "p.csv", "d.csv", "c.csv", "--zone", "Europe/Berlin", home=home)
    assert made.returncode == 0, made.stderr
    assert "in order: 4 places, 1 departments, 1 categories" in made.stdout
    assert "D@1" in whistle("jurisdiction", "load", "town", home=home).stdout
    again = whistle("jurisdiction", "new", "town", "p.csv", "d.csv", "c.csv", home=home)
    assert again.returncode == 2
    policy = tables / "town" / "policy.toml"
    policy.write_text(
        policy.read_text(encoding="utf-8").replace("[windows]", "[windows]\nlunch = '1 hour'"), encoding="utf-8"
    )
    wrong = whistle("jurisdiction", "load", "town", home=home)
    assert wrong.returncode == 2 and "policy.toml:23: The window “lunch” is none of" in wrong.stderr


def test_the_flow_is_printed_and_its_documents_are_fresh(home: Path) -> None:
    home.mkdir()
    assert "stateDiagram-v2" in whistle("flow", home=home).stdout
    assert "登记案件" in whistle("flow", "--lang", "zh", home=home).stdout
    assert whistle("flow", "--check", home=home).returncode == 0


# --- the demo


@contextmanager
def demo(home: Path, *words: str) -> Iterator[tuple[str, list[str]]]:
    """The demo as it serves; its address, and the lines it printed."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {**os.environ, "PYTHONPATH": str(TOP), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "api", "demo", "--home", str(home), "--port", str(port), "--cases", "30", *words]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        lines = []
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if line.startswith("then look at it"):
                break
        await_answer(f"http://127.0.0.1:{port}/healthz")
        yield f"http://127.0.0.1:{port}", lines
    finally:
        process.terminate()
        process.communicate(timeout=20)


def await_answer(url: str) -> None:
    """Until the server answers."""
    deadline = monotonic() + 30
    while True:
        try:
            with urlopen(url, timeout=1):  # noqa: S310 - loopback
                return
        except OSError:
            assert monotonic() < deadline, "the server did not come up"


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def test_the_demo_s_own_lines_drive_a_case_to_closed(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    words = ("--database-url", request.getfixturevalue("postgres_url")) if engine == "postgresql" else ()
    home = tmp_path / "demo"
    with demo(home, *words) as (_, lines):
        script = "\n".join(
            line for line in lines if line.startswith(("do_as", "CASE=", "BASE=")) or re.match(r"[A-Z]+=whistle_", line)
        )
        driven = subprocess.run(
            ["bash", "-eu"], input=script, cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert driven.returncode == 0, driven.stderr
        case = json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))
        assert (case["state"], case["phase"], case["version"]) == ("closed", "resolved", 8)
    if engine == "sqlite":
        told = whistle("story", case["number"], "--home", str(home), "--lang", "en", home=home)
        assert told.stdout.count("\n") == 8 and "was closed: solved" in told.stdout
        assert "report_in" in whistle("deadline", case["number"], "--home", str(home), home=home).stdout
        asked = whistle("erase", case["number"], "--reason", "test", "--home", str(home), home=home)
        assert (asked.returncode, "Nothing private is kept" in asked.stderr) == (2, True), "it came from a patrol"
        with demo(home) as (_, again):
            assert again[0].startswith("Whistle demo, invented cases")


def test_the_demo_keeps_its_hands_off_another_store(home: Path) -> None:
    whistle("jurisdiction", "load", str(shipped("minimal")), home=home)
    ran = whistle("demo", "--home", str(home), "--no-serve", home=home)
    assert ran.returncode == 2 and "no demo" in ran.stderr
