"""Programs that only some machines have."""

import shutil

import pytest


def needed(program: str, package: str) -> str:
    """Where it is; skips where it is not installed."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/usr/bin")
    if not found:
        pytest.skip(f"{program} is not installed ({package})")
    return found
