"""The wheel holds the four packages with their data, and nothing else."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent
NEEDED = (
    "adapters/jurisdictions/shipped/chengguan/places.csv",
    "adapters/jurisdictions/shipped/chengguan/calendars/lhasa.toml",
    "adapters/jurisdictions/shipped/minimal/policy.toml",
    "adapters/jurisdictions/templates/policy.toml",
    "adapters/store/migrations/log/v0001_log.py",
    "adapters/sealing/migrations/v0001_keys.py",
    "api/static/pages.css",
)


@pytest.mark.slow
def test_the_wheel_holds_what_the_command_needs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(tmp_path), str(TOP)]
    subprocess.run(command, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    assert {name.split("/")[0] for name in names} == {
        "adapters",
        "api",
        "domain",
        "workflow",
        "street_whistle-0.1.0.dist-info",
    }
    assert [name for name in NEEDED if name not in names] == []
    assert [name for name in names if name.endswith(".html")]
