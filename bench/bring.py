"""Bringing cases over from a file (`whistle import`), in rows a second. Its limit will be the bare INSERT of as many rows."""

from collections.abc import Iterator

from bench.ground import Ground
from bench.measure import Absent, Found
from bench.sizes import Sizes


def measures(ground: Ground, sizes: Sizes) -> Iterator[Found]:
    """One file, on each engine."""
    for engine in ground.engines:
        yield Absent("import", engine, f"{sizes.imported:,} rows", "there is no importer yet")
