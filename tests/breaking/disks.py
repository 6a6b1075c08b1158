"""Disks that are full: a small one that is filled to the last byte, or a limit on what a process may write."""

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk of this size at a folder; skips where none may be mounted."""
    folder.mkdir()
    size = f"size={megabytes}m,mode=755"
    mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)]
    tried = subprocess.run(mount, capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"no small disk can be mounted here: {tried.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """No byte is left on it, until the block ends."""
    ballast = disk / "ballast"
    for size in (1 << 20, 1 << 12):
        _fill(ballast, bytes(size))
    try:
        yield
    finally:
        ballast.unlink()


def _fill(ballast: Path, block: bytes) -> None:
    with ballast.open("ab", buffering=0) as file:
        try:
            while file.write(block) == len(block):
                pass
        except OSError:
            return


@contextmanager
def limited(process: int, size: int) -> Iterator[None]:
    """A process can make no file larger than this, until the block ends."""
    before = resource.prlimit(process, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(process, resource.RLIMIT_FSIZE, before)
