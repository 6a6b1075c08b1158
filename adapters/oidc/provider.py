"""The city's provider of accounts, as a file says it; every fault of the file is one clear line."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork, ValidationError

from adapters.calling import fit_to_call
from adapters.written import FROM_ENVIRONMENT, PREFIX, lines_of, said_by

# By which a provider may sign: with a key that only it has. Never by a secret that both know (HS…), never unsigned (none).
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
USUAL = ("RS256", "PS256", "ES256")


class BadOidcError(ValueError):
    """What is wrong with the file, a line each."""

    def __init__(self, path: Path, faults: tuple[str, ...]) -> None:
        """Which file, and its faults."""
        super().__init__("\n".join(f"{path.name}: {fault}" for fault in faults))
        self.faults = faults


class Provider(BaseModel):
    """Who is asked, as whom, and what is believed."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    issuer: str = Field(min_length=1)
    client_id: str = Field(min_length=1)
    client_secret: str = Field("", repr=False)
    claim: str = Field("sub", min_length=1)
    algorithms: tuple[str, ...] = Field(USUAL, min_length=1)
    scopes: tuple[str, ...] = ("openid",)
    allow: tuple[IPvAnyNetwork, ...] = ()
    ca: Path | None = None


def provider_of(path: Path, secrets: Mapping[str, str]) -> Provider | None:
    """What the file says; nobody comes in that way where there is none. Raises BadOidcError."""
    if not path.exists():
        return None
    try:
        said = Provider.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadOidcError(path, (str(error),)) from None
    except ValidationError as error:
        raise BadOidcError(path, tuple(lines_of(error))) from None
    told = said.model_copy(update={"client_secret": said_by(secrets, said.client_secret)})
    if faults := (*_of_secret(said, told), *_faults(told)):
        raise BadOidcError(path, faults)
    return told


def _of_secret(said: Provider, told: Provider) -> Iterator[str]:
    if said.client_secret and not said.client_secret.startswith(FROM_ENVIRONMENT):
        yield f"client_secret: write env:{PREFIX}…, and say it in the environment"
    elif said.client_secret and not told.client_secret:
        yield f"client_secret: the environment does not say it: only {PREFIX}… can be named"


def _faults(said: Provider) -> Iterator[str]:
    if not fit_to_call(said.issuer, said.allow) or "?" in said.issuer or "#" in said.issuer:
        yield "issuer: write https://…, without ? and #; http:// only to a literal address inside `allow`"
    for name in said.algorithms:
        if name not in SIGNED_BY:
            yield f"algorithms: {name} is not among {', '.join(SIGNED_BY)}"
    if "openid" not in said.scopes:
        yield "scopes: `openid` is among them, or nobody is told who came"
    if said.ca and not said.ca.is_file():
        yield f"ca: there is no file {said.ca}"
