"""The tree in tiles: how a tile grows, and how a perfect subtree is found in those that are kept."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection, Engine, bindparam, select

from adapters.seal.tables import tiles
from adapters.seal.tree import Subtree, perfect
from adapters.store.engine import reading
from adapters.store.errors import explained

HEIGHT = 8
WIDTH = 1 << HEIGHT  # hashes of a tile
HASH = 32  # bytes
FULL = WIDTH * HASH
FEW = 64  # tiles that one who asks remembers

Kept = Callable[[int, int], bytes]  # the hashes of a tile, by level and number; none: b""
ONE = select(tiles.c.hashes).where(tiles.c.level == bindparam("level"), tiles.c.number == bindparam("number"))


class MissingError(LookupError):
    """Hashes that should be kept are not."""


def kept_in(connection: Connection) -> Kept:
    """The tiles as a transaction sees them."""
    return lambda level, number: connection.scalar(ONE, {"level": level, "number": number}) or b""


def read_from(engine: Engine) -> Kept:
    """The tiles, each asked for by itself."""

    def kept(level: int, number: int) -> bytes:
        with explained(), reading(engine).connect() as connection:
            return kept_in(connection)(level, number)

    return kept


def grown(kept: Kept, size: int, hashes: Sequence[bytes]) -> dict[tuple[int, int], bytes]:
    """The tiles that change, or come, where these leaves are added to so many."""
    changed, level = dict[tuple[int, int], bytes](), 0
    while hashes:
        number, held = divmod(size, WIDTH)
        flat = (kept(level, number) if held else b"")[: held * HASH] + b"".join(hashes)
        if len(flat) != (held + len(hashes)) * HASH:
            raise MissingError(f"tile {number} of level {level}")
        parts = [flat[begin : begin + FULL] for begin in range(0, len(flat), FULL)]
        changed |= {(level, number + n): part for n, part in enumerate(parts)}
        hashes = [perfect(apart(part)) for part in parts if len(part) == FULL]
        size, level = number, level + 1
    return changed


def subtree_of(kept: Kept) -> Subtree:
    """Roots of perfect subtrees, out of tiles. MissingError where one is not kept as far as that."""
    seen = dict[tuple[int, int], bytes]()

    def subtree(level: int, n: int) -> bytes:
        """Of the tiles, the one whose hashes lie as little below as can be."""
        at, above = divmod(level, HEIGHT)
        number, begin = divmod(n << above, WIDTH)
        end = begin + (1 << above)
        if len(seen.get((at, number), b"")) < end * HASH:
            if len(seen) > FEW:
                seen.clear()
            seen[at, number] = kept(at, number)
        hashes = apart(seen[at, number][begin * HASH : end * HASH])
        if len(hashes) != 1 << above:
            raise MissingError(f"tile {number} of level {at}")
        return perfect(hashes)

    return subtree


def apart(flat: bytes) -> list[bytes]:
    """Hash by hash."""
    return [flat[begin : begin + HASH] for begin in range(0, len(flat), HASH)]
