"""Nothing hidden: the resident's proof, the log for everybody, and what the command line says of both."""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, insert, select, update

from adapters.boards.tables import numbers
from adapters.seal.checkpoints import checkpoint
from adapters.seal.tables import erasures
from adapters.sealing.signing import PublicKey
from adapters.store.tables import events
from tests.adapters.seal.another import holds, of_proof, signed
from tests.adapters.seal.town import another_key
from tests.api.browsers import Markup
from tests.api.office import Office, office
from tests.api.people import DISTRICT, SUPERVISOR
from tests.api.residents import CANARY, Resident, demo
from tests.api.test_command_line import Ran, whistle
from tests.forgotten import forgotten


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Office]:
    """A demo whose log is sealed when a test says so."""
    with demo(tmp_path / "store") as opened:
        opened.whole.seal.stop()
        yield opened


def sealed(town: Office) -> str:
    town.time.goes_on(0.1)
    town.whole.seal.catch_up(town.time.now)
    last = town.whole.seal.last()
    assert last is not None
    return str(last.note)


def key(town: Office) -> str:
    return town.whole.seal.key.public.text


def tampers(town: Office, *statements: Any) -> None:
    for statement in statements:
        town.whole.log.run(lambda connection, said=statement: connection.execute(said)).result()


# --- the resident's proof


def test_a_resident_takes_home_what_proves_that_the_report_is_in_the_log(town: Office, tmp_path: Path) -> None:
    someone = Resident(town).reports()
    assert "come back in a minute" in someone.goes_to(f"/r/{someone.receipt}/receipt").page
    assert (someone.goes_to(f"/r/{someone.receipt}/proof").status, someone.answer.headers["Retry-After"]) == (404, "60")  # type: ignore[union-attr]  # it answered
    assert "Your proof is not ready yet" in someone.page
    sealed(town)
    page = someone.goes_to(f"/r/{someone.receipt}/receipt").page
    assert "has been neither changed nor taken out" in page and f'href="/r/{someone.receipt}/proof"' in page
    content = someone.goes_to(f"/r/{someone.receipt}/proof").page
    answer = someone.answer
    assert answer is not None and answer.headers["content-disposition"].startswith(
        'attachment; filename="proof-540102-'
    )
    assert (answer.headers["cache-control"], answer.headers["x-robots-tag"]) == ("no-store", "noindex, nofollow")
    assert holds(content, key(town)) and CANARY not in content and someone.receipt not in content
    assert someone.case["case"].replace("-", "") in content


def test_in_the_resident_s_own_language(town: Office) -> None:
    someone = Resident(town, language="zh").reports()
    assert "请过一分钟再来下载" in someone.goes_to(f"/r/{someone.receipt}/receipt").page
    assert "证明还没有做好" in someone.goes_to(f"/r/{someone.receipt}/proof").page
    sealed(town)
    assert "下载证明文件" in someone.goes_to(f"/r/{someone.receipt}/receipt").page


def test_where_somebody_tampered_the_resident_is_told(town: Office) -> None:
    someone = Resident(town).reports()
    sealed(town)
    case = UUID(someone.case["case"])
    tampers(town, update(events).where(events.c.stream == case, events.c.version == 1).values(name="another"))
    assert someone.goes_to(f"/r/{someone.receipt}/proof").status == 409
    assert "is not what was sealed" in someone.page


def test_another_s_receipt_gives_no_proof(town: Office) -> None:
    someone = Resident(town).reports()
    sealed(town)
    assert someone.goes_to(f"/r/{someone.receipt[::-1]}/proof").status == 404


# --- verifying


def home(town: Office) -> Path:
    return town.whole.settings.home


def verify(town: Office, *words: str) -> Ran:
    return whistle("verify", *words, home=home(town))


def kept(town: Office, name: str, content: str) -> str:
    (home(town).parent / name).write_text(content, encoding="utf-8")
    return name


def test_whole_and_held_to_what_was_kept_elsewhere(town: Office) -> None:
    someone = Resident(town).reports()
    early = kept(town, "early.txt", sealed(town))
    mine = kept(town, "mine.json", someone.goes_to(f"/r/{someone.receipt}/proof").page)
    Resident(town).reports()
    size = town.whole.seal.head()
    assert whistle("seal", home=home(town)).stdout.startswith(
        f"sealed: {size - 1} of {size} events\nsigned: {size - 1} events, 2026-03-02"
    )
    ran = verify(town, "--against", early, "--receipt", mine)
    assert (ran.returncode, ran.stderr.strip()) == (0, "")
    assert f"whole: {size - 1} events are as they were sealed" in ran.stdout
    assert "1 events, the first of 2026-03-02 02:06:00 UTC, are not sealed yet" in ran.stdout
    assert f"early.txt: the log still begins with the {size - 1} events" in ran.stdout
    assert re.search(
        r"mine.json: case-logged, no. 1 of [\w-]{36} was recorded at position \d+ on .* neither changed nor taken out",
        ran.stdout,
    )
    later = whistle("seal", "checkpoint", home=home(town)).stdout
    assert checkpoint(later, [PublicKey.of(key(town))]).size == size
    assert verify(town, "--against", kept(town, "both.txt", sealed(town) + later), "--key", key(town)).returncode == 0
    assert whistle("seal", "key", home=home(town)).stdout.strip() == key(town)
    assert "完整" in verify(town, "--lang", "zh").stdout


def test_what_was_done_is_a_line_each_and_exit_code_1(town: Office) -> None:
    first = town.whole.boards.head() + 1  # before it lie the grants of the demo
    someone = Resident(town).reports()
    for _ in range(3):
        Resident(town).reports()
    early = kept(town, "early.txt", sealed(town))
    mine = kept(town, "mine.json", someone.goes_to(f"/r/{someone.receipt}/proof").page)
    assert verify(town, "--against", early, "--receipt", mine).returncode == 0
    tampers(
        town,
        update(events).where(events.c.position == first).values(name="another"),
        delete(events).where(events.c.position == first + 2),
    )
    ran = verify(town, "--against", early, "--receipt", mine)
    assert (ran.returncode, ran.stderr.strip()) == (1, "")
    lines = ran.stdout.splitlines()
    assert lines[0].startswith(f"position {first}: altered. another, no. 1 of ")
    assert lines[1] == f"position {first + 2}: deleted"
    assert lines[2].startswith(f"early.txt: between positions {first} to ") and lines[3].startswith("mine.json: ")
    assert lines[4].startswith(f"mine.json: position {first}: case-logged, no. 1 of ") and lines[5].startswith(
        "not whole: 5 faults"
    )
    assert f"位置 {first + 2}：被删除" in verify(town, "--lang", "zh").stdout
    told = json.loads(verify(town, "--json", "--receipt", mine).stdout)
    assert (told["whole"], told["faults"][0]["kind"], told["faults"][1]["position"]) == (False, "altered", first + 2)


def test_for_programs(town: Office) -> None:
    Resident(town).reports()
    note = sealed(town)
    ran = verify(town, "--json", "--against", kept(town, "kept.txt", note))
    told = json.loads(ran.stdout)
    size, root, _ = signed(note, key(town))
    assert (ran.returncode, told["whole"], told["faults"], told["size"], told["head"]) == (0, True, [], size, size)
    assert told["root"] in note and told["signed"]["size"] == size and told["kept"][0]["source"] == "kept.txt" and root


def test_signed_with_another_key(town: Office) -> None:
    Resident(town).reports()
    forged = another_key().signed("x\n1\n" + "A" * 43 + "=\n", town.time.now)
    sealed(town)
    ran = verify(town, "--key", another_key().public.text)
    assert ran.returncode == 1 and f"is signed with another key: {town.whole.seal.key.public.name}" in ran.stdout
    assert "nothing that is trusted is signed yet" in ran.stdout
    assert (
        "forged.txt: the checkpoint of 1 events is signed with another key"
        in verify(town, "--against", kept(town, "forged.txt", forged)).stdout
    )


def test_mistakes_of_whoever_asks(town: Office) -> None:
    Resident(town).reports()
    note = sealed(town)
    binary = home(town).parent / "binary"
    binary.write_bytes(b"\xff\xfe\x00")
    for words, says in (
        (("--against", "nowhere.txt"), "nowhere.txt"),
        (("--against", kept(town, "empty.txt", "")), "there is no checkpoint in it"),
        (("--against", kept(town, "half.txt", note[:-30])), "half.txt"),
        (("--against", kept(town, "other.txt", "nonsense")), "other.txt: this is no file of checkpoints"),
        (("--against", "binary"), "binary: this is no file of checkpoints"),
        (("--receipt", "empty.txt"), "empty.txt: this is no receipt's proof"),
        (("--receipt", "binary"), "binary: this is no receipt's proof"),
        (("--key", "nonsense"), "this is no public key of a seal"),
        (("--database-url", "mysql://x"), "neither SQLite nor PostgreSQL"),
    ):
        ran = verify(town, *words)
        assert (ran.returncode, len(ran.stderr.strip().splitlines())) == ((1, 0) if "half" in words[1] else (2, 1)), (
            words,
            ran,
        )
        assert says in ran.stderr + ran.stdout, words


def test_an_auditor_needs_no_key_of_ours(town: Office) -> None:
    """Neither the master key, nor the seal's: only the two databases and the public key."""
    Resident(town).reports()
    sealed(town)
    for name in ("master.key", "seal.key", "keys.db"):
        (home(town) / name).rename(home(town) / f"away-{name}")
    assert verify(town, "--key", key(town)).returncode == 0
    ran = verify(town)
    assert ran.returncode == 2 and "the key of the seal in" in ran.stderr


def test_before_anything_is_there(tmp_path: Path) -> None:
    ran = whistle("verify", "--key", another_key().public.text, home=tmp_path / "store")
    assert ran.returncode == 2
    whistle("migrate", home=tmp_path / "store")
    ran = whistle("verify", home=tmp_path / "store")
    assert (ran.returncode, ran.stdout.splitlines()[0]) == (0, "whole: 0 events are as they were sealed")


def test_a_broken_log_is_not_signed(town: Office) -> None:
    Resident(town).reports()
    Resident(town).reports()
    tampers(town, delete(events).where(events.c.position == 1))
    ran = whistle("seal", "checkpoint", home=home(town))
    assert (ran.returncode, ran.stdout) == (2, "") and "nothing is signed: positions are missing" in ran.stderr


# --- erasing


def test_after_an_erasure_the_log_is_whole_and_the_proof_still_holds(town: Office) -> None:
    someone = Resident(town).reports()
    sealed(town)
    content = someone.goes_to(f"/r/{someone.receipt}/proof").page
    forgotten(town.whole, UUID(someone.case["case"]))
    sealed(town)
    again = someone.goes_to(f"/r/{someone.receipt}/proof").page
    assert holds(content, key(town)) and holds(again, key(town))
    ran = verify(town, "--receipt", kept(town, "old.json", content), "--receipt", kept(town, "new.json", again))
    assert ran.returncode == 0 and ran.stdout.count("neither changed nor taken out") == 2


# --- for everybody


def page_of(town: Office) -> str:
    page = Resident(town).goes_to("/public/log").page
    assert Markup(page).faults == []
    return page


def told(town: Office) -> dict[str, Any]:
    answer = town.client.get("/api/v1/log")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_everybody_sees_size_root_key_and_signature(town: Office) -> None:
    assert told(town)["last"] is None and "Nothing is signed yet" in page_of(town)
    assert town.client.get("/api/v1/log/checkpoint").status_code == 404
    someone = Resident(town).reports()
    note = sealed(town)
    size, _, _ = signed(note, key(town))
    found, page = told(town), page_of(town)
    assert (found["key"], found["last"]["checkpoint"], found["last"]["size"]) == (key(town), note, size)
    for shown_there in (found["last"]["root"].replace("+", "&#43;"), key(town).replace("+", "&#43;")):
        assert shown_there in page or shown_there.replace("&#43;", "+") in page
    answer = town.client.get("/api/v1/log/checkpoint")
    assert (answer.text, answer.headers["content-type"]) == (note, "text/plain; charset=utf-8")
    for secret in (
        CANARY,
        someone.case["case"],
        someone.receipt,
        town.whole.settings.seal_key.read_text().split("+")[-1].strip(),
    ):
        assert secret not in page and secret not in json.dumps(found)


def test_anybody_can_tell_that_an_earlier_checkpoint_is_the_beginning(town: Office) -> None:
    Resident(town).reports()
    first, was, _ = signed(sealed(town), key(town))
    for _ in range(4):
        Resident(town).reports()
    sealed(town)
    found = town.client.get(f"/api/v1/log/beginnings/{first}").json()
    size, root, _ = signed(found["checkpoint"], key(town))
    path = [b64decode(step) for step in found["path"]]
    assert size > first and of_proof(first, size, path, was) == (was, root)
    for n, status in ((size + 1, 404), (0, 422), ("x", 422)):
        assert town.client.get(f"/api/v1/log/beginnings/{n}").status_code == status


def test_outside_of_a_demo_it_is_not_open(tmp_path: Path) -> None:
    with office(tmp_path) as hall:
        assert Resident(hall).goes_to("/public/log").status == 403
        for path in ("", "/checkpoint", "/beginnings/1"):
            answer = hall.client.get(f"/api/v1/log{path}", headers=hall.headers(SUPERVISOR))
            assert (answer.status_code, answer.json()["code"]) == (403, "not_open")


def days_with(town: Office, cases: dict[str, int]) -> None:
    """So many cases on each of these days, as the register has them."""
    rows, first = [], 1_000
    for day, count in cases.items():
        for serial in range(1, count + 1):
            first += 1
            rows.append({"case": uuid4(), "district": DISTRICT, "day": day, "serial": serial, "first": first})
    town.whole.boards.writer.run(lambda connection: connection.execute(insert(numbers), rows)).result()


def test_the_register_has_no_gaps_and_small_counts_are_held_back(town: Office) -> None:
    days_with(town, {"20260301": 7, "20260228": 3, "20260227": 9, "20260226": 8, "20260110": 2, "20251215": 12})
    found = told(town)
    register = {one["since"]: (one["cases"], one["first"], one["last"], one["missing"]) for one in found["register"]}
    assert register["2026-02-27"] == ("9", "540102-20260227-0001", "540102-20260227-0009", 0)
    assert register["2026-02-28"] == register["2026-02-25"] == ("<5", "", "", 0)
    assert len(register) == 7 and max(register) == "2026-03-01"
    months = {one["since"]: (one["cases"], one["missing"]) for one in found["months"]}
    assert months["2026-02-01"] == ("20", 0) and months["2026-01-01"] == ("<5", 0) and min(months) == "2025-12-01"
    tampers_with = delete(numbers).where(numbers.c.day == "20260227", numbers.c.serial == 4)
    town.whole.boards.writer.run(lambda connection: connection.execute(tampers_with)).result()
    assert {one["since"]: one["missing"] for one in told(town)["register"]}["2026-02-27"] == 1
    assert {one["since"]: one["missing"] for one in told(town)["months"]}["2026-02-01"] == 1


def test_a_day_cannot_be_counted_out_of_its_month(town: Office) -> None:
    """All of March so far is listed: were one day alone held back, its count would be what is missing to the month's."""
    town.time.goes_on(24 * 5)
    days_with(town, {"20260301": 7, "20260302": 6, "20260303": 3, "20260304": 9, "20260305": 8, "20260306": 8})
    march = [one for one in told(town)["register"] if one["since"].startswith("2026-03")]
    assert sorted(one["cases"] for one in march if not one["cases"].isdigit()) == ["<5", "…"]
    assert all(one["first"] == "" for one in march if not one["cases"].isdigit())


def test_what_was_erased_is_told_by_month_and_why_and_never_of_whom(town: Office) -> None:
    case = None
    for n in range(7):
        case = UUID(Resident(town).reports().case["case"])
        town.time.goes_on(2)
        reason = "the reporter asked" if n < 5 else f"Mrs {CANARY} of house {n} asked"
        forgotten(town.whole, case, reason)
    sealed(town)
    found, page = told(town)["erased"], page_of(town)
    assert found == {
        "months": [{"since": "2026-03-01", "erased": 7}],
        "reasons": [{"reason": "the reporter asked", "erased": 5}],
        "others": 2,
    }
    assert CANARY not in page and "other reasons" in page and str(case) not in page
    with town.whole.seal.engine.connect() as connection:
        assert len(connection.execute(select(erasures)).all()) == 7
    assert verify(town).returncode == 0


def test_checkpoints_of_the_last_days(town: Office) -> None:
    assert "There is none of a whole day yet" in page_of(town)
    notes = []
    for _ in range(3):
        Resident(town).reports()
        notes.append(sealed(town))
        town.time.goes_on(24)
    assert [one["checkpoint"] for one in told(town)["days"]] == notes[::-1]
    town.time.now += timedelta(days=30)
    assert [one["checkpoint"] for one in told(town)["days"]] == notes[-1:]


def test_a_forged_checkpoint_is_not_shown(town: Office) -> None:
    Resident(town).reports()
    sealed(town)
    town.whole.seal.key = another_key()
    assert told(town)["last"] is None and "Nothing is signed yet" in page_of(town)


# --- as it runs


def test_how_far_it_is_sealed_is_told_to_those_who_run_it(town: Office) -> None:
    Resident(town).reports()
    ready = town.client.get("/readyz").json()
    assert (ready["status"], ready["sealed"] < ready["log"]) == ("ready", True)
    sealed(town)
    assert town.client.get("/readyz").json()["sealed"] == town.whole.seal.head()
    assert "whistle_seal_lag 0.0" in town.client.get("/metrics", headers=town.headers(SUPERVISOR)).text
    Resident(town).reports()
    Resident(town).reports()
    tampers(town, delete(events).where(events.c.position == town.whole.seal.size() + 1))
    town.whole.seal.start(town.time)
    while not town.whole.seal.trouble:
        pass
    assert town.client.get("/readyz").json()["status"] == "degraded"


def test_a_server_seals_by_itself(tmp_path: Path) -> None:
    with demo(tmp_path) as hall:
        Resident(hall).reports()
        while hall.whole.seal.last() is None:
            pass
        assert told(hall)["last"]["size"] >= 1
