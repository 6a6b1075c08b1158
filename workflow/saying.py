"""What a message says, in Chinese and English: a title and a sentence for each kind, and nothing but what its row lets it say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from domain.case import Case
from domain.jurisdiction import Jurisdiction
from workflow.messages import SAYS, Kind, Message, Reporter, Said, Whom
from workflow.telling import name_of, named
from workflow.words import CLOCKS, LEVELS, OUTCOMES, PARTS, REQUESTS, Pair, said

TITLES: Mapping[Kind, Pair] = {
    Kind.REFERRED: ("转来案件", "A case has come to you"),
    Kind.TO_DISPATCH: ("待派遣", "To be dispatched"),
    Kind.ASSIGNED: ("新派单", "Assigned to you"),
    Kind.TAKEN_BACK: ("派单已撤回", "No longer yours"),
    Kind.TO_VERIFY: ("待核查", "To be verified"),
    Kind.REWORK: ("退回返工", "Back to work"),
    Kind.NEAR_DUE: ("即将到期", "Near due"),
    Kind.MISSED: ("已超期", "Deadline missed"),
    Kind.GRANTED: ("申请已同意", "Request granted"),
    Kind.REJECTED: ("申请被驳回", "Request rejected"),
    Kind.LAPSED: ("申请已失效", "Request lapsed"),
    Kind.SUPERVISED: ("督办", "Under supervision"),
    Kind.URGED: ("催办", "Urged"),
    Kind.RESUMED: ("恢复处置", "Resumed"),
    Kind.REOPENED: ("案件重开", "Reopened"),
    Kind.PLEASE_RATE: ("请评价", "Please rate"),
    Kind.CLOSED: ("已结案", "Closed"),
    Kind.REPORTER_RECEIVED: ("您的反映已受理", "We have your report"),
    Kind.REPORTER_EXTENDED: ("办理时间延长", "More time is needed"),
    Kind.REPORTER_SUSPENDED: ("暂缓办理", "Put off for now"),
    Kind.REPORTER_RESULT: ("办理结果", "What was done"),
    Kind.REPORTER_CLOSED: ("您的反映已办结", "Your report is closed"),
    Kind.REPORTER_CANCELLED: ("您的反映不再办理", "Your report is not taken further"),
}

SENTENCES: Mapping[Kind, Pair] = {
    Kind.REFERRED: ("案件{number}（{category}，{place}）转至{level}办理，请处理。", "Case {number} ({category}, {place}) is now with the {level}; please see to it."),
    Kind.TO_DISPATCH: ("案件{number}（{category}，{place}）等待派遣。", "Case {number} ({category}, {place}) waits to be dispatched."),
    Kind.ASSIGNED: ("案件{number}（{category}，{place}）派给贵单位{part}，处置时限{due}。请尽快签收、报到。", "Case {number} ({category}, {place}) is assigned to you as {part}, due {due}. Please acknowledge it and report in."),
    Kind.TAKEN_BACK: ("案件{number}（{category}，{place}）不再由贵单位办理。", "Case {number} ({category}, {place}) is no longer yours to handle."),
    Kind.TO_VERIFY: ("案件{number}（{category}，{place}）已处置，请到现场核查。", "Case {number} ({category}, {place}) is reported as done; please verify it on the spot."),
    Kind.REWORK: ("案件{number}（{category}，{place}）没有办好，退回返工，处置时限{due}。", "Case {number} ({category}, {place}) is not solved and comes back to you, due {due}."),
    Kind.NEAR_DUE: ("案件{number}（{category}，{place}）的{clock}将于{due}到期。", "Case {number} ({category}, {place}): the deadline “{clock}” is near, due {due}."),
    Kind.MISSED: ("案件{number}（{category}，{place}）的{clock}已超期，时限为{due}。", "Case {number} ({category}, {place}): the deadline “{clock}” was missed, it was due {due}."),
    Kind.GRANTED: ("案件{number}（{category}，{place}）的{request}已同意。", "Case {number} ({category}, {place}): your request ({request}) was granted."),
    Kind.REJECTED: ("案件{number}（{category}，{place}）的{request}被驳回，时限照常计算。", "Case {number} ({category}, {place}): your request ({request}) was rejected; the clocks run on."),
    Kind.LAPSED: ("案件{number}（{category}，{place}）的{request}无人审批，已失效，时限照常计算。", "Case {number} ({category}, {place}): your request ({request}) was not decided and lapsed; the clocks run on."),
    Kind.SUPERVISED: ("案件{number}（{category}，{place}）已列入督办，请在{due}前答复。", "Case {number} ({category}, {place}) is under supervision; please answer by {due}."),
    Kind.URGED: ("案件{number}（{category}，{place}）被催办，请尽快处理。", "Case {number} ({category}, {place}) was urged; please see to it."),
    Kind.RESUMED: ("案件{number}（{category}，{place}）恢复处置，时限{due}。", "Case {number} ({category}, {place}) goes on, due {due}."),
    Kind.REOPENED: ("案件{number}（{category}，{place}）重开，请处理。", "Case {number} ({category}, {place}) was reopened; please see to it."),
    Kind.PLEASE_RATE: ("案件{number}（{category}，{place}）的评价期限已过，尚未评价承办部门，请补评。", "Case {number} ({category}, {place}): the time to rate has passed and the departments are not rated yet; please rate them."),
    Kind.CLOSED: ("案件{number}（{category}，{place}）已结案：{outcome}。", "Case {number} ({category}, {place}) is closed: {outcome}."),
    Kind.REPORTER_RECEIVED: ("您反映的{category}（{place}）已登记，编号{number}。可凭回执查询进展。", "Your report on {category} ({place}) is registered as {number}. Look it up with your receipt."),
    Kind.REPORTER_EXTENDED: ("您反映的{category}（{place}，{number}）需要更多时间，预计{due}前办完。", "Your report on {category} ({place}, {number}) needs more time: expected by {due}."),
    Kind.REPORTER_SUSPENDED: ("您反映的{category}（{place}，{number}）目前无法继续办理，将于{review}再次处理。", "Your report on {category} ({place}, {number}) cannot go on now; it is taken up again on {review}."),
    Kind.REPORTER_RESULT: ("您反映的{category}（{place}，{number}）的办理结果：{reply}", "Your report on {category} ({place}, {number}): {reply}"),
    Kind.REPORTER_CLOSED: ("您反映的{category}（{place}，{number}）已结案：{outcome}。如未解决，可凭回执要求重办。", "Your report on {category} ({place}, {number}) is closed: {outcome}. If it is not solved, ask for it to be reopened with your receipt."),
    Kind.REPORTER_CANCELLED: ("您反映的{category}（{place}，{number}）不再办理。详情可凭回执查询。", "Your report on {category} ({place}, {number}) is not taken further. Your receipt tells more."),
}  # fmt: skip

WORDS: Mapping[str, Mapping[str, Pair]] = {
    "clock": CLOCKS,
    "level": LEVELS,
    "outcome": OUTCOMES,
    "part": PARTS,
    "request": REQUESTS,
}
UNKNOWN: Pair = ("未定", "not set")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a message is about: the case's number, its category and its place, as codes."""

    number: str
    category: str
    place: str


@dataclass(frozen=True, slots=True)
class Text:
    """A message as it is read."""

    title: str
    body: str


def subject_of(case: Case, number: str, message: Message) -> Subject:
    """A unit is told the smallest place that is known; a reporter the street, for others may read their phone."""
    place = case.site
    street = place.street or place.district
    return Subject(number, case.category, street if isinstance(message.whom, Reporter) else place.lowest)


def worded(message: Message, subject: Subject, law: Jurisdiction, language: str) -> Text:
    """The message in a language: 'zh' or 'en'."""
    category = law.taxonomy.by_code.get(subject.category)
    words = {name: _word(name, value, law, language) for name, value in message.says.items()}
    about = {
        "number": subject.number,
        "category": named(category.names, language) if category else subject.category,
        "place": name_of(subject.place, law, language),
    }
    sentence = SENTENCES[message.kind][language == "en"].format(**words, **about)
    return Text(TITLES[message.kind][language == "en"], sentence)


def _word(name: str, value: Said, law: Jurisdiction, language: str) -> str:
    match value:
        case datetime():
            return f"{value.astimezone(law.calendar.tz):%Y-%m-%d %H:%M}"
        case date():
            return value.isoformat()
        case _ if name in WORDS:
            return said(WORDS[name], value, language)
        case _:
            return value or UNKNOWN[language == "en"]


EXAMPLES: Mapping[str, Said] = {
    "clock": "resolve",
    "due": datetime(2026, 3, 9, 9, tzinfo=UTC),
    "level": "street",
    "outcome": "solved",
    "part": "lead",
    "reply": "–",
    "request": "extension",
    "review": date(2026, 3, 16),
}


def example(kind: Kind, law: Jurisdiction) -> tuple[Message, Subject]:
    """A message of a kind about a case that never was, in this district."""
    whom: Whom = Reporter(UUID(int=0)) if kind.startswith("reporter") else law.code
    category = next(code for code, node in law.taxonomy.by_code.items() if node.is_leaf)
    message = Message(kind, whom, {name: EXAMPLES[name] for name in SAYS[kind]})
    return message, Subject(f"{law.code}-20260302-1", category, law.code)
