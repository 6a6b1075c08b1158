"""Live: whoever listens is told at once that something within their reach has changed; what, they look up themselves."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial

from anyio.to_thread import run_sync
from starlette.types import Send

from adapters.store.errors import Busy, Unavailable
from api.whole import Whole
from domain.permissions import Reach

PACE = 1.0  # seconds between two ticks for the same listener
HEARTBEAT = 20.0  # seconds; less than what proxies and phones think of as silence
ROOM = 2_000  # listeners of one process
AT_ONCE = 50  # heartbeats before others have their turn
BEAT, OVER = ": still here\n\n", "event: over\ndata: {}\n\n"
CHANGED = 'event: changed\nid: {0}\ndata: {{"position": {0}}}\n\n'


@dataclass(eq=False, slots=True)
class Ear:
    """One listener: the first tick at once, then at most one for each span of `pace`; the last one always comes."""

    reach: Reach
    secret: str = field(repr=False)  # of the session
    send: Send
    pace: float
    ended: bool = False
    _missed: int = 0
    _rest: asyncio.TimerHandle | None = None
    _saying: asyncio.Task[None] | None = None

    def hear(self, position: int) -> None:
        """Something has changed."""
        if self._rest or self._busy:
            self._missed = position
            self._rest = self._rest or self._rests()
        else:
            self._tick(position)

    def say(self, words: str, *, last: bool = False) -> None:
        """Send it, unless what was said before has not gone out yet; the end is always sent."""
        if self.ended or (self._busy and not last):
            return
        self.ended = last
        message = {"type": "http.response.body", "body": words.encode(), "more_body": not last}
        self._saying = asyncio.create_task(self._sent(message))

    def close(self) -> None:
        """Nothing more is to come."""
        self.ended = True
        if self._rest:
            self._rest.cancel()

    @property
    def _busy(self) -> bool:
        return self._saying is not None and not self._saying.done()

    def _tick(self, position: int) -> None:
        self._missed, self._rest = 0, self._rests()
        self.say(CHANGED.format(position))

    def _rests(self) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(self.pace, self._rested)

    def _rested(self) -> None:
        self._rest = None
        if self._missed:
            self.hear(self._missed)

    async def _sent(self, message: dict[str, object]) -> None:
        await self.send(message)


class Hub:
    """Everybody who listens to this process; all but `_folded` happens in its event loop."""

    def __init__(self, whole: Whole) -> None:
        """`whole` has the boards that are followed, and the sessions that may end."""
        self.pace, self.heartbeat, self.room = PACE, HEARTBEAT, ROOM
        self._whole = whole
        self._ears: dict[Reach, set[Ear]] = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def count(self) -> int:
        """How many listen."""
        return sum(map(len, self._ears.values()))

    @property
    def closed(self) -> bool:
        """Whether nobody more can listen: it is full, or comes to an end."""
        return self._loop is None or self.count >= self.room

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Tell of what the boards fold, until the application ends."""
        self._loop = asyncio.get_running_loop()
        beating = asyncio.create_task(self._beat())
        try:
            with self._whole.boards.heard_by(self._folded):
                yield
        finally:
            self.end()
            beating.cancel()

    def end(self) -> None:
        """Every stream ends; their listeners come back by themselves, to another process or to this one's successor."""
        self._loop = None
        for ear in self._everybody():
            ear.say("", last=True)

    @contextmanager
    def listening(self, reach: Reach, secret: str, send: Send) -> Iterator[None]:
        """While this lasts, somebody listens; first they are told where the boards are, for they may have missed something."""
        ear = Ear(reach, secret, send, self.pace)
        self._ears[reach].add(ear)
        ear.say(CHANGED.format(self._whole.boards.reached))
        try:
            yield
        finally:
            ear.close()
            self._ears[reach].discard(ear)

    def _everybody(self) -> list[Ear]:
        return [ear for ears in self._ears.values() for ear in ears]

    def _folded(self, position: int, whom: Collection[Reach]) -> None:
        if loop := self._loop:
            loop.call_soon_threadsafe(self._tell, position, whom)

    def _tell(self, position: int, whom: Collection[Reach]) -> None:
        for reach in whom:
            for ear in self._ears.get(reach, ()):
                ear.hear(position)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self.heartbeat)
            over = await self._over()
            for n, ear in enumerate(self._everybody(), 1):
                ear.say(OVER if ear.secret in over else BEAT, last=ear.secret in over)
                if n % AT_ONCE == 0:
                    await asyncio.sleep(0)

    async def _over(self) -> Collection[str]:
        """The sessions that have ended; where that cannot be asked, none has."""
        known = {ear.secret for ear in self._everybody()}
        try:
            return await run_sync(partial(self._whole.sessions.ended, known, self._whole.now()))
        except (Busy, Unavailable):
            return ()
