"""A process of its own that folds the boards until they have come to a position: `python -m … LOG BOARDS POSITION`."""

import sys

from adapters.boards import Boards
from adapters.store.engine import engine_at
from adapters.store.writer import Writer
from tests.district import WORKING_WEEK, district


def main(log: str, boards: str, position: int) -> None:
    """Fold, as `serve` does."""
    folding = Boards(Writer(engine_at(boards)), engine_at(log), WORKING_WEEK.tz, lambda _: district())
    while folding.position() < position:
        folding.catch_up()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
