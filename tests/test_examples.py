"""The README's first code runs, and prints one case's life."""

import os
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "one_case.py"


def test_one_case_is_told_from_log_to_close() -> None:
    ran = subprocess.run(
        [sys.executable, str(EXAMPLE)],
        cwd=EXAMPLE.parent.parent,
        env={**os.environ, "PYTHONPATH": "."},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = ran.stdout.splitlines()
    words = ("logged", "whistle was blown", "Assigned", "acknowledged", "reported the result", "closed: solved")
    assert len(lines) == len(words)
    assert all(word in line for word, line in zip(words, lines, strict=True))
    assert len(EXAMPLE.read_text(encoding="utf-8").splitlines()) <= 40
