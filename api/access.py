"""Looks at contact data: a line in the log for each, by role, unit, case and field; never what was seen."""

import logging
from uuid import UUID

from domain.actors import Actor

LOG = logging.getLogger("whistle.access")


def looked(actor: Actor, case: UUID, field: str) -> None:
    """Somebody reads a sealed field."""
    LOG.info("contact looked at: role=%s unit=%s case=%s field=%s", actor.role, actor.unit, case, field)


def to_stderr() -> None:
    """The lines are written where whoever runs this reads."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
    LOG.setLevel(logging.INFO)
    LOG.handlers = [handler]
