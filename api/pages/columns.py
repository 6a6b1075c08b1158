"""What stands in the columns of a list that is taken out: by the kind of its rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from adapters.boards.chosen import Duty as Assigned
from adapters.boards.department import Duty
from adapters.boards.exceptions import Excluded, Suspended
from adapters.boards.leagues import Standing
from adapters.boards.matrix import Overdue
from adapters.boards.register import CaseLine
from adapters.boards.shares import Share
from api.pages.as_table import Cell, Columns
from api.pages.reading import Reading
from workflow import words
from workflow.words import said


@dataclass(frozen=True, slots=True)
class AskedOf:
    """A request that waits, with the number of its case."""

    case: UUID
    number: str
    kind: str
    unit: str
    reason: str
    decide_by: datetime | None


@dataclass(frozen=True, slots=True)
class ToRate:
    """A department's work that is still to be rated."""

    case: UUID
    number: str
    unit: str


def _time(v: Reading, at: datetime | None) -> datetime | None:
    """In the district's time."""
    return at and at.astimezone(v.law.calendar.tz)


def _name(v: Reading, code: str) -> str:
    return v.plain(code) if code else ""


def _word(v: Reading, table: str, code: str) -> str:
    return said(getattr(words, table), code, v.language)


CASES: Columns = {
    "number": lambda _, line: line.number,
    "category": lambda v, line: v.plain_category(line.category),
    "summary": lambda _, line: line.summary,
    "thing": lambda v, line: v.thing(line.about),
    "street": lambda v, line: _name(v, line.street),
    "community": lambda v, line: _name(v, line.community),
    "place": lambda v, line: _name(v, line.grid or line.community or line.street),
    "phase": lambda v, line: _word(v, "PHASES", line.phase),
    "state": lambda v, line: v.state(line.state, line.clock),
    "holder": lambda v, line: _name(v, line.accountable),
    "department": lambda v, line: _name(v, line.lead),
    "logged_at": lambda v, line: _time(v, line.logged_at),
    "due": lambda v, line: _time(v, line.due),
    "csv_light": lambda v, line: _word(v, "LIGHTS", line.light),
    "resident_deadline": lambda v, line: _time(v, line.resident_due),
    "times_reworked": lambda _, line: line.rework,
    "supervised": lambda v, line: v.t("yes") if line.supervised else "",
    "category_code": lambda _, line: line.category,
    "place_code": lambda _, line: line.grid or line.community or line.street,
    "holder_code": lambda _, line: line.accountable,
    "external_number": lambda _, line: line.external_id,
}


def _of_case(cell: Callable[[Reading, Any], Cell]) -> Callable[[Reading, Any], Cell]:
    return lambda v, held: cell(v, held.case)


SUSPENDED: Columns = {
    **{label: _of_case(cell) for label, cell in CASES.items()},
    "review": lambda _, held: held.review,
}
DUTIES: Columns = {
    "number": lambda _, duty: duty.number,
    "category": lambda v, duty: v.plain_category(duty.category),
    "summary": lambda _, duty: duty.summary,
    "street": lambda v, duty: _name(v, duty.street),
    "part": lambda v, duty: _word(v, "PARTS", duty.part),
    "state": lambda v, duty: _word(v, "ASSIGNMENT_STATES", duty.state),
    "assigned_at": lambda v, duty: _time(v, duty.since),
    "sign_by": lambda v, duty: _time(v, duty.sign_due),
    "report_in_by": lambda v, duty: _time(v, duty.report_in_due),
    "due": lambda v, duty: _time(v, duty.due),
    "csv_light": lambda v, duty: _word(v, "LIGHTS", duty.light),
    "times_reworked": lambda _, duty: duty.rework,
    "category_code": lambda _, duty: duty.category,
    "street_code": lambda _, duty: duty.street,
}
ASSIGNED: Columns = {
    "number": lambda _, duty: duty.number,
    "category": lambda v, duty: v.plain_category(duty.category),
    "street": lambda v, duty: _name(v, duty.street),
    "part": lambda v, duty: _word(v, "PARTS", duty.part),
    "which_run": lambda _, duty: duty.run,
    "state": lambda v, duty: _word(v, "ASSIGNMENT_STATES", duty.state),
    "assigned_at": lambda v, duty: _time(v, duty.since),
    "signed_at": lambda v, duty: _time(v, duty.acknowledged),
    "reported_in_at": lambda v, duty: _time(v, duty.reported_in),
    "ended_at": lambda v, duty: _time(v, duty.ended),
    "due": lambda v, duty: _time(v, duty.due),
    "came_late": lambda v, duty: v.t("yes") if duty.late else "",
    "category_code": lambda _, duty: duty.category,
    "street_code": lambda _, duty: duty.street,
}
ASKED: Columns = {
    "number": lambda _, asked: asked.number,
    "request": lambda v, asked: _word(v, "REQUESTS", asked.kind),
    "unit": lambda v, asked: _name(v, asked.unit),
    "reason": lambda _, asked: asked.reason,
    "decide_by": lambda v, asked: _time(v, asked.decide_by),
    "unit_code": lambda _, asked: asked.unit,
}
TO_RATE: Columns = {
    "number": lambda _, one: one.number,
    "department": lambda v, one: _name(v, one.unit),
    "unit_code": lambda _, one: one.unit,
}
OVERDUE: Columns = {
    "street": lambda v, cell: _name(v, cell.street),
    "holder": lambda v, cell: (
        v.t("dispatch_itself") if cell.holder == v.law.code else _name(v, cell.holder) or v.t("street_itself")
    ),
    "count": lambda _, cell: cell.count,
    "street_code": lambda _, cell: cell.street,
    "holder_code": lambda _, cell: cell.holder,
}
EXCLUDED: Columns = {
    "number": lambda _, one: one.number,
    "unit": lambda v, one: _name(v, one.unit),
    "reason": lambda _, one: one.reason,
    "decided_at": lambda v, one: _time(v, one.decided),
    "unit_code": lambda _, one: one.unit,
}


def _share(rate: str, part: str) -> Callable[[Reading, Standing], Cell]:
    def cell(_v: Reading, standing: Standing) -> Cell:
        share: Share = getattr(standing, rate)
        found: Cell = getattr(share, part)
        return round(found, 4) if isinstance(found, float) else found

    return cell


RATES = ("composite", "response", "resolution", "satisfaction", "in_time")
STANDINGS: Columns = {
    "unit": lambda v, one: _name(v, one.code),
    "l_cases": lambda _, one: one.cases,
    **{f"csv_{rate}_{part}": _share(rate, part) for rate in RATES for part in ("rate", "numerator", "denominator")},
    "left_out": lambda _, one: one.excluded,
    "unit_code": lambda _, one: one.code,
}

OF: Mapping[type, Columns] = {
    CaseLine: CASES, Suspended: SUSPENDED, Duty: DUTIES, Assigned: ASSIGNED, AskedOf: ASKED, ToRate: TO_RATE, Overdue: OVERDUE,
    Excluded: EXCLUDED, Standing: STANDINGS,
}  # fmt: skip
