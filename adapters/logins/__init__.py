"""Logins: by which way a member of staff comes in; a pseudonym is bound to an account, and nobody's name is kept."""

from adapters.logins.codes import NewCodes
from adapters.logins.keeping import Login, Logins, NameTakenError, NewLogin, NoSuchLoginError, folded
from adapters.logins.passwords import Passwords, UnfitPasswordError, new_password

__all__ = [
    "Login",
    "Logins",
    "NameTakenError",
    "NewCodes",
    "NewLogin",
    "NoSuchLoginError",
    "Passwords",
    "UnfitPasswordError",
    "folded",
    "new_password",
]
