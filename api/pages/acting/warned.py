"""Before something is written that is not sealed: whoever writes is shown what of it may tell who somebody is, once."""

from collections.abc import Iterator
from hashlib import sha256

from api.pages.acting.filling import Said
from api.pages.acting.sent import first
from domain.personal import Kind, found
from domain.unsealed import WRITTEN

Piece = tuple[str, Kind, str]  # the field, what it is, and the words


class MayTellError(Exception):
    """What is about to be written may tell who somebody is; sent again with `anyway`, it is written."""

    def __init__(self, pieces: tuple[Piece, ...]) -> None:
        """Nothing of it stands in the exception's text."""
        super().__init__("may tell who somebody is")
        self.pieces = pieces

    @property
    def anyway(self) -> str:
        """What says that these very pieces were seen, and no others."""
        told = "\n".join(sorted(f"{field} {words}" for field, _, words in self.pieces))
        return sha256(told.encode()).hexdigest()[:16]


def pieces_of(said: Said) -> Iterator[Piece]:
    """All that was found in the fields of a form that are not sealed."""
    for field, texts in said.items():
        if field.rsplit(".", 1)[-1] in WRITTEN:
            yield from ((field, one.kind, text[one.start : one.end]) for text in texts for one in found(text))


def look_once_more(said: Said) -> None:
    """Raises MayTellError, unless whoever sent it has seen what was found."""
    pieces = tuple(pieces_of(said))
    error = MayTellError(pieces)
    if pieces and first(said, "anyway") != error.anyway:
        raise error
