"""Settings: the only place that reads the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are. Addresses are database URLs; on SQLite log, boards and keys are three files."""

    home: Path
    log: str
    boards: str
    keys: str
    master_key: Path

    @classmethod
    def of(cls, environ: Mapping[str, str] | None = None, home: Path | None = None) -> "Settings":
        """From WHISTLE_HOME, WHISTLE_DATABASE_URL, WHISTLE_BOARDS_URL, WHISTLE_KEYS_URL and WHISTLE_MASTER_KEY_FILE.

        What is not said lies in the home folder, in SQLite; on PostgreSQL the boards stand beside the log.
        """
        said = os.environ if environ is None else environ
        folder = home or Path(said.get("WHISTLE_HOME", "whistle-data"))
        log = said.get("WHISTLE_DATABASE_URL", f"sqlite:///{folder / 'log.db'}")
        boards = f"sqlite:///{folder / 'boards.db'}" if log.startswith("sqlite") else log
        return cls(
            home=folder,
            log=log,
            boards=said.get("WHISTLE_BOARDS_URL", boards),
            keys=said.get("WHISTLE_KEYS_URL", f"sqlite:///{folder / 'keys.db'}"),
            master_key=Path(said.get("WHISTLE_MASTER_KEY_FILE", folder / "master.key")),
        )
