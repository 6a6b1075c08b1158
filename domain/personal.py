"""What in a text may tell who somebody is: numbers of phones, identity cards, vehicles and accounts, and addresses of e-mail.

A sieve, not a judge: it warns whoever writes and marks for a clerk, and nothing of a case is refused because of it. Where a number
proves itself (a checksum, a day of birth) it must; the numbers that cases and places have are passed over.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What was found."""

    PHONE = "phone"
    IDENTITY = "identity"
    PLATE = "plate"
    EMAIL = "email"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Finding:
    """Where in a text something stands that may tell who somebody is."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sign:
    """A line of the table: what it looks like (the group `it`, else all of it), and what must be true of it besides."""

    kind: Kind
    looks: re.Pattern[str]
    holds: Callable[[str], bool]


# One character for one, so that what is found stands in the text where it was found.
WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
TIBETAN = {0x0F20 + n: 0x30 + n for n in range(10)}
PLAIN: dict[int, int | str] = {
    **WIDE,
    **TIBETAN,
    **dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2009\u202f\u3000"), " "),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
}
NUMERALS = "〇零一二三四五六七八九幺"
PROVINCES = frozenset(
    str(code) for codes in ((11, 16), (21, 24), (31, 38), (41, 47), (50, 55), (61, 66), (71, 72), (81, 84)) for code in range(*codes)
)  # fmt: skip
WEIGHTS, CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"  # GB 11643
BORN_FROM = 30  # of the century before: who has a card of fifteen digits; what is lower is a place's code more often
LETTERS_AT_MOST = 2  # of a plate, after the letter of the city


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _is_a_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_identity(text: str) -> bool:
    """Eighteen characters that prove themselves."""
    card = text.replace(" ", "").replace("-", "").upper()
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, card[:17], strict=True))
    return card[:2] in PROVINCES and _is_a_day(card[6:14]) and CHECKS[total % 11] == card[17]


def _is_old_identity(text: str) -> bool:
    """Fifteen digits of a province, with a day of birth."""
    return text[:2] in PROVINCES and int(text[6:8]) >= BORN_FROM and _is_a_day(f"19{text[6:12]}")


def _is_account(text: str) -> bool:
    """As Luhn has it."""
    digits = [int(digit) for digit in reversed(_digits(text))]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_plate(text: str) -> bool:
    """Mostly digits: what has more letters is a name."""
    return sum(char.isascii() and char.isalpha() for char in text[2:]) <= LETTERS_AT_MOST


def _is_no_year(text: str) -> bool:
    """A number of a town's own, which a year begins as well, is more often the year."""
    return len(_digits(text)) < len("20260302") or text[:2] not in ("19", "20")


def _as_it_looks(_text: str) -> bool:
    return True


ALONE, ENDS = r"(?<![0-9A-Za-z])(?<!\d\.)", r"(?![0-9A-Za-z]|\.\d)"  # what has a decimal point is an amount
LETTER, GREEN = "A-HJ-NP-Za-hj-np-z", "A-HJKa-hjk"
CITY = rf"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][{LETTER}][ ·•.-]?"


def _looks(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


# What comes first wins where two overlap.
SIGNS: tuple[Sign, ...] = (
    Sign(Kind.EMAIL, _looks(r"(?<![\w.%+-])[\w.%+-]{1,64}@[0-9A-Za-z-]{1,63}(?:\.[0-9A-Za-z-]{1,63}){1,5}"), _as_it_looks),
    Sign(Kind.IDENTITY, _looks(rf"{ALONE}[1-8]\d{{5}} ?(?:19|20)\d{{6}} ?\d{{3}}[\dXx]{ENDS}"), _is_identity),
    Sign(Kind.IDENTITY, _looks(rf"{ALONE}[1-8]\d{{5}}-(?:19|20)\d{{6}}-\d{{3}}[Xx]{ENDS}"), _is_identity),
    Sign(Kind.IDENTITY, _looks(rf"{ALONE}[1-8]\d{{14}}{ENDS}"), _is_old_identity),
    Sign(Kind.ACCOUNT, _looks(rf"{ALONE}(?:[3-9]\d|2[2-7])\d\d(?:[ -]?\d{{4}}){{3}}(?:[ -]?\d{{1,3}})?{ENDS}"), _is_account),
    Sign(
        Kind.PHONE,
        _looks(
            rf"{ALONE}(?:(?:\+|00)?86[ -]?)?1[3-9]\d"
            rf"(?:[ -]?\d{{4}}[ -]?\d{{4}}|[ -]\d{{3}}[ -]\d{{5}}|\d\d[ -]\d{{6}}|\d\d[ -]\d{{3}}[ -]\d{{3}}){ENDS}"
        ),
        _as_it_looks,
    ),
    Sign(Kind.PHONE, _looks(rf"(?<![{NUMERALS}])[一幺][三四五六七八九][{NUMERALS}]{{9}}(?![{NUMERALS}])"), _as_it_looks),
    Sign(
        Kind.PHONE,
        _looks(
            rf"{ALONE}(?:\+86[ -]?\(?0?|\(?0)"
            rf"(?:(?:10|2\d)\)?[ -]?[2-8]\d{{3}}[ -]?\d{{4}}|[3-9]\d\d\)?[ -]?[2-8]\d{{2,3}}[ -]?\d{{4}}){ENDS}"
        ),
        _as_it_looks,
    ),
    Sign(
        Kind.PHONE,
        _looks(rf"(?:电话|座机|固话|致电|拨打|来电|\b[Tt]el|\b[Pp]hone|\b[Cc]all)[^0-9\n]{{0,8}}(?P<it>[2-8]\d{{2,3}}[ -]?\d{{4}}){ENDS}"),
        _is_no_year,
    ),
    Sign(
        Kind.PLATE,
        _looks(rf"{CITY}(?:\d{{5}}[{GREEN}]|[{GREEN}][{LETTER}0-9]\d{{4}}|[{LETTER}0-9]{{4}}[{LETTER}0-9挂学警港澳]){ENDS}"),
        _is_plate,
    ),
)  # fmt: skip
NUMBER_OF_A_CASE = _looks(rf"{ALONE}[0-9A-Za-z]{{1,20}}-\d{{8}}-\d{{1,9}}{ENDS}")
ANYTHING = _looks(
    rf"\d(?:[ )-]?\d){{6}}|@|{CITY}\w|[{NUMERALS}]{{11}}"
)  # without any of it nothing is found: most texts have none


def found(text: str) -> tuple[Finding, ...]:
    """All that may tell who somebody is, in the order in which it stands there."""
    plain = text.translate(PLAIN)
    if not ANYTHING.search(plain):
        return ()
    kept: list[Finding] = []
    for finding in _candidates(plain):
        if all(finding.end <= other.start or other.end <= finding.start for other in kept):
            kept.append(finding)
    return tuple(sorted(kept, key=lambda finding: finding.start))


def _candidates(text: str) -> Iterator[Finding]:
    rest = NUMBER_OF_A_CASE.sub(lambda number: "#" * len(number[0]), text)
    for sign in SIGNS:
        for match in sign.looks.finditer(rest):
            start, end = match.span("it" if "it" in sign.looks.groupindex else 0)
            if sign.holds(rest[start:end]):
                yield Finding(sign.kind, start, end)
