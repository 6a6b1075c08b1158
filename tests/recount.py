"""Figures counted a second time, by whoever does not trust us: `python recount.py LOG QUESTION`.

Reads an exported log (JSON lines: case, name, body, recorded_at, in the order of the log) and a question, and prints every
number of every figure. It was written from the description of the field, imports nothing of ours and needs nothing installed.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

LEAVES = {
    "case-logged": "logged", "case-answered": "closed", "handling-begun": "handling", "case-referred-up": "logged",
    "case-sent-down": "logged", "whistle-blown": "escalated", "whistle-withdrawn": "logged",
    "whistle-declined": "logged", "case-assigned": "assigned", "lead-reported-in": "in_progress",
    "lead-report-in-contested": "assigned", "lead-returned": "escalated", "dispute-raised": "disputed",
    "lead-replaced": "assigned", "case-reassigned": "assigned", "result-reported": "resolved",
    "case-suspended": "suspended", "case-resumed": "in_progress", "verification-passed": "verified",
    "case-closed": "closed", "case-reopened": "logged", "case-cancelled": "cancelled", "case-restored": "logged",
    "case-merged": "merged", "case-unmerged": "logged",
}  # fmt: skip
ENDED = ("closed", "cancelled", "merged")
PER_UNIT = ("sign", "report_in", "resolve")
MONTH = timedelta(days=30)


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


class Case:
    """What a file says, line after line."""

    def __init__(self) -> None:
        self.state = self.category = self.source = self.nature = self.outcome = ""
        self.level, self.place = "street", dict[str, str]()
        self.work: list[dict[str, Any]] = []
        self.spell = self.rework = self.extended = self.suspended = self.declined = 0
        self.carried = self.whistled = False
        self.logged: datetime | None = None
        self.resolved: datetime | None = None
        self.ended: datetime | None = None
        self.closed: datetime | None = None
        self.back: timedelta | None = None
        self.answer: dict[str, Any] | None = None
        self.excluded: set[str] = set()
        self.clocks: dict[tuple[str, str, str], dict[str, Any]] = {}

    def hear(self, name: str, body: dict[str, Any], at: datetime) -> None:
        said = body["event"]
        told = getattr(self, name.replace("-", "_"), None)
        if told:
            told(said, at)
        self.state = said.get("leaves") or LEAVES.get(name) or self.state
        for fact in body.get("clocks", ()):
            self.tick(fact)

    def tick(self, fact: dict[str, Any]) -> None:
        key, kind = (fact["clock"], fact["unit"], fact["step"]), fact["kind"]
        if kind == "started":
            due = instant(fact["due"])
            self.clocks[key] = {"due": due, "first": due, "runs": True, "paused": False}
            return
        clock = self.clocks[key]
        if kind == "moved" and fact["cause"] in ("calendar", "amended") and clock["due"] == clock["first"]:
            clock["first"] = instant(fact["due"])
        if kind in ("moved", "resumed"):
            clock["due"] = instant(fact["due"])
        if kind != "moved":
            clock["runs"], clock["paused"] = kind == "resumed", kind == "paused"

    # --- what happens

    def case_logged(self, said: dict[str, Any], at: datetime) -> None:
        self.category, self.source, self.nature = said["category"], said["source"], said["nature"]
        self.level, self.place, self.logged = said["level"], said["place"], at

    def case_carried_over(self, said: dict[str, Any], at: datetime) -> None:
        self.carried, self.category, self.source, self.place = True, said["category"], said["source"], said["place"]
        self.logged, self.resolved = instant(said["opened"]), instant(said.get("resolved"))
        self.outcome = said.get("outcome") or ""
        if said["leaves"] == "closed":
            self.closed = self.ended = self.resolved
        self.named(said["department"], self.logged, lead=True)
        self.work[-1]["over"] = "done" if self.resolved else ""

    def case_answered(self, said: dict[str, Any], at: datetime) -> None:
        self.outcome, self.closed, self.ended = "explained", at, at

    def case_amended(self, said: dict[str, Any], at: datetime) -> None:
        self.category, self.place = said.get("category") or self.category, said.get("place") or self.place

    def handling_begun(self, said: dict[str, Any], at: datetime) -> None:
        self.named(said["unit"], at, lead=True, own=True)

    def case_referred_up(self, said: dict[str, Any], at: datetime) -> None:
        self.level = said["level"]
        self.over("withdrawn")

    def case_sent_down(self, said: dict[str, Any], at: datetime) -> None:
        self.level = said["level"]

    def whistle_blown(self, said: dict[str, Any], at: datetime) -> None:
        self.whistled = True
        self.over("withdrawn")

    def whistle_declined(self, said: dict[str, Any], at: datetime) -> None:
        self.declined, self.level = self.declined + 1, "street"

    def whistle_withdrawn(self, said: dict[str, Any], at: datetime) -> None:
        self.level = "street"

    def case_assigned(self, said: dict[str, Any], at: datetime) -> None:
        self.named(said["lead"], at, lead=True)
        for unit in said.get("support", ()):
            self.named(unit, at)

    def assignment_acknowledged(self, said: dict[str, Any], at: datetime) -> None:
        self.of(said["unit"])["signed"] = at

    def lead_reported_in(self, said: dict[str, Any], at: datetime) -> None:
        work = self.of(said["unit"])
        work["came"], work["signed"] = at, work["signed"] or at

    support_reported_in = lead_reported_in

    def lead_report_in_contested(self, said: dict[str, Any], at: datetime) -> None:
        self.of(said["unit"])["came"] = None  # nobody came

    support_report_in_contested = lead_report_in_contested

    def support_finished(self, said: dict[str, Any], at: datetime) -> None:
        self.over("done", said["unit"])

    def lead_returned(self, said: dict[str, Any], at: datetime) -> None:
        self.over("returned", said["unit"])
        self.over("withdrawn")

    def support_returned(self, said: dict[str, Any], at: datetime) -> None:
        self.over("returned", said["unit"])

    def lead_replaced(self, said: dict[str, Any], at: datetime) -> None:
        self.over("withdrawn", said["former"])
        self.over("withdrawn", said["lead"])
        self.named(said["lead"], at, lead=True)

    case_reassigned = lead_replaced

    def support_added(self, said: dict[str, Any], at: datetime) -> None:
        self.named(said["unit"], at)

    def support_withdrawn(self, said: dict[str, Any], at: datetime) -> None:
        self.over("withdrawn", said["unit"])

    def result_reported(self, said: dict[str, Any], at: datetime) -> None:
        self.over("done", said["unit"])
        self.resolved, self.answer = at, None

    def verification_failed(self, said: dict[str, Any], at: datetime) -> None:
        if self.lead:
            self.lead["over"] = ""
        self.rework, self.resolved, self.answer = self.rework + 1, None, None

    rework_ordered = verification_failed

    def callback_recorded(self, said: dict[str, Any], at: datetime) -> None:
        self.answer = said

    def case_closed(self, said: dict[str, Any], at: datetime) -> None:
        self.outcome, self.closed, self.ended = said["outcome"], at, at

    def case_reopened(self, said: dict[str, Any], at: datetime) -> None:
        after = at - self.closed if self.closed else None
        self.back = min((one for one in (self.back, after) if one is not None), default=None)
        self.outcome, self.ended, self.resolved, self.answer = "", None, None, None
        self.level, self.spell = "street", len(self.work)

    def case_cancelled(self, said: dict[str, Any], at: datetime) -> None:
        self.ended = at
        self.over("withdrawn")

    case_merged = case_cancelled

    def case_restored(self, said: dict[str, Any], at: datetime) -> None:
        self.ended, self.level = None, "street"

    case_unmerged = case_restored

    def extension_granted(self, said: dict[str, Any], at: datetime) -> None:
        self.extended += 1

    def case_suspended(self, said: dict[str, Any], at: datetime) -> None:
        self.suspended += 1

    def exclusion_granted(self, said: dict[str, Any], at: datetime) -> None:
        self.excluded.add(said["unit"])

    # --- who works

    def named(self, unit: str, at: datetime | None, *, lead: bool = False, own: bool = False) -> None:
        self.work.append(
            {"unit": unit, "lead": lead, "own": own, "since": at, "signed": None, "came": None, "over": ""}
        )

    def of(self, unit: str) -> dict[str, Any]:
        return next(one for one in self.work if one["unit"] == unit and not one["over"])

    def over(self, how: str, unit: str = "") -> None:
        for one in self.work:
            if not one["over"] and unit in ("", one["unit"]):
                one["over"] = how

    @property
    def lead(self) -> dict[str, Any] | None:
        kept = [w for w in self.work[self.spell :] if w["lead"] and w["over"] not in ("returned", "withdrawn")]
        return kept[-1] if kept else None

    @property
    def led(self) -> list[dict[str, Any]]:
        return [one for one in self.work if one["lead"] and not one["own"]]

    @property
    def department(self) -> dict[str, Any] | None:
        return self.lead if self.lead and not self.lead["own"] else None

    # --- what is so

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED

    @property
    def deadline(self) -> dict[str, Any] | None:
        return self.clocks.get(("resolve", self.lead["unit"], "")) if self.lead else None

    @property
    def promised(self) -> datetime | None:
        return self.deadline["due"] if self.deadline and not self.deadline["paused"] else None

    @property
    def first_promised(self) -> datetime | None:
        return self.deadline["first"] if self.deadline else None

    @property
    def accountable(self) -> str:
        where = self.place
        if self.state in ("logged", "handling"):
            lowest = where.get("grid") or where.get("community") or where.get("street") or where["district"]
            return where.get(self.level) or lowest
        if self.state == "escalated":
            return where["district"]
        if self.state in ("resolved", "verified"):
            return where.get("street") or where["district"]
        return self.lead["unit"] if self.lead else where["district"]

    @property
    def due(self) -> datetime | None:
        mine = [
            clock["due"]
            for (name, unit, _), clock in self.clocks.items()
            if clock["runs"] and name not in ("resident", "supervision")
            and (name not in PER_UNIT or unit == self.accountable)
        ]  # fmt: skip
        return min(mine, default=None) if self.is_open else None


# --- the figures: (nobody knows, counted among, what it weighs)

Told = tuple[bool, bool, float]


def figures(weights: dict[str, float], now: datetime) -> dict[str, Callable[[Case], Told]]:
    """Every rate, as the field defines it."""

    def asked(weigh: Callable[[Case, dict[str, Any]], float]) -> Callable[[Case], Told]:
        def told(case: Case) -> Told:
            unknown = case.carried and case.answer is None and case.state in ("resolved", "verified", "closed")
            valid = case.answer is not None and case.outcome != "unreachable"
            return unknown, valid, weigh(case, case.answer) if valid and case.answer else 0

        return told

    def solved(case: Case, answer: dict[str, Any]) -> bool:
        return bool(answer.get("solved")) and not came_back(case)

    def content(_: Case, answer: dict[str, Any]) -> float:
        return {"yes": 1.0, "mostly": weights["mostly"]}.get(answer.get("satisfied", ""), 0.0)

    def came_back(case: Case) -> bool:
        return case.back is not None and case.back <= MONTH

    def composite(case: Case, answer: dict[str, Any]) -> float:
        return (
            weights["response"] * answer["contacted"]
            + weights["resolution"] * solved(case, answer)
            + weights["satisfaction"] * content(case, answer)
        )

    def kept(case: Case, due: datetime | None) -> Told:
        unknown = case.carried and case.lead is not None and case.first_promised is None
        should = due is not None and (case.resolved is not None or due < now)
        return unknown, should, bool(due and case.resolved and case.resolved <= due)

    def overdue(case: Case) -> Told:
        unknown = case.carried and case.is_open and case.due is None and case.state != "suspended"
        return unknown, case.is_open, bool(case.due and case.due < now)

    def step(of: Callable[[Case], bool], counts: Callable[[Case], bool]) -> Callable[[Case], Told]:
        return lambda case: (case.carried, of(case), counts(case))

    def led(case: Case) -> bool:
        return bool(case.led)

    def accurate(case: Case) -> bool:
        return len({one["unit"] for one in case.led}) == 1 and not any(one["over"] == "returned" for one in case.led)

    def unsolved(case: Case) -> Told:
        unknown = case.carried and case.outcome in ("", "unknown")
        told = case.state == "closed" and case.nature != "consultation"
        return unknown, told, case.outcome in ("explained", "unreachable")

    def on_the_spot(case: Case) -> bool:
        return case.lead is not None and case.lead["own"] and case.level != "street"

    return {
        "response": asked(lambda _, answer: answer["contacted"]),
        "resolution": asked(solved),
        "satisfaction": asked(content),
        "composite": asked(composite),
        "in_time": lambda case: kept(case, case.promised),
        "in_time_original": lambda case: kept(case, case.first_promised),
        "overdue_open": overdue,
        "rework": step(lambda case: case.resolved is not None or case.rework > 0, lambda case: case.rework > 0),
        "extension": step(led, lambda case: case.extended > 0),
        "suspension": step(led, lambda case: case.suspended > 0),
        "return": step(led, lambda case: led(case) and case.led[0]["over"] == "returned"),
        "accuracy": step(led, accurate),
        "reopened": step(lambda case: case.closed is not None, came_back),
        "found": lambda case: (False, True, case.source in ("patrol", "home_visit")),
        "whistle": step(lambda _: True, lambda case: case.whistled),
        "decline": step(lambda case: case.whistled, lambda case: case.declined > 0),
        "on_the_spot": step(lambda case: case.state == "closed", on_the_spot),
        "unsolved": unsolved,
    }


TIMES: dict[str, Callable[[Case], tuple[bool, bool, Any, Any, bool]]] = {
    # nobody knows, counted among, begins, ends, still waits
    "sign": lambda c: work_of(c, c.department and c.department["signed"]),
    "report_in": lambda c: work_of(c, c.department and c.department["came"]),
    "resolve": lambda c: work_of(c, c.resolved),
    "total": lambda c: (False, c.state not in ("cancelled", "merged"), c.logged, c.ended, c.is_open),
}


def work_of(case: Case, ends: datetime | None) -> tuple[bool, bool, Any, Any, bool]:
    begins = case.department and case.department["since"]
    return case.carried, bool(case.led), begins, ends, case.is_open and case.resolved is None


# --- which cases, and whose


def units(case: Case, by: str, figure: str, tops: dict[str, str]) -> str | None:
    first = figure in ("return", "accuracy")
    match by:
        case "street":
            return case.place.get("street", "")
        case "department" if first:
            return case.led[0]["unit"] if case.led else None
        case "department":
            return case.department["unit"] if case.department else None
        case "top_category":
            return tops.get(case.category, case.category)
        case "category":
            return case.category
        case "source":
            return case.source
    return ""


def left_out(case: Case, by: str) -> bool:
    if by == "department":
        return case.lead is not None and case.lead["unit"] in case.excluded
    return bool(case.excluded & set(case.place.values()))


def span(period: str, starts: int, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """'all', 'from 2026-03-01', or '2026-04': the month that ends in April."""
    if period == "all":
        return None, None
    if period.startswith("from "):
        return datetime.fromisoformat(f"{period[5:]}T00:00").replace(tzinfo=zone), None
    year, month = map(int, period.split("-"))
    if starts == 1:
        return datetime(year, month, 1, tzinfo=zone), datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone)
    before = (year - 1, 12) if month == 1 else (year, month - 1)
    return datetime(*before, starts, tzinfo=zone), datetime(year, month, starts, tzinfo=zone)


def within(at: datetime | None, since: datetime | None, until: datetime | None) -> bool:
    return at is not None and (since is None or at >= since) and (until is None or at < until)


def told(lines: Iterable[str]) -> list[Case]:
    cases: defaultdict[str, Case] = defaultdict(Case)
    for line in lines:
        one = json.loads(line)
        cases[one["case"]].hear(one["name"], one["body"], datetime.fromisoformat(one["recorded_at"]))
    return list(cases.values())


def rate(some: list[tuple[bool, Told]]) -> dict[str, Any]:
    known = [(out, weight) for out, (unknown, of, weight) in some if of and not unknown]
    inside = [weight for out, weight in known if not out]
    return {
        "numerator": round(sum(inside), 6), "denominator": len(inside), "counted": sum(weight > 0 for weight in inside),
        "whole": [round(sum(weight for _, weight in known), 6), len(known)],
        "excluded": len(known) - len(inside), "unknown": sum(unknown for _, (unknown, *_) in some),
    }  # fmt: skip


def time(some: list[tuple[bool, Any]], now: datetime) -> dict[str, Any]:
    known = [(out, begins, ends, waits) for out, (unknown, of, begins, ends, waits) in some if of and not unknown]
    took = sorted(whole(ends) - whole(begins) for out, begins, ends, _ in known if begins and ends and not out)
    waiting = [
        whole(now) - whole(begins) for out, begins, ends, waits in known if begins and not ends and waits and not out
    ]
    nine = next((one for n, one in enumerate(took, 1) if n * 10 >= len(took) * 9), None)
    return {
        "median": median(took) if took else None, "p90": nine, "n": len(took),
        "oldest": max(waiting, default=None), "waiting": len(waiting),
        "excluded": sum(bool(out and begins and ends) for out, begins, ends, _ in known),
        "unknown": sum(unknown for _, (unknown, *_) in some),
    }  # fmt: skip


def whole(at: datetime) -> int:
    """In whole seconds."""
    return int(at.timestamp() // 1)


def answers(cases: list[Case], asked: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    now, zone = datetime.fromisoformat(asked["now"]), ZoneInfo(asked["zone"])
    rates = figures(asked["weights"], now)
    for cohort in ("logged", "closed"):
        for period in asked["periods"]:
            since, until = span(period, asked["month_starts"], zone)
            those = [case for case in cases if within(getattr(case, cohort), since, until)]
            if cohort == "logged" and period == "all":
                those = cases
            for by in ("", "street", "department", "top_category", "category", "source"):
                for name in (*rates, *TIMES):
                    found = defaultdict(list)
                    for case in those:
                        unit = units(case, by, name, asked["tops"])
                        if unit is not None:
                            found[unit].append((left_out(case, by), (rates.get(name) or TIMES[name])(case)))
                    count = rate if name in rates else lambda some: time(some, now)
                    yield f"{name} {cohort} {period} {by}", {unit: count(some) for unit, some in found.items()}


if __name__ == "__main__":
    log, question = (Path(name).read_text(encoding="utf-8") for name in sys.argv[1:])
    print(json.dumps(dict(answers(told(log.splitlines()), json.loads(question)))))
