"""Who works goes first: strangers have a small share, wait for a quiet moment, and never wait for ever. By hand, in one event loop."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from api import turns
from api.noting import ASKING, Asking, known
from api.turns import AT_ONCE, InTurn
from domain.actors import Actor, Role

CLERK = Actor("clerk", Role.STREET_CLERK, "540102002")


class House:
    """What answers when it is told to; who is inside, and what was answered."""

    def __init__(self) -> None:
        """Nobody is there."""
        self.inside: list[str] = []
        self.order: list[str] = []
        self.answers: list[int] = []
        self.door = asyncio.Event()
        self.app = InTurn(self._answer)

    async def _answer(self, scope: Any, _receive: Any, send: Any) -> None:
        self.inside.append(scope["path"])
        self.order.append(scope["path"])
        if (b"authorization", b"Bearer good") in scope["headers"]:
            known(CLERK)
        await self.door.wait()
        self.inside.remove(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def _send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.answers.append(message["status"])

    def comes(self, path: str, shows: str = "", drops: asyncio.Event | None = None) -> asyncio.Task[None]:
        headers = [(b"authorization", f"Bearer {shows}".encode())] if shows else []

        async def receive() -> dict[str, Any]:
            if drops:
                await drops.wait()
            return {"type": "http.request", "body": b"", "more_body": False}

        async def asks() -> None:
            ASKING.set(Asking("", ""))
            await self.app({"type": "http", "path": path, "headers": headers}, receive, self._send)

        return asyncio.create_task(asks())

    async def met(self) -> None:
        """A clerk is known."""
        self.door.set()
        await self.comes("/boards", "good")
        self.door.clear()


async def a_while() -> None:
    for _ in range(60):
        await asyncio.sleep(0)


def told(story: Callable[[House], Coroutine[Any, Any, None]]) -> None:
    async def whole() -> None:
        await story(House())

    asyncio.run(whole())


def test_a_few_strangers_at_once_and_everybody_who_works() -> None:
    async def story(house: House) -> None:
        await house.met()
        strangers = [house.comes("/report") for _ in range(9)]
        await a_while()
        assert len(house.inside) == AT_ONCE
        work = [house.comes("/boards", "good") for _ in range(9)]
        await a_while()
        assert house.inside.count("/boards") == 9
        house.door.set()
        await asyncio.gather(*strangers, *work)

    told(story)


def test_whoever_turns_out_to_work_here_keeps_no_stranger_waiting_and_no_colleague() -> None:
    async def story(house: House) -> None:
        crowd = [house.comes("/boards", "good") for _ in range(9)]
        await a_while()
        assert house.inside == ["/boards"] * 9
        stranger = house.comes("/report", "good")
        await a_while()
        others = [house.comes("/report", "good") for _ in range(3)]
        await asyncio.sleep(2 * turns.PATIENCE)
        assert house.inside.count("/report") == AT_ONCE, "at the public door all are strangers"
        house.door.set()
        await asyncio.gather(*crowd, stranger, *others)

    told(story)


def test_a_stranger_waits_for_a_quiet_moment() -> None:
    async def story(house: House) -> None:
        await house.met()
        work = house.comes("/boards", "good")
        await a_while()
        strangers = [house.comes(path) for path in ("/report", "/public", "/")]
        await a_while()
        assert house.inside == ["/boards"]
        house.door.set()
        await asyncio.gather(work, *strangers)
        assert house.answers == [200] * 5

    told(story)


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.01)

    async def story(house: House) -> None:
        await house.met()
        work = house.comes("/boards", "good")
        await a_while()
        stranger = house.comes("/report")
        asyncio.get_running_loop().call_later(0.2, house.door.set)
        await asyncio.wait({stranger, work})
        assert house.order == ["/boards", "/boards", "/report"]

    told(story)


def test_who_sends_by_drops_keeps_nobody_s_turn() -> None:
    async def story(house: House) -> None:
        whole = asyncio.Event()
        slow = [house.comes("/report", drops=whole) for _ in range(9)]
        quick = house.comes("/report")
        await a_while()
        assert house.inside == ["/report"] and not any(one.done() for one in slow)
        whole.set()
        house.door.set()
        await asyncio.gather(quick, *slow)

    told(story)


def test_after_a_stranger_s_turn_there_is_a_rest_where_somebody_works() -> None:
    async def story(house: House) -> None:
        await house.comes("/report")
        keeper = house.app._keepers[asyncio.get_running_loop()]  # noqa: SLF001 - what it would do
        assert keeper._rest(0.1) == 0  # noqa: SLF001 - as above
        async with keeper.at_work():
            assert keeper._rest(0.1) == pytest.approx(0.1 * turns.RESTS)  # noqa: SLF001 - as above
        assert keeper._rest(9.0) == turns.LONGEST_REST  # noqa: SLF001 - as above

    def begun(house: House) -> Coroutine[Any, Any, None]:
        house.door.set()
        return story(house)

    told(begun)


def test_what_nobody_holds_makes_nobody_known() -> None:
    async def story(house: House) -> None:
        await house.met()
        strangers = [house.comes("/boards", f"bad-{n}") for n in range(9)]
        await a_while()
        assert len(house.inside) == AT_ONCE
        house.door.set()
        await asyncio.gather(*strangers)

    told(story)


def test_who_is_known_is_one_of_many_at_the_public_door() -> None:
    async def story(house: House) -> None:
        await house.met()
        reports = [house.comes("/r/receipt", "good") for _ in range(9)]
        await a_while()
        assert len(house.inside) == AT_ONCE
        house.door.set()
        await asyncio.gather(*reports)

    told(story)


def test_a_full_door_says_so_at_once_and_another_lets_staff_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "WAITING", 3)

    async def story(house: House) -> None:
        strangers = [house.comes("/report") for _ in range(9)]
        await a_while()
        assert house.answers == [503] * (9 - AT_ONCE - 3)
        clerk = house.comes("/sign-in")
        await a_while()
        assert "/sign-in" in house.inside
        assert house.comes("/healthz") and not house.door.is_set()
        await a_while()
        assert "/healthz" in house.inside
        house.door.set()
        await asyncio.gather(*strangers, clerk)

    told(story)


def test_a_door_without_shares_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "FREE", ("/report",))
    with pytest.raises(AssertionError):
        test_a_few_strangers_at_once_and_everybody_who_works()
