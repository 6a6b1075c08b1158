"""Coming in by an account of the city's (OpenID Connect): who somebody is there is told; what they may do here is not."""

from adapters.oidc.answering import Asked, Oidc, RefusedError, new_asked
from adapters.oidc.calls import AwayError
from adapters.oidc.provider import BadOidcError, Provider, provider_of

__all__ = [
    "Asked",
    "AwayError",
    "BadOidcError",
    "Oidc",
    "Provider",
    "RefusedError",
    "new_asked",
    "provider_of",
]
