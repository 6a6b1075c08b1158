"""Calls to the provider: guarded as every call is, to whom the file allows, few at once, never longer or larger than fits."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

import requests
from authlib.integrations.requests_client import OAuth2Session
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from adapters.calling import Call, calling, fit_to_call
from adapters.oidc.provider import Provider

PATIENCE = 8.0  # seconds for one call from end to end
WAITS = (4.0, 6.0)  # seconds for the connection, and between two bytes
LARGEST = 256_000  # bytes of an answer
AT_ONCE = 8  # whoever lets many come in at once must not take all threads

# They quote addresses, and codes stand in them.
for _library in ("authlib", "urllib3", "requests"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)


class AwayError(Exception):
    """The provider did not answer as it should; why, in a word, and never a word of what was said."""


class _Bounded(HTTPAdapter):
    """Reads no more than fits, follows nobody, and calls nobody whom the file does not allow."""

    def __init__(self, provider: Provider) -> None:
        super().__init__()
        self._allow = provider.allow

    def send(self, request: requests.PreparedRequest, *_: Any, **more: Any) -> requests.Response:  # noqa: ANN401 - theirs
        """One call."""
        if not fit_to_call(request.url or "", self._allow):
            raise AwayError("not_an_address")
        answer = super().send(request, **{**more, "stream": True, "timeout": WAITS})
        with answer.raw as raw:
            body = raw.read(LARGEST + 1, decode_content=True)
        if answer.is_redirect or len(body) > LARGEST:
            raise AwayError("redirected" if answer.is_redirect else "too_large")
        answer.raw = BytesIO(body)
        return answer


class Calls:
    """Whoever is called is the provider, as the file says."""

    def __init__(self, provider: Provider) -> None:
        """`provider` is the file."""
        self._provider = provider
        self._turns = BoundedSemaphore(AT_ONCE)

    def document(self, address: str) -> dict[str, Any]:
        """A JSON object from there. Raises AwayError."""
        with self._session() as session:
            answer = session.get(address, withhold_token=True)
            found = answer.json() if answer.ok else None
        if not isinstance(found, dict):
            raise AwayError(f"http_{answer.status_code}")
        return found

    def exchanged(self, address: str, method: str, **said: str) -> dict[str, Any]:
        """What the token endpoint gives for a code. Raises AwayError, and Authlib's OAuthError."""
        with self._session(token_endpoint_auth_method=method) as session:
            return dict(session.fetch_token(address, grant_type="authorization_code", **said))

    @contextmanager
    def _session(self, **more: Any) -> Iterator[OAuth2Session]:  # noqa: ANN401 - Authlib's options
        if not self._turns.acquire(blocking=False):
            raise AwayError("busy")
        try:
            with calling(self._provider.allow, PATIENCE) as call, _answered(call), self._opened(**more) as session:
                yield session
        finally:
            self._turns.release()

    def _opened(self, **more: Any) -> OAuth2Session:  # noqa: ANN401 - as above
        """No proxy and no password that only this machine knows."""
        said = self._provider
        session = OAuth2Session(said.client_id, said.client_secret or None, **more)
        session.trust_env, session.verify = False, str(said.ca) if said.ca else True
        for scheme in ("https://", "http://"):
            session.mount(scheme, _Bounded(said))
        return session


@contextmanager
def _answered(call: Call) -> Iterator[None]:
    """Whatever keeps an answer from coming is one thing to whoever waits. Raises AwayError; OAuthError passes."""
    try:
        yield
    except (requests.RequestException, HTTPError, OSError, ValueError, TypeError, KeyError) as error:
        known = "address_refused" if call.refused else "too_late" if call.late else type(error).__name__
        raise AwayError(known) from None
