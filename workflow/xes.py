"""Cases as an event log in XES (IEEE 1849-2016): a trace for each case, units as groups, no person; one piece after the other."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from xml.sax.saxutils import quoteattr

from domain.case import replay
from domain.entries import Entry
from workflow.mining import Step, said, unit_of, walked
from workflow.words import STEPS, Pair

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<global scope="trace">
<string key="concept:name" value="-"/>
</global>
<global scope="event">
<string key="concept:name" value="-"/>
<date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>
<string key="lifecycle:transition" value="complete"/>
</global>
<classifier name="Step" keys="concept:name"/>
<classifier name="Step and unit" keys="concept:name org:group"/>
<string key="lifecycle:model" value="standard"/>
"""
FOOT = "</log>\n"
UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # of XML 1.0
Attribute = str | bool | int | datetime


def head(name: str, units: Mapping[str, Pair]) -> str:
    """How a log begins: its name, and in Chinese and English what the steps and units are called."""
    words = "".join(_named(f"step:{code}", pair) for code, pair in STEPS.items())
    return f"{HEAD}{_one('concept:name', name)}{words}{''.join(_named(f'unit:{code}', pair) for code, pair in units.items())}"


def trace(number: str, entries: tuple[Entry, ...]) -> str:
    """One case."""
    case = replay(entries)
    if case is None:
        return ""
    told: dict[str, Attribute] = {
        "concept:name": number, "case": str(case.id), "category": case.category, "source": case.source.value,
        "nature": case.nature.value if case.nature else "", "street": case.place.street, "state": case.state.value,
        "edition": case.edition, "carried_over": case.carried_over,
    }  # fmt: skip
    steps = zip(entries, walked(said(entries)), strict=True)
    return f"<trace>\n{_all(told)}{''.join(_event(*each) for each in steps)}</trace>\n"


def _event(entry: Entry, step: Step) -> str:
    told: dict[str, Attribute] = {
        "concept:name": step.activity, "time:timestamp": step.at, "lifecycle:transition": "complete",
        "org:group": unit_of(entry), "org:role": entry.actor.role.value, "before": step.before, "after": step.after,
        "version": entry.version, "known": step.known, "on_the_way": step.on_the_way,
    }  # fmt: skip
    return f"<event>\n{_all(told)}</event>\n"


def _all(told: Mapping[str, Attribute]) -> str:
    """What is said; what is not said is left out."""
    return "".join(_one(key, value) for key, value in told.items() if value != "")


def _one(key: str, value: Attribute) -> str:
    return f"<{_start(key, value)}/>\n"


def _start(key: str, value: Attribute) -> str:
    kind, text = _written(value)
    return f"{kind} key={_quoted(key)} value={_quoted(text)}"


def _named(key: str, pair: Pair) -> str:
    zh, en = pair
    return f'<{_start(key, zh)}><string key="en" value={_quoted(en)}/></string>\n'


def _written(value: Attribute) -> tuple[str, str]:
    match value:
        case bool():
            return "boolean", str(value).lower()
        case int():
            return "int", str(value)
        case datetime():
            return "date", value.isoformat(timespec="microseconds")
        case _:
            return "string", value


def _quoted(text: str) -> str:
    return quoteattr(UNWRITABLE.sub("\ufffd", text))


def document(name: str, units: Mapping[str, Pair], cases: Iterable[tuple[str, tuple[Entry, ...]]]) -> Iterator[str]:
    """The whole log, a case at a time: (number, file)."""
    yield head(name, units)
    for number, entries in cases:
        yield trace(number, entries)
    yield FOOT
