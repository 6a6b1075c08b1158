"""A program of its own: do any of these bytes stand in these files? Pieces come in as lines of hex; found is exit code 3.

It is run apart because whoever opens a database's file and closes it again lets go of every lock that SQLite holds on it
in the same process (https://www.sqlite.org/howtocorrupt.html, 2.2).
"""

import sys
from pathlib import Path

FOUND = 3


def main() -> int:
    """Standard input against the files that are named."""
    pieces = [bytes.fromhex(line) for line in sys.stdin.read().split()]
    there = (Path(name) for name in sys.argv[1:])
    contents = (path.read_bytes() for path in there if path.exists())
    return FOUND if any(piece in content for content in contents for piece in pieces) else 0


if __name__ == "__main__":
    sys.exit(main())
