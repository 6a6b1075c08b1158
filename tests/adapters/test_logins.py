"""Logins in the database, on both engines: what is kept, what is good once, and that the same is done for whoever is not there."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from argon2 import PasswordHasher
from pyotp import TOTP
from sqlalchemy import select, update

from adapters.logins import Logins, NameTakenError, NewLogin, NoSuchLoginError, Passwords, UnfitPasswordError
from adapters.sealing import MasterKey, Masters, new_master_key
from adapters.sessions import Sessions
from adapters.spent import spend
from adapters.store.engine import engine_at
from adapters.store.migrate import migrate
from adapters.store.migrations.log import v0010_logins
from adapters.store.tables import logins, tokens
from adapters.store.writer import Writer
from adapters.tokens import ALL, LONGEST, NoSuchTokenError, Scope, Tokens, TooLongError
from domain.actors import Actor, Role

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
STEP = timedelta(seconds=30)
PASSWORD = "a long walk in the rain"  # noqa: S105 - of nobody
QUICK = PasswordHasher(time_cost=1, memory_cost=1024)
CLERK = Actor("clerk-1", Role.STREET_CLERK, "540102002")


class Counting(PasswordHasher):
    """Counts how often a password is compared."""

    compared = 0

    def verify(self, *said: str | bytes) -> bool:  # type: ignore[override] # as theirs
        self.compared += 1
        return super().verify(*said)


@pytest.fixture(params=["sqlite", "postgresql"])
def writer(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Writer]:
    address = (
        f"sqlite:///{tmp_path / 'log.db'}" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    )
    engine = engine_at(address)
    migrate(engine)
    opened = Writer(engine)
    yield opened
    opened.close()
    engine.dispose()


@pytest.fixture
def hasher() -> Counting:
    return Counting(time_cost=1, memory_cost=1024)


@pytest.fixture
def known(writer: Writer, hasher: Counting) -> Logins:
    return Logins(writer, Masters.only(MasterKey.of(new_master_key())), Passwords(hasher))


def code(made: NewLogin, at: datetime = NOW) -> str:
    return TOTP(made.codes.secret).at(at)


def test_a_name_a_password_and_a_code_let_in_and_none_of_them_alone(known: Logins) -> None:
    made = known.add("clerk-1", "Post-1", PASSWORD, NOW)
    assert known.by_password(" post-1 ", PASSWORD, code(made), NOW) == "clerk-1"
    later = NOW + STEP
    wrongs = (
        ("post-2", PASSWORD, code(made, later)), ("post-1", PASSWORD + "!", code(made, later)), ("post-1", PASSWORD, "000000"),
        ("post-1", PASSWORD, ""), ("post-1", "", code(made, later)), ("", "", ""), ("post-1\x00", PASSWORD, "\ud800"),
    )  # fmt: skip
    assert [known.by_password(*wrong, later) for wrong in wrongs] == [None] * len(wrongs)
    assert (
        known.by_password("post-1", PASSWORD, f" {code(made, later)[:3]} {code(made, later)[3:]}", later) == "clerk-1"
    )


def test_a_code_is_good_once_and_none_before_it_is_good_any_more(known: Logins) -> None:
    made = known.add("clerk-1", "post-1", PASSWORD, NOW)
    ahead = code(made, NOW + STEP)
    assert known.by_password("post-1", PASSWORD, ahead, NOW) == "clerk-1"
    assert known.by_password("post-1", PASSWORD, ahead, NOW) is None
    assert known.by_password("post-1", PASSWORD, code(made), NOW) is None  # older than the one that was used
    assert known.by_password("post-1", PASSWORD, code(made, NOW + 2 * STEP), NOW + STEP) == "clerk-1"
    stale = code(made, NOW + 3 * STEP)
    assert known.by_password("post-1", PASSWORD, stale, NOW + 5 * STEP) is None  # two spans too old


def test_a_code_that_came_with_a_wrong_password_is_not_used_up(known: Logins) -> None:
    made = known.add("clerk-1", "post-1", PASSWORD, NOW)
    assert known.by_password("post-1", "something else altogether", code(made), NOW) is None
    assert known.by_password("post-1", PASSWORD, code(made), NOW) == "clerk-1"


def test_the_same_is_done_for_whoever_is_not_there(known: Logins, hasher: Counting) -> None:
    known.add("clerk-1", "post-1", PASSWORD, NOW)
    for name in ("post-1", "nobody"):
        before = hasher.compared
        assert known.by_password(name, "something else altogether", "123456", NOW) is None
        assert hasher.compared == before + 1


def test_what_is_kept_is_no_password_no_secret_and_no_subject(known: Logins, writer: Writer) -> None:
    made = known.add("clerk-1", "post-1", PASSWORD, NOW)
    known.bind("clerk-1", "https://a.example", known.code_of("https://a.example", "employee-7"), NOW)
    with writer.engine.connect() as connection:
        rows = connection.execute(select(logins).order_by(logins.c.issuer)).all()
    assert rows[0].password.startswith("$argon2id$") and made.codes.secret.encode() not in rows[0].codes
    assert "employee-7" not in str(rows[1]) and rows[1].password is None
    assert len(rows[1].known_as) == 32 and rows[1].known_as != known.code_of("https://b.example", "employee-7")


def test_a_password_is_hashed_again_where_parameters_have_changed(
    known: Logins, writer: Writer, hasher: Counting
) -> None:
    made = known.add("clerk-1", "post-1", PASSWORD, NOW)
    stronger = Logins(writer, known._master, Passwords(PasswordHasher(time_cost=2, memory_cost=1024)))  # noqa: SLF001 - the same key
    assert stronger.by_password("post-1", PASSWORD, code(made), NOW) == "clerk-1"
    with writer.engine.connect() as connection:
        kept = connection.scalar(select(logins.c.password)) or ""
    assert "t=2" in kept and not stronger._passwords.outdated(kept)  # noqa: SLF001 - as above


@pytest.mark.parametrize("password", ["short", "post-1 and something", "aaaaaaaaaaaaaaaa", "x" * 201])
def test_a_password_that_somebody_would_guess(known: Logins, password: str) -> None:
    with pytest.raises(UnfitPasswordError):
        known.add("clerk-1", "post-1", password, NOW)
    assert known.listed() == ()


def test_an_account_is_one_person_s(known: Logins) -> None:
    known.add("clerk-1", "post-1", PASSWORD, NOW)
    with pytest.raises(NameTakenError):
        known.add("clerk-2", "POST-1", PASSWORD, NOW)
    subject = known.code_of("https://a.example", "7")
    known.bind("clerk-1", "https://a.example", subject, NOW)
    known.bind("clerk-1", "https://a.example", subject, NOW)
    with pytest.raises(NameTakenError):
        known.bind("clerk-2", "https://a.example", subject, NOW)
    assert [(one.staff, one.issuer) for one in known.listed()] == [("clerk-1", ""), ("clerk-1", "https://a.example")]


def test_disabled_reset_and_bound_again(known: Logins) -> None:
    made = known.add("clerk-1", "post-1", PASSWORD, NOW)
    subject = known.code_of("https://a.example", "7")
    known.bind("clerk-1", "https://a.example", subject, NOW)
    assert known.by_subject("https://a.example", subject) == "clerk-1"
    assert known.by_subject("https://b.example", subject) is None
    assert (known.disable("Post-1", NOW), known.disable(subject, NOW)) == ("clerk-1", "clerk-1")
    assert known.by_password("post-1", PASSWORD, code(made), NOW) is None
    assert known.by_subject("https://a.example", subject) is None
    known.bind("clerk-1", "https://a.example", subject, NOW)
    assert known.by_subject("https://a.example", subject) == "clerk-1"
    fresh = known.reset("post-1", "another long walk")
    assert known.by_password("post-1", PASSWORD, code(fresh), NOW) is None
    assert known.by_password("post-1", "another long walk", code(made), NOW) is None
    assert known.by_password("post-1", "another long walk", code(fresh), NOW) == "clerk-1"
    for nobody in (lambda: known.disable("nobody", NOW), lambda: known.reset("nobody", PASSWORD)):
        with pytest.raises(NoSuchLoginError):
            nobody()


def test_what_is_spent_is_spent_until_it_is_too_old(writer: Writer) -> None:
    until = NOW + timedelta(minutes=10)
    assert [spend(writer, "a", NOW, until), spend(writer, "a", NOW, until), spend(writer, "b", NOW, until)] == [
        True,
        False,
        True,
    ]
    assert spend(writer, "a", until, until + timedelta(minutes=10))


def test_who_has_come_in_without_an_office_may_do_nothing(writer: Writer) -> None:
    kept = Sessions(writer)
    secret = kept.arrive("clerk-1", NOW)
    found = kept.whose(secret, NOW)
    assert kept.actor(secret, NOW) is None and found is not None and found[0] == "clerk-1"
    kept.end_of("clerk-1")
    assert kept.whose(secret, NOW) is None


# --- tokens


def test_two_live_at_once_while_one_is_replaced(writer: Writer) -> None:
    known = Tokens(writer)
    old = known.create(CLERK, "a bus", NOW, NOW + timedelta(days=30), {Scope.READ}).secret
    (listed,) = known.listed(NOW)
    new = known.rotate(listed.id, NOW, timedelta(hours=24)).secret
    assert [known.actor(secret, NOW) for secret in (old, new)] == [CLERK, CLERK]
    held = known.held(new, NOW)
    assert held is not None and held.scopes == {Scope.READ}
    after = NOW + timedelta(hours=24)
    assert [known.actor(secret, after) for secret in (old, new)] == [None, CLERK]
    (left,) = known.listed(after)
    known.end(left.id, after)
    assert known.actor(new, after) is None and known.listed(after) == ()
    with pytest.raises(NoSuchTokenError):
        known.end(left.id, after)


def test_a_token_ends_and_not_in_years(writer: Writer) -> None:
    known = Tokens(writer)
    with pytest.raises(TooLongError):
        known.create(CLERK, "x", NOW, NOW + LONGEST + timedelta(seconds=1))
    held = known.held(known.create(CLERK, "x", NOW).secret, NOW)
    assert held is not None and held.scopes == ALL and held.until == NOW + timedelta(days=365)


def test_the_last_use_is_noted_once_a_day(writer: Writer) -> None:
    known = Tokens(writer)
    secret = known.create(CLERK, "x", NOW).secret
    seen = []
    for hours in (0, 1, 23, 24, 25):
        known.held(secret, NOW + timedelta(hours=hours))
        writer.run(lambda _: None).result()  # what was before it is written
        seen.append(known.listed(NOW)[0].seen_at)
    assert seen == [NOW, NOW, NOW, NOW + timedelta(hours=24), NOW + timedelta(hours=24)]


def test_a_token_from_before_that_had_no_end_gets_one(writer: Writer) -> None:
    """The migration's own statement, on a row as it was before."""
    known = Tokens(writer)
    secret = known.create(CLERK, "old", NOW).secret
    with writer.engine.begin() as connection:
        connection.execute(update(tokens).values(expires_at=None))
        with Operations.context(MigrationContext.configure(connection)):
            v0010_logins._end_those_without_an_end()  # noqa: SLF001 - what is tested
    held = known.held(secret, NOW)
    assert held is not None and held.until == NOW + LONGEST
