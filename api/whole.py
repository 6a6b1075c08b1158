"""The composition root: one object that holds all parts, put together once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import BoundedSemaphore
from typing import cast

from anyio import CapacityLimiter

from adapters.boards import Boards
from adapters.clockwork import Clockwork
from adapters.erasing import Erasing, Retention
from adapters.jurisdictions import Editions
from adapters.logins import Logins
from adapters.oidc import Oidc, provider_of
from adapters.outbox import OUTBOX, Outbox, channels_of
from adapters.past import Past
from adapters.photos import Photos
from adapters.saved_filters import SavedFilters
from adapters.seal import SEAL, Seal
from adapters.sealing import KEYS, KeyStore, Masters, Sealing, create_master_key, open_keys, read_masters
from adapters.sealing.signing import create_signing_key, read_signing_key
from adapters.security import SECURITY, SecurityLog
from adapters.sessions import Sessions
from adapters.store import DATABASE_URL, Factory
from adapters.store.engine import engine_at, hurried
from adapters.store.migrate import Scripts, check, migrate
from adapters.store.writer import Writer
from adapters.throttles import Throttles
from adapters.tokens import Tokens
from api.access import looked
from api.settings import Settings
from domain.jurisdiction import Jurisdiction
from workflow.casework import Casework
from workflow.directory import Directory

# Commands have threads apart: however many wait to write, whoever reads is answered.
COMMANDS_AT_ONCE = 200
RESIDENTS_AT_ONCE = 3  # a share of their own, and a small one: staff keep working, whatever comes in at the public door
TAKEN_AT_ONCE = 4  # each holds a connection of the boards as long as its reader takes
PHOTOS_AT_ONCE = 2  # each in a process of its own, of at most 280 MB


def real_time() -> datetime:
    """The clock on the wall, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Whole:
    """Everything that answers a request."""

    settings: Settings
    casework: Casework
    directory: Directory
    log: Writer
    editions: Editions
    tokens: Tokens
    sessions: Sessions
    boards: Boards
    past: Past
    clockwork: Clockwork
    outbox: Outbox
    seal: Seal
    keys: KeyStore
    sealing: Sealing
    photos: Photos
    master: Masters
    security: SecurityLog
    erasing: Erasing
    retention: Retention
    logins: Logins
    oidc: Oidc | None  # None: nobody comes in by an account of the city's
    now: Callable[[], datetime] = real_time
    commanding: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(COMMANDS_AT_ONCE))
    residents: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(RESIDENTS_AT_ONCE))
    taking: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(TAKEN_AT_ONCE))
    drawing: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(PHOTOS_AT_ONCE))

    @property
    def law(self) -> Jurisdiction:
        """The edition of today. Raises NoSuchEditionError while nothing is loaded."""
        return self.editions.current()

    @property
    def throttles(self) -> Throttles:
        """How often what is open to everybody may be done."""
        return Throttles(self.log)

    @property
    def saved_filters(self) -> SavedFilters:
        """What people look for in the register, by name."""
        return SavedFilters(self.log)

    def close(self) -> None:
        """Stop what goes on by itself, finish what waits, close every connection."""
        self.security.stop()
        self.retention.stop()
        self.outbox.stop()
        self.seal.stop()
        self.clockwork.stop()
        self.past.stop()
        self.boards.stop()
        self.security.settle(self.now())
        for writer in (self.security.writer, self.outbox.writer, self.boards.writer, self.log):
            writer.close()
            writer.engine.dispose()
        self.past.writing.dispose()
        self.seal.engine.dispose()
        self.keys.engine.dispose()


def prepare(settings: Settings) -> None:
    """Make or update every table, and the keys of the master and the seal if there are none. Done already, it does nothing."""
    settings.home.mkdir(parents=True, exist_ok=True)
    if not settings.master_key.exists():
        create_master_key(settings.master_key)
    if not settings.seal_key.exists():
        create_signing_key(settings.seal_key)
    for url, scripts in (
        (settings.log, None),
        (settings.keys, KEYS),
        (settings.outbox, OUTBOX),
        (settings.seal, SEAL),
        (settings.security, SECURITY),
    ):
        engine = engine_at(url)
        if scripts:
            migrate(engine, scripts)
        else:
            migrate(engine)
        engine.dispose()


def compose(settings: Settings, now: Callable[[], datetime] = real_time) -> Whole:
    """Put the parts together.

    Raises NotMigratedError, MasterKeyError, SealKeyError, NoSuchEditionError, BadChannelsError, BadOidcError, Unavailable.
    """
    channels = channels_of(settings.channels, settings.secrets)
    provider = provider_of(settings.oidc, settings.secrets)
    master = read_masters(settings.master_key)
    keys = open_keys(settings.keys, master)
    sealing = Sealing(keys)
    casework = Casework(
        {"PERSISTENCE_MODULE": "adapters.store", DATABASE_URL: settings.log},
        edition=lambda name: editions.edition(name),  # noqa: PLW0108 - it comes into being below
        current=lambda: editions.current(),  # noqa: PLW0108 - as above
        seal=sealing.seal,
    )
    log = cast("Factory", casework.factory).writer
    editions = Editions(log)
    boards = Boards(
        Writer(hurried(engine_at(settings.boards))), log.engine, editions.current().calendar.tz, editions.edition
    )
    past = Past(boards, hurried(engine_at(settings.past)))
    photos, clockwork = Photos(log, sealing), Clockwork(boards, casework)
    erasing = Erasing(casework, keys, photos)
    retention = Retention(boards, erasing, held=lambda now: clockwork.standing(now).held)
    return Whole(
        settings=settings,
        casework=casework,
        directory=Directory(casework, editions.current),
        log=log,
        editions=editions,
        tokens=Tokens(log),
        sessions=Sessions(log),
        boards=boards,
        past=past,
        clockwork=clockwork,
        outbox=Outbox(_opened(settings.outbox, OUTBOX), boards, casework, sealing, channels, looked),
        seal=_sealed(settings, log),
        keys=keys,
        sealing=sealing,
        photos=photos,
        master=master,
        security=SecurityLog(_opened(settings.security, SECURITY), master),
        erasing=erasing,
        retention=retention,
        logins=Logins(log, master),
        oidc=Oidc(provider) if provider else None,
        now=now,
    )


def _sealed(settings: Settings, log: Writer) -> Seal:
    """Who seals what is written."""
    engine = engine_at(settings.seal)
    check(engine, SEAL)
    return Seal(engine, log.engine, read_signing_key(settings.seal_key))


def _opened(url: str, scripts: Scripts) -> Writer:
    """Who writes into tables of their own, apart from the log's."""
    engine = engine_at(url)
    check(engine, scripts)
    return Writer(engine)
