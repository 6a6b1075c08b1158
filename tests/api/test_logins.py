"""`whistle login` from end to end, and oidc.toml with all that can be wrong with it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyotp import parse_uri
from typer.testing import CliRunner

from adapters.jurisdictions import shipped
from adapters.oidc import BadOidcError, provider_of
from api.__main__ import app
from api.app import create_app
from api.settings import Settings
from api.whole import compose
from domain.actors import Actor, Role
from tests.api.test_command_line import Ran, whistle
from tests.oidc.city import SECRETS, City, city

WHO = ("clerk-1", "street_clerk", "100-1")


@pytest.fixture(scope="module")
def provider() -> Iterator[City]:
    with city() as opened:
        yield opened


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    whistle("migrate", home=folder)
    whistle("jurisdiction", "load", str(shipped("minimal")), home=folder)
    whistle("staff", "grant", *WHO, home=folder)
    return folder


def said(ran: Ran, name: str) -> str:
    found = re.search(rf"^{name}: (.+)$", ran.stdout, re.MULTILINE)
    assert found is not None, ran.stderr
    return found[1]


def mistaken(home: Path, *words: str, says: str) -> None:
    ran = whistle("login", *words, home=home)
    assert ran.returncode == 2 and len(ran.stderr.splitlines()) == 1 and says in ran.stderr, ran.stderr


def test_an_account_from_making_to_disabling(home: Path) -> None:
    made = whistle("login", "add", "clerk-1", "--local", "Post-1", home=home)
    password, address = said(made, "password"), said(made, "authenticator")
    assert re.fullmatch(r"([a-z0-9]{5}-){3}[a-z0-9]{5}", password) and "█" in made.stdout
    whole = compose(Settings.of({}, home=home))
    code = parse_uri(address).at(whole.now())  # type: ignore[attr-defined] # it is one by time
    assert whole.logins.by_password("post-1", password, code, whole.now()) == "clerk-1"
    secret = whole.sessions.begin(Actor("clerk-1", Role.STREET_CLERK, "100-1"), whole.now())
    assert whistle("login", "list", home=home).stdout == "clerk-1  local  post-1\n"
    again = whistle("login", "reset", "post-1", home=home)
    assert whole.sessions.ended([secret], whole.now()) == {secret}
    assert whole.logins.by_password("post-1", password, code, whole.now()) is None
    assert said(again, "password") != password and said(again, "authenticator") != address
    secret = whole.sessions.begin(Actor("clerk-1", Role.STREET_CLERK, "100-1"), whole.now())
    assert whistle("login", "disable", "POST-1", home=home).stdout == "disabled\n"
    assert whole.sessions.ended([secret], whole.now()) == {secret}
    assert "  disabled 2" in whistle("login", "list", home=home).stdout
    whole.close()


def test_a_password_that_is_asked_for_is_asked_for_twice_and_shown_never(home: Path) -> None:
    words = ["login", "add", "clerk-1", "--local", "post-1", "--ask", "--home", str(home)]
    ran = CliRunner().invoke(
        app, words, input="a walk in the rain\na walk in the fog\na walk in the rain\na walk in the rain\n"
    )
    assert ran.exit_code == 0 and "do not match" in ran.output and "a walk" not in ran.output
    assert "authenticator: otpauth://totp/Whistle:post-1?" in ran.output


def test_the_mistakes(home: Path) -> None:
    whistle("login", "add", "clerk-1", "--local", "post-1", home=home)
    mistaken(home, "add", "nobody", "--local", "x", says="nobody of the name nobody was ever granted anything")
    mistaken(home, "add", "clerk-1", "--local", "POST-1", says="post-1 is taken")
    mistaken(home, "reset", "post-9", says="there is no account post-9")
    mistaken(home, "disable", "post-9", says="nobody comes in by post-9")
    mistaken(home, "bind", "clerk-1", "--subject", "7", says="the issuer is to be said: there is no oidc.toml")
    mistaken(home, "bind", "clerk-1", "--issuer", "https://a.example", says="either --subject or --code")
    mistaken(home, "check", says="oidc.toml: nobody comes in by an account of the city's")


def test_accounts_of_the_city_are_bound_by_subject_by_code_and_by_a_file(
    home: Path, provider: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHISTLE_SECRET_OIDC", SECRETS["WHISTLE_SECRET_OIDC"])
    (home / "oidc.toml").write_text(provider.settings(), encoding="utf-8")
    whistle("staff", "grant", "leader-1", "street_leader", "100-1", home=home)
    assert whistle("login", "bind", "clerk-1", "--subject", "7", home=home).stdout == "bound: 1\n"
    assert whistle("login", "bind", "leader-1", "--code", "f" * 32, home=home).stdout == "bound: 1\n"
    mistaken(home, "bind", "leader-1", "--subject", "7", says="is bound to clerk-1")
    mistaken(
        home,
        "bind",
        "clerk-1",
        "--issuer",
        "https://a.example",
        "--subject",
        "7",
        says=f"the issuer is {provider.issuer}",
    )
    table = home.parent / "logins.csv"
    table.write_text(f"staff,issuer,subject\nclerk-1,{provider.issuer},8\nleader-1,,9\n", encoding="utf-8-sig")
    assert whistle("login", "bind", "--file", str(table), home=home).stdout == "bound: 2\n"
    assert whistle("login", "bind", "--file", str(table), home=home).stdout == "bound: 2\n"
    lines = whistle("login", "list", home=home).stdout.splitlines()
    assert len(lines) == 4 and all(provider.issuer in line and "  oidc  " in line for line in lines)
    for content, says in (
        ("staff,issuer,subject\nclerk-1,,10\nnobody,,11\n", "logins.csv:3: nobody of the name nobody"),
        ("staff,issuer,subject\nclerk-1,,\n", "logins.csv:2: staff and subject are needed"),
        ("who,subject\nclerk-1,10\n", "the columns are staff, issuer, subject"),
    ):
        table.write_text(content, encoding="utf-8")
        mistaken(home, "bind", "--file", str(table), says=says)
    assert whistle("login", "list", home=home).stdout.splitlines() == lines


def test_the_provider_is_asked_once_to_see_that_all_is_well(
    home: Path, provider: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WHISTLE_SECRET_OIDC", SECRETS["WHISTLE_SECRET_OIDC"])
    (home / "oidc.toml").write_text(provider.settings(), encoding="utf-8")
    assert whistle("login", "check", home=home).stdout == f"in order: {provider.issuer}, 1 keys\n"
    provider.bend("inside")
    mistaken(home, "check", says="did not answer as a provider does: not_an_address")
    provider.bend("redirected")
    mistaken(home, "check", says="did not answer as a provider does: redirected")
    provider.bend()
    monkeypatch.delenv("WHISTLE_SECRET_OIDC")
    for words in (("login", "check"), ("login", "list"), ("serve",)):
        ran = whistle(*words, home=home)
        assert ran.returncode == 2 and "oidc.toml: client_secret: the environment does not say it" in ran.stderr


GOOD = 'issuer = "https://login.city.example"\nclient_id = "whistle"\n'


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ('client_secret = "written down"', "client_secret: write env:WHISTLE_SECRET_…"),
        ('client_secret = "env:HOME"', "client_secret: the environment does not say it"),
        ('algorithms = ["RS256", "none"]', "algorithms: none is not among RS256"),
        ('algorithms = ["HS256"]', "algorithms: HS256 is not among RS256"),
        ("algorithms = []", "algorithms: Tuple should have at least 1 item"),
        ('scopes = ["profile"]', "scopes: `openid` is among them"),
        ('ca = "nowhere.pem"', "ca: there is no file nowhere.pem"),
        ('allow = ["10.0.0.0/99"]', "allow 1: value is not a valid"),
        ('secret = "x"', "secret: Extra inputs are not permitted"),
        ("issuer =", "Invalid value (at end of document)"),
        ('claim = ""', "claim: String should have at least 1 character"),
    ],
)
def test_whatever_is_wrong_with_the_file_is_a_line(tmp_path: Path, more: str, says: str) -> None:
    path = tmp_path / "oidc.toml"
    path.write_text(GOOD + more, encoding="utf-8")
    with pytest.raises(BadOidcError) as found:
        provider_of(path, {"HOME": "/root"} if "HOME" not in more else {})
    assert (
        says in str(found.value)
        and str(found.value).startswith("oidc.toml: ")
        and "written down" not in str(found.value)
    )


@pytest.mark.parametrize(
    "issuer",
    [
        "http://login.city.example",
        "http://10.0.0.1",
        "https://",
        "login.city.example",
        "https://a.example?x=1",
        "file:///etc/passwd",
    ],
)
def test_an_issuer_is_reached_by_tls_or_where_the_file_allows(tmp_path: Path, issuer: str) -> None:
    path = tmp_path / "oidc.toml"
    path.write_text(f'issuer = "{issuer}"\nclient_id = "whistle"\n', encoding="utf-8")
    with pytest.raises(BadOidcError, match="issuer: write https://"):
        provider_of(path, {})
    path.write_text('issuer = "http://10.0.0.1"\nclient_id = "whistle"\nallow = ["10.0.0.0/8"]\n', encoding="utf-8")
    said_by = provider_of(path, {})
    assert said_by is not None and said_by.algorithms == ("RS256", "PS256", "ES256") and said_by.claim == "sub"
    assert provider_of(tmp_path / "none.toml", {}) is None


def test_an_office_is_composed_with_its_provider(home: Path, provider: City) -> None:
    (home / "oidc.toml").write_text(provider.settings(), encoding="utf-8")
    whole = compose(Settings.of(SECRETS, home=home))
    assert whole.oidc is not None and whole.oidc.provider.issuer == provider.issuer and create_app(whole)
    assert SECRETS["WHISTLE_SECRET_OIDC"] not in repr(whole.oidc.provider)
    whole.close()
