"""What the provider says of itself: its addresses, and the keys that it signs with. Kept for a while, looked up again with care."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, OKPKey, RSAKey

from adapters.calling import fit_to_call
from adapters.oidc.calls import AwayError, Calls
from adapters.oidc.provider import Provider

KEPT = timedelta(hours=1)  # a key that was taken back is believed no longer
# A key that nobody knows, or a provider that is away, is looked up no more often than this.
AGAIN = timedelta(seconds=30)
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
WELL_KNOWN = "/.well-known/openid-configuration"
BASIC, POST, NONE = "client_secret_basic", "client_secret_post", "none"

Key = RSAKey | ECKey | OKPKey  # never `oct`: a secret that both know signs nothing here


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the provider does what, and how it wants to be spoken to."""

    authorization: str
    token: str
    keys: str
    end: str  # of its own session; '' where it has none
    says_iss: bool  # it names itself in each answer (RFC 9207)
    method: str  # how it knows us


@dataclass(frozen=True, slots=True)
class _Known:
    addresses: Addresses
    keys: tuple[Key, ...]
    at: datetime


class Keys:
    """The addresses and keys of a provider, shared by all who come in."""

    def __init__(self, provider: Provider, calls: Calls) -> None:
        """`calls` is how it is asked."""
        self._provider, self._calls = provider, calls
        self._known: _Known | None = None
        self._asked: datetime | None = None
        self._turn = Lock()

    def addresses(self, now: datetime) -> Addresses:
        """Its addresses. Raises AwayError."""
        return self._fresh(now).addresses

    def key(self, kid: str | None, now: datetime) -> Key | None:
        """The key of that name; where it is not known the provider is asked again, now and then. Raises AwayError."""
        found = _named(self._fresh(now).keys, kid)
        if found is None and self._may_ask(now):
            found = _named(self._ask(now).keys, kid)
        return found

    def count(self, now: datetime) -> int:
        """How many keys it has. Raises AwayError."""
        return len(self._fresh(now).keys)

    def _fresh(self, now: datetime) -> _Known:
        known = self._known
        if known and now - known.at < KEPT:
            return known
        if self._may_ask(now):
            return self._ask(now)
        if known and now - known.at < KEPT + AGAIN:
            return known  # somebody else asks at this moment
        raise AwayError("asked_just_now")

    def _may_ask(self, now: datetime) -> bool:
        """Whether this one asks: one does, in each span."""
        with self._turn:
            fine = self._asked is None or now - self._asked >= AGAIN
            self._asked = now if fine else self._asked
        return fine

    def _ask(self, now: datetime) -> _Known:
        addresses = self._addresses(self._calls.document(self._provider.issuer.rstrip("/") + WELL_KNOWN))
        self._known = _Known(addresses, _keys(self._calls.document(addresses.keys)), now)
        return self._known

    def _addresses(self, said: dict[str, Any]) -> Addresses:
        """What may be believed of it: it is whom we asked, and nothing in it leads to where we would not call."""
        if said.get("issuer") != self._provider.issuer:
            raise AwayError("another_issuer")
        where = {name: str(said.get(name, "")) for name in NEEDED}
        if not all(fit_to_call(address, self._provider.allow) for address in where.values()):
            raise AwayError("not_an_address")
        end = str(said.get("end_session_endpoint", ""))
        return Addresses(
            authorization=where["authorization_endpoint"],
            token=where["token_endpoint"],
            keys=where["jwks_uri"],
            end=end if fit_to_call(end, self._provider.allow) else "",
            says_iss=said.get("authorization_response_iss_parameter_supported") is True,
            method=self._method(said.get("token_endpoint_auth_methods_supported", [BASIC])),
        )

    def _method(self, methods: Any) -> str:  # noqa: ANN401 - whatever it says
        if not self._provider.client_secret:
            return NONE
        return POST if isinstance(methods, list) and POST in methods and BASIC not in methods else BASIC


def _keys(said: dict[str, Any]) -> tuple[Key, ...]:
    """Those that can sign, and whose maker alone has the private half; what cannot be read is passed over."""
    listed = said.get("keys")
    read = (_key(one) for one in (listed if isinstance(listed, list) else ()))
    return tuple(key for key in read if key is not None)


def _key(said: Any) -> Key | None:  # noqa: ANN401 - whatever it says
    if not isinstance(said, dict) or said.get("use", "sig") != "sig":
        return None
    try:
        key = JWKRegistry.import_key(said)
    except (JoseError, ValueError, TypeError, KeyError):
        return None
    return key if isinstance(key, Key) else None


def _named(keys: tuple[Key, ...], kid: str | None) -> Key | None:
    """A token that names no key is by the only one that there is."""
    if kid is None:
        return keys[0] if len(keys) == 1 else None
    return next((key for key in keys if key.kid == kid), None)
