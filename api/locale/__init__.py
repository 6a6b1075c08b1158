"""What the pages say around the field's own words, in Chinese and English: a table for each screen."""

from collections.abc import Iterable, Mapping
from importlib import import_module
from pkgutil import iter_modules

from domain.worktime import Limit, Unit
from workflow.words import Pair, said

Table = Mapping[str, Pair]
TABLES: Mapping[str, Table] = {
    found.name: import_module(f"{__name__}.{found.name}").TEXTS for found in iter_modules(__path__)
}


def together(tables: Iterable[Table]) -> Table:
    """All that is said. ValueError where two screens say it: then one of them would change the other's words."""
    found: dict[str, Pair] = {}
    for table in tables:
        if both := found.keys() & table.keys():
            raise ValueError(f"said in two tables: {', '.join(sorted(both))}")
        found |= table
    return found


TEXTS = together(TABLES.values())

DAY_CODES: Mapping[str, Pair] = {
    "worked": ("工作日", "worked"),
    "made_up": ("调休上班", "made up for"),
    "off": ("放假", "off"),
    "weekend": ("周末", "weekend"),
    "counted": ("计入", "counted"),
    "not_counted": ("不计", "not counted"),
}
CLOCK_STATES: Mapping[str, Pair] = {
    "running": ("正在计时", "running"),
    "paused": ("已暂停", "paused"),
    "stopped": ("已停止", "stopped"),
}
VERBS: Mapping[str, Pair] = {
    "start": ("开始", "starts"),
    "stop": ("停止", "stops"),
    "pause": ("暂停", "stands still"),
    "resume": ("继续", "goes on"),
    "go_on": ("按剩余时间继续", "goes on with what remained"),
    "keep_due": ("按原时限继续", "goes on with the same due"),
    "shift": ("顺延", "moves"),
    "recount": ("重新计算", "is counted again"),
}
CAUSES: Mapping[str, Pair] = {
    "extension": ("延期", "extension"),
    "calendar": ("日历变更", "the calendar changed"),
    "amended": ("案件更正", "the case was amended"),
    "restored": ("恢复", "restored"),
}
UNITS: Mapping[str, Pair] = {
    Unit.HOURS: ("小时", "hours"),
    Unit.DAYS: ("天", "days"),
    Unit.WORKING_HOURS: ("个工作小时", "working hours"),
    Unit.WORKING_DAYS: ("个工作日", "working days"),
}


def text(key: str, language: str, **values: object) -> str:
    """What a page says. KeyError where nobody wrote it."""
    return TEXTS[key][language == "en"].format(**values)


def limit_words(limit: str, language: str) -> str:
    """A limit as people say it; `limit` is what Limit.parse reads."""
    if language == "en":
        return limit
    parsed = Limit.parse(limit)
    step = f"（{parsed.step}）" if parsed.step else ""
    return f"{float(parsed.amount):g} {said(UNITS, parsed.unit, language)}{'，次日起算' * parsed.from_next_day}{step}"
