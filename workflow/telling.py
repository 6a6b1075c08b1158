"""A case's life in plain sentences, zh or en: the same text on the page and on the command line."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from domain import events as e
from domain.clocks import ClockFact
from domain.entries import Entry
from domain.jurisdiction import Jurisdiction
from domain.places import Names, Path
from domain.privacy import Clear, Sealed
from workflow import words as w
from workflow.words import Pair, said

SENTENCES: Mapping[type[e.Event], Pair] = {
    e.CaseLogged: ("登记案件：{category}，{place}。{summary}", "The case was logged: {category}, {place}. {summary}"),
    e.CaseAnswered: ("当场答复：{answer}", "It was answered on the spot: {answer}"),
    e.CaseAmended: ("更正案件。{reason}", "The case was amended. {reason}"),
    e.HandlingBegun: ("{unit}自行处置。", "{unit} handles it itself."),
    e.CaseReferredUp: ("上报至{level}：{reason}", "It was referred up to the {level}: {reason}"),
    e.CaseSentDown: ("下派至{level}：{reason}", "It was sent down to the {level}: {reason}"),
    e.WhistleBlown: ("吹哨（{kind}，{grade}）：{why}。已尝试：{tried}。", "The whistle was blown ({kind}, {grade}): {why}. Tried: {tried}."),
    e.WhistleWithdrawn: ("撤回吹哨：{reason}", "The whistle was withdrawn: {reason}"),
    e.WhistleDeclined: ("吹哨未受理：{reason}", "The whistle was declined: {reason}"),
    e.CaseAssigned: ("派单：{lead}主办，协办：{support}。", "Assigned: {lead} leads; support: {support}."),
    e.AssignmentAcknowledged: ("{unit}签收。", "{unit} acknowledged."),
    e.LeadReportedIn: ("{unit}报到（主办）。", "{unit} reported in (lead)."),
    e.SupportReportedIn: ("{unit}报到（协办）。", "{unit} reported in (support)."),
    e.LeadReportInContested: ("对{unit}（主办）的报到提出异议：{reason}", "The report-in of {unit} (lead) was contested: {reason}"),
    e.SupportReportInContested: ("对{unit}（协办）的报到提出异议：{reason}", "The report-in of {unit} (support) was contested: {reason}"),
    e.StepFinished: ("{unit}完成“{step}”。", "{unit} finished the step “{step}”."),
    e.SupportFinished: ("{unit}办结协办：{done}", "{unit} finished its support: {done}"),
    e.LeadReturned: ("同意{unit}（主办）退单。", "{unit} (lead) was let go."),
    e.SupportReturned: ("同意{unit}（协办）退单。", "{unit} (support) was let go."),
    e.DisputeRaised: ("提出争议：{reason}", "A dispute was raised: {reason}"),
    e.LeadConfirmed: ("裁定：仍由{lead}主办。{reason}", "Ruled: {lead} leads. {reason}"),
    e.LeadReplaced: ("裁定：改由{lead}主办（原为{former}）。{reason}", "Ruled: {lead} leads in place of {former}. {reason}"),
    e.CaseReassigned: ("改派：{lead}主办（原为{former}）。{reason}", "Reassigned: {lead} leads in place of {former}. {reason}"),
    e.SupportAsked: ("主办请求增派{unit}：{reason}", "The lead asked for {unit}: {reason}"),
    e.SupportAdded: ("增派协办：{unit}。", "{unit} was added as support."),
    e.SupportWithdrawn: ("撤回协办{unit}：{reason}", "{unit} was withdrawn as support: {reason}"),
    e.ResultReported: ("{unit}办结反馈：{done}。公开答复：{reply}", "{unit} reported the result: {done}. Public reply: {reply}"),
    e.WhistleRequested: ("{unit}申请吹哨：{why}", "{unit} applied for a whistle: {why}"),
    e.ReturnRequested: ("{unit}申请退单：{reason}", "{unit} asked for a return: {reason}"),
    e.ExtensionRequested: ("{unit}申请延期{by}：{reason}", "{unit} asked for {by} more: {reason}"),
    e.SuspensionRequested: ("{unit}申请挂账至{review}：{reason}", "{unit} asked to suspend it until {review}: {reason}"),
    e.ExclusionRequested: ("{unit}申请剔除：{reason}", "{unit} asked for an exclusion: {reason}"),
    e.ErasureRequested: ("{unit}申请清除反映人信息：{reason}", "{unit} asked to have the reporter erased: {reason}"),
    e.LiftingRequested: ("{unit}申请解除对被投诉单位的限制：{reason}", "{unit} asked to lift the restriction: {reason}"),
    e.RestrictionLifted: ("已解除限制，被投诉的{against}可查看本案：{reason}", "The restriction was lifted, {against} may see it: {reason}"),
    e.ExtensionGranted: ("同意{unit}延期{by}。", "{unit} was given {by} more."),
    e.CaseSuspended: ("挂账至{review}：{reason}", "It was suspended until {review}: {reason}"),
    e.CaseResumed: ("恢复处置。{reason}", "It was resumed. {reason}"),
    e.ExclusionGranted: ("同意{unit}剔除：{reason}", "It was left out of the score of {unit}: {reason}"),
    e.RequestRejected: ("驳回{request_kind}：{reason}", "The request for {request_kind} was rejected: {reason}"),
    e.RequestWithdrawn: ("撤回{request_kind}。", "The request for {request_kind} was withdrawn."),
    e.RequestLapsed: ("{request_kind}失效。", "The request for {request_kind} lapsed."),
    e.VerificationPassed: ("核查通过。", "It was verified."),
    e.VerificationFailed: ("核查不通过，返工：{reason}", "Verification failed, back to work: {reason}"),
    e.CallbackRecorded: ("回访第{attempt}次：联系上：{contacted}；解决：{solved}；满意：{satisfied}。", "Call-back {attempt}: contacted: {contacted}; solved: {solved}; satisfied: {satisfied}."),
    e.ReworkOrdered: ("退回返工：{reason}", "Rework was ordered: {reason}"),
    e.CaseClosed: ("结案：{outcome}。{reason}", "The case was closed: {outcome}. {reason}"),
    e.DepartmentRated: ("评价{unit}：速度{speed}，质量{quality}，态度{attitude}。{comment}", "{unit} was rated: speed {speed}, quality {quality}, attitude {attitude}. {comment}"),
    e.WhistleRated: ("评价吹哨：速度{speed}，质量{quality}，态度{attitude}。{comment}", "The whistle was rated: speed {speed}, quality {quality}, attitude {attitude}. {comment}"),
    e.CaseReopened: ("重开案件：{reason}", "The case was reopened: {reason}"),
    e.CaseCancelled: ("作废：{reason}", "The case was cancelled: {reason}"),
    e.CaseRestored: ("恢复案件：{reason}", "The case was restored: {reason}"),
    e.CaseMerged: ("并入另一案件。{reason}", "It goes on inside another case. {reason}"),
    e.CaseJoined: ("另一案件并入本案。", "Another case goes on inside this one."),
    e.CaseUnmerged: ("取消并案。{reason}", "It goes its own way again. {reason}"),
    e.CaseParted: ("并入的案件已分出。", "A joined case goes its own way again."),
    e.NoteAdded: ("补充说明（内容加密）。", "A note was added (sealed)."),
    e.PhotoCleared: ("照片 {number} 已可公开；遮盖 {boxes} 处。", "Photo {number} was cleared for everybody; places blacked out: {boxes}."),
    e.PhotoWithheld: ("照片 {number} 不再公开：{reason}", "Photo {number} is public no longer: {reason}"),
    e.WordsCleared: ("已查看文字（至第 {upto} 条记录），可公开。", "The words were looked at, up to entry {upto}: they may be read."),
    e.PhotoAdded: ("补充照片（加密）。", "A photo was added (sealed)."),
    e.CaseUrged: ("催办。{reason}", "It was urged. {reason}"),
    e.SupervisionOpened: ("督办（{level}）{addressee}：{reason}", "Supervision ({level}) of {addressee}: {reason}"),
    e.SupervisionAnswered: ("答复督办：{answer}", "The supervision was answered: {answer}"),
    e.SupervisionLifted: ("解除督办。{reason}", "The supervision was lifted. {reason}"),
    e.PrivateShown: ("查看了反映人的{what}", "Saw what is private: {what}"),
    e.ReporterErased: ("反映人信息已清除：{reason}", "The reporter's words and contact were erased: {reason}"),
    e.ContactErased: ("反映人自行清除了联系方式。", "The reporter had their contact erased."),
    e.RetentionEnded: ("保存期满，已清除：{classes}。", "It was kept as long as it may be, and erased: {classes}."),
    e.EditionChanged: ("改用规则版本{edition}：{reason}", "It follows edition {edition} from here: {reason}"),
    e.DeadlineNear: ("{clock}将到期{of_unit}。", "Near due: {clock}{of_unit}."),
    e.DeadlineMissed: ("{clock}超期{of_unit}，时限为{due}。", "Missed: {clock}{of_unit}, due {due}."),
    e.WindowPassed: ("{window}已过。", "The {window} has passed."),
    e.CaseCarriedOver: ("自其他系统承接：{category}，{place}，{department}承办。{summary}", "Carried over from another system: {category}, {place}, with {department}. {summary}"),
}  # fmt: skip

ENUMS: Mapping[str, Mapping[str, Pair]] = {
    "level": w.LEVELS,
    "grade": w.URGENCIES,
    "outcome": w.OUTCOMES,
    "satisfied": w.SATISFIED,
    "clock": w.CLOCKS,
    "window": w.WINDOWS,
    "what": w.PRIVATE,
}
OF_UNIT: Pair = ("（{}）", " ({})")
NOBODY: Pair = ("无", "none")
UNSAID: Pair = ("未说", "not said")
YES_NO: Mapping[bool, Pair] = {True: ("是", "yes"), False: ("否", "no")}
UNIT_FIELDS = frozenset({"unit", "lead", "former", "addressee", "department", "suggested"})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the story: when (local time), by whom, and what happened."""

    at: datetime
    who: str
    text: str


def story(entries: Iterable[Entry], law: Jurisdiction, language: str) -> Iterator[Line]:
    """The life of a case, line by line. `language` is 'zh' or 'en'."""
    for entry in entries:
        yield Line(entry.recorded_at.astimezone(law.calendar.tz), who(entry, law, language), told(entry, law, language))


def who(entry: Entry, law: Jurisdiction, language: str) -> str:
    """The acting unit and role; never a person."""
    role = said(w.ROLES, entry.actor.role, language)
    unit = name_of(entry.actor.unit, law, language) if entry.actor.unit in _named(law) else ""
    return f"{unit} · {role}" if unit else role


def told(entry: Entry, law: Jurisdiction, language: str) -> str:
    """One event as a sentence."""
    sentence = SENTENCES[type(entry.event)][language == "en"]
    values = {name: _word(name, value, law, language) for name, value in _values(entry.event)}
    return " ".join(sentence.format(**values).split())


def _values(thing: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - an event, and what it holds
    for field in fields(thing):
        value = getattr(thing, field.name)
        if is_dataclass(value) and not isinstance(value, Path | Clear | Sealed):
            yield from _values(value)
        yield field.name, value
        if field.name == "unit":
            yield "of_unit", value
        if field.name == "kind" and not is_dataclass(value):
            yield "request_kind", value


def _word(name: str, value: Any, law: Jurisdiction, language: str) -> str:  # noqa: ANN401, PLR0911 - a table of kinds
    match value:
        case None:
            return said({"": UNSAID}, "", language)
        case bool():
            return YES_NO[value][language == "en"]
        case Path():
            return name_of(value.lowest, law, language)
        case StrEnum():
            return said(_words_for(name), value, language)
        case datetime():
            return f"{value.astimezone(law.calendar.tz):%Y-%m-%d %H:%M}"
        case date() | UUID() | int():
            return str(value)
        case tuple() if name == "classes":
            return ("、" if language != "en" else ", ").join(said(w.SECRECIES, one, language) for one in value)
        case tuple():
            units = [name_of(str(unit), law, language) for unit in value]
            return ("、" if language != "en" else ", ").join(units) or NOBODY[language == "en"]
        case str():
            return _text(name, value, law, language)
        case _:
            return ""


def _words_for(name: str) -> Mapping[str, Pair]:
    return ENUMS.get(name) or {**w.WHISTLE_KINDS, **w.REQUESTS, **w.STATES, **w.PARTS, **w.NATURES, **w.SOURCES}


def _text(name: str, value: str, law: Jurisdiction, language: str) -> str:
    if name == "of_unit":
        return OF_UNIT[language == "en"].format(name_of(value, law, language)) if value else ""
    if name in UNIT_FIELDS:
        return name_of(value, law, language) or NOBODY[language == "en"]
    if name in ("reason", "level") and value in w.RULES:
        return said(w.RULES, value, language)
    if name == "category" and value in law.taxonomy.by_code:
        return named(law.taxonomy.by_code[value].names, language)
    return value


def _named(law: Jurisdiction) -> Mapping[str, Any]:
    return {**law.departments, **law.places.by_code}


def name_of(code: str, law: Jurisdiction, language: str) -> str:
    """What people call a place or department; the code where it is not known."""
    found = law.departments.get(code) or law.places.by_code.get(code)
    return named(found.names, language) if found else code


def named(names: Names, language: str) -> str:
    """The name in a language, else in Chinese, else in whatever there is."""
    return names.get(language) or names.get("zh") or next(iter(names.values()), "")


def clock_line(fact: ClockFact, law: Jurisdiction, language: str) -> str:
    """What a fact did to a clock, in a few words."""
    clock = said(w.CLOCKS, fact.clock, language)
    unit = f" · {name_of(fact.unit, law, language)}" if fact.unit else ""
    due = getattr(fact, "due", None)
    until = f" → {due.astimezone(law.calendar.tz):%Y-%m-%d %H:%M}" if due else ""
    verb = CLOCK_VERBS[fact.kind][language == "en"]
    return f"{clock}{unit}: {verb}{until}"


CLOCK_VERBS: Mapping[str, Pair] = {
    "started": ("开始计时", "started"),
    "stopped": ("停止", "stopped"),
    "paused": ("暂停", "paused"),
    "resumed": ("继续", "goes on"),
    "moved": ("顺延", "moved"),
}
