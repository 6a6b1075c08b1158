"""Where it may be served, whose word for how it was reached is believed, and that nobody signs in where others could listen."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import create_server
from threading import Thread
from typing import Any

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from api.app import create_app
from api.serving import GRACE, NotLoopbackError, Server, Tls, fit_to_serve
from tests.api.office import Office, office
from tests.granted import made_a_demo

ASKS = {"Accept": "text/html", "Accept-Language": "en"}
EVERYWHERE = ("0.0.0.0", "::", "192.168.1.5", "whistle.city.example")


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path / "store") as opened:
        yield opened


@contextmanager
def served(hall: Office, **more: Any) -> Iterator[int]:
    """A real server on loopback; its port."""
    with create_server(("127.0.0.1", 0)) as listening:
        server = Server(create_app(hall.whole), log_level="critical", **more)
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            pass
        yield listening.getsockname()[1]
        server.should_exit = True
        thread.join(GRACE + 5)


def certificate(folder: Path) -> Tls:
    """One for 127.0.0.1, signed by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(here, critical=False)
        .sign(key, SHA256())
    )
    tls = Tls(folder / "whistle.pem", folder / "whistle.key")
    tls.certificate.write_bytes(made.public_bytes(Encoding.PEM))
    tls.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return tls


def proxied(hall: Office, *proxies: str) -> None:
    object.__setattr__(hall.whole, "settings", replace(hall.whole.settings, proxies=proxies))


@pytest.mark.parametrize("host", EVERYWHERE)
def test_others_reach_it_only_behind_tls_and_a_demo_never(hall: Office, host: str, tmp_path: Path) -> None:
    tls = Tls(tmp_path / "c", tmp_path / "k")
    with pytest.raises(NotLoopbackError, match="WHISTLE_PROXIES"):
        fit_to_serve(hall.whole, host, None)
    fit_to_serve(hall.whole, host, tls)
    proxied(hall, "10.0.0.1")
    fit_to_serve(hall.whole, host, None)
    made_a_demo(hall.whole, hall.time.now)
    for given in (None, tls):
        with pytest.raises(NotLoopbackError, match="in a demo anybody is anybody"):
            fit_to_serve(hall.whole, host, given)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.8.8.8"])
def test_this_machine_alone_needs_nothing(hall: Office, host: str) -> None:
    fit_to_serve(hall.whole, host, None)
    made_a_demo(hall.whole, hall.time.now)
    fit_to_serve(hall.whole, host, None)


@pytest.mark.parametrize(
    ("proxies", "status"), [((), 403), (("10.0.0.1",), 403), (("127.0.0.1",), 200), (("127.0.0.0/8",), 200)]
)
def test_only_proxies_that_are_named_are_believed(hall: Office, proxies: tuple[str, ...], status: int) -> None:
    """A stranger may say that TLS was there, and that they come from elsewhere: nobody listens."""
    said = {**ASKS, "Host": "whistle.city.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    with served(hall, proxies=proxies) as port:
        page = requests.get(f"http://127.0.0.1:{port}/sign-in", headers=said, timeout=10)
    assert page.status_code == status and ("not encrypted" in page.text) is (status == 403)


def test_by_a_certificate_of_our_own(hall: Office, tmp_path: Path) -> None:
    tls = certificate(tmp_path)
    with served(hall, **tls.said()) as port:
        said = {**ASKS, "Host": "whistle.city.example", "Connection": "close"}
        page = requests.get(f"https://127.0.0.1:{port}/sign-in", headers=said, verify=str(tls.certificate), timeout=10)
        assert page.status_code == 200 and "not encrypted" not in page.text
