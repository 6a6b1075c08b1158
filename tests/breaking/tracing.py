"""What a process asks of the system, by strace; and whether what it wrote was flushed before it said so."""

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

WRITES, FLUSHES = {"pwrite64", "write", "pwritev"}, {"fsync", "fdatasync"}
SENDS = {"sendto", "sendmsg", "write", "writev"}
CALL = re.compile(r"(?P<pid>\d+) +(?P<name>\w+)\(\d+<(?P<file>[^,)]*)>(?P<rest>.*)")
RESUMED = re.compile(r"(?P<pid>\d+) +<\.\.\. (?P<name>\w+) resumed>")
STRACE = ("strace", "-f", "-y", "-e", f"trace={','.join(sorted(WRITES | FLUSHES | SENDS))}")


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An answer: what had been written to the log since the one before, and what of all was not on disk yet."""

    written: int
    unflushed: int


@dataclass
class Trace:
    """Reads a trace; `log` is part of the log's path, `answer` of what is sent."""

    log: str
    answer: str
    written: int = 0
    unflushed: set[int] = field(default_factory=set)
    flushing: dict[str, set[int]] = field(default_factory=dict)

    def acknowledged(self, lines: Iterable[str]) -> Iterator[Acknowledged]:
        """Every answer."""
        for number, line in enumerate(lines):
            if resumed := RESUMED.match(line):
                self.unflushed -= self.flushing.pop(resumed["pid"], set())
            elif call := CALL.match(line):
                if call["name"] in SENDS and self.answer in call["rest"]:
                    yield Acknowledged(self.written, len(self.unflushed))
                    self.written = 0
                elif self.log in call["file"]:
                    self._on_the_log(number, call, finished="<unfinished" not in line)

    def _on_the_log(self, number: int, call: re.Match[str], *, finished: bool) -> None:
        """A flush is good for what was written before it began, once it has returned."""
        if call["name"] in WRITES:
            self.written += 1
            self.unflushed.add(number)
        elif call["name"] in FLUSHES and finished:
            self.unflushed.clear()
        elif call["name"] in FLUSHES:
            self.flushing[call["pid"]] = set(self.unflushed)


def killed_at(call: str, number: int, *files: Path) -> tuple[str, ...]:
    """Start a program with this before it: it is killed as it makes a call for the n-th time (on one of these files)."""
    only = [word for file in files for word in ("-P", str(file))]
    inject = ("-e", f"trace={call}", "-e", f"inject={call}:signal=SIGKILL:when={number}")
    return ("strace", "-f", "-qq", "-o", "/dev/null", *only, *inject)


@contextmanager
def attached(pids: Iterable[int], to: Path) -> Iterator[None]:
    """Trace processes that run, and whatever they start."""
    wanted = [word for pid in pids for word in ("-p", str(pid))]
    with subprocess.Popen([*STRACE, "-o", str(to), *wanted], stderr=subprocess.PIPE, text=True) as strace:
        try:
            assert strace.stderr
            said = [strace.stderr.readline() for _ in wanted[::2]]  # some may have ended meanwhile
            if not any("attached" in line for line in said):
                pytest.skip(f"what runs may not be traced here: {said}")
            yield
        finally:
            strace.terminate()


def can_trace(scratch: Path) -> None:
    """Skip where this machine cannot."""
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    tried = subprocess.run(["strace", "-f", "-o", scratch, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"processes may not be traced here: {tried.stderr.strip()}")
