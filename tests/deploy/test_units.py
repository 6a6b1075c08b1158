import subprocess
from pathlib import Path

import pytest

from tests.api.test_command_line import TOP
from tests.deploy.programs import needed

UNITS = sorted((TOP / "deploy" / "systemd").glob("whistle*.service"))
TIMERS = sorted((TOP / "deploy" / "systemd").glob("whistle*.timer"))
MOST = 20  # tenths of systemd's own exposure level: 0 to 100


def analyzed(folder: Path, *words: str) -> str:
    """What systemd-analyze finds wrong; '' where nothing."""
    program = needed("systemd-analyze", "systemd")
    ran = subprocess.run([program, *words], cwd=folder, capture_output=True, text=True, check=False)
    said = ran.stderr or ran.stdout
    return said if ran.returncode or ran.stderr else ""


def copied(folder: Path, **changed: str) -> Path:
    """The units, with a program that is there; `changed` are lines with a fault."""
    (program := folder / "whistle").write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in (*UNITS, *TIMERS):
        body = unit.read_text(encoding="utf-8").replace("/opt/whistle/bin/whistle", str(program))
        for old, new in changed.items():
            body = body.replace(f"{old}=", f"{new}=")
        (folder / unit.name).write_text(body, encoding="utf-8")
    return folder


def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    names = [f"./{unit.name}" for unit in (*UNITS, *TIMERS)]
    assert len(names) == 6
    assert analyzed(copied(tmp_path), "verify", "--man=no", *names) == ""
    assert "Unknown key" in analyzed(copied(tmp_path, ProtectHome="ProtectTheHome"), "verify", "--man=no", *names)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_every_unit_is_shut_in(unit: Path, tmp_path: Path) -> None:
    words = ("security", "--offline=yes", f"--threshold={MOST}", f"./{unit.name}")
    assert analyzed(copied(tmp_path), *words) == ""
    assert analyzed(copied(tmp_path, ProtectSystem="Nice", SystemCallFilter="#", PrivateUsers="#"), *words)


def test_every_unit_says_who_it_runs_as() -> None:
    for unit in UNITS:
        body = unit.read_text(encoding="utf-8")
        assert "User=whistle" in body and "NoNewPrivileges=yes" in body and "ProtectSystem=strict" in body
