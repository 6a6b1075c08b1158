"""Sending somebody to the provider, and hearing whom it sends back."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from authlib.common.urls import add_params_to_uri
from authlib.integrations.requests_client import OAuthError
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from adapters.oidc.calls import AwayError, Calls
from adapters.oidc.keys import Keys
from adapters.oidc.provider import Provider
from adapters.oidc.tokens import BadTokenError, subject_of


class RefusedError(Exception):
    """Nobody came in; why, in a word, and never a word of a code or token."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What one browser was sent away with: each is a secret, and good once."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)


def new_asked() -> Asked:
    """Fresh ones: 256 bits each."""
    return Asked(*(secrets.token_urlsafe(32) for _ in range(3)))


class Oidc:
    """One provider, and what we know of it."""

    def __init__(self, provider: Provider) -> None:
        """`provider` is what the file says."""
        self.provider = provider
        self._calls = Calls(provider)
        self._keys = Keys(provider, self._calls)

    def away(self, asked: Asked, back: str, now: datetime) -> str:
        """Where to send the browser; it comes back to `back`. Raises AwayError."""
        said = {
            "client_id": self.provider.client_id, "response_type": "code", "redirect_uri": back,
            "scope": " ".join(self.provider.scopes), "state": asked.state, "nonce": asked.nonce,
            "code_challenge": create_s256_code_challenge(asked.verifier), "code_challenge_method": "S256",
        }  # fmt: skip
        where: str = add_params_to_uri(self._keys.addresses(now).authorization, list(said.items()))
        return where

    def subject(self, said: Mapping[str, str], asked: Asked, back: str, now: datetime) -> str:
        """Who came back, by the provider's word. Raises RefusedError, AwayError."""
        self._same(said, asked, now)
        if "error" in said or "code" not in said:
            raise RefusedError("said_no")
        tokens = self._exchanged(said["code"], asked, back, now)
        token, access = tokens.get("id_token"), tokens.get("access_token", "")
        if not isinstance(token, str) or not isinstance(access, str):
            raise RefusedError("no_token")
        try:
            return subject_of(token, access, asked.nonce, self.provider, lambda kid: self._keys.key(kid, now), now)
        except BadTokenError as bad:
            raise RefusedError(str(bad)) from None

    def _same(self, said: Mapping[str, str], asked: Asked, now: datetime) -> None:
        """It is the answer to what this browser was sent away with, and by whom it was sent to (RFC 9207)."""
        if not hmac.compare_digest(said.get("state", "").encode(), asked.state.encode()):
            raise RefusedError("state")
        named = said.get("iss")
        if named is None and self._keys.addresses(now).says_iss:
            raise RefusedError("no_issuer")
        if named is not None and named != self.provider.issuer:
            raise RefusedError("another_issuer")

    def _exchanged(self, code: str, asked: Asked, back: str, now: datetime) -> Mapping[str, object]:
        addresses = self._keys.addresses(now)
        try:
            return self._calls.exchanged(
                addresses.token, addresses.method, code=code, redirect_uri=back, code_verifier=asked.verifier
            )
        except OAuthError:
            raise RefusedError("code") from None

    def farewell(self, back: str, now: datetime) -> str:
        """Where one's session at the provider is ended too; '' where it has no such place, or cannot be asked."""
        try:
            end = self._keys.addresses(now).end
        except AwayError:
            return ""
        said = {"client_id": self.provider.client_id, "post_logout_redirect_uri": back}
        return f"{end}{'&' if '?' in end else '?'}{urlencode(said)}" if end else ""

    def reached(self, now: datetime) -> int:
        """How many keys it signs with, asked now. Raises AwayError."""
        return self._keys.count(now)
