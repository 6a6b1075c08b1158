"""The key of the seal: text forms that others read, a file of its own, and no signature that is not ours."""

from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.sealing.signing import (
    FalseSignatureError,
    ForeignKeyError,
    NotANoteError,
    PublicKey,
    SealKeyError,
    SigningKey,
    create_signing_key,
    new_signing_key,
    opened,
    read_signing_key,
)

# C2SP's example of a checkpoint that a witness has co-signed; its key is not told there, so only its form is looked at.
EXAMPLE = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""
AT = datetime(2026, 3, 2, 2, 0, 7, 500_000, tzinfo=UTC)
TEXT = "whistle/x\n7\nAAAA\n"


@pytest.fixture
def key() -> SigningKey:
    return SigningKey.of(new_signing_key())


def test_what_was_signed_is_opened_with_its_moment(key: SigningKey) -> None:
    note = key.signed(TEXT, AT)
    found = opened(note, [PublicKey.of(key.public.text)])
    assert (found.text, found.at, found.by) == (TEXT, AT.replace(microsecond=0), key.public)
    assert note.startswith(TEXT + "\n— " + key.public.name + " ")


def test_any_letter_that_is_changed_is_found(key: SigningKey) -> None:
    note = key.signed(TEXT, AT)
    for at in range(len(note)):
        bent = note[:at] + ("A" if note[at] != "A" else "B") + note[at + 1 :]
        with pytest.raises((NotANoteError, ForeignKeyError, FalseSignatureError)):
            opened(bent, [key.public])


def test_another_s_signature_beside_ours_is_passed_by_and_alone_is_none(key: SigningKey) -> None:
    other = SigningKey.of(new_signing_key())
    both = key.signed(TEXT, AT) + other.signed(TEXT, AT).splitlines(keepends=True)[-1]
    assert opened(both, [key.public]).by == key.public
    assert opened(both, [other.public]).by == other.public
    with pytest.raises(ForeignKeyError, match=other.public.name):
        opened(other.signed(TEXT, AT), [key.public])
    with pytest.raises(ForeignKeyError, match="witness"):
        opened(EXAMPLE, [key.public])


def test_the_same_name_is_not_the_same_key(key: SigningKey) -> None:
    other = SigningKey.of(new_signing_key())
    namesake = PublicKey(key.public.name, other.public.raw)
    with pytest.raises(ForeignKeyError):
        opened(key.signed(TEXT, AT), [namesake])


@pytest.mark.parametrize(
    "note",
    ["", "\n", "text", "text\n\n", "text\n\nno dash\n", "\n\n— a b\n", "text\n\n— a b", EXAMPLE.replace("—", "-")],
)
def test_what_is_no_note(key: SigningKey, note: str) -> None:
    with pytest.raises(NotANoteError):
        opened(note, [key.public])


def test_a_public_key_that_is_not_whole_is_none(key: SigningKey) -> None:
    text = key.public.text
    name, named, packed = text.split("+", 2)
    other_kind = b64encode(b"\x01" + key.public.raw).decode()
    for wrong in (
        "",
        "x",
        text[:-4],
        text + "AAAA",
        f"{name}+00000000+{packed}",
        f"{name}+{named}+{other_kind}",
        f"a b+{named}+{packed}",
        f"+{named}+{packed}",
    ):
        with pytest.raises(SealKeyError):
            PublicKey.of(wrong)
    assert PublicKey.of(f" {text}\n") == key.public


# --- its file


def test_a_file_of_its_own_that_only_its_owner_reads(tmp_path: Path) -> None:
    made = create_signing_key(tmp_path / "seal.key")
    assert (tmp_path / "seal.key").stat().st_mode & 0o777 == 0o600
    assert read_signing_key(tmp_path / "seal.key").public == made.public
    with pytest.raises(SealKeyError, match="exists already"):
        create_signing_key(tmp_path / "seal.key")
    with pytest.raises(SealKeyError, match="can be written"):
        create_signing_key(tmp_path / "nowhere" / "seal.key")


def test_it_is_never_shown(key: SigningKey) -> None:
    content = new_signing_key()
    secret = content.rsplit("+", 1)[1]
    assert secret not in repr(SigningKey.of(content)) and "PRIVATE" not in key.public.text


def test_a_file_that_is_missing_open_to_others_or_no_key(tmp_path: Path) -> None:
    path = tmp_path / "seal.key"
    with pytest.raises(SealKeyError, match="cannot be read"):
        read_signing_key(path)
    for content in ("", "nonsense", new_signing_key()[:-9], new_signing_key().removeprefix("PRIVATE+KEY+"), "\xff"):
        path.write_text(content, encoding="utf-8")
        path.chmod(0o600)
        with pytest.raises(SealKeyError, match="no key of a seal"):
            read_signing_key(path)
    path.write_text(new_signing_key(), encoding="utf-8")
    path.chmod(0o644)
    with pytest.raises(SealKeyError, match="chmod 600"):
        read_signing_key(path)
