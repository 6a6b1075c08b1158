"""Any moment again: every row of the boards with the stretch of the log in which it stood, and the boards asked as of a moment."""

from adapters.past.asking import Then
from adapters.past.folding import Past
from adapters.past.moments import position_at

__all__ = ["Past", "Then", "position_at"]
