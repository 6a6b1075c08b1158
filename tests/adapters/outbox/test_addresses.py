"""Where nobody outside is, nobody is called: by whatever name or form, through whatever library; a listener there hears nothing."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from ipaddress import ip_network
from uuid import UUID

import pytest

from adapters.calling import AddressRefused, calling, may_be_called
from adapters.outbox.channels import Channel
from adapters.outbox.sending import Letter, Outcome, sent
from tests.adapters.outbox import receivers as r
from workflow.saying import Text

# Forms of loopback that a resolver or a library turns into a connection to this machine.
LOOPBACK = (
    "127.0.0.1", "127.1", "127.0.1", "127.8.9.10", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "0x7f.0x0.0x0.0x1",
    "0", "0.0.0.0", "localhost", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:0:0:1]", "[::ffff:0.0.0.0]",
)  # fmt: skip
ELSEWHERE = (
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.1.1", "169.254.169.254", "100.100.100.200", "100.64.0.1",
    "168.63.129.16", "192.0.0.192", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1",
    "255.255.255.255", "192.88.99.1", "fe80::1", "fe80::1%lo", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1", "2001:db8::1", "100::1",
    "2002:7f00:1::", "2002:0a00:0001::1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1", "::ffff:10.0.0.1",
    "::ffff:169.254.169.254", "::7f00:1", "2001:0:4136:e378:8000:63bf:80ff:fffe",
)  # fmt: skip
PUBLIC = (
    "1.1.1.1",
    "8.8.8.8",
    "223.5.5.5",
    "2606:4700:4700::1111",
    "::ffff:1.1.1.1",
    "64:ff9b::101:101",
    "2400:3200::1",
)


@contextmanager
def listening() -> Iterator[tuple[int, list[object]]]:
    """Listens on one port of IPv4 and IPv6; whoever comes is kept."""
    came: list[object] = []
    listener = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
    listener.settimeout(0.05)
    over = threading.Event()

    def accept() -> None:
        while not over.is_set():
            with suppress(TimeoutError):
                line, peer = listener.accept()
                came.append(peer)
                line.close()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield listener.getsockname()[1], came
    finally:
        over.set()
        thread.join()
        listener.close()


def letter() -> Letter:
    return Letter(UUID(int=1), "assigned", datetime.now(UTC), Text("title", "words"))


def called(way: dict[str, object]) -> Outcome:
    """What comes of calling, as the outbox calls."""
    return sent(Channel(name="way", to=("water",), **way), letter(), datetime.now(UTC), (), patience=5)  # type: ignore[arg-type]


WAYS: dict[str, Callable[[str, int], dict[str, object]]] = {
    "webhook": lambda host, port: {"url": f"http://{host}:{port}/", "secret": (r.SECRET,)},
    "chat": lambda host, port: {"address": f"json://{host}:{port}/"},
    "mail": lambda host, port: {"address": f"mailto://{host}:{port}?from=a@city.example&to=b@city.example"},
}


@pytest.mark.parametrize("way", WAYS)
def test_no_form_of_loopback_is_ever_reached(way: str) -> None:
    with listening() as (port, came):
        outcomes = {host: called(WAYS[way](host, port)).reason for host in LOOPBACK}
        assert came == []
        assert "" not in outcomes.values(), outcomes
        assert outcomes["127.0.0.1"] == outcomes["localhost"] == "address_refused"
        socket.create_connection(("127.0.0.1", port)).close()  # and it would have heard us
        while not came:
            pass


def test_the_forms_that_a_library_understands_are_refused_at_the_connection() -> None:
    with listening() as (port, came):
        refused = [host for host in LOOPBACK if called(WAYS["webhook"](host, port)).reason == "address_refused"]
        assert came == [] and len(refused) >= 12, refused


@pytest.mark.parametrize("host", ELSEWHERE)
def test_what_is_not_public_is_refused(host: str) -> None:
    assert not may_be_called((host, 80))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with calling(), socket.socket(family) as one, pytest.raises(AddressRefused):
        one.connect((host, 80))


@pytest.mark.parametrize("host", PUBLIC)
def test_what_is_public_is_called(host: str) -> None:
    assert may_be_called((host, 443))


def test_a_name_is_no_address_and_neither_is_a_file() -> None:
    for address in (("localhost", 80), ("0x7f.1", 80), ("127.1", 80), "/run/some.sock", b"\0abstract"):
        assert not may_be_called(address, (ip_network("0.0.0.0/0"),))
    with calling(), socket.socket(socket.AF_UNIX) as one, pytest.raises(AddressRefused):
        one.connect("/run/some.sock")
    with calling(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, pytest.raises(AddressRefused):
        one.sendto(b"x", ("127.0.0.1", 9))


def test_a_name_that_leads_elsewhere_the_second_time_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The seeded fault: a name server that says a public address to whoever checks, and loopback to whoever connects."""
    asked: list[str] = []
    true = socket.getaddrinfo

    def rebinding(host: str, port: int, *more: object, **named: object) -> object:
        asked.append(host)
        return true("1.1.1.1" if len(asked) % 2 == 0 else "127.0.0.1", port, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with listening() as (port, came):
        assert called(WAYS["webhook"]("rebinding.example", port)).reason == "address_refused"
        assert asked == ["rebinding.example"] and came == []


def test_a_redirect_leads_nowhere() -> None:
    with listening() as (port, came), r.hook(lambda _: r.fails(307, location=f"http://127.0.0.1:{port}/")) as hook:
        allow = (ip_network("127.0.0.1/32"),)
        for way in (
            {"url": hook.url, "secret": (r.SECRET,)},
            {"address": f"json://127.0.0.1:{hook.port}/hook"},
            {"address": f"form://127.0.0.1:{hook.port}/hook"},
        ):
            channel = Channel(name="way", to=("water",), **way)  # type: ignore[arg-type]
            assert sent(channel, letter(), datetime.now(UTC), allow).reason in ("redirected", "not_taken")
        assert len(hook.came) == 3 and came == []


def test_a_city_s_own_network_is_called_where_it_is_allowed_and_no_further() -> None:
    allow = (ip_network("10.1.2.0/24"),)
    assert may_be_called(("10.1.2.7", 25), allow) and may_be_called(("::ffff:10.1.2.7", 25), allow)
    assert not may_be_called(("10.1.3.7", 25), allow)
    assert not may_be_called(("127.0.0.1", 25), allow)


def test_only_who_sends_is_watched_and_only_while_it_sends() -> None:
    with listening() as (port, came):
        with calling():
            other = threading.Thread(target=lambda: socket.create_connection(("127.0.0.1", port)).close())
            other.start()
            other.join()
        socket.create_connection(("127.0.0.1", port)).close()
        while len(came) < 2:
            pass
