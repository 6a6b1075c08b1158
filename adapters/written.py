"""What files of settings have in common: secrets that only the environment says, and faults that are a line each."""

from collections.abc import Iterator, Mapping

from pydantic import ValidationError

FROM_ENVIRONMENT = "env:"
PREFIX = "WHISTLE_SECRET_"  # of the variables that a file may name: it can reach no other


def said_by(secrets: Mapping[str, str], value: str) -> str:
    """What the environment says where a value names it, '' where it says nothing; else the value itself."""
    return secrets.get(value.removeprefix(FROM_ENVIRONMENT), "") if value.startswith(FROM_ENVIRONMENT) else value


def lines_of(error: ValidationError) -> Iterator[str]:
    """Its faults, each with the place where it stands; never what was written there."""
    for one in error.errors():
        where = [f"{part + 1}" if isinstance(part, int) else str(part) for part in one["loc"]]
        yield f"{' '.join(where)}: {one['msg'].removeprefix('Value error, ')}".removeprefix(": ")
