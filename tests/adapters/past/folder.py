"""A process of its own that folds the past in small batches, for ever: `python -m … LOG BOARDS PAST`."""

import sys

from adapters.past import folding
from tests.adapters.past.store import Store

SMALL = 5  # entries in a batch


def main(log: str, boards: str, past: str) -> None:
    """Fold until killed."""
    folding.AHEAD = folding.AHEAD.limit(SMALL)
    kept = Store(log, boards, past).past
    while True:
        kept.fold()


if __name__ == "__main__":
    main(*sys.argv[1:])
