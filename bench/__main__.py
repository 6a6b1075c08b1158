"""`python -m bench`: measure every line, or some, and show the table."""

from collections.abc import Callable, Iterator
from typing import Annotated

import typer
from rich.console import Console

from bench import append, bring, commands, flood, fold, grow, keep, live, look, opening, seal, serve, then, year
from bench.ground import POSTGRESQL, SQLITE, Ground, NoServerError, ground
from bench.measure import Absent, Found
from bench.sizes import FULL, QUICK, Sizes
from bench.table import show
from bench.table import write as write_page

WIDE = 170  # the table needs it
LINES: dict[str, Callable[[Ground, Sizes], Iterator[Found]]] = {
    "append": append.measures,
    "command": commands.measures,
    "serve": serve.measures,
    "boards": fold.measures,
    "look": look.measures,
    "then": then.measures,
    "grow": grow.measures,
    "import": bring.measures,
    "live": live.measures,
    "flood": flood.measures,
    "open": opening.measures,
    "year": year.measures,
    "seal": seal.measures,
    "keep": keep.measures,
}


def measured(sizes: Sizes, names: list[str], engines: tuple[str, ...]) -> Iterator[Found]:
    """Every row of the chosen lines."""
    with ground(*engines) as place:
        for name in names:
            try:
                yield from LINES[name](place, sizes)
            except NoServerError as missing:
                yield Absent(name, POSTGRESQL, "", str(missing))


def main(
    *,
    quick: Annotated[bool, typer.Option(help="A smoke run: small sizes, figures that only show that it runs")] = False,
    only: Annotated[list[str] | None, typer.Option(help=f"Some lines: {', '.join(LINES)}")] = None,
    engine: Annotated[str, typer.Option(help="One engine only: sqlite or postgresql")] = "",
    write: Annotated[bool, typer.Option(help="Renew bench/README.md")] = False,
) -> None:
    """Measure what Whistle costs, each figure against a limit of the same run."""
    names = only or list(LINES)
    if unknown := set(names) - set(LINES):
        raise typer.BadParameter(f"no such line: {', '.join(sorted(unknown))}")
    if engine not in {"", SQLITE, POSTGRESQL}:
        raise typer.BadParameter(f"{engine} is neither {SQLITE} nor {POSTGRESQL}")
    console = Console(width=max(WIDE, Console().width), soft_wrap=True)
    engines = (engine,) if engine else (SQLITE, POSTGRESQL)
    keep = {"keep": write_page} if write else {}
    show(measured(QUICK if quick else FULL, names, engines), console, **keep)


if __name__ == "__main__":
    typer.run(main)
