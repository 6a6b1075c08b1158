"""A provider of accounts for tests, on Authlib's server side, in a process of its own: and every way in which it can be bent.

`python -m tests.oidc.provider` prints its address. POST /bend changes what it does next; GET /asked tells what it was asked for.
"""

import hmac
import json
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from authlib.oauth2.rfc6749 import AuthorizationServer, ClientMixin, OAuth2Request
from authlib.oauth2.rfc6749.errors import OAuth2Error
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.models import AuthorizationCodeMixin
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode
from authlib.oidc.core.grants.util import create_half_hash
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

CLIENT, SECRET = "whistle", "s3cret-of-a-test"
METADATA_ADDRESS = "http://169.254.169.254/latest/"
HUGE = 10_000_000


@dataclass
class State:
    """What it knows, and how it is bent."""

    address: str = ""
    bends: set[str] = field(default_factory=set)
    codes: dict[str, "Code"] = field(default_factory=dict)
    keys: list[RSAKey] = field(default_factory=lambda: [RSAKey.generate_key(2048, auto_kid=True)])
    asked: dict[str, int] = field(default_factory=dict)


STATE = State()
STRANGER = RSAKey.generate_key(2048, auto_kid=True)
SHORT = ECKey.generate_key("P-256", auto_kid=True)  # it fits into a header


class Client(ClientMixin):
    """The one that is registered."""

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return scope or ""

    def check_redirect_uri(self, uri: str) -> bool:
        return urlsplit(uri).path == "/sign-in/oidc/answer"

    def check_client_secret(self, secret: str) -> bool:
        return hmac.compare_digest(secret, SECRET)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, kind: str) -> bool:
        return kind == "code"

    def check_grant_type(self, kind: str) -> bool:
        return kind == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    """What a code is good for; once."""

    code: str
    user: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> int:
        return int(time.time())

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Grant(AuthorizationCodeGrant):
    """The code flow."""

    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

    def save_authorization_code(self, code: str, request: OAuth2Request) -> None:
        said = request.payload.data
        STATE.codes[code] = Code(
            code, request.user, request.payload.redirect_uri, request.scope, said.get("nonce", ""),
            said.get("code_challenge", ""), said.get("code_challenge_method", ""),
        )  # fmt: skip

    def query_authorization_code(self, code: str, client: Client) -> Code | None:
        return STATE.codes.get(code)

    def delete_authorization_code(self, authorization_code: Code) -> None:
        del STATE.codes[authorization_code.code]

    def authenticate_user(self, authorization_code: Code) -> str:
        return authorization_code.user


class Tokens(OpenIDCode):
    """ID tokens, right or bent."""

    def exists_nonce(self, nonce: str, request: OAuth2Request) -> bool:
        return False

    def encode_id_token(self, token: dict[str, Any], request: OAuth2Request) -> str:
        now = int(time.time())
        half = create_half_hash(token["access_token"], "RS256")
        claims = {
            "iss": STATE.address, "sub": request.user, "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": request.authorization_code.get_nonce(), "at_hash": half.decode(), "name": "Somebody's Name",
        }  # fmt: skip
        for bend in STATE.bends & CLAIMS.keys():
            claims = {name: value for name, value in {**claims, **CLAIMS[bend]}.items() if value is not None}
        return signed(claims)


NOW = time.time()
CLAIMS: dict[str, dict[str, Any]] = {
    "expired": {"exp": int(NOW) - 3600},
    "endless": {"exp": None},
    "too_old": {"iat": int(NOW) - 7200},
    "not_yet": {"nbf": int(NOW) + 36000},
    "issued_ahead": {"iat": int(NOW) + 36000, "exp": int(NOW) + 40000},
    "audience": {"aud": "another"},
    "several_audiences": {"aud": [CLIENT, "another"]},
    "party": {"azp": "another"},
    "issuer": {"iss": "http://127.0.0.1:1/another"},
    "nonce": {"nonce": "another"},
    "no_nonce": {"nonce": None},
    "at_hash": {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    "nobody": {"sub": ""},
    "other_algorithm": {"at_hash": None},
}


def signed(claims: dict[str, Any]) -> str:
    """The token, by the newest key; or by another, another way, or by none."""
    key = STATE.keys[-1]
    bent = next((made for bend, made in SIGNATURES.items() if bend in STATE.bends), None)
    return bent(claims, key) if bent else by(key, claims, {"alg": "RS256", "kid": key.kid})


def by(key: RSAKey | ECKey, claims: dict[str, Any], header: dict[str, Any]) -> str:
    return jwt.encode(header, claims, key, algorithms=[header["alg"]])


def by_the_public_key(claims: dict[str, Any], key: RSAKey) -> str:
    """Algorithm confusion: everybody knows the public key, and could sign by it where it is taken for a secret."""
    body = f"{part({'alg': 'HS256', 'kid': key.kid})}.{part(claims)}"
    return f"{body}.{coded(hmac.digest(key.as_pem(private=False), body.encode(), 'sha256'))}"


SIGNATURES: dict[str, Callable[[dict[str, Any], RSAKey], str]] = {
    "none": lambda claims, _: f"{part({'alg': 'none'})}.{part(claims)}.",
    "secret": by_the_public_key,
    "forged": lambda claims, key: by(STRANGER, claims, {"alg": "RS256", "kid": key.kid}),
    "unknown_kid": lambda claims, _: by(STRANGER, claims, {"alg": "RS256", "kid": STRANGER.kid}),
    "brought_key": lambda claims, _: by(
        SHORT, claims, {"alg": "ES256", "kid": SHORT.kid, "jwk": SHORT.as_dict(private=False)}
    ),
    "other_algorithm": lambda claims, key: by(key, claims, {"alg": "RS512", "kid": key.kid}),
}


def part(said: dict[str, Any]) -> str:
    return coded(json.dumps(said).encode())


def coded(said: bytes) -> str:
    return urlsafe_b64encode(said).rstrip(b"=").decode()


class Said(OAuth2Request):
    """A request, as Authlib wants it."""

    def __init__(self, method: str, uri: str, headers: Any, form: dict[str, str]) -> None:
        super().__init__(method, uri, headers=headers)
        self._args, self._said = dict(parse_qsl(urlsplit(uri).query)), form
        self.payload = BasicOAuth2Payload({**self._args, **form})

    @property
    def args(self) -> dict[str, str]:
        return self._args

    @property
    def form(self) -> dict[str, str]:
        return self._said


class Server(AuthorizationServer):
    """Authlib's server, without a framework."""

    def query_client(self, client_id: str) -> Client | None:
        return Client() if client_id == CLIENT else None

    def save_token(self, token: Any, request: Any) -> None:
        """Nobody asks for it again."""

    def send_signal(self, name: str, *args: Any, **more: Any) -> None:
        """Nobody listens."""

    def create_oauth2_request(self, request: Any) -> OAuth2Request:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> tuple[int, str, list[tuple[str, str]]]:
        return status, json.dumps(body) if isinstance(body, dict) else body, list(headers)


def server() -> Server:
    made = Server(scopes_supported=["openid"])
    made.register_token_generator("default", BearerTokenGenerator(lambda **_: coded(STRANGER.kid.encode())))
    made.register_grant(Grant, [Tokens(require_nonce=True), CodeChallenge(required=True)])
    return made


class Handler(BaseHTTPRequestHandler):
    """What it answers."""

    server_side = server()

    def log_message(self, *_: Any) -> None:
        """Nothing is written down."""

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        STATE.asked[path] = STATE.asked.get(path, 0) + 1
        found = {
            "/.well-known/openid-configuration": self.discovery, "/keys": self.keys, "/authorize": self.authorize,
            "/asked": lambda: self.json(STATE.asked), "/end": lambda: self.say(200, '<link rel="icon" href="data:,"><h1>ended there too</h1>'),
        }.get(path)  # fmt: skip
        found() if found else self.say(404, "")

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        STATE.asked[path] = STATE.asked.get(path, 0) + 1
        body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
        form = dict(parse_qsl(body))
        if path == "/bend":
            STATE.bends = set(json.loads(body))
            self.json({})
        elif path == "/rotate":
            STATE.keys = [*STATE.keys[-1:], RSAKey.generate_key(2048, auto_kid=True)]
            self.json({})
        elif path == "/authorize":
            self.decided(form)
        else:
            self.token(form)

    def discovery(self) -> None:
        if "slow" in STATE.bends:
            return self.drip()
        if "huge" in STATE.bends:
            return self.say(200, json.dumps({"x": "x" * HUGE}))
        if "redirected" in STATE.bends:
            return self.say(302, "", [("Location", METADATA_ADDRESS)])
        here = STATE.address
        said = {
            "issuer": "http://127.0.0.1:1/another" if "discovered_issuer" in STATE.bends else here,
            "authorization_endpoint": f"{here}/authorize", "token_endpoint": f"{here}/token", "jwks_uri": f"{here}/keys",
            "end_session_endpoint": f"{here}/end", "authorization_response_iss_parameter_supported": True,
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }  # fmt: skip
        if "inside" in STATE.bends:
            said["jwks_uri"] = METADATA_ADDRESS
        if "beside" in STATE.bends:  # written well, and it leads to where the file does not allow
            said["jwks_uri"] = f"https://127.0.0.2:{urlsplit(here).port}/keys"
        return self.json(said)

    def keys(self) -> None:
        if "keys_redirected" in STATE.bends:
            return self.say(302, "", [("Location", METADATA_ADDRESS)])
        more = {} if "other_algorithm" in STATE.bends else {"alg": "RS256"}
        public = [{**key.as_dict(private=False), "use": "sig", **more} for key in STATE.keys]
        return self.json({"keys": public})

    def authorize(self) -> None:
        """A page with a form: who are you?"""
        self.say(
            200,
            f'<link rel="icon" href="data:,"><form method="post" action="{self.path}"><input name="user" id="user"><button>Go on</button></form>',
        )

    def decided(self, form: dict[str, str]) -> None:
        request = Said("POST", STATE.address + self.path, self.headers, {})
        try:
            grant = self.server_side.get_consent_grant(request, form["user"])
            status, body, headers = self.server_side.create_authorization_response(request, form["user"], grant)
        except OAuth2Error as error:
            return self.say(400, str(error))
        where = dict(headers)["Location"]
        iss = {"no_iss": {}, "mixed_up": {"iss": "http://127.0.0.1:1/another"}}
        named = next((iss[bend] for bend in STATE.bends if bend in iss), {"iss": STATE.address})
        return self.say(status, body, [("Location", f"{where}&{urlencode(named)}" if named else where)])

    def token(self, form: dict[str, str]) -> None:
        if "moved" in STATE.bends:
            return self.say(307, "", [("Location", METADATA_ADDRESS)])
        if "without_token" in STATE.bends:
            return self.json({"access_token": "x", "token_type": "Bearer"})
        request = Said("POST", STATE.address + self.path, self.headers, form)
        return self.say(*self.server_side.create_token_response(request))

    def drip(self) -> None:
        """A letter a second, for ever."""
        self.send_response(200)
        self.end_headers()
        try:
            while "slow" in STATE.bends:
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.2)
        except OSError:
            pass

    def json(self, said: Any) -> None:
        self.say(200, json.dumps(said), [("Content-Type", "application/json")])

    def say(self, status: int, body: str, headers: Any = ()) -> None:
        self.send_response(status)
        for name, value in headers or [("Content-Type", "text/html")]:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())


if __name__ == "__main__":
    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    STATE.address = f"http://127.0.0.1:{listening.server_port}"
    sys.stdout.write(f"{STATE.address}\n")
    sys.stdout.flush()
    listening.serve_forever()
