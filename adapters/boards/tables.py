"""What the boards keep: one row for each case, assignment, request and whistle; nothing personal, no staff."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    and_,
    literal,
    or_,
)

from adapters.store.tables import NAMES, Instant

SCHEMA = 18  # changed whenever a table or what is told to it changes: the boards are then told again
metadata = MetaData(naming_convention=NAMES)

checkpoint = Table(
    "board_checkpoint",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("schema", Integer, nullable=False),
)

parked = Table(
    "board_parked",
    metadata,
    Column("case", Uuid, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("error", Text, nullable=False),
)

numbers = Table(
    "board_numbers",
    metadata,
    Column("case", Uuid, primary_key=True),
    Column("district", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("first", BigInteger, nullable=False),  # position of the case's first entry
)
Index("ix_board_numbers_serial", numbers.c.district, numbers.c.day, numbers.c.serial, unique=True)
Index("ix_board_numbers_first", numbers.c.first, unique=True)

PLACE = ("district", "street", "community", "grid")

cases = Table(
    "board_cases",
    metadata,
    Column("case", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("facts", BigInteger, nullable=False),  # each that is so whatever the time, a bit (facts.py)
    Column("awaited", Instant),  # `promised` while no result stands; …
    Column("awaited_first", Instant),  # … `original`
    Column("carried_over", Boolean, nullable=False),
    Column("state", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("level", Text, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("nature", Text, nullable=False),
    Column("source", Text, nullable=False),
    *(Column(name, Text, nullable=False) for name in PLACE),
    Column("about", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("accountable", Text, nullable=False),
    Column("lead", Text, nullable=False),
    Column("own", Boolean, nullable=False),  # handled at its own level
    Column("clock", Text, nullable=False),  # what the accountable unit is held to
    Column("due", Instant),
    Column("near", Instant),
    Column("suspended_for", Text, nullable=False),  # the code of why it stands suspended, …
    Column("suspended_since", Instant),  # … and since when
    Column("review", Date),
    Column("resident_due", Instant),
    Column("promised", Instant),  # by when the lead's result is, or was, owed
    Column("original", Instant),  # the same before anybody prolonged it; it stands still for nobody
    Column("provisional", Boolean, nullable=False),
    Column("missed", Integer, nullable=False),  # deadlines of any clock that were recorded as missed
    Column("logged_at", Instant, nullable=False),
    Column("escalated_at", Instant),  # the first whistle
    Column("assigned_at", Instant),  # the first department
    Column("resolved_at", Instant),
    Column("ended_at", Instant),
    Column("closed_at", Instant),  # the last time; it stays when the case is reopened
    Column("reopened_after", Integer),  # seconds from closing, the shortest, rounded up
    Column("recorded_at", Instant, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("waits", Boolean, nullable=False),  # somebody is to be called back
    Column("attempts", Integer, nullable=False),
    Column("called_at", Instant),  # the last attempt
    Column("contacted", Boolean),
    Column("solved", Boolean),
    Column("satisfied", Text, nullable=False),
    Column("rework", Integer, nullable=False),
    Column("reopened", Integer, nullable=False),
    Column("sent_down", Boolean, nullable=False),
    Column("declined", Integer, nullable=False),
    Column("extended", Integer, nullable=False),  # extensions that were granted
    Column("suspended", Integer, nullable=False),  # suspensions that were granted
    Column("first_lead", Text, nullable=False),  # the first department that was to lead
    Column("returned", Boolean, nullable=False),  # … and gave it back
    Column("rerouted", Boolean, nullable=False),  # another department was to lead, or any gave it back
    Column("lead_since", Instant),  # of the department that leads: when it was named, …
    Column("signed_at", Instant),
    Column("came_at", Instant),
    Column("excluded_place", Boolean, nullable=False),  # left out of the score of the street and what is below it
    Column("excluded_lead", Boolean, nullable=False),  # … of the department that leads
    Column("supervised", Text, nullable=False),  # the addressee of an open supervision
    Column("external_id", Text, nullable=False, index=True),
    Column("receipt", Text, nullable=False),  # the hash of it, by which its holder finds the case
    Column("marked", Boolean, nullable=False),  # what was written may tell who somebody is, and no clerk has looked
)


def _said(text: str) -> BindParameter[str]:
    """A value that stands in the question itself: SQLite takes an index of some rows only where it sees which are asked for."""
    return literal(text, literal_execute=True)


def _of_some(name: str, *columns: Column[Any], where: ColumnElement[bool]) -> None:
    """An index of the few rows that are looked at every minute, however many others there are."""
    Index(f"ix_board_{name}", *columns, postgresql_where=where, sqlite_where=where)


for column in ("number", "first"):
    Index(f"ix_board_cases_{column}", cases.c[column], unique=True)
# `open` stands in them, always the same: one more column that fits lets SQLite, which has counted nothing, prefer them.
of_street = (cases.c.street, cases.c.open, cases.c.state, cases.c.due, cases.c.first, cases.c.phase)
_of_some("cases_open_street", *of_street, where=cases.c.open.is_(True))
of_district = (
    *(cases.c[name] for name in ("district", "open", "state", "due", "first", "accountable", "street")),
    cases.c.resident_due,
)
_of_some("cases_open_district", *of_district, where=cases.c.open.is_(True))
# PostgreSQL knows that they are open and asks no index for it: what stands behind it there does not narrow.
to_decide = or_(*(cases.c.state == _said(state) for state in ("escalated", "disputed")))
_of_some("cases_to_decide", *(cases.c[name] for name in ("district", "state", "due")), where=to_decide)
# The newest of a street, without the others being sorted.
Index("ix_board_cases_street_first", cases.c.street, cases.c.first)
for column in ("community", "grid", "lead", "accountable"):
    _of_some(f"cases_open_{column}", cases.c[column], cases.c.open, cases.c.phase, where=cases.c.open.is_(True))
for column in ("community", "grid"):
    Index(f"ix_board_cases_{column}_state", cases.c[column], cases.c.state, cases.c.own, cases.c.level)
# What came in, and every rate of it, is counted without a case being read.
came_in = ("district", "logged_at", "category", "street", "carried_over")
Index("ix_board_cases_district_logged", *(cases.c[name] for name in came_in))
units = ("street", "lead", "own", "first_lead", "category", "source")
scored = ("district", "logged_at", "facts", *units, "open", "due", "awaited", "awaited_first")
Index("ix_board_cases_district_scored", *(cases.c[name] for name in scored))
for column in PLACE[1:]:
    of_a_place = dict.fromkeys((column, "logged_at", "community", "category"))
    Index(f"ix_board_cases_{column}_logged", *(cases.c[name] for name in of_a_place))
for column in ("district", "street"):
    Index(f"ix_board_cases_{column}_ended", cases.c[column], cases.c.ended_at)
Index("ix_board_cases_district_closed", cases.c.district, cases.c.closed_at)
Index("ix_board_cases_street_state", cases.c.street, cases.c.state)
Index("ix_board_cases_street_category", cases.c.street, cases.c.category)
Index("ix_board_cases_lead_phase", cases.c.lead, cases.c.phase)
called = cases.c.contacted.is_not(None)
_of_some("cases_called_back", cases.c.street, cases.c.contacted, cases.c.facts, where=called)
suspended = cases.c.suspended_since.is_not(None)
held = (cases.c[name] for name in ("district", "review", "first", "suspended_for", "suspended_since"))
_of_some("cases_suspended", *held, where=suspended)
ended = (cases.c.ended_at, cases.c.street, cases.c.phase, cases.c.first, cases.c.open)
_of_some("cases_ended", *ended, where=cases.c.open.is_(False))

marked = cases.c.marked.is_(True)
_of_some("cases_marked", cases.c.street, cases.c.first, where=marked)

about_a_thing = cases.c.about != _said("")
_of_some("cases_about", cases.c.about, cases.c.first, where=about_a_thing)
receipted = cases.c.receipt != _said("")
_of_some("cases_receipt", cases.c.receipt, where=receipted)

assignments = Table(
    "board_assignments",
    metadata,
    Column("case", Uuid, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("run", Integer, primary_key=True),
    Column("first", BigInteger, nullable=False),  # the case's
    Column("part", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("at_work", Boolean, nullable=False),
    Column("own", Boolean, nullable=False),
    Column("street", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("acknowledged", Instant),
    Column("reported_in", Instant),
    Column("ended", Instant),
    Column("sign_due", Instant),
    Column("report_in_due", Instant),
    Column("due", Instant),
    Column("near", Instant),
    Column("late", Boolean, nullable=False),  # reported in after the due
    Column("speed", Integer),
    Column("quality", Integer),
    Column("attitude", Integer),
    Column("comment", Text, nullable=False),
    Column("to_rate", Boolean, nullable=False),  # a department's, done, in a case whose result stands; not rated yet
)
Index("ix_board_assignments_unit", assignments.c.unit, assignments.c.run, assignments.c.first)
_of_some("assignments_owed", assignments.c.unit, assignments.c.due, where=assignments.c.at_work.is_(True))
_of_some("assignments_rated", assignments.c.unit, assignments.c.ended, where=assignments.c.speed.is_not(None))
to_rate = (assignments.c.street, assignments.c.to_rate, assignments.c.ended, assignments.c.case, assignments.c.unit)
_of_some("assignments_to_rate", *to_rate, where=assignments.c.to_rate.is_(True))
came = and_(assignments.c.reported_in.is_not(None), assignments.c.own.is_(False))
_of_some("assignments_came", assignments.c.street, assignments.c.late, where=came)
took = ("unit", "own", "at_work", "due", "state", "acknowledged", "reported_in", "ended")
Index("ix_board_assignments_street_since", *(assignments.c[name] for name in ("street", "since", *took)))
Index("ix_board_assignments_since", assignments.c.since)
Index("ix_board_assignments_street", assignments.c.street, assignments.c.unit)

requests = Table(
    "board_requests",
    metadata,
    Column("case", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decide_by", Instant),
    Column("decided", Instant),  # however it was decided
    Column("street", Text, nullable=False),
)

waiting = requests.c.state == _said("pending")
for column in ("street", "unit"):
    _of_some(f"requests_{column}", requests.c[column], where=waiting)
excluded = and_(requests.c.kind == _said("exclusion"), requests.c.state == _said("approved"))
_of_some("requests_excluded", requests.c.decided, where=excluded)

whistles = Table(
    "board_whistles",
    metadata,
    Column("case", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("blown", Instant, nullable=False),
    Column("street", Text, nullable=False),
)

Index("ix_board_whistles_street_state", whistles.c.street, whistles.c.state)

timers = Table(
    "board_timers",
    metadata,
    Column("case", Uuid, primary_key=True),
    Column("wakes_at", Instant, nullable=False, index=True),  # when time will next do something to it
)

endings = Table(
    "board_endings",
    metadata,
    Column("case", Uuid, primary_key=True),
    Column("ends_at", Instant, nullable=False, index=True),  # when something private is next to be erased
)

pairs = Table(
    "board_pairs",
    metadata,
    Column("pair", Text, nullable=False),
    Column("first", BigInteger, nullable=False),  # the case's
    Column("street", Text, nullable=False),  # … too: who looks in one street reads no other cases
)
Index("ix_board_pairs_pair", pairs.c.pair, pairs.c.first, pairs.c.street, unique=True)

PARTS = (assignments, requests, whistles, timers, endings)
TOLD = (cases, *PARTS)
