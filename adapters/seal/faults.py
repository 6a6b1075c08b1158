"""What can be found to be wrong with a log, in a word, and where."""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from adapters.seal.leaves import Event


class Kind(StrEnum):
    """What somebody did, as far as it can be told from what is left."""

    ALTERED = "altered"  # another event stands where this one was sealed
    DELETED = "deleted"  # it is gone
    INSERTED = "inserted"  # nobody sealed it, and what was sealed stands after it
    SWAPPED = "swapped"  # two stand in each other's place
    MOVED = "moved"  # it stands where another one was sealed
    CUT = "cut"  # the end is gone
    REPLACED = "replaced"  # another history from here on: an older database was put back, and written on
    REWRITTEN = "rewritten"  # log and tree agree with each other, and not with what was signed
    OLDER = "older"  # a checkpoint counts more than there is
    TREE = "tree"  # the seal's own hashes were changed; the log is as it was signed
    LOST = "lost"  # a checkpoint that was signed is gone
    FOREIGN = "foreign"  # signed with another key
    FALSE = "false"  # it says that our key has signed it, and it has not
    UNREADABLE = "unreadable"  # what is kept as a checkpoint is none
    NOT_GENUINE = "not_genuine"  # a receipt that was changed
    GONE = "gone"  # the event of a receipt is not in the log as it was


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: from which position to which, what stands there now, and what shows it."""

    kind: Kind
    position: int
    until: int = 0
    stream: UUID | None = None
    version: int = 0
    name: str = ""
    other: int = 0  # the position, or size, that it has to do with
    said: str = ""  # whose signature it is
    source: str = ""  # the file that shows it

    @classmethod
    def at(cls, kind: Kind, position: int, row: Event, other: int = 0) -> "Fault":
        """With what stands there now."""
        return cls(kind, position, position, row.stream, row.version, row.name, other)

    def joined(self, after: "Fault") -> "Fault | None":
        """Both as one, where the other goes on from this one; an altered event is told by itself."""
        goes_on = self.kind is after.kind and after.position == self.until + 1
        return replace(self, until=after.until) if goes_on and self.kind in (Kind.DELETED, Kind.REPLACED) else None
