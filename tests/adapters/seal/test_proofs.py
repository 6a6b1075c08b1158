"""Proofs to take away: another verifier agrees with each, whatever the size; and what is bent in one is found."""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text

from adapters.seal.checkpoints import checkpoint
from adapters.seal.proofs import (
    NotAProofError,
    NotAsSealedError,
    NotGenuineError,
    NotYetSealedError,
    Proof,
    beginning,
    is_sealed,
    proof,
)
from adapters.seal.tables import checkpoints, tiles
from adapters.seal.verifying import Kept, Verifying
from adapters.sealing.signing import FalseSignatureError, ForeignKeyError, NotANoteError, PublicKey
from adapters.store.tables import events
from tests.adapters.seal.another import holds, of_proof, signed
from tests.adapters.seal.town import Town, another_key


def streams(town: Town, at_most: int) -> list[Any]:
    """The streams whose first events lie as far apart as can be."""
    with town.log.connect() as connection:
        firsts = connection.execute(select(events).where(events.c.version == 1).order_by(events.c.position)).all()
    return [row.stream for row in firsts[:: max(1, len(firsts) // at_most)]]


def test_another_verifier_agrees_on_many_sizes(town: Town) -> None:
    old = dict[int, bytes]()
    for more in (1, 1, 1, 5, 120, 127, 1, 1, 255, 300):
        town.sealed(more)
        size, root, _ = signed(town.note(), town.key.public.text)
        old[size] = root
        for stream in streams(town, 12):
            assert holds(proof(town.seal, stream).text, town.key.public.text)
            assert Proof.of(proof(town.seal, stream).text).checked([town.key.public]).size == size
        for first, was in old.items():
            found = beginning(town.seal, first)
            assert found is not None and signed(found.note, town.key.public.text)[:2] == (size, root)
            assert of_proof(first, size, list(found.path), was) == (was, root)
    assert [beginning(town.seal, n) for n in (0, -1, size + 1)] == [None] * 3


def test_what_is_not_sealed_yet_has_no_proof(town: Town) -> None:
    town.sealed(5)
    town.writes(30)
    with town.log.connect() as connection:
        late = connection.scalars(select(events.c.stream).where(events.c.version == 1, events.c.position > 5)).all()
    with pytest.raises(NotYetSealedError):
        proof(town.seal, late[0])
    town.seal.grow()
    with pytest.raises(NotYetSealedError):  # in the tree, and not signed yet
        proof(town.seal, late[0])
    town.seal.sign(town.now)
    assert holds(proof(town.seal, late[0]).text, town.key.public.text)
    with pytest.raises(NotAsSealedError):
        proof(town.seal, UUID(int=5))  # whom somebody knows, and nothing is there


Tampers = Callable[[Town], object]
GONE: dict[str, Tampers] = {
    "edited": lambda t: t.edits(1, body=b"x"),
    "edited and sealed anew": lambda t: (t.edits(1, body=b"x"), t.seals_anew(t.key)),
    "deleted": lambda t: t.deletes(1),
    "taken out": lambda t: t.takes_out(1),
    "swapped": lambda t: t.swaps(1, 30),
    "cut": lambda t: t.deletes(*range(1, 41)),
}


@pytest.mark.parametrize("how", GONE)
def test_a_receipt_tells_that_its_event_is_not_there_as_it_was(town: Town, how: str) -> None:
    town.sealed(40)
    mine = Kept("mine.json", proof(town.seal, streams(town, 1)[0]))
    assert town.verified(mine).faults == () and len(town.verified(mine).borne_out) == 1
    GONE[how](town)
    report = town.verified(mine)
    assert "gone" in {fault.kind for fault in report.faults if fault.source == "mine.json"} or how == "cut"
    assert report.faults and report.borne_out == ()


def test_a_receipt_whose_log_was_put_back_to_before_it(town: Town) -> None:
    back = town.sealed(40).backup()
    town.sealed(40)
    mine = Kept("mine.json", proof(town.seal, streams(town, 99)[-1]))
    back()
    assert ("older", 41, 80) in town.faults(mine)


def test_nobody_is_handed_what_would_not_hold(town: Town) -> None:
    town.sealed(300)
    mine = streams(town, 1)[0]
    town.edits(1, body=b"x")
    with pytest.raises(NotAsSealedError):
        proof(town.seal, mine)
    if town.log.dialect.name == "sqlite":
        town.in_log(text("UPDATE events SET body = 'words' WHERE position = 1"))
        with pytest.raises(NotAsSealedError):
            proof(town.seal, mine)
        town.edits(1, body=b"x")
    assert is_sealed(town.seal, mine)
    town.in_seal(delete(tiles))
    with pytest.raises(NotAsSealedError):
        proof(town.seal, mine)
    assert beginning(town.seal, 5) is None
    town.in_seal(delete(checkpoints))
    with pytest.raises(NotYetSealedError):
        proof(town.seal, mine)


# --- what is bent in a file

Bends = Callable[[dict[str, Any]], object]


def other_line(line: int, says: str) -> Bends:
    def bent(said: dict[str, Any]) -> None:
        lines = said["leaf"].split("\n")
        lines[line] = says
        said["leaf"] = "\n".join(lines)

    return bent


def other_step(said: dict[str, Any]) -> None:
    said["path"][0] = b64encode(bytes([b64decode(said["path"][0])[0] ^ 1, *b64decode(said["path"][0])[1:]])).decode()


NOT_GENUINE: dict[str, Bends] = {
    "another position": other_line(1, "2"),
    "another stream": other_line(2, "0" * 32),
    "another version": other_line(3, "7"),
    "another name": other_line(4, "case-closed"),
    "another moment": other_line(5, "1"),
    "another content": other_line(6, "0" * 64),
    "another step": other_step,
    "a step less": lambda said: said["path"].pop(),
    "a step more": lambda said: said["path"].append(said["path"][0]),
    "no steps": lambda said: said.update(path=[]),
}  # fmt: skip


@pytest.mark.parametrize("town", ["sqlite"], indirect=True)
@pytest.mark.parametrize("how", NOT_GENUINE)
def test_a_file_that_was_changed_is_not_genuine(town: Town, how: str) -> None:
    town.sealed(40)
    said = json.loads(proof(town.seal, streams(town, 1)[0]).text)
    NOT_GENUINE[how](said)
    bent = Proof.of(json.dumps(said))
    with pytest.raises(NotGenuineError):
        bent.checked([town.key.public])
    found = town.verified(Kept("bent.json", bent))
    assert [(fault.kind, fault.source) for fault in found.faults] == [("not_genuine", "bent.json")]
    assert not leads_anywhere(json.dumps(said), town.key.public.text)


def leads_anywhere(content: str, key: str) -> bool:
    """What the other verifier says, where it comes to an end at all."""
    try:
        return holds(content, key)
    except (AssertionError, IndexError, RecursionError):
        return False


def test_a_file_that_somebody_else_signed(town: Town) -> None:
    mine = town.sealed(40) and proof(town.seal, streams(town, 1)[0])
    other = another_key()
    forged = Proof(
        mine.leaf, mine.path, other.signed(mine.note.split("\n\n", maxsplit=1)[0] + "\n", town.now), other.public.text
    )
    with pytest.raises(ForeignKeyError):
        forged.checked([town.key.public])
    assert town.faults(Kept("forged.json", forged)) == [("foreign", 0, 0)]
    false = Proof(mine.leaf, mine.path, mine.note.replace("\n40\n", "\n41\n"), mine.key)
    with pytest.raises(FalseSignatureError):
        false.checked([town.key.public])
    assert town.faults(Kept("false.json", false)) == [("false", 0, 0)]
    with pytest.raises(NotANoteError):
        Proof(mine.leaf, mine.path, "nonsense", mine.key).checked([town.key.public])


@pytest.mark.parametrize("town", ["sqlite"], indirect=True)
def test_what_is_no_proof(town: Town) -> None:
    mine = town.sealed(40) and proof(town.seal, streams(town, 1)[0])
    assert Proof.of(mine.text) == mine
    whole = json.loads(mine.text)
    wrong: list[dict[str, Any]] = [
        {"format": "another"}, {"leaf": "x"}, {"leaf": 5}, {"leaf": mine.leaf + "x"}, {"path": 5}, {"path": ["x"]}, {"path": ["AAAA"]},
        {"path": [whole["path"][0]] * 64}, {"leaf": mine.leaf.replace("event v1", "event v2")},
        {"leaf": mine.leaf.replace("\n1\n", "\n0\n", 1)}, {"leaf": mine.leaf.replace("case", "\n\ncase")},
    ]  # fmt: skip
    for content in ("", "[]", "5", "nonsense", "[" * 100_000, *(json.dumps(whole | one) for one in wrong)):
        with pytest.raises(NotAProofError):
            Proof.of(content)
    for missing in whole:
        with pytest.raises(NotAProofError):
            Proof.of(json.dumps({name: said for name, said in whole.items() if name != missing}))


def test_a_proof_tells_no_words(town: Town) -> None:
    town.sealed(40)
    town.edits(1, body=b"canary-7f3e")
    town.seals_anew(town.key)
    assert "canary" not in proof(town.seal, streams(town, 1)[0]).text


# --- seeded faults


def a_changed_file_is_found(town: Town) -> bool:
    said = json.loads(proof(town.seal, streams(town, 1)[0]).text)
    other_line(4, "case-closed")(said)
    try:
        Proof.of(json.dumps(said)).checked([town.key.public])
    except NotGenuineError:
        return True
    return False


def a_false_signature_is_found(town: Town) -> bool:
    return town.faults(Kept("false.txt", town.note().replace("\n40\n", "\n39\n"))) == [("false", 0, 0)]


def a_receipt_s_event_is_missed(town: Town) -> bool:
    mine = Kept("mine.json", proof(town.seal, streams(town, 1)[0]))
    town.edits(1, body=b"x")
    return any(fault.kind == "gone" for fault in town.verified(mine).faults)


def an_older_log_is_found(town: Town) -> bool:
    back = town.backup()
    outside = Kept("outside.txt", town.sealed(5).note())
    back()
    return town.faults(outside) == [("older", 41, 45)]


def what_would_not_hold_is_not_handed_out(town: Town) -> bool:
    town.edits(1, body=b"x")
    try:
        proof(town.seal, streams(town, 1)[0])
    except NotAsSealedError:
        return True
    return False


def only_signed(self: Proof, trusted: Any) -> Any:
    return checkpoint(self.note, trusted)


BENT: list[tuple[Callable[[Town], bool], object, str, object]] = [
    (a_changed_file_is_found, Proof, "checked", only_signed),
    (a_false_signature_is_found, PublicKey, "has_signed", lambda *_: True),
    (a_receipt_s_event_is_missed, Verifying, "_not_there", lambda *_: ()),
    (an_older_log_is_found, Verifying, "_not_borne_out", lambda *_: ()),
    (what_would_not_hold_is_not_handed_out, Proof, "checked", only_signed),
]


@pytest.mark.parametrize("town", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("finds", "where", "what", "bent"), BENT, ids=[finds.__name__ for finds, *_ in BENT])
@pytest.mark.parametrize("is_bent", [False, True])
def test_what_is_bent_in_proofs_is_found(
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    finds: Callable[[Town], bool],
    where: object,
    what: str,
    bent: object,
    is_bent: bool,
) -> None:
    town.sealed(40)
    if is_bent:
        monkeypatch.setattr(where, what, bent)
    assert finds(town) is not is_bent
