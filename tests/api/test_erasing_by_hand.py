"""`whistle retention`, `erase`, `certificate` and `keys`: what a city's IT people do by hand, and what they are told."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.boards import register
from adapters.jurisdictions import shipped
from adapters.sealing import KeyDestroyed
from domain import commands as c
from tests.adapters.erasing.town import OFFICER, Town
from tests.api.office import settled
from tests.api.test_command_line import whistle


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """Two cases that ended long ago, and one that did not."""
    town = Town(settled(tmp_path / "home", shipped("chengguan")))
    for ends in (True, True, False):
        case = town.logs(words="canary words", contact="canary-13900004711")
        if ends:
            town.does(case, c.CancelCase("mistake"))
    town.whole.boards.catch_up()
    yield town
    town.whole.close()


def test_a_dry_run_says_what_the_run_then_erases(town: Town) -> None:
    home = town.settings.home
    foreseen = whistle("retention", "--dry-run", home=home)
    assert foreseen.returncode == 0, foreseen.stderr
    *lines, last = foreseen.stdout.splitlines()
    assert last == "2 to be erased" and all("contact  2026-03-02 → 2026-08-30" in line for line in lines)
    assert whistle("retention", "--dry-run", home=home).stdout == foreseen.stdout, "nothing was erased by looking"
    erased = whistle("retention", home=home)
    assert erased.stdout.splitlines() == [*lines, "2 erased"]
    assert whistle("retention", home=home).stdout.splitlines() == ["0 erased"]
    number = lines[0].split()[0]
    told = whistle("certificate", number, "--lang", "en", home=home).stdout
    assert f"Certificate of erasure: case {number}" in told and "erased: contact" in told and "1 keys destroyed" in told
    assert "the system" in told and "canary" not in told
    assert "联系方式" in whistle("certificate", number, "--lang", "zh", home=home).stdout


def test_who_is_forgotten_by_hand_gets_a_certificate_that_is_the_same_later(town: Town) -> None:
    home, case = town.settings.home, town.logs()
    town.whole.boards.catch_up()
    number = register.number(town.whole.boards.engine, case)
    assert whistle("certificate", number, home=home).returncode == 2
    asked = whistle("erase", number, "--reason", "asked to", home=home)
    assert (asked.returncode, asked.stdout.count("\n")) == (0, 1) and "once a data officer" in asked.stdout
    assert whistle("certificate", number, home=home).returncode == 2 and len(town.readable(case)) == 2
    twice = whistle("erase", number, "--reason", "asked to", home=home)
    assert (twice.returncode, "pending already" in twice.stderr) == (2, True)
    town.does(case, c.GrantErasure(1), OFFICER)
    town.whole.erasing.carry_out(town.now)
    erased = whistle("certificate", number, "--lang", "en", home=home).stdout
    assert "erased: words, contact, photos" in erased and "Copies of the key store have all expired by" in erased
    assert whistle("certificate", number, "--lang", "en", home=home).stdout == erased
    told = json.loads(whistle("certificate", number, "--json", home=home).stdout)
    (one,) = told["erasures"]
    assert (told["case"], one["by"], one["reason"], one["keys"]) == (number, "data_officer", "asked to", 2)
    seal = next(seal for name, seal in town.seals(case) if name == "phone")
    with pytest.raises(KeyDestroyed):
        town.whole.sealing.unseal(case, "phone", seal)


def test_a_setting_that_cannot_be_meant_is_one_line(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "WHISTLE_KEY_BACKUPS_DAYS", "a fortnight")
    wrong = whistle("keys", "list", home=town.settings.home)
    assert wrong.returncode == 2 and len(wrong.stderr.splitlines()) == 1
    assert "WHISTLE_KEY_BACKUPS_DAYS is a number of days" in wrong.stderr


def test_a_master_key_is_replaced_beside_a_running_store(town: Town) -> None:
    home = town.settings.home
    (before,) = whistle("keys", "list", home=home).stdout.splitlines()
    assert before.split()[1:] == ["current", "6", "keys"]
    turned = whistle("keys", "rotate", home=home)
    assert turned.returncode == 0, turned.stderr
    first, now, then = turned.stdout.splitlines()
    assert first == "6 keys wrapped anew"
    assert (now.split()[1:], then.split()[1:]) == (["current", "6", "keys"], ["earlier", "0", "keys"])
    case = town.logs()
    assert len(town.readable(case)) == 2, "who runs already reads and makes with the new key"
    retired = whistle("keys", "retire", home=home).stdout
    assert retired.splitlines() == [f"retired: {before.split()[0]}"]
    assert [line.split()[1] for line in whistle("keys", "list", home=home).stdout.splitlines()] == [
        "current",
        "retired",
    ]
    assert len(town.readable(case)) == 2
