"""What was stored under an idempotency key, before anything is decided again."""

from sqlalchemy import Engine, select

from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.tables import commands
from workflow.keyed import Keyed


def known(engine: Engine, key: str, actor: str) -> tuple[Keyed, int] | None:
    """The command that this actor gave under this key, and its last position; None where there was none."""
    wanted = select(commands).where(commands.c.key == key, commands.c.actor == actor)
    with explained(), reading(engine).connect() as connection:
        row = connection.execute(wanted).first()
    return None if row is None else (Keyed(row.key, row.actor, row.fingerprint, row.answer), row.position)
