"""What the system itself uses under seal, to send a message: a line in the log for each, by case and field; never what it was."""

import logging
from uuid import UUID

from domain.actors import Actor

LOG = logging.getLogger("whistle.access")


def looked(actor: Actor, case: UUID, field: str) -> None:
    """A sealed field is read; what people see stands in the case's own file (api/showing.py)."""
    LOG.info("contact looked at: role=%s unit=%s case=%s field=%s", actor.role, actor.unit, case, field)


def to_stderr() -> None:
    """The lines are written where whoever runs this reads."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
    LOG.setLevel(logging.INFO)
    LOG.handlers = [handler]
