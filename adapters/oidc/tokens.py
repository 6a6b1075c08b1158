"""The provider's word for who came in: an ID token, looked at whole before anything of it is believed."""

from collections.abc import Callable
from datetime import datetime

from authlib.oidc.core import CodeIDToken
from joserfc import jws, jwt
from joserfc.errors import JoseError

from adapters.oidc.keys import Key
from adapters.oidc.provider import Provider

LEEWAY = 60  # seconds that its clock may be off
LONGEST = 16_000  # letters of a token
OLDEST = 600  # seconds since it was written: it was asked for just now


class BadTokenError(ValueError):
    """What is wrong with it, in a word."""


def subject_of(
    token: str, access: str, nonce: str, provider: Provider, key: Callable[[str | None], Key | None], now: datetime
) -> str:
    """Whom an ID token tells of. Raises BadTokenError."""
    try:
        header, said = _opened(token, provider, key)
        claims = _claims(said, header, access, nonce, provider)
        claims.validate(int(now.timestamp()), LEEWAY)
    except (JoseError, ValueError, TypeError, AttributeError, KeyError) as error:
        raise BadTokenError(getattr(error, "error", "") or type(error).__name__) from None
    return _subject(claims, provider, now)


def _opened(
    token: str, provider: Provider, key: Callable[[str | None], Key | None]
) -> tuple[dict[str, object], dict[str, object]]:
    """Its two parts, signed by a key of the provider's own. By which algorithm is ours to say, not the token's."""
    if len(token) > LONGEST:
        raise BadTokenError("too_long")
    header = jws.extract_compact(token.encode()).headers()
    if header.get("alg") not in provider.algorithms:
        raise BadTokenError("algorithm")
    kid = header.get("kid")
    signer = key(kid if isinstance(kid, str) else None)
    if signer is None:
        raise BadTokenError("unknown_key")
    return dict(header), dict(jwt.decode(token, signer, algorithms=list(provider.algorithms)).claims)


def _claims(
    said: dict[str, object], header: dict[str, object], access: str, nonce: str, provider: Provider
) -> CodeIDToken:
    """What Authlib looks at: issuer, audience, times, nonce, to whom it was given, and the access token beside it."""
    return CodeIDToken(
        said, header,
        {"iss": {"essential": True, "value": provider.issuer}, "aud": {"essential": True, "value": provider.client_id}},
        {"nonce": nonce, "client_id": provider.client_id, "access_token": access},
    )  # fmt: skip


def _subject(claims: CodeIDToken, provider: Provider, now: datetime) -> str:
    if now.timestamp() - float(claims["iat"]) > OLDEST:
        raise BadTokenError("too_old")
    subject = claims.get(provider.claim)
    if not isinstance(subject, str) or not subject:
        raise BadTokenError("nobody")
    return subject
