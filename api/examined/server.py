"""PostgreSQL: whether what it acknowledges stays, who we are there, and whether it archives."""

from adapters.examining import in_clear, role, server
from adapters.keeping.postgresql import lacks
from api.examined.findings import Deployment, Findings, ok, unsafe

LOST = {
    "fsync": ({"on"}, "a power cut destroys the database"),
    "full_page_writes": ({"on"}, "a power cut leaves pages half written"),
    "synchronous_commit": ({"on", "local", "remote_write", "remote_apply"}, "what was acknowledged can be lost"),
}


def settings(d: Deployment) -> Findings:
    """What is acknowledged is on disk."""
    if d.whole is None:
        return
    found = server(d.whole.log.engine)
    wrong = [(name, lost) for name, (fine, lost) in LOST.items() if found.get(name) not in fine]
    yield from (
        unsafe(f"{name} is {found.get(name)}: {lost}", f"set {name} = on in postgresql.conf") for name, lost in wrong
    )
    if not wrong:
        yield ok("what PostgreSQL acknowledges is on disk")


def powers(d: Deployment) -> Findings:
    """We can do there what we have to, and no more."""
    if d.whole is None:
        return
    name, found = role(d.whole.log.engine)
    yield from (
        unsafe(
            f"the role {name} {power}: whoever takes over this program could rewrite history",
            "connect as a role of deploy/postgresql/roles.sql",
        )
        for power in found
    )
    if not found:
        yield ok(f"the role {name} may add to the log, and not change it")


def line(d: Deployment) -> Findings:
    """What is said to the server cannot be read on the way."""
    if d.whole is None:
        return
    if in_clear(d.whole.log.engine):
        yield unsafe(
            "the connection to PostgreSQL goes over a network in clear",
            "set ssl = on there, and ?sslmode=verify-full in WHISTLE_DATABASE_URL",
        )
    else:
        yield ok("the connection to PostgreSQL is sealed, or does not leave this machine")


def archive(d: Deployment) -> Findings:
    """Between two backups nothing is lost."""
    if d.whole is None:
        return
    found = list(lacks(d.whole.log.engine))
    yield from (unsafe(one, "docs/running.md has the lines") for one in found)
    if not found:
        yield ok("PostgreSQL archives its log files")
