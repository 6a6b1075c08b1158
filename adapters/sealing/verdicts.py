"""Why private words cannot be read or sealed; none of these texts ever holds the words."""

from uuid import UUID

from domain.privacy import Secrecy


class KeyDestroyed(LookupError):  # noqa: N818 - a verdict, not a fault
    """The key is gone, and with it what it sealed: nobody can read it any more."""

    def __init__(self, case_id: UUID, secrecy: Secrecy) -> None:
        """Which key it was."""
        super().__init__(f"the {secrecy} key of case {case_id} is destroyed")


class Tampered(ValueError):  # noqa: N818 - a verdict, not a fault
    """The seal does not fit: altered, or taken from another case, field or class."""

    def __init__(self, case_id: UUID, what: str) -> None:
        """Whose seal, and of what."""
        super().__init__(f"the seal of {what} does not fit case {case_id}")


class WrongMasterKeyError(Exception):
    """The key store was made under another master key."""

    def __init__(self) -> None:
        """The same sentence always."""
        super().__init__("these keys belong to another master key: give the one that the key store was made with")


class NotTextError(ValueError):
    """Half a character (a lone surrogate) cannot be written down."""

    def __init__(self, field: str) -> None:
        """The field that holds it."""
        super().__init__(f"{field}: holds half a character; write it again")
