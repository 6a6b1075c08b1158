"""`whistle export`: cases for a spreadsheet, a program, or process mining; and which steps the tables allow."""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer
from pydantic import ValidationError

from api.lists import Filters
from api.pages.reading import Reading
from api.pages.taking import KINDS
from api.routes.taking import allowed_steps
from api.shell import Home, Language, Mistake, Url, err, opened
from api.wrong import wrong
from domain.permissions import Reach
from domain.places import Rung

exports = typer.Typer(no_args_is_help=True, help="What is taken out, for other programs.")
Form = StrEnum("Form", {name: name for name in KINDS})  # type: ignore[misc]  # the names are the table's
File = Annotated[Path, typer.Argument(help="Where to; - is the standard output")]


@exports.command("cases")
def export_cases(
    file: File,
    form: Annotated[Form, typer.Option("--as", help="csv for a spreadsheet, json, xes or ocel for process mining")],
    where: Annotated[
        list[str] | None, typer.Option("--where", help="name=value, as the list of cases takes it; more than once")
    ] = None,
    url: Url = "",
    home: Home = None,
    lang: Language = "zh",
) -> None:
    """Every case, or those that meet the filters: with units, never with persons."""
    filters = filters_of(where or (), lang)
    with opened(url, home) as whole:
        whole.boards.catch_up()
        v = Reading(lang, chosen=False, path="/", whole=whole)
        written(file, KINDS[form.value].pieces(v, Reach(Rung.DISTRICT.value, whole.law.code), filters))
        if parked := len(whole.boards.parked()):
            err.print(f"{parked} cases cannot be told, and are left out: see `whistle rebuild`", markup=False)


@exports.command("steps")
def export_steps(file: File) -> None:
    """Which steps the tables of moves allow, as JSON: to hold an event log against."""
    written(file, [allowed_steps().model_dump_json(indent=1), "\n"])


def filters_of(said: Iterable[str], language: str) -> dict[str, str]:
    """Filters as the register takes them. Raises Mistake."""
    try:
        pairs = dict(one.split("=", maxsplit=1) for one in said)
    except ValueError:
        raise Mistake("write --where name=value") from None
    try:
        return Filters.model_validate(pairs).filters()
    except ValidationError as error:
        told = wrong(error.errors(), language)
        raise Mistake("; ".join(f"{'.'.join(one['where'])}: {one['what']}" for one in told)) from None


def written(file: Path, pieces: Iterable[str]) -> None:
    """All of it or nothing: what is not finished never has the file's name."""
    if str(file) == "-":
        sys.stdout.writelines(pieces)
        return
    unfinished = file.with_name(f".{file.name}.{uuid4().hex[:8]}")
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as out:
            out.writelines(pieces)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(file)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()
