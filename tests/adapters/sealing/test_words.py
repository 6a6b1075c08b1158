"""Words are sealed wherever they stand in a command, and open only in their own place."""

import logging
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace
from typing import cast
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.sealing import KeyDestroyed, NotTextError, Sealing, Tampered
from domain.commands import LogCase, ReferUp
from domain.events import Reporter
from domain.privacy import Clear, Private, Sealed, Secrecy
from domain.states import Source

WORDS = "Tashi, 139 0000 4711, bitte leise klingeln"


@dataclass(frozen=True, slots=True)
class Page:
    """Private words, side by side and deeper."""

    text: Private
    more: tuple["Page | Private | str", ...] = ()
    number: int = 7


def clear(words: str = WORDS, secrecy: Secrecy = Secrecy.NARRATIVE) -> Clear:
    """Words as typed."""
    return Clear(secrecy, words)


def opened(sealing: Sealing, case: UUID, field: str, sealed: Private | None) -> str:
    """The words under a seal that must be one."""
    assert isinstance(sealed, Sealed)
    return sealing.unseal(case, field, sealed)


@given(words=st.text(), secrecy=st.sampled_from(Secrecy))
def test_any_text_comes_back(quick: Sealing, words: str, secrecy: Secrecy) -> None:
    """Empty, long, of any script."""
    case = uuid4()
    page = quick.seal(case, Page(clear(words, secrecy)))
    assert opened(quick, case, "text", page.text) == words


def test_every_private_word_of_a_command_is_sealed(sealing: Sealing) -> None:
    """What else it says stays as it was."""
    case = uuid4()
    said = {name: clear(f"{WORDS} {name}", Secrecy.CONTACT) for name in ("name", "phone", "address")}
    command = LogCase(
        category="lamp", place="540102001", source=Source.HOTLINE, narrative=clear(), reporter=Reporter(**said)
    )
    sealed = sealing.seal(case, command)
    assert sealed.reporter is not None
    assert opened(sealing, case, "narrative", sealed.narrative) == WORDS
    for name in said:
        assert opened(sealing, case, name, getattr(sealed.reporter, name)) == f"{WORDS} {name}"
    assert replace(sealed, narrative=command.narrative, reporter=command.reporter) == command
    assert WORDS not in repr(command) + repr(sealed)


def test_tuples_and_nested_dataclasses_are_walked(quick: Sealing) -> None:
    """A part of a tuple is bound to the tuple's field."""
    case = uuid4()
    inner = Page(clear("inner", Secrecy.PHOTOS))
    page = quick.seal(case, Page(clear(), (clear("in a tuple"), inner, "public")))
    middle, deeper, public = page.more
    assert opened(quick, case, "more", cast("Sealed", middle)) == "in a tuple"
    assert opened(quick, case, "text", cast("Page", deeper).text) == "inner"
    assert (public, page.number) == ("public", 7)


def test_without_private_words_nothing_is_touched(quick: Sealing) -> None:
    """The very same command, and no key is made for it."""
    command = ReferUp("needs a crane")
    assert quick.seal(uuid4(), command) is command
    page = Page(Sealed(Secrecy.NARRATIVE, "as it was"))
    assert quick.seal(uuid4(), page) is page


def test_the_same_words_never_look_the_same(quick: Sealing) -> None:
    """Nobody can tell who reported twice."""
    case = uuid4()
    seals = {quick.seal(case, Page(clear())).text for _ in range(50)}
    assert len(seals) == 50


@pytest.mark.parametrize("container", [[clear()], {clear()}, {"key": clear()}, [Page(clear())]])
def test_other_containers_must_not_hold_private_words(quick: Sealing, container: object) -> None:
    """Loudly, because they would be stored in clear."""
    with pytest.raises(TypeError, match="more: only dataclasses and tuples") as refused:
        quick.seal(uuid4(), Page(clear(), cast("tuple[str, ...]", container)))
    assert WORDS not in repr(refused.value)


def test_half_a_character_is_refused_without_telling_the_words(quick: Sealing) -> None:
    """The encoder's own error would carry them along."""
    with pytest.raises(NotTextError, match="text: holds half a character") as refused:
        quick.seal(uuid4(), Page(clear(WORDS + "\ud83d")))
    assert WORDS not in repr(refused.value)
    assert refused.value.__context__ is None


@pytest.fixture
def two(quick: Sealing) -> tuple[UUID, UUID]:
    """Two cases which both have keys of all classes."""
    cases = uuid4(), uuid4()
    for case in cases:
        quick.seal(case, Page(clear(), tuple(clear("x", secrecy) for secrecy in Secrecy)))
    return cases


def test_a_seal_opens_only_in_its_own_place(quick: Sealing, two: tuple[UUID, UUID]) -> None:
    """Another case, field or class: tampered."""
    mine, other = two
    sealed = quick.seal(mine, Page(clear())).text
    assert isinstance(sealed, Sealed)
    for case, field, seal in (
        (other, "text", sealed),
        (mine, "phone", sealed),
        (mine, "text", Sealed(Secrecy.CONTACT, sealed.token)),
    ):
        with pytest.raises(Tampered) as refused:
            quick.unseal(case, field, seal)
        assert WORDS not in str(refused.value)
    assert opened(quick, mine, "text", sealed) == WORDS


def test_every_flipped_bit_is_noticed(quick: Sealing) -> None:
    """Of version, key number, nonce, ciphertext and tag."""
    case = uuid4()
    token = cast("Sealed", quick.seal(case, Page(clear("short"))).text).token
    packed = urlsafe_b64decode(token + "==")
    for bit in range(8 * len(packed)):
        flipped = bytearray(packed)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(Tampered):
            quick.unseal(case, "text", Sealed(Secrecy.NARRATIVE, urlsafe_b64encode(flipped).rstrip(b"=").decode()))


def test_every_other_spelling_of_a_token_is_noticed(quick: Sealing) -> None:
    """One character changed, also where base64 would not mind."""
    case = uuid4()
    token = cast("Sealed", quick.seal(case, Page(clear("four"))).text).token
    others = [token[:i] + ("A" if token[i] != "A" else "B") + token[i + 1 :] for i in range(len(token))]
    others += [token[:-1] + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if letter != token[-1]]
    for other in [*others, "", "x", "é" * 40, token + "=", token + "\n", token[:8], token[:20]]:
        with pytest.raises(Tampered):
            quick.unseal(case, "text", Sealed(Secrecy.NARRATIVE, other))


def test_after_an_erasure_only_new_words_are_readable(sealing: Sealing) -> None:
    """And the old ones are gone, not tampered with."""
    case = uuid4()
    before = sealing.seal(case, Page(clear(), (clear("phone", Secrecy.CONTACT),)))
    sealing.keys.destroy(case, [Secrecy.NARRATIVE])
    with pytest.raises(KeyDestroyed):
        opened(sealing, case, "text", before.text)
    assert opened(sealing, case, "more", cast("Sealed", before.more[0])) == "phone"
    after = sealing.seal(case, Page(clear("new words")))
    assert opened(sealing, case, "text", after.text) == "new words"
    with pytest.raises(KeyDestroyed) as gone:
        opened(sealing, case, "text", before.text)
    assert str(gone.value) == f"the narrative key of case {case} is destroyed"


def test_a_case_without_keys_has_nothing_to_read(quick: Sealing) -> None:
    """A seal taken to a case that never had a key."""
    sealed = quick.seal(uuid4(), Page(clear())).text
    with pytest.raises(KeyDestroyed):
        opened(quick, uuid4(), "text", sealed)


def test_words_and_keys_are_in_no_log(sealing: Sealing, caplog: pytest.LogCaptureFixture) -> None:
    """Even with the database's own logging turned all the way up."""
    caplog.set_level(logging.DEBUG)
    logging.getLogger("sqlalchemy").setLevel(logging.DEBUG)
    case = uuid4()
    page = sealing.seal(case, Page(clear()))
    assert opened(sealing, case, "text", page.text) == WORDS
    key = sealing.keys.to_seal(case, [Secrecy.NARRATIVE])[Secrecy.NARRATIVE]
    logging.getLogger("sqlalchemy").setLevel(logging.NOTSET)
    assert "case_keys" in caplog.text
    for secret in (WORDS, repr(key.secret)[2:-1]):
        assert secret not in caplog.text + repr(sealing) + repr(page) + repr(key)
