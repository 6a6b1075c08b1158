"""The logins in a log's database: made, bound, disabled; and who comes in by one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Row, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from adapters.logins.codes import NOBODY_S, NewCodes, new_codes, step_of
from adapters.logins.passwords import Passwords, fit_for
from adapters.sealing import Masters
from adapters.store.engine import reading
from adapters.store.errors import explained
from adapters.store.tables import logins
from adapters.store.writer import Writer

HERE = ""  # the issuer of local accounts
NEVER = 0  # before every code
OF = select(logins).where(logins.c.issuer == bindparam("at"), logins.c.known_as == bindparam("wanted"))
EVERY = select(logins).order_by(logins.c.staff, logins.c.issuer, logins.c.known_as)


class NameTakenError(ValueError):
    """An account is bound to one member of staff only."""


class NoSuchLoginError(LookupError):
    """Nobody comes in by that."""


@dataclass(frozen=True, slots=True)
class Login:
    """A way in, and whose it is."""

    staff: str
    issuer: str
    known_as: str
    made_at: datetime
    disabled_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewLogin:
    """What is to be shown once: the secret of the authenticator. The password is known to whoever chose it."""

    name: str
    codes: NewCodes


class Logins:
    """Reading and writing them."""

    def __init__(self, writer: Writer, master: Masters, passwords: Passwords | None = None) -> None:
        """`master` seals the secrets of codes, and hashes subjects."""
        self._writer, self._master = writer, master
        self._reader = reading(writer.engine)
        self._passwords = passwords or Passwords()

    # --- made, bound, ended

    def add(self, staff: str, name: str, password: str, now: datetime) -> NewLogin:
        """A local account. Raises UnfitPasswordError, NameTakenError."""
        login, codes = uuid4(), new_codes(name)
        self._insert(staff, HERE, folded(name), now, id=login, **self._secrets(login, name, password, codes))
        return NewLogin(name, codes)

    def bind(self, staff: str, issuer: str, known_as: str, now: datetime) -> None:
        """Somebody's account at an issuer, by the code of its subject; what was disabled stands again.

        Raises NameTakenError where it is another's.
        """
        known = self._found(issuer, known_as)
        if known is None:
            self._insert(staff, issuer, known_as, now, id=uuid4())
        elif known.staff != staff:
            raise NameTakenError(f"{known_as} is bound to {known.staff}")
        else:
            self._change(known.id, disabled_at=None)

    def code_of(self, issuer: str, subject: str) -> str:
        """What an account at an issuer is known by here: it says nothing about it, and is the same each time."""
        return self._master.lasting("login", issuer, subject.encode(errors="surrogatepass")).hex()[:32]

    def reset(self, name: str, password: str) -> NewLogin:
        """A new password and a new secret for codes; what was disabled stands again. Raises NoSuchLoginError."""
        row = self._found(HERE, folded(name))
        if row is None:
            raise NoSuchLoginError(f"there is no account {name}")
        codes = new_codes(name)
        self._change(row.id, disabled_at=None, **self._secrets(row.id, name, password, codes))
        return NewLogin(name, codes)

    def disable(self, known_as: str, now: datetime) -> str:
        """It is no way in any more; whose it was. Raises NoSuchLoginError."""
        found = [one for one in self.listed() if one.known_as in (known_as, folded(known_as))]
        if not found:
            raise NoSuchLoginError(f"nobody comes in by {known_as}")
        closed = update(logins).where(logins.c.known_as == found[0].known_as, logins.c.disabled_at.is_(None))
        self._write(closed.values(disabled_at=now))
        return found[0].staff

    def listed(self) -> tuple[Login, ...]:
        """All of them, by whose they are."""
        with explained(), self._reader.connect() as connection:
            rows = connection.execute(EVERY).all()
        return tuple(Login(row.staff, row.issuer, row.known_as, row.made_at, row.disabled_at) for row in rows)

    def any_here(self) -> bool:
        """Whether there are local accounts."""
        with explained(), self._reader.connect() as connection:
            return connection.execute(select(logins.c.id).where(logins.c.issuer == HERE).limit(1)).first() is not None

    def wrapped_anew(self) -> int:
        """The secrets of codes are wrapped by the newest master key; says how many. One that no key opens stays as it is."""
        with explained(), self._reader.connect() as connection:
            rows = connection.execute(select(logins).where(logins.c.codes.is_not(None))).all()
        opened = {row: secret for row in rows if (secret := self._master.unwrap(row.codes, _bound(row.id))) is not None}
        for row, secret in opened.items():
            again = update(logins).where(logins.c.id == row.id, logins.c.codes == row.codes)
            self._write(again.values(codes=self._master.wrap(secret, _bound(row.id))))
        return len(opened)

    # --- coming in

    def by_subject(self, issuer: str, known_as: str) -> str | None:
        """Whose account at an issuer this is; None where it is nobody's, or not any more."""
        row = self._found(issuer, known_as)
        return row.staff if row and row.disabled_at is None else None

    def by_password(self, name: str, password: str, code: str, now: datetime) -> str | None:
        """Whose name, password and code these are. Whatever is wrong, the same is done, and the same is answered."""
        row = self._found(HERE, folded(name))
        fits = self._passwords.fit(row.password if row else None, password)
        step = step_of(self._secret_of(row) if row else NOBODY_S, code, now)
        if row is None or not fits or step is None or row.disabled_at is not None:
            return None
        return row.staff if self._used(row, step, password) else None

    def _used(self, row: Row[Any], step: int, password: str) -> bool:
        """The code is used up, if nobody used it, or a later one, before; the password is hashed as passwords are today."""
        again = {"password": self._passwords.hashed(password)} if self._passwords.outdated(row.password) else {}
        fresh = update(logins).where(
            logins.c.id == row.id, logins.c.last_code < step, logins.c.password == row.password
        )
        return self._write(fresh.values(last_code=step, **again)) == 1

    # ---

    def _found(self, issuer: str, known_as: str) -> Row[Any] | None:
        with explained(), self._reader.connect() as connection:
            return connection.execute(OF, {"at": issuer, "wanted": known_as}).first()

    def _secrets(self, login: UUID, name: str, password: str, codes: NewCodes) -> dict[str, Any]:
        """The last code stays used: a new secret has other codes anyway."""
        sealed = self._master.wrap(codes.secret.encode(), _bound(login))
        return {"password": self._passwords.hashed(fit_for(name, password)), "codes": sealed}

    def _secret_of(self, row: Row[Any]) -> str:
        secret = self._master.unwrap(row.codes, _bound(row.id))
        return secret.decode() if secret else NOBODY_S

    def _insert(self, staff: str, issuer: str, known_as: str, now: datetime, **more: Any) -> None:  # noqa: ANN401 - columns
        said = {"staff": staff, "issuer": issuer, "known_as": known_as, "made_at": now, "last_code": NEVER, **more}
        try:
            self._write(insert(logins).values(**said))
        except IntegrityError:
            raise NameTakenError(f"{known_as} is taken") from None

    def _change(self, login: UUID, **said: Any) -> None:  # noqa: ANN401 - columns
        self._write(update(logins).where(logins.c.id == login).values(**said))

    def _write(self, statement: Any) -> int:  # noqa: ANN401 - an insert or an update
        def write(connection: Connection) -> int:
            return connection.execute(statement).rowcount

        return self._writer.run(write).result()


def _bound(login: UUID) -> bytes:
    return b"codes|" + login.bytes


def folded(name: str) -> str:
    """The name of an account as it is kept: upper and lower case are one, and what is not seen is not in it."""
    return "".join(letter for letter in name if letter.isprintable()).strip().casefold()
