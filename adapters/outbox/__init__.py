"""The outbox: who is concerned hears of it, outside of the system, at least once and in order; the only place that calls out."""

from adapters.outbox.channels import BadChannelsError, Channels, channels_of, strangers
from adapters.outbox.looking import LONGEST, STATES, Shown, Standing, listed, message, replay, standing
from adapters.outbox.tables import OUTBOX
from adapters.outbox.working import Outbox

__all__ = [
    "LONGEST",
    "OUTBOX",
    "STATES",
    "BadChannelsError",
    "Channels",
    "Outbox",
    "Shown",
    "Standing",
    "channels_of",
    "listed",
    "message",
    "replay",
    "standing",
    "strangers",
]
