"""`whistle doctor`: a deployment is looked through, and each thing that is unsafe is a line that says what to do."""

import json
from collections.abc import Iterator, Sequence
from contextlib import closing, nullcontext
from dataclasses import asdict
from typing import Annotated

import typer

from adapters.examining import MOUNTS, kernel_clock
from adapters.jurisdictions import NoSuchEditionError
from adapters.outbox import BadChannelsError
from adapters.sealing import MasterKeyError
from adapters.store.engine import UnknownDatabaseError
from adapters.store.errors import Busy, Unavailable
from adapters.store.migrate import NotMigratedError
from api.examined import keeping, places, running, server
from api.examined.findings import Check, Deployment, Finding, State, unknown
from api.settings import Settings
from api.shell import Home, Url, out, settings_of
from api.whole import Whole, compose, real_time

EVERYWHERE: Sequence[Check] = (
    Check("master key", places.master_key),
    Check("home folder", places.home),
    Check("keys apart", places.keys_apart),
    Check("network disk", places.network_disk),
    Check("room", places.room),
    Check("tables", running.tables),
    Check("store", running.opens),
    Check("clock", places.clock),
    Check("clock in step", places.kept_in_step),
    Check("demo", running.demo),
    Check("boards", running.boards),
    Check("timers", running.timers),
    Check("messages", running.messages),
    Check("channels", running.channels),
    Check("backup", keeping.backup),
    Check("test restore", keeping.tried_out),
    Check("backup of keys", keeping.keys),
    Check("reverse proxy", running.proxy),
)
ON_POSTGRESQL: Sequence[Check] = (
    Check("postgresql settings", server.settings),
    Check("postgresql role", server.powers),
    Check("postgresql connection", server.line),
    Check("postgresql archive", server.archive),
)
SHUT = (BadChannelsError, MasterKeyError, NoSuchEditionError, NotMigratedError, Unavailable, UnknownDatabaseError, OSError)  # fmt: skip
Named = tuple[str, Finding]


def doctor(
    url: Url = "",
    home: Home = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for a program")] = False,
) -> None:
    """Look through a deployment: one line for each finding; exit code 1 where something is unsafe."""
    found = list(examined(settings_of(url, home)))
    for line in [_as_json(found)] if as_json else map(_line, found):
        out.print(line, markup=False)
    if any(finding.state == State.UNSAFE for _, finding in found):
        raise typer.Exit(1)


def examined(settings: Settings) -> Iterator[Named]:
    """Every finding, with the name of its check."""
    whole, why = _opened(settings)
    with closing(whole) if whole else nullcontext():
        mounts = MOUNTS.read_text(encoding="utf-8") if MOUNTS.exists() else ""
        yield from findings(Deployment(settings, real_time(), whole, why, mounts, kernel_clock()))


def findings(deployment: Deployment) -> Iterator[Named]:
    """Every finding of every check; what cannot be looked at is unknown, and keeps nobody else from being looked at."""
    checks = EVERYWHERE if deployment.settings.log.startswith("sqlite") else (*EVERYWHERE, *ON_POSTGRESQL)
    for check in checks:
        try:
            yield from [(check.name, finding) for finding in check.look(deployment)]
        except (Busy, Unavailable, OSError) as error:
            yield check.name, unknown(f"it could not be looked at: {str(error).splitlines()[0]}")


def _opened(settings: Settings) -> tuple[Whole | None, str]:
    """Nothing is made where nothing is."""
    missing = next((path for path in running.kept_files(settings) if not path.exists()), None)
    if missing:
        return None, f"there is no {missing}"
    try:
        return compose(settings), ""
    except SHUT as error:
        return None, str(error).splitlines()[0]


def _line(named: Named) -> str:
    name, finding = named
    return f"{finding.state:8}{name:22}{finding.what}" + (f" → {finding.then}" if finding.then else "")


def _as_json(found: Sequence[Named]) -> str:
    return json.dumps([{"check": name, **asdict(finding)} for name, finding in found], ensure_ascii=False)
