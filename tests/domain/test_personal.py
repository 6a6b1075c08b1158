"""What may tell who somebody is: sentences written by hand, texts by lot both ways, and faults that both find."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain import personal
from domain.personal import Kind, found

# The text, with what is to be found between brackets and its kind; nothing else is found in it.
SENTENCES: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    # phones
    ("请联系王师傅[13800138000]。", (Kind.PHONE,)),
    ("手机[138 0013 8000]或[139-0013-8000]", (Kind.PHONE, Kind.PHONE)),
    ("call [+86 138-0013-8000] before noon", (Kind.PHONE,)),
    ("[008613800138000]", (Kind.PHONE,)),
    ("全角［[１３８００１３８０００]］", (Kind.PHONE,)),
    ("打[一三八零零一三八〇〇零]", (Kind.PHONE,)),
    ("ཁ་པར [༡༣༨༠༠༡༣༨༠༠༠]", (Kind.PHONE,)),
    ("[幺三八零零幺三八零零零]", (Kind.PHONE,)),
    ("[13800 138000]", (Kind.PHONE,)),
    ("[138 001 38000]", (Kind.PHONE,)),
    ("[138–0013–8000]", (Kind.PHONE,)),
    ("物业座机[0891-6321234]转8012", (Kind.PHONE,)),
    ("[（0891）6321234]", (Kind.PHONE,)),
    ("[(0891)6321234]", (Kind.PHONE,)),
    ("办公室电话：[6321234]", (Kind.PHONE,)),
    ("tel. [632 1234]", (Kind.PHONE,)),
    ("[010-62345678]", (Kind.PHONE,)),
    ("[+86 10 6234 5678]", (Kind.PHONE,)),
    # identity cards
    ("身份证[11010519491231002X]", (Kind.IDENTITY,)),
    ("身份证[11010519491231002x]，已核", (Kind.IDENTITY,)),
    ("[110105 19491231 002X]", (Kind.IDENTITY,)),
    ("[110105-19491231-002X]", (Kind.IDENTITY,)),
    ("[440524188001010049]", ()),  # nobody alive
    ("旧证[110105491231002]", (Kind.IDENTITY,)),
    # plates
    ("[藏A12345]乱停", (Kind.PLATE,)),
    ("[藏A·12345]", (Kind.PLATE,)),
    ("车牌[京AD12345]、[京A12345D]", (Kind.PLATE, Kind.PLATE)),
    ("[川a8b123]", (Kind.PLATE,)),
    ("[藏A1234挂]", (Kind.PLATE,)),
    # e-mail
    ("mail [zhang.san+1@example.com], please", (Kind.EMAIL,)),
    ("[zhang＠example．com]", (Kind.EMAIL,)),
    ("手机邮箱[13800138000@139.com]", (Kind.EMAIL,)),
    # accounts
    ("退到[6222 0212 3456 7890 128]", (Kind.ACCOUNT,)),
    ("退到[6222021234567890127]", ()),  # Luhn does not hold
    ("退到[4111111111111111]", (Kind.ACCOUNT,)),
    ("card [4111-1111-1111-1111]", (Kind.ACCOUNT,)),
    # several
    ("李某[13912345678]，车[藏A12345]，[a@b.cn]", (Kind.PHONE, Kind.PLATE, Kind.EMAIL)),
    # what is none
    ("案件 540102-20260302-0001 并入 130102-20260302-13800138", ()),
    ("案件540102-20260302-0001，case 0310-20260302-0001", ()),
    ("网格 540102002001001，社区 540102002001，街道 540102002，区 540102", ()),
    ("路灯 LD-002-01，八廓路灯01号，灯杆号 0891-12", ()),
    ("2026-03-02 13:04 至 2026-03-03 09:30，工期 20260302—20260309", ()),
    ("赔偿 13800138 元，预算 138,001,380,00.00 元，13800138000.50 元", ()),
    ("热线 12345、110、400-123-4567", ()),
    ("致电 12345，来电 20260302", ()),
    ("来电反映 2024-2025 年的事", ()),
    ("零一二三四五六七八九十", ()),
    ("二〇二六年三月二日，一三五路公交", ()),
    ("青藏线K1+500，云A区12号，京ABCDEF", ()),
    ("新A级景区，浙D座", ()),
    ("550e8400-e29b-41d4-a716-446655440000", ()),
    ("wx@ , @所有人 , a@b", ()),
    ("a1380013800b, 138001380001", ()),
    ("1号楼2单元301，13、15、17号", ()),
    ("the pipe at No. 138, 0013 people, 8000 yuan", ()),
    ("", ()),
)  # fmt: skip


def marked(sentence: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """The sentence without its brackets, and what stood between them."""
    text, spans, start = "", [], 0
    for char in sentence:
        if char == "[":
            start = len(text)
        elif char == "]":
            spans.append((start, len(text)))
        else:
            text += char
    return text, tuple(spans)


@pytest.mark.parametrize(("sentence", "kinds"), SENTENCES)
def test_sentences_written_by_hand(sentence: str, kinds: tuple[Kind, ...]) -> None:
    text, spans = marked(sentence)
    seen = found(text)
    assert tuple(finding.kind for finding in seen) == kinds, text
    if kinds and spans:
        assert tuple((finding.start, finding.end) for finding in seen) == spans


# --- by lot: what must be found

DIGITS = st.text("0123456789", min_size=0, max_size=20)
AROUND = st.text("请尽快处理，谢谢。 漏水了ok: ", max_size=12)
DAYS = st.dates(date(1930, 1, 1), date(2026, 3, 2))


def of(size: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=size, max_size=size)


@st.composite
def mobiles(draw: Any) -> str:
    digits = "1" + draw(st.sampled_from("3456789")) + draw(of(9))
    gap, before = draw(st.sampled_from(["", " ", "-"])), draw(st.sampled_from(["", "+86", "+86 ", "86-"]))
    number: str = before + gap.join((digits[:3], digits[3:7], digits[7:]))
    return number.translate({48 + n: 0xFF10 + n for n in range(10)}) if draw(st.booleans()) else number


def check_of(seventeen: str) -> str:
    """The last character by the standard's own words: the sum, with it, is 1 modulo 11."""
    weights = [2**place % 11 for place in range(17, 0, -1)]
    rest = (1 - sum(weight * int(digit) for weight, digit in zip(weights, seventeen, strict=True))) % 11
    return "X" if rest == 10 else str(rest)


@st.composite
def identities(draw: Any) -> str:
    region = draw(st.sampled_from(["110105", "540102", "650104", "440524", "513321"]))
    seventeen = f"{region}{draw(DAYS):%Y%m%d}{draw(of(3))}"
    check = check_of(seventeen)
    return seventeen + (check.lower() if draw(st.booleans()) else check)


@st.composite
def old_identities(draw: Any) -> str:
    day = draw(st.dates(date(1930, 1, 1), date(1999, 12, 31)))
    return f"{draw(st.sampled_from(['110105', '540102', '330106']))}{day:%y%m%d}{draw(of(3))}"


@st.composite
def plates(draw: Any) -> str:
    start = draw(st.sampled_from("京沪藏川青新粤")) + draw(st.sampled_from("ABCDEFGHJKLMNPQRSTUVWXYZ"))
    tail = draw(st.sampled_from(["#####", "#A###", "AB###", "##C#D", "D#####", "#####F", "DA####", "####挂"]))
    return start + "".join(draw(st.sampled_from("0123456789")) if char == "#" else char for char in tail)


@st.composite
def accounts(draw: Any) -> str:
    size = draw(st.integers(16, 19))
    body = draw(st.sampled_from(["62", "40", "51", "95"])) + draw(of(size - 3))
    doubled = [sum(divmod(int(digit) * 2, 10)) for digit in reversed(body)][::2]
    single = [int(digit) for digit in reversed(body)][1::2]
    return body + str(-(sum(doubled) + sum(single)) % 10)


WORDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=10)
EMAILS = st.builds("{}@{}.{}".format, WORDS, WORDS, st.sampled_from(["cn", "com", "gov.cn"]))
LANDLINES = st.builds(
    "{}{}{}{}".format, st.sampled_from(["0891", "010", "021", "0755"]), st.sampled_from(["", "-", " "]), st.sampled_from("2345678"), of(7)
)  # fmt: skip
SPOKEN = st.builds(
    "{}{}{}".format,
    st.sampled_from("一幺"),
    st.sampled_from("三五七八九"),
    st.text("〇零一二三四五六七八九", min_size=9, max_size=9),
)
MADE = {
    Kind.PHONE: mobiles() | LANDLINES | SPOKEN,
    Kind.IDENTITY: identities() | old_identities(),
    Kind.PLATE: plates(),
    Kind.ACCOUNT: accounts(),
    Kind.EMAIL: EMAILS,
}


@st.composite
def told(draw: Any) -> tuple[Kind, str, str, str]:
    kind = draw(st.sampled_from(Kind))
    before = draw(AROUND)
    return kind, before + "：", draw(MADE[kind]), "，" + draw(AROUND)


@given(told())
def test_what_is_one_is_found_where_it_stands(said: tuple[Kind, str, str, str]) -> None:
    kind, before, it, after = said
    seen = found(before + it + after)
    assert any(finding.start <= len(before) and finding.end >= len(before) + len(it) for finding in seen), (kind, it)
    first = next(finding for finding in seen if finding.start <= len(before) < finding.end)
    assert first.kind is kind or {first.kind, kind} <= {Kind.IDENTITY, Kind.ACCOUNT}  # a card may prove itself as both


@given(told(), told())
def test_findings_do_not_overlap_and_stand_in_order(one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
    seen = found("".join((*one[1:], *other[1:])))
    assert len(seen) >= 2
    assert all(former.end <= latter.start for former, latter in pairwise(seen))


# --- by lot: what must not be


def places() -> Iterator[str]:
    for town in ("chengguan", "minimal"):
        sheet = Path("jurisdictions", town, "places.csv").read_text(encoding="utf-8")
        yield from (line.split(",")[0] for line in sheet.splitlines()[2:])


def things() -> Iterator[str]:
    for line in Path("jurisdictions/chengguan/things.csv").read_text(encoding="utf-8").splitlines()[2:]:
        code, _, label, place = line.split(",")
        yield from (code, label, place)


DISTRICTS = st.sampled_from(["540102", "110105", "130102", "440305", "650104"])
NUMBERS = st.builds(lambda code, day, n: f"{code}-{day:%Y%m%d}-{n:04}", DISTRICTS, DAYS, st.integers(1, 99_999))
CODES = st.builds(
    lambda code, street, community, grid, size: f"{code}{street:03}{community:03}{grid:03}"[:size],
    DISTRICTS, st.integers(1, 299), st.integers(1, 499), st.integers(1, 30), st.sampled_from([6, 9, 12, 15]),
)  # fmt: skip
MOMENTS = st.datetimes().map(lambda at: at.replace(microsecond=0).isoformat(sep=" ")) | DAYS.map(
    lambda day: f"{day:%Y%m%d}"
)
AMOUNTS = st.builds("{}{}".format, st.integers(0, 999_999_999), st.sampled_from(["元", " 元", ".50 元", " m", "%"]))
POSTS = st.builds(
    "{}-{:03}-{:02}".format, st.sampled_from(["LD", "JG", "XFS"]), st.integers(1, 999), st.integers(1, 99)
)
NONE = st.one_of(NUMBERS, CODES, MOMENTS, AMOUNTS, POSTS, st.sampled_from([*places()]), st.sampled_from([*things()]))


@given(st.lists(NONE, min_size=1, max_size=4), st.sampled_from(["，", " 、", "; ", "\n"]))
@example(["540102-20260302-0001"], "，")
def test_what_is_none_is_not_found(said: list[str], between: str) -> None:
    text = between.join(said)
    assert found(text) == (), text


@given(st.text(max_size=200))
def test_whatever_is_written_it_is_read(text: str) -> None:
    for finding in found(text):
        assert 0 <= finding.start < finding.end <= len(text)


# --- faults that these find


def wrong_in_a_sentence() -> bool:
    """Whether some sentence is not told as it was written by hand."""
    return any(tuple(one.kind for one in found(marked(said)[0])) != kinds for said, kinds in SENTENCES)


@pytest.mark.parametrize("sign", range(len(personal.SIGNS)))
def test_a_line_that_is_left_out_is_missed(sign: int, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tuple(one for n, one in enumerate(personal.SIGNS) if n != sign)
    monkeypatch.setattr(personal, "SIGNS", kept)
    assert wrong_in_a_sentence()


@pytest.mark.parametrize("kind", [Kind.IDENTITY, Kind.ACCOUNT, Kind.PLATE, Kind.PHONE])
def test_a_proof_that_is_not_asked_for_is_noticed(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    easy = tuple(replace(sign, holds=lambda text: True) if sign.kind is kind else sign for sign in personal.SIGNS)
    monkeypatch.setattr(personal, "SIGNS", easy)
    assert wrong_in_a_sentence()


def test_a_number_of_a_case_that_is_not_passed_over_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(personal, "NUMBER_OF_A_CASE", personal.re.compile("(?!)"))
    assert wrong_in_a_sentence()


def test_a_day_that_never_was_is_no_birthday() -> None:
    seventeen = "11010519490229002"
    assert found(seventeen + check_of(seventeen)) == ()
    assert found(f"110105{date(1949, 2, 28):%Y%m%d}002{check_of('11010519490228002')}") != ()
