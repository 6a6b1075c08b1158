"""What can be seen of containers without running any."""

import os
import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.api.test_command_line import TOP
from tests.breaking.archiving import COMMAND
from tests.postgres import a_server

CONTAINER = TOP / "deploy" / "container"
Lock = dict[str, set[str]]


def pinned(path: Path) -> Lock:
    """Each package at its version, with its hashes."""
    found: Lock = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if "==" in line:
            mine = found.setdefault(line.split(" ")[0], set())
        elif "--hash=" in line:
            mine.add(line.strip(" \\"))
    return found


def test_what_runs_is_what_was_tested() -> None:
    run, tested = pinned(TOP / "deploy" / "requirements.lock"), pinned(TOP / "requirements.lock")
    assert len(run) > 40 and all(run.values())
    assert {name: hashes for name, hashes in run.items() if tested.get(name) != hashes} == {}
    names = {name.split("==")[0] for name in run}
    assert not names & {"pytest", "pm4py", "hypothesis", "schemathesis", "ruff", "mypy"}


def composed() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((CONTAINER / "compose.yaml").read_text(encoding="utf-8"))
    return found


def test_every_secret_and_folder_that_is_used_is_declared() -> None:
    said = composed()
    for name, service in said["services"].items():
        assert set(service.get("secrets", ())) <= set(said["secrets"]), name
        assert set(service.get("networks", ())) <= set(said["networks"]), name
        places = [volume.split(":")[0] for volume in service.get("volumes", ())]
        named = {place for place in places if not place.startswith(".")}
        assert named <= set(said["volumes"]), name
        for place in places:
            assert not place.startswith(".") or (CONTAINER / place).resolve().exists(), place


def test_ours_are_shut_in_and_no_secret_is_in_the_environment() -> None:
    said = composed()
    for name in ("serve", "work", "migrate", "backup"):
        service = said["services"][name]
        assert service["user"] == "10001:10001" and service["read_only"] and service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert not [value for value in service["environment"].values() if "password" in value.lower()]
    assert said["services"]["serve"]["network_mode"] == "service:proxy", "it listens on loopback only"
    assert "ports" not in said["services"]["db"] and said["networks"]["inside"]["internal"]


def test_the_archive_command_is_the_one_that_was_tried() -> None:
    assert f"archive_command={COMMAND.format(wal='/wal')}" in composed()["services"]["db"]["command"]
    assert COMMAND.format(wal="/var/backups/whistle/wal") in (TOP / "docs" / "running.md").read_text(encoding="utf-8")


def test_the_container_s_file_copies_what_is_there() -> None:
    lines = (CONTAINER / "Containerfile").read_text(encoding="utf-8").splitlines()
    copied = [
        word for line in lines if line.startswith("COPY ") and "--from" not in line for word in line.split()[1:-1]
    ]
    assert copied and [name for name in copied if not (TOP / name).exists()] == []
    assert any(line.startswith("USER 10001") for line in lines) and any("--require-hashes" in line for line in lines)


def test_the_database_s_first_roles(tmp_path: Path) -> None:
    """The script that a container would run, on a server of our own."""
    script = (CONTAINER / "first.sh").read_text(encoding="utf-8")
    for role in ("owner", "app", "backup"):
        (tmp_path / f"{role}_password").write_text("it's a $(secret)")
    with a_server() as server:
        server.administer("CREATE DATABASE whistle")
        (tmp_path / "pg_hba.conf").touch()
        script = script.replace("/run/secrets", str(tmp_path))
        path = f"{server._binaries}:{os.environ['PATH']}"  # noqa: SLF001 - the server's own programs
        env = {**os.environ, "PATH": path, "PGHOST": str(server.folder), "PGDATA": str(tmp_path)}
        ran = subprocess.run(["sh"], input=script, env=env, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr
        server.administer("ALTER ROLE whistle_backup REPLICATION")
        server.administer("SET ROLE whistle_app")
    assert "whistle_backup" in (tmp_path / "pg_hba.conf").read_text(encoding="utf-8")
