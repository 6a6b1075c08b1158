"""Erasing: the event first, then the keys, the pictures and every byte; and what is erased by time."""

from adapters.erasing.carrying import Carried, Erasing
from adapters.erasing.certificate import Certified, certified
from adapters.erasing.ending import Ended, ended
from adapters.erasing.working import Retention

__all__ = ["Carried", "Certified", "Ended", "Erasing", "Retention", "certified", "ended"]
