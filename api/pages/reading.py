"""One reading of a page: in which language, of which store; and how words, names, times and rates are written."""

import re
from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit
from uuid import UUID, uuid4

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from adapters.boards import register
from adapters.boards.shares import Share
from adapters.boards.telling import held_to
from adapters.past import Then
from api import locale
from api.pages.hands import hands_of
from api.problems import Trouble, language_of
from api.security import Parts, sees_department, sees_place, within_reach
from api.static_files import address
from api.visits import Visitor, tag_of
from api.whole import Whole
from domain.actors import Actor
from domain.jurisdiction import Jurisdiction
from domain.states import Clock
from domain.worktime import IN_DAYS, Limit
from workflow import refusals, telling, words
from workflow.casework import NoSuchCaseError

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
HAN = re.compile("[\u3400-\u9fff]")
HAN_RUN = re.compile("([\u3400-\u9fff][^\x00-\x7f]*)")
TIBETAN = re.compile("[\u0f00-\u0fff]")
UNSAID = "–"
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
DATED = (
    "boards",
    "cases",
    "cases.csv",
    "cases.json",
    "figures",
    "things",
)  # where addresses begin that can be asked about any moment
HOUR, DAY = 3600, 86400  # seconds
HEADERS = {"Vary": "Accept-Language, Cookie", "Cache-Control": "no-store"}


TAGS = {"zh": ("zh-Hans", "中文"), "en": ("en", "English"), "bo": ("bo", "བོད་ཡིག")}


class NotSignedInError(PermissionError):
    """This is for those who are signed in."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done just now: the command, the case it was given on, and in a demo whose turn it is."""

    command: str
    number: str
    state: str  # in words
    hands: tuple[Actor, ...]


@dataclass(frozen=True)
class Reading:
    """A page as somebody reads it. `whole` is None where the store cannot be asked: then only words are to be had."""

    language: str  # zh | en | bo
    chosen: bool  # by the address, so that links keep it
    path: str
    here: str = "/"  # path and query: where to come back to
    whole: Whole | None = None
    actor: Actor | None = None  # who is signed in
    did: tuple[str, str] = ("", "")  # the command that was given just now, and on which case
    at: int = 0  # position of the boards before anything was read: what is shown is no older
    then: Then | None = None  # the moment that is asked about, where it is not now

    @cached_property
    def demo(self) -> bool:
        """Whether every case here is invented."""
        return self.whole is not None and self.whole.tokens.is_demo()

    @cached_property
    def now(self) -> datetime:
        """The moment of reading, or that is asked about. LookupError where the store cannot be asked."""
        return self.then.at if self.then else self.parts.now()

    @property
    def engine(self) -> Any:  # noqa: ANN401 - a database, which is none of the pages' business
        """Whom to ask for what is on the boards, at that moment."""
        return self.then.engine if self.then else self.parts.boards.engine

    @property
    def held(self) -> Any:  # noqa: ANN401 - a database
        """The same, where rows are taken out one by one."""
        return self.then.held if self.then else self.parts.boards.writer.engine

    @property
    def parts(self) -> Whole:
        """The parts behind the page. LookupError where they cannot be asked."""
        if self.whole is None:
            raise LookupError("the store cannot be asked here")
        return self.whole

    @cached_property
    def law(self) -> Jurisdiction:
        """The edition of today. Raises NoSuchEditionError."""
        return self.parts.law

    def page(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - what a template shows
        """The page."""
        body = TEMPLATES.get_template(f"{template}.html").render(v=self, done=self._done(), **values)
        return HTMLResponse(_unturned(body), status, HEADERS)

    def _done(self) -> Done | None:
        """What was done just now, as the page says it; where nothing was, or the case is not within reach any more, nothing."""
        command, of = self.did
        if self.actor is None or command not in words.COMMANDS:
            return None
        try:
            case = self.parts.casework.case(UUID(of))
        except (ValueError, NoSuchCaseError):
            return None
        number = register.number(self.parts.boards.engine, case.id) or str(case.id)
        hands = hands_of(self.law, case, self.actor) if self.demo else ()
        seen = within_reach(case, self.actor)
        held = held_to(case)
        return Done(command, number, self.state(case.state, held.clock if held else ""), hands) if seen else None

    # --- who reads

    @property
    def me(self) -> Actor:
        """Who is signed in. Raises NotSignedInError."""
        if self.actor is None:
            raise NotSignedInError
        return self.actor

    @property
    def user(self) -> str:
        """A name for them that says nothing about them: a phone tells by it whose are the cases that it keeps."""
        return tag_of(self.parts, self.me)

    def offices_of(self, staff: str) -> tuple[Actor, ...]:
        """Which offices a member of staff holds now."""
        member = self.parts.directory.member(staff)
        held = member.grants if member else ()
        return tuple(Actor(staff, one.role, one.unit) for one in held if one.stands(self.parts.now()))

    @cached_property
    def several(self) -> bool:
        """Whether whoever is signed in holds other offices too."""
        return self.whole is not None and self.actor is not None and len(self.offices_of(self.actor.staff)) > 1

    def office(self, actor: Actor) -> str:
        """In which capacity somebody acts: the unit's name and the role's word."""
        role = self.word("ROLES", actor.role)
        return Markup("{} · {}").format(self.name(actor.unit), role) if actor.unit else role

    def sees(self, code: str) -> bool:
        """Whether the board of a place or department is within the reach of whoever is signed in."""
        actor = self.actor
        return actor is not None and (sees_place(self.law, actor, code) or sees_department(self.law, actor, code))

    def opens(self, door: str) -> bool:
        """Whether a door of the public's is open: in a demo each, elsewhere those that the city opens."""
        return self.demo or door in self.law.policy.doors

    # --- addresses

    def key(self) -> str:
        """A fresh key for a form: sent twice, it has one effect."""
        return str(uuid4())

    def static(self, name: str) -> str:
        """The address of a style sheet, script or picture of our own."""
        return address(name)

    def url(self, *path: str, **query: str) -> str:
        """An address of our own; a language that was chosen stays, and the moment where it can be asked about."""
        kept = {"as_of": self.then.at.isoformat()} if self.then and path and path[0] in DATED else {}
        said = {**query, **kept, **({"lang": self.language} if self.chosen else {})}
        where = "/" + "/".join(quote(part, safe="") for part in path)
        return f"{where}?{urlencode(said)}" if said else where

    @property
    def others(self) -> Iterator[tuple[str, str, str]]:
        """The same page in the other languages: its lang attribute, what it is called there, and the address."""
        said = [(key, value) for key, value in parse_qsl(urlsplit(self.here).query) if key not in ("lang", "did", "of")]
        for language, (tag, name) in TAGS.items():
            if language != self.language:
                yield tag, name, f"{quote(self.path)}?{urlencode([*said, ('lang', language)])}"

    @property
    def lang(self) -> str:
        """The value of the lang attribute: of Tibetan pages too the most is Chinese."""
        return "en" if self.language == "en" else "zh-Hans"

    # --- words

    def t(self, key: str, **values: object) -> str:
        """What a page says."""
        return locale.text(key, self.language, **values)

    def label(self, field: str) -> str:
        """What a field is called; its own name where no page asks for it."""
        return self.t(key) if (key := f"field_{field}") in locale.TEXTS else field

    def word(self, table: str, code: str) -> str:
        """The field's word for a code; `table` is a name in workflow.words or api.locale."""
        tibetan = words.TIBETAN.get(table, {}).get(code) if self.language == "bo" else None
        if tibetan:
            return self.spoken(tibetan)
        return words.said(getattr(words, table, None) or getattr(locale, table), code, self.language)

    def state(self, state: str, clock: str | None = None) -> str:
        """The word for a state; for that of a case that is held to `clock`, where no call is awaited, one without a call."""
        uncalled = clock is not None and clock != Clock.CALL_BACK and state in words.UNCALLED
        return self.word("UNCALLED" if uncalled else "STATES", state)

    def listed(self, table: str, codes: Iterable[str]) -> str:
        """Several such words."""
        between = Markup(", ") if self.language == "en" else Markup("、")
        return between.join(self.word(table, code) for code in codes)

    def spoken(self, said: str) -> str:
        """Words that may be in another language than the page, marked as such."""
        if self.language == "en" and HAN.search(said):
            return Markup('<span lang="zh-Hans">{}</span>').format(said)
        return Markup('<span lang="bo">{}</span>').format(said) if TIBETAN.search(said) else said

    def tongue(self, said: str) -> str:
        """The language of what stands in a field, as an attribute, where it is not the page's."""
        return Markup(' lang="zh-Hans"') if self.language == "en" and HAN.search(said) else ""

    def mixed(self, said: str) -> str:
        """Our words around somebody's: each run of those in another language is marked."""
        return Markup().join(map(self.spoken, HAN_RUN.split(said)))

    def sentence(self, condition: str) -> str:
        """What is answered where a condition of the flow does not hold."""
        return words.said(refusals.SENTENCES, condition, self.language)

    def clock_verb(self, kind: str) -> str:
        """What a fact did to a clock."""
        return words.said(telling.CLOCK_VERBS, kind, self.language)

    def plain(self, code: str) -> str:
        """What people call a place or department."""
        return telling.name_of(code, self.law, self.language)

    def name(self, code: str) -> str:
        """The same, marked where it is in another language; a dash where there is no code."""
        return self.spoken(self.plain(code)) if code else UNSAID

    def units(self, codes: Iterable[str]) -> str:
        """Several places or departments."""
        names = (self.plain(code) for code in codes)
        return self.spoken((", " if self.language == "en" else "、").join(names)) or UNSAID

    def plain_category(self, code: str) -> str:
        """What people call a category; the code where nobody calls it anything."""
        found = self.law.taxonomy.by_code.get(code)
        return telling.named(found.names, self.language) if found else code

    def category(self, code: str) -> str:
        """The same, marked where it is in another language."""
        return self.spoken(self.plain_category(code))

    # --- times and figures

    def time(self, at: datetime | None) -> str:
        """An instant in the district's time."""
        if at is None:
            return UNSAID
        local = at.astimezone(self.law.calendar.tz)
        shown = f"{local:%Y-%m-%d %H:%M}"
        return Markup('<time datetime="{}">{}</time>').format(local.isoformat(timespec="minutes"), shown)

    def moment(self, at: str) -> str:
        """The same, from an ISO text."""
        return self.time(datetime.fromisoformat(at))

    def day(self, day: date | None) -> str:
        """A day."""
        return Markup('<time datetime="{0}">{0}</time>').format(day.isoformat()) if day else UNSAID

    def own_day(self, at: datetime) -> str:
        """The day of an instant in the district's time."""
        return self.day(at.astimezone(self.law.calendar.tz).date())

    def cut(self, rows: Sized) -> bool:
        """Whether a list shows no more than that, however many there are."""
        return len(rows) >= register.LONGEST

    def so_many(self, count: int) -> str:
        """How many a list shows; with a plus where it may be cut."""
        return f"{count}+" if count == register.LONGEST else str(count)

    def thing(self, code: str) -> str:
        """What a registered thing is called; its code where the edition does not know it."""
        return self.law.things[code].label if code in self.law.things else code

    def rate(self, share: Share) -> str:
        """A rate with all that belongs to it; only numerator and denominator where few were counted, a dash where nobody was."""
        counted = f"{share.numerator:g}/{share.denominator}"
        if share.shown is None:
            return counted if share.denominator else UNSAID
        return f"{share.shown:.0%} ({counted})"

    def median(self, hours: float | None, n: int) -> str:
        """A median with its n."""
        return UNSAID if hours is None else f"{hours:g} ({n})"

    def limit(self, limit: str) -> str:
        """A limit in words."""
        return locale.limit_words(limit, self.language) if limit else self.t("by_partner")

    def measure(self, seconds: float, limit: str) -> str:
        """What was counted, in days or hours as the limit says."""
        in_days = Limit.parse(limit).unit in IN_DAYS
        return f"{seconds / (DAY if in_days else HOUR):.2f}".rstrip("0").rstrip(".")

    def measured_in(self, limit: str) -> str:
        """The unit of that."""
        return self.word("UNITS", Limit.parse(limit).unit)


def _unturned(page: str) -> str:
    """Without the characters that turn others round: somebody's words could make ours read otherwise."""
    for character in TURNING:
        page = page.replace(character, "")
    return page


def reading_of(request: Request, whole: Whole | None, actor: Actor | None = None) -> Reading:
    """How this request wants to read: by `?lang=`, else by what the browser asks for."""
    lang = request.query_params.get("lang", "")
    asked = "bo" if request.headers.get("accept-language", "").lower().startswith("bo") else language_of(request)
    chosen = lang in words.LANGUAGES
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    did = (request.query_params.get("did", ""), request.query_params.get("of", ""))
    language, at = lang if chosen else asked, whole.boards.reached if whole else 0
    return Reading(language, chosen, request.url.path, here, whole, actor, did, at)


def _reading(
    request: Request,
    whole: Parts,
    actor: Visitor,
    lang: Annotated[str, Query(description="zh or en; otherwise what the browser asks for")] = "",  # noqa: ARG001 - documented
) -> Reading:
    return reading_of(request, whole, actor)


Reader = Annotated[Reading, Depends(_reading)]


def _signed_in(request: Request, v: Reader) -> Reading:
    if v.actor is None and "application/json" in request.headers.get("accept", ""):
        raise Trouble("not_signed_in")
    _ = v.me
    return v


Staff = Annotated[Reading, Depends(_signed_in)]  # before a form is read: it may be large
