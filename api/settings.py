"""Settings: the only place that reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

KEY_BACKUPS_DAYS = 14  # copies of the key store are kept short: until they expire they hold what was erased


class BadSettingError(ValueError):
    """A setting of the environment that cannot be meant."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are. Addresses are database URLs; on SQLite log, boards, past, keys, outbox and seal are files of their own."""

    home: Path
    log: str = field(repr=False)  # an address may hold a password
    boards: str = field(repr=False)
    past: str = field(repr=False)
    keys: str = field(repr=False)
    master_key: Path
    outbox: str = field(repr=False)
    channels: Path
    seal: str = field(repr=False)
    seal_key: Path
    security: str = field(default="", repr=False)
    proxies: tuple[str, ...] = ()  # addresses of those before us, whose word about a client counts
    hosts: tuple[str, ...] = ()  # the names under which we are reached
    key_backups_days: int = KEY_BACKUPS_DAYS
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)  # that a file of settings may name
    backups: Path | None = None
    key_backups: Path | None = None
    oidc: Path = Path("oidc.toml")

    @classmethod
    def of(cls, environ: Mapping[str, str] | None = None, home: Path | None = None) -> "Settings":
        """From WHISTLE_HOME, WHISTLE_MASTER_KEY_FILE, WHISTLE_SEAL_KEY_FILE, WHISTLE_CHANNELS, WHISTLE_OIDC, WHISTLE_SECRET_…, and addresses: WHISTLE_DATABASE_URL and so on.

        WHISTLE_BOARDS_URL, WHISTLE_PAST_URL, WHISTLE_KEYS_URL, WHISTLE_OUTBOX_URL, WHISTLE_SEAL_URL and WHISTLE_SECURITY_URL. What
        is not said lies in the home folder, in SQLite; on PostgreSQL boards, their past, outbox, seal and security log stand
        beside the log. WHISTLE_PROXIES and WHISTLE_HOSTS are lists with commas. WHISTLE_KEY_BACKUPS_DAYS is how long
        copies of the key store are kept, WHISTLE_BACKUPS and WHISTLE_KEY_BACKUPS the folders that `whistle backup` writes
        to. Raises BadSettingError.
        """
        said = os.environ if environ is None else environ
        folder = home or Path(said.get("WHISTLE_HOME", "whistle-data"))
        log = said.get("WHISTLE_DATABASE_URL", f"sqlite:///{folder / 'log.db'}")
        on_sqlite = log.startswith("sqlite")
        boards = f"sqlite:///{folder / 'boards.db'}" if on_sqlite else log
        return cls(
            home=folder,
            log=log,
            boards=said.get("WHISTLE_BOARDS_URL", boards),
            past=said.get(
                "WHISTLE_PAST_URL", f"sqlite:///{folder / 'past.db'}" if boards.startswith("sqlite") else boards
            ),
            keys=said.get("WHISTLE_KEYS_URL", f"sqlite:///{folder / 'keys.db'}"),
            master_key=Path(said.get("WHISTLE_MASTER_KEY_FILE", folder / "master.key")),
            outbox=said.get("WHISTLE_OUTBOX_URL", f"sqlite:///{folder / 'outbox.db'}" if on_sqlite else log),
            seal=said.get("WHISTLE_SEAL_URL", f"sqlite:///{folder / 'seal.db'}" if on_sqlite else log),
            seal_key=Path(said.get("WHISTLE_SEAL_KEY_FILE", folder / "seal.key")),
            security=said.get("WHISTLE_SECURITY_URL", f"sqlite:///{folder / 'security.db'}" if on_sqlite else log),
            proxies=_several(said.get("WHISTLE_PROXIES", "")),
            hosts=_several(said.get("WHISTLE_HOSTS", "")),
            channels=Path(said.get("WHISTLE_CHANNELS", folder / "channels.toml")),
            key_backups_days=_days(said.get("WHISTLE_KEY_BACKUPS_DAYS", str(KEY_BACKUPS_DAYS))),
            secrets={name: value for name, value in said.items() if name.startswith("WHISTLE_SECRET_")},
            backups=Path(said["WHISTLE_BACKUPS"]) if said.get("WHISTLE_BACKUPS") else None,
            key_backups=Path(said["WHISTLE_KEY_BACKUPS"]) if said.get("WHISTLE_KEY_BACKUPS") else None,
            oidc=Path(said.get("WHISTLE_OIDC", folder / "oidc.toml")),
        )


def _several(said: str) -> tuple[str, ...]:
    return tuple(part for part in map(str.strip, said.split(",")) if part)


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        msg = f"WHISTLE_KEY_BACKUPS_DAYS is a number of days, not {text!r}"
        raise BadSettingError(msg)
    return int(text)
