"""A skip is a skip for a stranger, and a failure on the build machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

TEST = "import pytest\n\ndef test_it():\n    pytest.skip('nothing to test with')\n"


@pytest.mark.parametrize(("ci", "code", "says"), [("", 0, "1 skipped"), ("true", 1, "1 failed")])
def test_a_skip_on_the_build_machine_fails(tmp_path: Path, ci: str, code: int, says: str) -> None:
    (tmp_path / "test_it.py").write_text(TEST, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.skips", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    top = Path(__file__).parent.parent
    ran = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "CI": ci, "PYTHONPATH": str(top)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == code, ran.stdout + ran.stderr
    assert says in ran.stdout
