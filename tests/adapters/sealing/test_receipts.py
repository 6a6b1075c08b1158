"""A receipt cannot be guessed, can be read out, and is kept as a hash only."""

from uuid import uuid4

import pytest

from adapters.sealing import (
    MasterKey,
    NotAReceiptError,
    code_of,
    is_code_of,
    new_master_key,
    receipt_hash,
    receipt_of,
)


def test_receipts_differ_and_use_the_whole_alphabet() -> None:
    """26 characters of 5 bits each."""
    master = MasterKey.of(new_master_key())
    receipts = {receipt_of(master, uuid4()) for _ in range(5_000)}
    assert len(receipts) == 5_000
    assert {len(receipt.replace("-", "")) for receipt in receipts} == {26}
    for place in range(26):
        assert len({receipt.replace("-", "")[place] for receipt in receipts}) == 32


def test_how_it_is_typed_does_not_matter() -> None:
    """Small letters, spaces, and what looks alike."""
    receipt = "01ABC-23DEF-45GHJ-67KMN-89PQRS"
    for typed in ("oiabc 23def 45ghj 67kmn 89pqrs", "OLABC23DEF45GHJ67KMN89PQRS", f" {receipt} "):
        assert receipt_hash(typed) == receipt_hash(receipt)
    assert receipt_hash(receipt.replace("S", "T")) != receipt_hash(receipt)
    assert len(receipt_hash(receipt)) == 64


@pytest.mark.parametrize("typed", ["", "7K2QF", "U" * 26, "0" * 27, "\uff10" * 26, "é" * 26])
def test_what_cannot_be_one_is_refused_without_repeating_it(typed: str) -> None:
    """It may be nearly right, and then it is a secret."""
    with pytest.raises(NotAReceiptError, match="26 letters and digits") as refused:
        receipt_hash(typed)
    assert not typed or typed not in str(refused.value)


def test_a_short_code_is_of_one_case_and_one_key() -> None:
    """Six characters that can be said on the phone; nothing is kept to find them by."""
    master, another = MasterKey.of(new_master_key()), MasterKey.of(new_master_key())
    cases = [uuid4() for _ in range(2_000)]
    codes = {code_of(master, case) for case in cases}
    assert len(codes) > 1_990 and {len(code) for code in codes} == {6}
    code = code_of(master, cases[0])
    assert code == code_of(master, cases[0]) and not receipt_of(master, cases[0]).startswith(code)
    for typed in (code, code.lower(), f" {code[:3]}-{code[3:]} ", code.replace("0", "o").replace("1", "l")):
        assert is_code_of(typed, master, cases[0])
    for wrong in ("", code[:5], code + "0", code_of(master, cases[1]), code_of(another, cases[0]), "é" * 6, "\ud800"):
        assert not is_code_of(wrong, master, cases[0])
