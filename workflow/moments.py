"""The moment of a decision: it is made, and recorded, at a time that never goes back along the log."""

from datetime import datetime


class EarlierError(Exception):
    """The log has come to a later moment than the one decided at: nothing was written; decide again, at `moment`."""

    def __init__(self, moment: datetime) -> None:
        """`moment` is the last of the log."""
        super().__init__(f"the log has come to {moment.isoformat()}")
        self.moment = moment
