"""Turns: whoever works here goes first; who comes in at the public door, or is not known yet, has a small share and waits for a quiet moment.

A thread of Python's gives way only now and then: a few strangers at once would make everybody who works wait as often.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from math import inf
from time import monotonic
from weakref import WeakKeyDictionary

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.headers import NO_ROOM, WITH_PHOTOS
from api.noting import ASKING

AT_ONCE = 1  # in each lane: a second one would take as much again from whoever works
WAITING = 200  # of those who are told to come again there is no end
PATIENCE = 0.2  # seconds to wait for a quiet moment; then it is their turn all the same
LATELY, RESTS, LONGEST_REST = 1.0, 3, 0.5  # seconds; how many times as long as a turn took; seconds
KNOWN = 20_000  # sessions and tokens that were somebody's
PUBLIC = ("/report", "/r", "/public")  # also of whoever is signed in besides
FREE = ("/static", "/live", "/healthz", "/readyz")  # cheap, a stream, or of those who look after the machine
SIGNING_IN = "/sign-in"


@dataclass
class Lane:
    """A few at once, and not too many waiting."""

    waiting: int = 0
    turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    @property
    def full(self) -> bool:
        """Whether whoever comes now would wait too long."""
        return self.waiting >= WAITING


@dataclass
class Turn:
    """Somebody's turn in a lane; it ends once."""

    lane: Lane
    ended: bool = False

    def ends(self, rest: float = 0.0) -> None:
        """The next one's begins after a rest, in seconds."""
        if not self.ended:
            self.ended = True
            asyncio.get_running_loop().call_later(rest, self.lane.turns.release)


@dataclass
class Keeper:
    """Who works, and who waits, in one event loop."""

    working: int = 0
    worked: float = -inf  # when somebody did last
    quiet: asyncio.Event = field(default_factory=asyncio.Event)
    public: Lane = field(default_factory=Lane)
    signing_in: Lane = field(default_factory=Lane)
    photos: Lane = field(default_factory=Lane)

    def lane(self, path: str) -> Lane:
        """Where somebody waits: so that a crowd at one door keeps nobody from another."""
        if path == SIGNING_IN:
            return self.signing_in
        return self.photos if WITH_PHOTOS.fullmatch(path) else self.public

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Somebody works."""
        self.working += 1
        self.quiet.clear()
        try:
            yield
        finally:
            self.working -= 1
            self.worked = monotonic()
            if not self.working:
                self.quiet.set()

    @asynccontextmanager
    async def turn(self, lane: Lane) -> AsyncIterator[Turn]:
        """Somebody's turn: when it is quiet, or they have waited long enough."""
        lane.waiting += 1
        try:
            await lane.turns.acquire()
        finally:
            lane.waiting -= 1
        turn, began = Turn(lane), monotonic()
        try:
            await self._quiet()
            began = monotonic()
            yield turn
        finally:
            turn.ends(self._rest(monotonic() - began))

    def _rest(self, took: float) -> float:
        """How long before the next one's turn: where somebody works, mostly nobody else is in their way."""
        lately = self.working or monotonic() - self.worked < LATELY
        return min(RESTS * took, LONGEST_REST) if lately else 0.0

    async def _quiet(self) -> None:
        if self.working:
            try:
                await asyncio.wait_for(self.quiet.wait(), PATIENCE)
            except TimeoutError:
                return


class InTurn:
    """Lets them in."""

    def __init__(self, app: ASGIApp) -> None:
        """`app` is what they want."""
        self.app = app
        self._known = OrderedDict[bytes, None]()
        self._keepers: WeakKeyDictionary[asyncio.AbstractEventLoop, Keeper] = WeakKeyDictionary()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or _begins(scope["path"], FREE):
            await self.app(scope, receive, send)
            return
        keeper, shown = self._keepers.setdefault(asyncio.get_running_loop(), Keeper()), _shown(scope)
        if shown in self._known and not _begins(scope["path"], PUBLIC):
            self._known.move_to_end(shown)
            async with keeper.at_work():
                await self.app(scope, receive, send)
            return
        lane = keeper.lane(scope["path"])
        if lane.full:
            for message in NO_ROOM.answer(page="text/html" in Headers(scope=scope).get("accept", "")):
                await send(message)
            return
        # Whoever sends by drops keeps nobody's turn; photos are read once it is known whose they are, and have turns of their own.
        here = receive if lane is keeper.photos else await _all_here(receive)
        async with keeper.turn(lane) as turn:
            if shown and not _begins(scope["path"], PUBLIC):
                _when_known(partial(self._met, shown, turn))
            await self.app(scope, here, send)

    def _met(self, shown: bytes, turn: Turn) -> None:
        """What was shown was somebody's: they are known from now on, and whatever they wait for, the next stranger does not."""
        turn.ends()
        self._known[shown] = None
        if len(self._known) > KNOWN:
            self._known.popitem(last=False)


def _when_known(then: Callable[[], None]) -> None:
    """In this event loop, wherever it is found out who asks."""
    asking, loop = ASKING.get(), asyncio.get_running_loop()
    if asking:
        asking.met = partial(loop.call_soon_threadsafe, then)


def _shown(scope: Scope) -> bytes:
    """What they are known by: a hash of the session or token that they show; nothing where they show none."""
    headers = Headers(scope=scope)
    said = f"{headers.get('authorization', '')}{headers.get('cookie', '')}"
    return sha256(said.encode()).digest() if said else b""


async def _all_here(receive: Receive) -> Receive:
    """All that was sent, before it is anybody's turn; how much and how slowly is seen to before us."""
    messages = deque([await receive()])
    while messages[-1].get("more_body", False):
        messages.append(await receive())

    async def again() -> Message:
        return messages.popleft() if messages else await receive()

    return again


def _begins(path: str, with_any: tuple[str, ...]) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in with_any)
