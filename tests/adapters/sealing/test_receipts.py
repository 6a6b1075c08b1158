"""A receipt cannot be guessed, can be read out, and is kept as a hash only."""

import pytest

from adapters.sealing import NotAReceiptError, new_receipt, receipt_hash


def test_receipts_differ_and_use_the_whole_alphabet() -> None:
    """26 characters of 5 bits each."""
    receipts = {new_receipt() for _ in range(5_000)}
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
