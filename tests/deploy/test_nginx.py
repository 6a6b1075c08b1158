import os
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from email.message import Message
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_connection
from threading import Event, Thread
from urllib.parse import urlencode

import pytest
from pyotp import TOTP

from api.headers import LARGEST, LARGEST_WITH_PHOTOS
from domain.actors import Role
from tests.api.accounts import PASSWORD
from tests.api.test_command_line import TOP
from tests.breaking.serving import free_port, served_here
from tests.breaking.town import STAFF, founded
from tests.breaking.waiting import until
from tests.deploy.programs import needed

AROUND = """daemon off; worker_processes 1; pid {top}/nginx.pid; error_log stderr crit;
events {{}}
http {{
  client_body_temp_path {top}/body; proxy_temp_path {top}/proxy; fastcgi_temp_path {top}/f; uwsgi_temp_path {top}/u; scgi_temp_path {top}/s;
  include {top}/site.conf;
}}
"""
PHOTOS = "/cases/00000000-0000-0000-0000-000000000000/photos"


class Echo(BaseHTTPRequestHandler):
    """Says what it was asked with; news come in two parts, the second when somebody has seen the first."""

    protocol_version = "HTTP/1.1"
    seen = Event()

    def do_GET(self) -> None:
        if self.path != "/live":
            self._answer()
            return
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"5\r\nfirst\r\n")
        self.wfile.flush()
        self.seen.wait(10)
        self.wfile.write(b"6\r\nsecond\r\n0\r\n\r\n")

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer()

    def _answer(self) -> None:
        body = "".join(f"{name.lower()}: {value}\n" for name, value in self.headers.items()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - theirs
        """It says nothing."""


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Message
    body: str


@dataclass
class Front:
    """nginx, as deploy/ has it, in front of something."""

    secure: int
    plain: int

    @contextmanager
    def asked(self, method: str, path: str, body: bytes = b"", **headers: str) -> Iterator[HTTPResponse]:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # its certificate is our own
        with closing(HTTPSConnection("127.0.0.1", self.secure, timeout=20, context=context)) as line:
            line.request(method, path, body or None, {name.replace("_", "-"): value for name, value in headers.items()})
            with line.getresponse() as answer:
                yield answer

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
        with self.asked(method, path, body, **headers) as found:
            return Answer(found.status, found.headers, found.read().decode())


def site(top: Path, behind: int, secure: int, plain: int) -> Path:
    """The configuration with other ports and places, and nothing else changed."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=whistle.example", "-days", "1",
         "-keyout", top / "private.pem", "-out", top / "fullchain.pem"], check=True, capture_output=True,
    )  # fmt: skip
    body = (TOP / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for old, new in (
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"), ("listen 443", f"listen 127.0.0.1:{secure}"), ("listen 80", f"listen 127.0.0.1:{plain}"),
        ("    listen [::]:443 ssl http2;\n", ""), ("    listen [::]:80;\n", ""), ("/etc/ssl/whistle", str(top)),
        ("/var/log/nginx", str(top)), ("/etc/nginx/whistle-proxy.conf", str(top / "proxy.conf")),
    ):  # fmt: skip
        assert old in body
        body = body.replace(old, new)
    (top / "site.conf").write_text(body, encoding="utf-8")
    (top / "proxy.conf").write_text((TOP / "deploy" / "nginx-proxy.conf").read_text(encoding="utf-8"), encoding="utf-8")
    (top / "nginx.conf").write_text(AROUND.format(top=top), encoding="utf-8")
    return top / "nginx.conf"


@contextmanager
def fronted(top: Path, behind: int) -> Iterator[Front]:
    """Nginx runs while this lasts."""
    front = Front(free_port(), free_port())
    config = site(top, behind, front.secure, front.plain)
    with subprocess.Popen([needed("nginx", "nginx-light"), "-p", str(top), "-c", str(config)]) as process:
        try:
            until(lambda: answers(front.secure) or process.poll() is not None)
            assert process.poll() is None, "nginx ended"
            yield front
        finally:
            process.terminate()


def answers(port: int) -> bool:
    try:
        create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Nginx's own user must come to it, where it is started by root."""
    if not os.geteuid():
        for folder in (tmp_path, *tmp_path.parents[:2]):
            folder.chmod(0o755)
    return tmp_path


@pytest.fixture
def echoed(top: Path) -> Iterator[Front]:
    Echo.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        with fronted(top, server.server_address[1]) as front:
            yield front
    finally:
        Echo.seen.set()
        server.shutdown()
        thread.join()
        server.server_close()


def test_nginx_understands_it(top: Path) -> None:
    config = site(top, 8000, free_port(), free_port())
    nginx = needed("nginx", "nginx-light")
    ran = subprocess.run([nginx, "-t", "-p", top, "-c", config], capture_output=True, text=True, check=False)
    assert (ran.returncode, "warn" in ran.stderr) == (0, False), ran.stderr
    (top / "proxy.conf").write_text("proxy_passes http://whistle;")
    assert subprocess.run([nginx, "-t", "-p", top, "-c", config], capture_output=True, check=False).returncode


def test_who_asks_is_said_by_nginx_alone(echoed: Front) -> None:
    said = echoed.ask("GET", "/", X_Forwarded_For="203.0.113.9", Forwarded="for=203.0.113.9", X_Forwarded_Proto="http")
    headers = said.body
    assert "x-forwarded-for: 127.0.0.1\n" in headers and "x-forwarded-proto: https\n" in headers
    assert "203.0.113.9" not in headers and "x-request-id: " in headers
    assert said.headers["Strict-Transport-Security"] == "max-age=63072000"


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/api/v1/cases", LARGEST, 200),
        ("/api/v1/cases", LARGEST + 1, 413),
        (PHOTOS, LARGEST + 1, 200),
        (PHOTOS, LARGEST_WITH_PHOTOS + 1, 413),
    ],
)
def test_bodies_are_as_large_as_the_application_takes_them(echoed: Front, path: str, size: int, status: int) -> None:
    if size > LARGEST_WITH_PHOTOS:  # what is too large is refused before it comes
        assert echoed.ask("POST", path, b"", Content_Length=str(size)).status == status
    else:
        assert echoed.ask("POST", path, bytes(size)).status == status


def test_news_are_not_held_back(echoed: Front) -> None:
    with echoed.asked("GET", "/live") as answer:
        assert answer.read1(100) == b"first"
        Echo.seen.set()
        assert answer.read() == b"second"


def test_what_is_for_inside_stays_inside(echoed: Front) -> None:
    assert echoed.ask("GET", "/metrics").status == echoed.ask("GET", "/readyz").status == 404
    with closing(HTTPConnection("127.0.0.1", echoed.plain, timeout=20)) as line:
        line.request("GET", "/r/secret", headers={"Host": "whistle.example"})
        with line.getresponse() as moved:
            assert (moved.status, moved.getheader("Location")) == (308, "https://whistle.example/r/secret")


def test_a_request_goes_through_it_to_the_application(top: Path, tmp_path: Path) -> None:
    town = founded(tmp_path / "home")
    town = replace(town, settings=replace(town.settings, proxies=("127.0.0.1",), hosts=("whistle.example",)))
    with town.opened() as whole, served_here(whole) as port, fronted(top, port) as front:
        made = whole.logins.add(STAFF[Role.STREET_CLERK].staff, "post-1", PASSWORD, whole.now())
        assert front.ask("GET", "/healthz").status == 200
        said = {"name": made.name, "password": PASSWORD, "code": TOTP(made.codes.secret).at(whole.now())}
        signed_in = front.ask(
            "POST", "/sign-in/local", urlencode(said).encode(), Content_Type="application/x-www-form-urlencoded", Sec_Fetch_Site="same-origin"
        )  # fmt: skip
        assert "__Host-whistle=" in (signed_in.headers["Set-Cookie"] or ""), signed_in.body
        assert "default-src 'none'" in signed_in.headers["Content-Security-Policy"]
