"""Cases found by words, on both engines: each of them, no other, newest first, within reach; put right, found by what is right."""

from random import Random
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from adapters.boards import register
from adapters.boards.rebuilding import rebuild
from adapters.boards.tables import pairs as table
from api.demo_month import Month
from api.whole import Whole
from domain.actors import Actor, Role
from domain.commands import AmendCase, LogCase
from domain.events import Reporter
from domain.permissions import Reach
from domain.privacy import Clear, Secrecy
from domain.states import Source
from tests.adapters.boards.test_district import UNTIL
from tests.api.people import DISTRICT, GRID, STREET
from tests.statements import plan, statements
from workflow.casework import Order
from workflow.finding import pairs, pairs_of

WHERE = ("桥下", "河边", "市场后门", "小学对面", "公交站旁", "地下车库", "楼道口", "变电箱边", "花坛里", "二号院")
WHAT = (
    "积水很深",
    "路灯不亮",
    "井盖松动",
    "垃圾没清",
    "树枝折断",
    "墙皮脱落",
    "水管冻裂",
    "噪声扰民",
    "车位被占",
    "污水外溢",
)
HOTLINE, CLERK = Actor("hotline", Role.HOTLINE, DISTRICT), Actor("clerk", Role.STREET_CLERK, STREET)
EVERYWHERE = Reach("district", DISTRICT)
SAMPLES = 200


class Found:
    """A store with many summaries, and what is in each."""

    def __init__(self, whole: Whole) -> None:
        """Log them; others lie among them."""
        self.whole, dice = whole, Random(4)
        for _ in Month(whole.casework, whole.law, UNTIL, dice, 40).played():
            pass
        grids = [code for code in whole.law.places.by_code if len(code) == len(GRID)]
        self.summaries: dict[UUID, str] = {}
        for n in range(SAMPLES):
            self.summaries[self.log(f"{dice.choice(WHERE)}{dice.choice(WHAT)}第{n}处", dice.choice(grids))] = ""
        self.whole.boards.catch_up()
        self.summaries = {case: self.whole.casework.case(case).summary for case in self.summaries}

    def log(self, summary: str, grid: str = GRID) -> UUID:
        case = uuid4()
        log = LogCase(category="0406", place=grid, source=Source.HOTLINE, summary=summary)
        self.whole.casework.open_case(case, Order(command=log, actor=HOTLINE, now=UNTIL, id=uuid4()))
        return case

    def by(self, words: str, reach: Reach = EVERYWHERE, **more: str) -> list[UUID]:
        """All that are found, page after page."""
        found, before = list[UUID](), 0
        while True:
            page = register.page(
                self.whole.boards.engine, reach, {"words": words, **more}, UNTIL, before=before, limit=30
            )
            found += [line.case for line in page.cases]
            if not (before := page.next):
                return found


@pytest.fixture(scope="module")
def found(still: Whole) -> Found:
    return Found(still)


def everything(found: Found) -> list[UUID]:
    page, before = list[UUID](), 0
    while True:
        some = register.page(found.whole.boards.engine, EVERYWHERE, {}, UNTIL, before=before, limit=200)
        page += [line.case for line in some.cases]
        if not (before := some.next):
            return page


def test_every_word_of_two_characters_finds_its_case_and_only_what_has_it(found: Found) -> None:
    has = {case: pairs_of(found.whole.casework.case(case)) for case in everything(found)}
    words = {pair for summary in found.summaries.values() for pair in pairs(summary)}
    assert len(words) > 100
    for word in words:
        assert found.by(word) == [case for case in has if word in has[case]], word


def test_longer_words_and_several(found: Found) -> None:
    case, summary = next(iter(found.summaries.items()))
    assert found.by(summary) == [case]
    assert case in found.by(f"{summary[:2]} {summary[-3:]}")
    assert found.by("路灯 井盖") == [] != found.by("路灯") and found.by("井盖")
    assert found.by("水") == found.by("，") == []  # two characters at least
    assert found.by("x' OR 1=1 --") == found.by("or")


def test_within_reach_and_with_other_filters(found: Found) -> None:
    street = Reach("street", STREET)
    mine = [case for case in found.by("积水") if found.whole.casework.case(case).place.street == STREET]
    assert found.by("积水", street) == mine != []
    assert found.by("积水", Reach(unit="water")) == []
    opened = {case for case in found.by("积水") if found.whole.casework.case(case).state.is_open}
    assert found.by("积水", open="yes") == [case for case in found.by("积水") if case in opened]
    assert found.by("积水", Reach()) == []


def test_a_department_finds_what_it_was_assigned(found: Found) -> None:
    casework = found.whole.casework
    of_unit = {case: {one.unit for one in casework.case(case).assignments} for case in everything(found)}
    unit = max(
        (unit for units in of_unit.values() for unit in units), key=lambda one: sum(one in u for u in of_unit.values())
    )
    words = {pair for case, units in of_unit.items() if unit in units for pair in pairs_of(casework.case(case))}
    assert len(words) > 20
    for word in words:
        assert found.by(word, Reach(unit=unit)) == [case for case in found.by(word) if unit in of_unit[case]] != []


def test_it_is_looked_for_among_those_with_the_rarest_pair(found: Found) -> None:
    engine = found.whole.boards.engine
    asked = register.listed(engine, EVERYWHERE, {"words": "积水 垃圾没清 不亮第1处"}, UNTIL).compile().params
    spoken = [pair for name, pair in asked.items() if name.startswith("pair_")]
    how_often = [len(found.by(pair)) for pair in spoken]
    assert len(spoken) == 8 and how_often[0] == min(how_often) < max(how_often)


def test_what_is_put_right_is_found_by_what_is_right(found: Found) -> None:
    case = found.log("桥上结冰")
    found.whole.boards.catch_up()
    assert found.by("结冰") == [case]
    order = Order(command=AmendCase(summary="桥上积雪", reason="seen"), actor=CLERK, now=UNTIL, id=uuid4())
    found.whole.casework.handle(case, order)
    found.whole.boards.catch_up()
    assert (found.by("结冰"), found.by("积雪"), found.by("桥上")) == ([], [case], [case])


def test_what_lay_in_another_street_is_found_by_who_looks_there(found: Found) -> None:
    case, other = (
        found.log("桥边冰凌"),
        next(c for c in found.whole.law.places.by_code if len(c) == len(GRID) and not c.startswith(STREET)),
    )
    moved = AmendCase(place=other, reason="seen")
    found.whole.casework.handle(case, Order(command=moved, actor=CLERK, now=UNTIL, id=uuid4()))
    found.whole.boards.catch_up()
    there = Reach("street", found.whole.law.places.path(other).street)
    assert (found.by("冰凌", Reach("street", STREET)), found.by("冰凌", there), found.by("冰凌")) == (
        [],
        [case],
        [case],
    )


def test_what_is_sealed_is_in_no_index(found: Found) -> None:
    private = Reporter(Clear(Secrecy.CONTACT, "㐂㐃㐄"), Clear(Secrecy.CONTACT, "㐅㐆㐇"))
    log = LogCase(
        category="0406", place=GRID, source=Source.HOTLINE, summary="㐈㐉", narrative=Clear(Secrecy.NARRATIVE, "㐊㐋㐌"),
        reporter=private,
    )  # fmt: skip
    case = uuid4()
    found.whole.casework.open_case(case, Order(command=log, actor=HOTLINE, now=UNTIL, id=uuid4()))
    found.whole.boards.catch_up()
    assert found.by("㐈㐉") == [case]
    assert [found.by(words) for words in ("㐂㐃", "㐅㐆", "㐊㐋")] == [[], [], []]
    with found.whole.boards.engine.connect() as connection:
        told = "".join(connection.scalars(select(table.c.pair)))
    assert "㐈" in told and not set("㐂㐃㐄㐅㐆㐇㐊㐋㐌") & set(told)


def test_a_rebuild_finds_the_same(found: Found) -> None:
    engine = found.whole.boards.engine

    def rows() -> list[tuple[str, int, str]]:
        with engine.connect() as connection:
            return sorted((row.pair, row.first, row.street) for row in connection.execute(select(table)))

    before = rows()
    rebuild(found.whole.boards)
    assert rows() == before and len(before) > 900


def test_it_is_found_by_an_index(found: Found) -> None:
    engine = found.whole.boards.engine
    with statements(engine) as said:
        found.by("积水")
    if engine.dialect.name == "sqlite":
        assert any("ix_board_pairs_pair" in step for step in plan(engine, said[0])), plan(engine, said[0])
