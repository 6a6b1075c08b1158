"""Keeping: backups that are whole or not there, keys apart from all else, and stores that come back and look through themselves."""

from adapters.keeping.folder import Backup, backups, chosen, line
from adapters.keeping.kept import Kept
from adapters.keeping.manifest import BackupError
from adapters.keeping.writing import Wish, take

__all__ = ["Backup", "BackupError", "Kept", "Wish", "backups", "chosen", "line", "take"]
