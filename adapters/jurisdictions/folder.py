"""The files of a jurisdiction as texts, wherever they lie."""

from collections.abc import Mapping
from pathlib import Path

from adapters.jurisdictions.problems import Problem

Files = Mapping[str, str]  # path inside the folder -> text
KEPT = (".toml", ".csv", ".geojson")


class BadJurisdictionError(ValueError):
    """A folder that cannot be used; it says all that is wrong."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """At least one problem."""
        super().__init__(f"{len(problems)} problems, the first: {problems[0].text('en')}")
        self.problems = problems


def files_of(folder: Path) -> tuple[Files, tuple[Problem, ...]]:
    """Every file that counts, and those that are not text."""
    found: dict[str, str] = {}
    bad: list[Problem] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and path.suffix in KEPT:
            try:
                found[name] = path.read_text(encoding="utf-8-sig")
            except UnicodeDecodeError:
                bad.append(Problem(name, 0, "not_utf8"))
    return found, tuple(bad)


def shipped(name: str) -> Path:
    """The folder of a jurisdiction that comes with the product: in a checkout at its top, in a wheel beside this file."""
    here = Path(__file__).parent
    checkout, wheel = here.parent.parent / "jurisdictions" / name, here / "shipped" / name
    return wheel if wheel.exists() else checkout
