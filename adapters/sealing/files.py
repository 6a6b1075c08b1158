"""Files of keys: written whole or not at all, and never read where others could read them too."""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import ClassVar

FOREIGN = 0o027  # mode bits that others, or a writing group, must not have
MOST = 100_000  # characters


class KeyFileError(ValueError):
    """There is no usable key where one was looked for, or none can be written there; each kind of key has its own."""

    what: ClassVar[str]


def create(path: Path, content: str, fault: type[KeyFileError], otherwise: str) -> None:
    """Write a file that only its owner can read. Never overwrites: `otherwise` is what would come of it. Raises the `fault`."""
    try:
        written_whole(path, content + "\n")
    except FileExistsError:
        msg = f"{path} exists already: {otherwise}"
        raise fault(msg) from None
    except OSError as error:
        msg = f"no {fault.what} can be written to {path}: {error.strerror}"
        raise fault(msg) from None


def read(path: Path, fault: type[KeyFileError]) -> str:
    """What a file says. Raises the `fault`: missing, or readable by others."""
    try:
        with path.open(encoding="utf-8", errors="replace") as opened:
            mode, content = os.fstat(opened.fileno()).st_mode, opened.read(MOST)
    except OSError as error:
        msg = f"the {fault.what} in {path} cannot be read: {error.strerror}"
        raise fault(msg) from None
    if mode & FOREIGN:
        msg = f"{path} holds the {fault.what} and is open to others (mode {mode & 0o777:o}): chmod 600 {path}"
        raise fault(msg)
    return content


def written_whole(path: Path, content: str) -> None:
    """The file is there with all that is in it, on disk, or it is not there."""
    with NamedTemporaryFile("w", dir=path.parent, prefix=f".{path.name}.") as draft:  # only its owner can read it
        draft.write(content)
        draft.flush()
        os.fsync(draft.fileno())
        os.link(draft.name, path)
    keep_entry(path.parent)


def keep_entry(folder: Path) -> None:
    """A file is only safe from a power cut when its folder is on disk too."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
