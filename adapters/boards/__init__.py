"""The boards: what grid, street and department see, told from the log and rebuildable at any time."""

from adapters.boards.folding import Boards, NotCaughtUpError

__all__ = ["Boards", "NotCaughtUpError"]
