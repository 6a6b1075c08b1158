"""The clockwork: what time does to cases, done once, by whichever worker is there."""

from adapters.clockwork.guard import Standing
from adapters.clockwork.working import Clockwork

__all__ = ["Clockwork", "Standing"]
