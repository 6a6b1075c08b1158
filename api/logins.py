"""`whistle login`: by which way members of staff come in; accounts of our own, and those of the city's provider."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from adapters.logins import Login, NameTakenError, NewLogin, NoSuchLoginError, UnfitPasswordError, folded, new_password
from adapters.oidc import AwayError, Oidc, provider_of
from api.doorkeeping import Happening, Way, noted
from api.qr import drawn
from api.shell import Home, Mistake, Url, opened, out, settings_of
from api.whole import Whole, real_time

logins = typer.Typer(no_args_is_help=True, help="By which way members of staff come in; pseudonyms, never names.")
Who = Annotated[str, typer.Argument(help="Pseudonym")]
Asks = Annotated[bool, typer.Option("--ask", help="Ask for a password, twice; otherwise one is made, and shown once")]
COLUMNS = ("staff", "issuer", "subject")


@logins.command()
def add(
    who: Who,
    name: Annotated[str, typer.Option("--local", help="Name of the account; no person's name")],
    url: Url = "",
    home: Home = None,
    *,
    ask: Asks = False,
) -> None:
    """An account of our own: a name, a password, and the secret of an authenticator, shown once."""
    with opened(url, home) as whole:
        _known(whole, who)
        _made(ask, lambda password: whole.logins.add(who, name, password, whole.now()))
        noted(whole, Happening.CHANGED, Way.LOCAL, who)


@logins.command()
def reset(
    name: Annotated[str, typer.Argument(help="Name of the account")],
    url: Url = "",
    home: Home = None,
    *,
    ask: Asks = False,
) -> None:
    """A new password and a new authenticator for an account; whoever is in by the old ones is out."""
    with opened(url, home) as whole:
        _made(ask, lambda password: whole.logins.reset(name, password))
        for one in whole.logins.listed():
            if (one.issuer, one.known_as) == ("", folded(name)):
                whole.sessions.end_of(one.staff)
                noted(whole, Happening.CHANGED, Way.LOCAL, one.staff)


def _made(ask: bool, make: Callable[[str], NewLogin]) -> None:  # noqa: FBT001 - an option of the command line
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True) if ask else new_password()
    try:
        made = make(password)
    except (UnfitPasswordError, NameTakenError, NoSuchLoginError) as error:
        raise Mistake(str(error)) from None
    if not ask:
        out.print(f"password: {password}", markup=False)
    out.print(f"authenticator: {made.codes.address}", markup=False)
    out.print(drawn(made.codes.address), markup=False)


@logins.command()
def bind(
    who: Annotated[str, typer.Argument(help="Pseudonym; left out where a file says it")] = "",
    issuer: Annotated[str, typer.Option(help="Otherwise that of oidc.toml")] = "",
    subject: Annotated[str, typer.Option(help="Who they are there: the claim that identifies")] = "",
    code: Annotated[str, typer.Option(help="Or the code that their page told them")] = "",
    file: Annotated[Path | None, typer.Option(help="CSV: staff, issuer, subject", exists=True)] = None,
    url: Url = "",
    home: Home = None,
) -> None:
    """Link somebody's account at the city's provider; only a keyed hash of it is kept."""
    with opened(url, home) as whole:
        rows = _rows(file) if file else [(who, issuer, subject)]
        if not (file or (who and bool(subject) != bool(code))):
            raise Mistake("say who, and either --subject or --code; or a --file")
        wheres = [f"{file.name}:{number}: " if file else "" for number in range(2, len(rows) + 2)]
        for (staff, at, _), where in zip(rows, wheres, strict=True):
            _known(whole, staff, where)
            _issuer(whole, at, where)
        for (staff, at, named), where in zip(rows, wheres, strict=True):
            _bound(whole, staff, _issuer(whole, at, where), named, code, where)
        out.print(f"bound: {len(rows)}", markup=False)


def _rows(file: Path) -> list[tuple[str, str, str]]:
    """What a file says. Raises Mistake."""
    with file.open(encoding="utf-8-sig", newline="") as opened_file:
        table = csv.DictReader(opened_file)
        if not set(COLUMNS) <= set(table.fieldnames or ()):
            raise Mistake(f"{file.name}: the columns are {', '.join(COLUMNS)}")
        rows = [((row["staff"] or "").strip(), (row["issuer"] or "").strip(), row["subject"] or "") for row in table]
    for number, row in enumerate(rows, start=2):
        if not (row[0] and row[2]):
            raise Mistake(f"{file.name}:{number}: staff and subject are needed; nothing was bound")
    return rows


def _issuer(whole: Whole, said: str, where: str) -> str:
    """The one that is meant. Raises Mistake."""
    known = whole.oidc.provider.issuer if whole.oidc else ""
    if not (said or known) or (known and said not in ("", known)):
        raise Mistake(f"{where}the issuer is {known or 'to be said: there is no oidc.toml'}")
    return said or known


def _bound(whole: Whole, staff: str, issuer: str, subject: str, code: str, where: str) -> None:
    try:
        whole.logins.bind(staff, issuer, code or whole.logins.code_of(issuer, subject), whole.now())
    except NameTakenError as error:
        raise Mistake(f"{where}{error}") from None
    noted(whole, Happening.CHANGED, Way.OIDC, staff)


@logins.command("list")
def list_(url: Url = "", home: Home = None) -> None:
    """Everybody's ways in."""
    with opened(url, home) as whole:
        for one in whole.logins.listed():
            out.print(_line(one, whole), markup=False)


def _line(one: Login, whole: Whole) -> str:
    zone = whole.law.calendar.tz
    until = f"  disabled {one.disabled_at.astimezone(zone):%Y-%m-%d %H:%M}" if one.disabled_at else ""
    return f"{one.staff}  {'oidc' if one.issuer else 'local'}  {one.known_as}  {one.issuer}{until}".rstrip()


@logins.command()
def disable(
    known_as: Annotated[str, typer.Argument(help="Name of an account, or code of one at the provider")],
    url: Url = "",
    home: Home = None,
) -> None:
    """It is no way in any more; every session of whose it was ends at once."""
    with opened(url, home) as whole:
        try:
            staff = whole.logins.disable(known_as, whole.now())
        except NoSuchLoginError as error:
            raise Mistake(str(error)) from None
        whole.sessions.end_of(staff)
        noted(whole, Happening.CHANGED, Way.LOCAL, staff)
        out.print("disabled", markup=False)


@logins.command()
def check(url: Url = "", home: Home = None) -> None:
    """Say all that is wrong with oidc.toml, and ask the provider once."""
    settings = settings_of(url, home)
    provider = provider_of(settings.oidc, settings.secrets)
    if provider is None:
        raise Mistake(f"there is no {settings.oidc}: nobody comes in by an account of the city's")
    try:
        count = Oidc(provider).reached(real_time())
    except AwayError as error:
        raise Mistake(f"{provider.issuer} did not answer as a provider does: {error}") from None
    if not count:
        raise Mistake(f"{provider.issuer} has no key that signs")
    out.print(f"in order: {provider.issuer}, {count} keys", markup=False)


def _known(whole: Whole, staff: str, where: str = "") -> None:
    if whole.directory.member(staff) is None:
        raise Mistake(f"{where}nobody of the name {staff} was ever granted anything; see `whistle staff grant`")
