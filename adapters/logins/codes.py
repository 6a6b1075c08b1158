"""One-time codes of an authenticator (TOTP, RFC 6238): six digits, for thirty seconds; each is good once."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime

from pyotp import TOTP, random_base32

STEP = 30  # seconds
BESIDE = 1  # steps that a clock may be off, either way
ISSUER = "Whistle"
NOBODY_S = random_base32()  # looked at where no account is: the same work is done


@dataclass(frozen=True, slots=True)
class NewCodes:
    """What an authenticator is told, once."""

    secret: str = field(repr=False)
    address: str = field(repr=False)  # otpauth://, as its camera reads it


def new_codes(name: str) -> NewCodes:
    """A fresh secret for an account."""
    secret = random_base32()
    return NewCodes(secret, TOTP(secret, name=name, issuer=ISSUER).provisioning_uri())


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The span whose code this is; None where it is none of those that are good now. Each is compared, whichever fits."""
    totp, current, said = TOTP(secret), int(now.timestamp()) // STEP, "".join(code.split()).encode(errors="replace")
    near = range(current - BESIDE, current + BESIDE + 1)
    fitting = [step for step in near if hmac.compare_digest(totp.generate_otp(step).encode(), said)]
    return max(fitting, default=None)
