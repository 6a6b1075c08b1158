"""Channels: over which ways whom a message reaches, as the city's file says it; every fault of the file is one clear line."""

import binascii
import re
import tomllib
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from apprise import Apprise, AppriseAsset, PersistentStoreMode
from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork, ValidationError, field_validator, model_validator

from adapters.calling import Network, fit_to_call
from adapters.written import PREFIX, lines_of, said_by
from domain.jurisdiction import Jurisdiction

REPORTER, EVERY_UNIT = "reporter", "*"
PHONE = "{phone}"
DIALLED = re.compile(r"\+?[0-9]{5,15}")
SECRET = re.compile(r"whsec_[A-Za-z0-9+/]+={0,2}")
SHORTEST, LONGEST = 24, 64  # bytes of a secret, by Standard Webhooks
# What speaks HTTP or SMTP, and only that: no local bus, no file, no broker.
SCHEMES = frozenset(
    {
        "mailto", "mailtos", "wecombot", "dingtalk", "feishu", "lark", "pushplus", "wecom", "wxpusher", "schan",
        "json", "jsons", "form", "forms", "xml", "xmls", "atalk", "twilio", "clickatell", "bulksms", "vonage", "sinch",
        "msgbird", "d7sms", "smseagle", "smseagles", "infobip", "46elks", "clicksend", "sns", "kavenegar", "seven",
    }
)  # fmt: skip
ASSET = AppriseAsset(
    app_id="Whistle", app_desc="Whistle", app_url="", image_url_mask="", image_url_logo="",
    storage_mode=PersistentStoreMode.MEMORY, http_redirects=False, async_mode=False,
)  # fmt: skip


class BadChannelsError(ValueError):
    """What is wrong with the file, a line each."""

    def __init__(self, path: Path, faults: tuple[str, ...]) -> None:
        """Which file, and its faults."""
        super().__init__("; ".join(f"{path.name}: {fault}" for fault in faults))
        self.faults = faults


class Channel(BaseModel):
    """One way: by an address that apprise knows, or as a webhook."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    name: str = Field(min_length=1, max_length=60, pattern=r"^[\w.-]+$")
    to: tuple[str, ...] = Field(min_length=1)
    language: Literal["zh", "en"] = "zh"
    address: str = Field("", repr=False)
    url: str = Field("", repr=False)
    secret: tuple[str, ...] = Field((), max_length=2, repr=False)

    @field_validator("to", "secret", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:  # noqa: ANN401 - whatever the file says
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_way(self) -> "Channel":
        if bool(self.address) == bool(self.url):
            raise ValueError("say either `address` or `url`, and not both")
        if bool(self.url) != bool(self.secret):
            raise ValueError("a webhook (`url`) needs a `secret`, and only a webhook does")
        return self

    @property
    def for_reporters(self) -> bool:
        """Whether it reaches those who reported, and nobody else."""
        return self.to == (REPORTER,)

    def reaches(self, unit: str) -> bool:
        """Whether a unit hears by it."""
        return unit in self.to or EVERY_UNIT in self.to


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    allow: tuple[IPvAnyNetwork, ...] = ()
    channel: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True)
class Channels:
    """All ways of a city, and which networks may be called although they are not public."""

    allow: tuple[Network, ...] = ()
    ways: tuple[Channel, ...] = ()

    def to_unit(self, unit: str) -> tuple[Channel, ...]:
        """How a unit is reached."""
        return tuple(way for way in self.ways if not way.for_reporters and way.reaches(unit))

    @property
    def to_reporters(self) -> tuple[Channel, ...]:
        """How those who reported are reached."""
        return tuple(way for way in self.ways if way.for_reporters)


def channels_of(path: Path, secrets: Mapping[str, str]) -> Channels:
    """What the file says; nobody is told anything where there is none. Raises BadChannelsError."""
    if not path.exists():
        return Channels()
    try:
        file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadChannelsError(path, (str(error),)) from None
    except ValidationError as error:
        raise BadChannelsError(path, tuple(lines_of(error))) from None
    found = Channels(file.allow, tuple(_told(way, secrets) for way in file.channel))
    if faults := tuple(_faults(found)):
        raise BadChannelsError(path, faults)
    return found


def strangers(channels: Channels, law: Jurisdiction) -> Iterator[str]:
    """Channels to units that the district does not have."""
    known = {REPORTER, EVERY_UNIT, *law.departments, *law.places.by_code}
    for way in channels.ways:
        yield from (f"{way.name}: there is no unit {unit} in {law.edition}" for unit in way.to if unit not in known)


def reachable_at(phone: str) -> str:
    """The number as it may stand in an address; '' where it is none that can be dialled."""
    number = re.sub(r"[\s()./-]", "", phone)
    return quote(number, safe="") if DIALLED.fullmatch(number) else ""


def instance(address: str) -> Any:  # noqa: ANN401 - apprise ships no types
    """What apprise makes of an address; None where it makes nothing of it."""
    return Apprise.instantiate(address, asset=ASSET)


# --- what is wrong


def _told(way: Channel, secrets: Mapping[str, str]) -> Channel:
    """With what the environment says in the place of its names; '' where it says nothing."""
    said = partial(said_by, secrets)
    return way.model_copy(
        update={"address": said(way.address), "url": said(way.url), "secret": tuple(map(said, way.secret))}
    )


def _faults(channels: Channels) -> Iterator[str]:
    names = [way.name for way in channels.ways]
    yield from (f"{name}: two channels have this name" for name in sorted({n for n in names if names.count(n) > 1}))
    for way in channels.ways:
        yield from (f"{way.name}: {fault}" for fault in _of(way, channels.allow))


def _of(way: Channel, allow: tuple[Network, ...]) -> Iterator[str]:
    if not (way.address or (way.url and all(way.secret))):
        yield f"the environment does not say it: only {PREFIX}… can be named"
        return
    if REPORTER in way.to and not way.for_reporters:
        yield "a channel for reporters is for nobody else"
    yield from _of_webhook(way, allow) if way.url else _of_address(way)


def _of_webhook(way: Channel, allow: tuple[Network, ...]) -> Iterator[str]:
    if way.for_reporters:
        yield f"reporters are reached by an `address` that holds {PHONE}"
    if not fit_to_call(way.url, allow):
        yield "url: write https://…; http:// only to a literal address inside `allow`"
    if not all(map(_is_secret, way.secret)):
        yield f"secret: write whsec_ and {SHORTEST} to {LONGEST} bytes in base64"


def _is_secret(secret: str) -> bool:
    try:
        return bool(SECRET.fullmatch(secret)) and SHORTEST <= len(b64decode(secret[6:] + "==")) <= LONGEST
    except binascii.Error:
        return False


def _of_address(way: Channel) -> Iterator[str]:
    before, after, _ = way.address.partition("://")
    scheme = before.lower() if after else ""  # what has none may be a secret that was put in the wrong place
    if scheme not in SCHEMES:
        yield f"address: {scheme or 'nothing'}:// is not among {', '.join(sorted(SCHEMES))}"
    elif way.for_reporters != (PHONE in way.address):
        yield f"address: {PHONE} stands where reporters are reached, and nowhere else"
    elif instance(way.address.replace(PHONE, "13800000000")) is None:
        yield f"address: {scheme}:// is written otherwise; see https://appriseit.com"
