"""`whistle doctor`: a deployment that is in order, and each check with the fault that it finds."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import insert

from adapters.boards.tables import parked
from adapters.examining import file_system
from adapters.outbox.tables import messages
from adapters.store.tables import events
from adapters.tokens import DEMO
from api.doctor import findings
from api.examined.findings import Deployment
from api.settings import Settings
from api.whole import compose, real_time
from domain.actors import Actor, Role
from tests.adapters.keeping.stores import newest
from tests.api.test_command_line import whistle
from tests.breaking.town import founded

MOUNTS = "22 1 0:20 / / rw - ext4 /dev/sda1 rw\n23 22 0:21 / /srv/my\\040files rw - nfs4 box:/x rw\n"
HOOK = '[[channel]]\nname = "hub"\nto = ["*"]\n{way}\n'


@dataclass
class Place:
    """A deployment as docs/running.md has it."""

    top: Path
    settings: Settings
    mounts: str = MOUNTS
    kernel: int | None = 0
    later: timedelta = timedelta()

    def looked(self) -> dict[str, list[tuple[str, str]]]:
        """What each check finds."""
        found: dict[str, list[tuple[str, str]]] = {}
        now = real_time() + self.later
        with closing(compose(self.settings)) as whole:
            for name, one in findings(Deployment(self.settings, now, whole, "", self.mounts, self.kernel)):
                found.setdefault(name, []).append((one.state.value, one.what))
        return found

    def unsafe(self) -> dict[str, list[str]]:
        """What is not in order."""
        said = {name: [what for state, what in all_of if state == "unsafe"] for name, all_of in self.looked().items()}
        return {name: what for name, what in said.items() if what}


def as_said(top: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Where things are, for the command too."""
    key, kept, apart = top / "elsewhere" / "master.key", top / "backups", top / "keys"
    for name, said in (("MASTER_KEY_FILE", key), ("BACKUPS", kept), ("KEY_BACKUPS", apart)):
        monkeypatch.setenv(f"WHISTLE_{name}", str(said))
    return replace(Settings.of({}, home=top / "home"), master_key=key, backups=kept, key_backups=apart)


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Everything in order, a backup made and tried: made once."""
    top = tmp_path_factory.mktemp("pattern")
    founded(top / "home")
    with closing(compose(Settings.of({}, home=top / "home"))) as whole:
        whole.boards.catch_up()
    (top / "elsewhere").mkdir()
    shutil.move(top / "home" / "master.key", top / "elsewhere" / "master.key")
    with pytest.MonkeyPatch.context() as patch:
        settings = as_said(top, patch)
        for words in (("backup",), ("restore", "--try")):
            ran = whistle(*words, home=settings.home)
            assert ran.returncode == 0, ran.stderr
    return top


@pytest.fixture
def place(pattern: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A copy of it; the disk of the backups is another one, as far as anybody can see."""
    shutil.copytree(pattern, tmp_path, dirs_exist_ok=True)
    for folder in (tmp_path / "home", tmp_path / "backups"):
        folder.chmod(0o700)
    monkeypatch.setattr("api.examined.keeping._same_disk", lambda *_: False)
    return Place(tmp_path, as_said(tmp_path, monkeypatch))


def test_all_is_well(place: Place) -> None:
    found = place.looked()
    assert place.unsafe() == {}
    assert {name for name, said in found.items() if said[0][0] == "unknown"} == {"channels", "reverse proxy"}
    assert len(found) == 18


def store(place: Place, statement: str) -> None:
    with closing(sqlite3.connect(place.settings.home / "log.db")) as log:
        log.execute(statement)
        log.commit()


def on_boards(place: Place, work: Callable[..., object]) -> None:
    with closing(compose(place.settings)) as whole:
        whole.boards.writer.run(work).result()


# --- each check, and the fault that it finds


def open_key(place: Place) -> None:
    place.settings.master_key.chmod(0o644)


def key_gone(place: Place) -> None:
    place.settings.master_key.rename(place.top / "gone")


def key_beside(place: Place) -> None:
    place.settings = replace(
        place.settings, master_key=Path(shutil.copy(place.settings.master_key, place.settings.home / "master.key"))
    )


def key_of_another(place: Place) -> None:
    os.chown(place.settings.master_key, 65534, 65534)


def open_home(place: Place) -> None:
    place.settings.home.chmod(0o755)


def backups_with_keys(place: Place) -> None:
    place.settings = replace(place.settings, backups=place.settings.home / "backups")


def keys_with_backups(place: Place) -> None:
    place.settings = replace(place.settings, key_backups=place.top / "backups" / "keys")


def on_nfs(place: Place) -> None:
    place.mounts = f"{MOUNTS}24 22 0:22 / {place.top} rw - nfs4 box:/y rw\n"


def old_tables(place: Place) -> None:
    store(place, "UPDATE log_version SET version_num = '0001'")
    place.settings = replace(place.settings)


def demo_tokens(place: Place) -> None:
    with closing(compose(place.settings)) as whole:
        whole.tokens.create(Actor("clerk", Role.STREET_CLERK, "100-1"), DEMO, real_time())


def clock_behind(place: Place) -> None:
    with closing(compose(place.settings)) as whole:
        row = {
            "position": whole.boards.head() + 1,
            "stream": uuid4(),
            "version": 1,
            "name": "case-logged",
            "body": b"{}",
        }
        later = {**row, "recorded_at": real_time() + timedelta(hours=1)}
        whole.log.run(lambda connection: connection.execute(insert(events), later)).result()


def parked_case(place: Place) -> None:
    row = {"case": uuid4(), "position": 1, "error": "seeded"}
    on_boards(place, lambda connection: connection.execute(insert(parked), row))


def dead_letter(place: Place, state: str = "dead") -> None:
    now = real_time()
    row = {
        "id": uuid4(), "position": 1, "case": uuid4(), "version": 1, "kind": "near_due", "unit": "water", "line": "x",
        "told_at": now - timedelta(hours=2), "state": state, "tries": 8, "next_at": now, "worker": "", "reached": "", "reason": "",
    }  # fmt: skip
    with closing(compose(place.settings)) as whole:
        whole.outbox.writer.run(lambda connection: connection.execute(insert(messages), row)).result()


def letter_that_waits(place: Place) -> None:
    dead_letter(place, "waiting")


def channel_in_clear(place: Place) -> None:
    place.settings.channels.write_text(HOOK.format(way='address = "json://hub.example/x"'))


def channels_wrong(place: Place) -> None:
    place.settings.channels.write_text("[[channel]]\n")


def no_backups(place: Place) -> None:
    place.settings = replace(place.settings, backups=None)


def empty_backups(place: Place) -> None:
    shutil.rmtree(place.top / "backups")


def open_backups(place: Place) -> None:
    (place.top / "backups").chmod(0o755)


def damaged_backup(place: Place) -> None:
    (newest(place.top / "backups") / "manifest.json").write_text("{}")


def a_day_passes(place: Place) -> None:
    place.later = timedelta(hours=27)


def a_season_passes(place: Place) -> None:
    place.later = timedelta(days=101)


def nothing_tried(place: Place) -> None:
    (place.top / "backups" / "tried.json").unlink()


def tried_in_vain(place: Place) -> None:
    note = place.top / "backups" / "tried.json"
    note.write_text(json.dumps({**json.loads(note.read_text()), "faults": 2}))


def no_backups_of_keys(place: Place) -> None:
    place.settings = replace(place.settings, key_backups=None)


def keys_not_kept(place: Place) -> None:
    shutil.rmtree(place.top / "keys")


@pytest.mark.parametrize(
    ("seeded", "check", "says"),
    [
        (open_key, "master key", "open to others"),
        (key_gone, "master key", "cannot be read"),
        (key_beside, "master key", "lies with the databases"),
        (open_home, "home folder", "open to others"),
        (backups_with_keys, "keys apart", "lie with the key store"),
        (keys_with_backups, "keys apart", "lie with those of the log"),
        (on_nfs, "network disk", "nfs4"),
        (demo_tokens, "demo", "tokens of the demo"),
        (clock_behind, "clock", "behind the last event"),
        (parked_case, "boards", "1 cases cannot be told"),
        (dead_letter, "messages", "1 messages reached nobody"),
        (letter_that_waits, "messages", "the first of them for 2 h"),
        (channel_in_clear, "channels", "hub sends in clear"),
        (channels_wrong, "channels", "channels.toml"),
        (no_backups, "backup", "no folder of backups"),
        (empty_backups, "backup", "there is none"),
        (open_backups, "backup", "open to others"),
        (damaged_backup, "backup", "damaged"),
        (a_day_passes, "backup", "younger than a day"),
        (a_season_passes, "test restore", "hundred days"),
        (nothing_tried, "test restore", "hundred days"),
        (tried_in_vain, "test restore", "2 things wrong"),
        (no_backups_of_keys, "backup of keys", "kept nowhere"),
        (keys_not_kept, "backup of keys", "younger than a day"),
        (a_season_passes, "backup of keys", "have expired"),
    ],
)
def test_a_fault_is_found(place: Place, seeded: Callable[[Place], None], check: str, says: str) -> None:
    seeded(place)
    if seeded in {open_key, key_gone, channels_wrong}:  # the store does not open with it
        found = [said for _, name, said in lines_of(place) if name == check]
    else:
        found = place.unsafe().get(check, [])
    assert any(says in what for what in found), found


def lines_of(place: Place) -> list[tuple[str, str, str]]:
    """The same, by the command itself."""
    ran = whistle("doctor", "--json", home=place.settings.home)
    return [(one["state"], one["check"], one["what"]) for one in json.loads(ran.stdout)]


def test_a_key_of_another_user(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid():
        monkeypatch.setattr("os.geteuid", lambda: os.getuid() + 1)
    else:
        key_of_another(place)
    assert "belongs to somebody else" in str(place.unsafe()["master key"])


def test_a_disk_that_is_nearly_full(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(place.top)
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage._replace(free=usage.total // 50))
    assert "nearly full" in str(place.unsafe()["room"])


def test_a_clock_that_nobody_keeps_in_step(place: Place) -> None:
    for kernel, state in ((0, "ok"), (5, "unknown"), (None, "unknown")):
        place.kernel = kernel
        assert place.looked()["clock in step"][0][0] == state


def test_backups_on_the_disk_of_the_store(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    (state, _), (elsewhere, what) = place.looked()["backup"]
    assert (state, elsewhere) == ("ok", "unknown") and "on the disk of the store" in what


def test_boards_that_do_not_follow(place: Place) -> None:
    clock_behind(place)  # an event that nobody has folded
    assert "1 entries behind" in str(place.unsafe()["boards"])


def test_what_is_due_and_nobody_does(place: Place) -> None:
    with closing(compose(place.settings)) as whole:
        whole.clockwork.release(real_time())
    row = "INSERT INTO board_timers (\"case\", wakes_at) VALUES ('{0}', '2020-01-01 00:00:00.000000')"
    with closing(sqlite3.connect(place.settings.home / "boards.db")) as log:
        log.execute(row.format(uuid4().hex))
        log.commit()
    place.later = timedelta(minutes=11)
    assert "nobody works" in str(place.unsafe()["timers"])
    place.later = timedelta(hours=25)
    assert "held (leapt)" in str(place.unsafe()["timers"])


def test_where_a_path_lies() -> None:
    assert file_system(Path("/srv/my files/home"), MOUNTS) == "nfs4"
    assert file_system(Path("/srv/my"), MOUNTS) == "ext4"
    assert file_system(Path("/srv"), "nonsense") == ""


# --- the command


def test_the_command_says_it_and_ends_with_1(place: Place) -> None:
    ran = whistle("doctor", home=place.settings.home)
    assert ran.returncode == 0, ran.stdout
    assert "ok      master key" in ran.stdout and "unknown reverse proxy" in ran.stdout
    place.settings.home.chmod(0o755)
    ran = whistle("doctor", home=place.settings.home)
    assert ran.returncode == 1 and "unsafe  home folder" in ran.stdout and "→ chmod 700" in ran.stdout


def test_tables_of_another_release(place: Place) -> None:
    old_tables(place)
    said = lines_of(place)
    assert ("unsafe", "store") in {line[:2] for line in said} and ("unsafe", "tables") in {line[:2] for line in said}
    assert not [line for line in said if line[1] == "boards"]


def test_an_empty_folder_stays_empty(tmp_path: Path) -> None:
    home = tmp_path / "empty"
    home.mkdir()
    ran = whistle("doctor", home=home)
    assert ran.returncode == 1 and "there is no" in ran.stdout
    assert list(home.iterdir()) == []
