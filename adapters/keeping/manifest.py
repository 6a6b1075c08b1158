"""A backup's manifest: what is in it, to the byte, and of which moment; it is checked before anything is used."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import file_digest, sha256
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

FORMAT = 1
NAME, SUM = "manifest.json", "manifest.sha256"  # `sha256sum -c manifest.sha256` looks at the first without us
BASE, MORE, KEYS = "base", "more", "keys"


class BackupError(ValueError):
    """A backup that cannot be made, or used: one line for whoever asked."""


@dataclass(frozen=True, slots=True)
class File:
    """One file, to the byte."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a log: by its hash the next backup knows whether the log still goes on from here."""

    position: int = 0
    recorded_at: datetime | None = None
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. All that was recorded before `complete_until` is in it."""

    kind: str
    engine: str
    taken_at: datetime
    tables: Mapping[str, str] = field(default_factory=dict)  # each database, and the revision of its tables
    programs: Mapping[str, str] = field(default_factory=dict)  # who wrote it
    head: Head = field(default_factory=Head)
    complete_until: datetime | None = None
    after: str = ""  # the backup that it goes on from, and that one's own hash
    after_sha256: str = ""
    expires_at: datetime | None = None  # of keys: an erasure is complete when no backup has them any more
    files: Mapping[str, File] = field(default_factory=dict)
    format: int = FORMAT


_OF_JSON = TypeAdapter(Manifest)


def write(folder: Path, manifest: Manifest) -> None:
    """The manifest, and its own hash, as the last files of a backup."""
    body = _OF_JSON.dump_json(manifest, indent=1)
    (folder / NAME).write_bytes(body)
    (folder / SUM).write_text(f"{sha256(body).hexdigest()}  {NAME}\n", encoding="ascii")


def read(folder: Path) -> Manifest:
    """What a backup says of itself; of its other files nothing is read. Raises BackupError."""
    try:
        body, said = (folder / NAME).read_bytes(), (folder / SUM).read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise BackupError(f"{folder} is no backup: its manifest cannot be read ({error.strerror})") from None
    if said.split() != [sha256(body).hexdigest(), NAME]:
        raise BackupError(f"{folder} is damaged: {NAME} is not what it was")
    return _understood(folder, body)


def _understood(folder: Path, body: bytes) -> Manifest:
    said = from_json(body)
    if said.get("format", FORMAT) > FORMAT:
        raise BackupError(
            f"{folder} was written by Whistle {said['programs']['whistle']}: this program is too old for it"
        )
    try:
        return _OF_JSON.validate_json(body)
    except ValidationError:
        raise BackupError(f"{folder} is damaged: {NAME} cannot be understood") from None


def hash_of(folder: Path) -> str:
    """What names a backup for good: the hash of its manifest."""
    return digest(folder / NAME)


def check(folder: Path) -> Manifest:
    """Every file is there, to the byte, and no other one. Raises BackupError."""
    manifest = read(folder)
    found = files(folder)
    for name, kept in manifest.files.items():
        if name not in found:
            raise BackupError(f"{folder} is incomplete: {name} is missing")
        if found[name].stat().st_size != kept.size or digest(found[name]) != kept.sha256:
            raise BackupError(f"{folder} is damaged: {name} is not what it was")
    if strange := sorted(found.keys() - manifest.files.keys()):
        raise BackupError(f"{folder} holds {strange[0]}, which its manifest does not know")
    return manifest


def listed(folder: Path) -> dict[str, File]:
    """What lies in a folder, to the byte."""
    return {name: File(path.stat().st_size, digest(path)) for name, path in files(folder).items()}


def files(folder: Path) -> dict[str, Path]:
    """All but the manifest itself, by their names in the folder."""
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(folder)): path for path in found if path.parent != folder or path.name not in {NAME, SUM}
    }


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def sync(folder: Path) -> None:
    """All that is in a folder, and that it is there, is on disk when this returns."""
    for path in (*folder.rglob("*"), folder):
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
