"""Settings: the only place that reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are. Addresses are database URLs; on SQLite log, boards, past and keys are four files."""

    home: Path
    log: str
    boards: str
    past: str
    keys: str
    master_key: Path
    outbox: str
    channels: Path
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)  # that a file of settings may name
    oidc: Path = Path("oidc.toml")
    proxies: str = ""  # networks of proxies whose word for how we were reached is believed

    @classmethod
    def of(cls, environ: Mapping[str, str] | None = None, home: Path | None = None) -> "Settings":
        """From WHISTLE_HOME, _MASTER_KEY_FILE, _CHANNELS, _OIDC, _PROXIES, _SECRET_…, and addresses: WHISTLE_DATABASE_URL and so on.

        WHISTLE_BOARDS_URL, WHISTLE_PAST_URL, WHISTLE_KEYS_URL and WHISTLE_OUTBOX_URL. What is not said lies in the home
        folder, in SQLite; on PostgreSQL boards, their past and outbox stand beside the log.
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
            channels=Path(said.get("WHISTLE_CHANNELS", folder / "channels.toml")),
            secrets={name: value for name, value in said.items() if name.startswith("WHISTLE_SECRET_")},
            oidc=Path(said.get("WHISTLE_OIDC", folder / "oidc.toml")),
            proxies=said.get("WHISTLE_PROXIES", ""),
        )
