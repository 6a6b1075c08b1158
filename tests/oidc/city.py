"""The city's provider as tests see it: started, bent, and visited by people."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import requests
from httpx2 import Response

from tests.oidc.provider import CLIENT, SECRET

TOP = Path(__file__).parents[2]
BACK = re.compile(r"https?://[^/]+(/.*)")


@dataclass
class City:
    """A provider in a process of its own."""

    issuer: str

    def bend(self, *bends: str) -> None:
        """What it does from now on."""
        requests.post(f"{self.issuer}/bend", json=bends, timeout=10).raise_for_status()

    def rotate(self) -> None:
        """It signs with a new key; the one before is still listed."""
        requests.post(f"{self.issuer}/rotate", timeout=10).raise_for_status()

    def asked(self, path: str) -> int:
        """How often it was asked for that."""
        count: int = requests.get(f"{self.issuer}/asked", timeout=10).json().get(path, 0)
        return count

    def settings(self, **more: str) -> str:
        """An oidc.toml that leads to it."""
        said = {"issuer": self.issuer, "client_id": CLIENT, "client_secret": "env:WHISTLE_SECRET_OIDC", **more}
        lines = [f'{name} = "{value}"' for name, value in said.items() if not value.startswith("[")]
        lists = [f"{name} = {value}" for name, value in said.items() if value.startswith("[")]
        return "\n".join([*lines, *lists, 'allow = ["127.0.0.1/32"]', ""])

    def sends_back(self, away: Response, user: str) -> str:
        """Somebody signs in there: the address that they are sent back to, without our host."""
        where = unescape(away.headers["location"])
        answer = requests.post(where, data=urlencode({"user": user}), allow_redirects=False, timeout=10)
        found = BACK.match(answer.headers["location"])
        assert found is not None
        return found[1]


SECRETS = {"WHISTLE_SECRET_OIDC": SECRET}


@contextmanager
def city() -> Iterator[City]:
    """It serves until this ends."""
    told = {**os.environ, "PYTHONPATH": str(TOP), "AUTHLIB_INSECURE_TRANSPORT": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.oidc.provider"], cwd=TOP, env=told, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield City(process.stdout.readline().strip())
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]
