"""Documents are true: what they name exists, what they print is printed, and nothing of a workplace is in them."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from api.__main__ import app

TOP = Path(__file__).parent.parent.parent
DOCUMENTS = sorted([*TOP.glob("*.md"), *(TOP / "docs").rglob("*.md")])
NAMED = re.compile(r"(?<![/\w])((?:domain|workflow|adapters|api|tests|docs|script|examples|jurisdictions)/[\w./-]*)")
FOREIGN = re.compile(
    r"p[y]pi\.o|pythonh[o]sted|npm[j]s\.|[d]eb\.deb|/(work|farm)/[a-z]|/tmp/bash_[j]obs|\bsubag[e]nt|\bAI ag[e]nt",
    re.IGNORECASE,
)
CODE = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def named_and_missing(text: str) -> list[str]:
    """Paths that a text names and that are not there."""
    paths = {found.rstrip(".") for found in NAMED.findall(text)}
    return sorted(path for path in paths if not (TOP / path).exists())


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_that_a_document_names_exists(path: Path) -> None:
    assert named_and_missing(path.read_text(encoding="utf-8")) == []


def test_a_path_that_does_not_exist_is_found() -> None:
    assert named_and_missing("see `workflow/nowhere.py` and workflow/flow.py.") == ["workflow/nowhere.py"]


def commands() -> set[str]:
    """Every command of the command line, with its group."""
    top = get_command(app)
    found = set()
    for name, command in top.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found |= {f"{name} {one}" for one in inner} if inner else {name}
    return found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_document_names_exists(path: Path) -> None:
    named = set(re.findall(r"`whistle ([a-z-]+(?: [a-z]+)?)", path.read_text(encoding="utf-8")))
    known = commands()
    assert [
        order for order in named if order not in known and order.split()[0] not in {k.split()[0] for k in known}
    ] == []


def test_the_readme_prints_what_the_example_prints() -> None:
    command = [sys.executable, str(TOP / "examples" / "one_case.py")]
    ran = subprocess.run(
        command, cwd=TOP, env={**os.environ, "PYTHONPATH": "."}, capture_output=True, text=True, check=True
    )
    assert ran.stdout in (TOP / "README.md").read_text(encoding="utf-8")


def undefined(words: list[str]) -> list[str]:
    """Words that neither domain/ nor workflow/ knows."""
    code = "\n".join(
        path.read_text(encoding="utf-8") for room in ("domain", "workflow") for path in (TOP / room).glob("*.py")
    )
    return [word for word in words if not re.search(rf'\b(class {word}\b|{word}\b|"{word}")', code)]


def test_the_glossary_s_words_exist() -> None:
    words = CODE.findall((TOP / "docs" / "glossary.md").read_text(encoding="utf-8"))
    assert len(words) > 30
    assert undefined(words) == []
    assert undefined(["Policeman"]) == ["Policeman"]


def tracked() -> Iterator[Path]:
    """What git keeps."""
    ran = subprocess.run(["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=False)
    if ran.returncode:
        pytest.skip("not a git checkout")
    yield from (TOP / name for name in ran.stdout.splitlines())


def test_nothing_of_a_workplace_is_kept() -> None:
    found = []
    for path in tracked():
        if path.is_file() and path != Path(__file__):
            text = path.read_text(encoding="utf-8", errors="ignore")
            found += [f"{path.name}: {match.group()}" for match in FOREIGN.finditer(text)]
    assert found == []
    assert FOREIGN.search("see " + "/wo" + "rk/main/x")


def test_the_lock_has_hashes_no_addresses_and_every_dependency() -> None:
    lock = (TOP / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    pinned = {}
    for block in re.split(r"\n(?=[a-zA-Z0-9])", lock):
        name, _, _ = block.partition("==")
        pinned[re.sub(r"[-_.]+", "-", name.split("[")[0].strip().lower())] = "--hash=sha256:" in block
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    assert set(extras) == {"test", "check", "bench"}
    wanted = [*project["dependencies"], *extras["test"], *extras["check"]]  # who measures installs more, by hand
    names = {re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~ ]", one)[0].lower()) for one in wanted}
    assert names - pinned.keys() == set()
    assert all(pinned.values())


@pytest.mark.parametrize("name", ["script/demo", "script/test", "script/check", "script/lock", ".ci/run"])
def test_scripts_can_be_run(name: str) -> None:
    path = TOP / name
    assert os.access(path, os.X_OK)
    subprocess.run(["bash", "-n", str(path)], check=True)
